"""Claims: every URL of the site has one owner. A collision is reported with both owners."""

from collections.abc import Iterator

from msgspec import Struct

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.index.permalinks import place_of
from kheo.messages.wording import Message, message
from kheo.model import Document
from kheo.old_urls import OldUrl, page_path
from kheo.routes import output_path


class Owner(Struct, frozen=True, gc=False):
    """The page, file or term that claims a URL.

    ``at`` says where the URL comes from: a place, or a document and the ``key`` in its front matter.
    Collisions are rare, so the place in a document is looked up only when it is needed.
    """

    name: str | Message
    at: Place | Document
    key: str = "title"
    is_alias: bool = False
    is_term: bool = False

    @property
    def place(self) -> Place:
        return self.at if isinstance(self.at, Place) else place_of(self.at, self.key)


class Claims:
    """The owners of all URLs. Case is ignored, because some file systems ignore it."""

    def __init__(self) -> None:
        self.owners: dict[str, Owner] = {}  # by output path, case folded
        self.paths: list[str] = []
        self.folders: dict[str, Owner] = {}  # reserved, by URL
        self.found: list[Diagnostic] = []

    def copy(self) -> "Claims":
        """Return a copy without diagnostics, for claims as of a later time."""
        later = Claims()
        later.owners, later.folders = dict(self.owners), dict(self.folders)
        return later

    def claim_again(self, url: str, owner: Owner) -> None:
        """Claim ``url``, unless the same owner has claimed it before."""
        if self.owners.get(output_path(url).casefold()) != owner:
            self.claim(url, owner)

    def claim(self, url: str, owner: Owner) -> bool:
        """Claim ``url`` and return True, or return False if it has an owner.

        A collision is added to ``found``, except one of two terms, which ``index`` has reported.
        """
        path = output_path(url)
        first = self.owners.setdefault(path.casefold(), owner)
        if first is owner:
            self.paths.append(path)
            return True
        if first.is_term and owner.is_term:
            return False  # two names with one slug: ``index`` has reported both places
        self.found.append(diagnostic("url-twice", owner.place, url=url, other=first.name))
        return False

    def claim_file(self, url: str, owner: Owner, is_free: bool = True) -> bool:
        """Claim the URL of a file that is not made by the program, unless it is in use.

        ``is_free`` is False for a name that the program uses for other things than pages.
        """
        own = Owner(message("a file of the program itself"), owner.at)
        other = self._reserved(url) or self.owners.get(output_path(url).casefold())
        if other := other or (None if is_free else own):
            self.found.append(diagnostic("public-twice", owner.place, url=url, other=other.name))
            return False
        return self.claim(url, owner)

    def claim_alias(self, url: OldUrl, owner: Owner) -> str | None:
        """Claim an old URL after all pages; return the path of its page, or ``None`` if it is refused.

        The path is empty for a URL that differs from its owner's own only in case: on some file
        systems its page would replace the one that it leads to.
        """
        page = url.page
        first = self.holder_of(url)
        if first is None:
            self.owners[page.casefold()] = owner
            self.paths.append(page)
            return page
        code = "alias-twice" if first.is_alias else "alias-live"
        if first.name == owner.name and not first.is_alias:
            if page != page.casefold():
                return ""
            code = "alias-own"
        self.found.append(diagnostic(code, owner.place, url=url, other=first.name))
        return None

    def holder_of(self, url: OldUrl) -> Owner | None:
        """Return the owner of a page, of a file or of the reserved folder at ``url``, or ``None``."""
        owned = self.owners.get(url.page.casefold())
        if owned or url.query:
            return owned
        return self.owners.get(output_path(url.path).casefold()) or self._reserved(url.path)

    def reserve(self, url: str, owner: Owner) -> None:
        """Reserve the URL of a folder: no page may have this URL, and no alias may be below it."""
        self.owners[output_path(url).casefold()] = self.folders[url] = owner

    def _reserved(self, url: str) -> Owner | None:
        """Return the owner of the reserved folder that contains ``url``, or ``None``."""
        beginning = url[: url.find("/", 1) + 1].casefold()
        return self.folders.get(beginning)

    def has(self, url: str) -> bool:
        """Return whether there is a page or a file at ``url``, such as the page of an alias."""
        is_file = "." in url.rpartition("/")[2]
        return output_path(url).casefold() in self.owners or (
            is_file and page_path(url).casefold() in self.owners
        )

    def files_as_folders(self) -> Iterator[Diagnostic]:
        """Report URLs below a file: ``/a`` and ``/a/b/`` cannot both exist on a disk."""
        # Checked folders: neither they nor their parents are the path of a file.
        good: set[str] = set()
        for path, owner in self.owners.items():
            parent = path.rpartition("/")[0]
            above: list[str] = []
            while parent and parent not in good:
                if parent in self.owners:
                    other = self.owners[parent].name
                    yield diagnostic("url-twice", owner.place, url=f"/{path}", other=other)
                    break
                above.append(parent)
                parent = parent.rpartition("/")[0]
            else:
                good.update(above)
