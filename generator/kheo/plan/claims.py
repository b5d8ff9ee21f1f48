"""Who has which address: two outputs at one place are a mistake that names both."""

from collections.abc import Iterator

from msgspec import Struct

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.messages.wording import Message
from kheo.routes import output_path


class Owner(Struct, frozen=True, gc=False):
    """What claims an address: in words, and where it was asked for."""

    name: str | Message
    place: Place
    is_alias: bool = False
    is_term: bool = False


class Claims:
    """Every address of the site, once. Addresses are compared as a careless file system would."""

    def __init__(self) -> None:
        self.owners: dict[str, Owner] = {}  # by output path, case folded
        self.paths: list[str] = []
        self.folders: dict[str, Owner] = {}  # reserved, by URL
        self.found: list[Diagnostic] = []

    def claim(self, url: str, owner: Owner) -> bool:
        """Whether ``url`` is the owner's; a diagnostic is noted where it is another's already."""
        path = output_path(url)
        if owner.is_alias and (holder := self._holder(url)):
            self.found.append(diagnostic("alias-live", owner.place, url=url, other=holder.name))
            return False
        first = self.owners.setdefault(path.casefold(), owner)
        if first is owner:
            self.paths.append(path)
            return True
        if first.is_term and owner.is_term:
            return False  # two names with one slug: ``index`` has said so, with both places
        code = "url-twice"
        if owner.is_alias:
            code = "alias-twice" if first.is_alias else "alias-live"
        self.found.append(diagnostic(code, owner.place, url=url, other=first.name))
        return False

    def reserve(self, url: str, owner: Owner) -> None:
        """Keeps the address of a folder free, at which nothing is published; and aliases out of it."""
        self.owners[output_path(url).casefold()] = self.folders[url] = owner

    def _holder(self, url: str) -> Owner | None:
        """Who keeps the folder that ``url`` lies in."""
        beginning = url[: url.find("/", 1) + 1].casefold()
        return self.folders.get(beginning)

    def has(self, url: str) -> bool:
        return output_path(url).casefold() in self.owners

    def files_as_folders(self) -> Iterator[Diagnostic]:
        """Find URLs below a file: ``/a`` beside ``/a/b/`` cannot both be on a disk."""
        good: set[str] = set()  # folders that are no file's name, nor are those above them
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
