"""Links: the references of a source, resolved to URLs, and the files they publish."""

import posixpath
import re
from functools import cached_property
from urllib.parse import quote

from msgspec import Struct, structs

from kheo.addresses import CAPTIONS, ending_of, is_outside
from kheo.diagnostics import BrokenFile, Diagnostic, Place, closest, diagnostic, soften
from kheo.messages.rules import RULES
from kheo.messages.wording import message
from kheo.model import Details, Document, Entry, Moment, Reference
from kheo.pictures.recipes import (
    SHOWN,
    Cleaned,
    PictureFile,
    encode_recipe,
    referred_path,
)
from kheo.plan.campaign_files import CampaignFiles, Named, campaign_files
from kheo.plan.claims import Claims, Owner
from kheo.plan.companions import Beside, Companions, problems_of
from kheo.plan.copies import Copy
from kheo.plan.figures import figure_views
from kheo.plan.pagination import part_url
from kheo.plan.pictures import PicturePlanner
from kheo.plan.resolved import NOTHING_RESOLVED, Resolved
from kheo.plan.shared import Shared
from kheo.plan.shown import Shown
from kheo.plan.targets import ContentFiles, Targets
from kheo.views import FigureView, Picture, ShareImage

# Names compared for suggestions in one build: 2 s. More than a few wrong links have one cause.
MOST_COMPARISONS = 100_000
MAX_FILE = 500_000_000  # bytes: it takes seconds to copy, and hosts allow less

# Files that a browser or server would run as part of the site. Any XML can contain XHTML.
_RUN = {
    "html", "htm", "xhtml", "xht", "shtml", "shtm", "mht", "mhtml", "hta", "htc", "svg", "svgz", "js", "mjs",
    "cjs", "css", "wasm", "swf", "xml", "xsl", "xslt", "xsd", "dtd", "rdf", "rss", "atom", "kml", "gpx", "mml",
    "xul", "webmanifest", "php", "phtml", "phar", "asp", "aspx", "jsp", "jspx", "cgi",
}  # fmt: skip
_COMMAND = re.compile(r"\{\{|\{%")  # of another program: {{ site.baseurl }}/a.jpg
_MISSING = {
    "image": "image-missing", "cover": "image-missing", "poster": "image-missing",
    "attachment": "attachment-missing",
}  # fmt: skip


class _Needs:
    """Collects the files and pictures of one document while its references are resolved.

    ``moment`` is when the document is published, or now if it is (Unix time). With ``is_check``,
    nothing is published.
    """

    def __init__(self, moment: float, is_check: bool = False) -> None:
        self.moment = moment
        self.is_check = is_check
        self.copies: dict[str, Copy] = {}
        self.pictures: dict[int, Picture] = {}
        self.beside: dict[int, Beside] = {}
        self.cover: Picture | None = None
        self.share: ShareImage | None = None


class Address(Struct, frozen=True):
    """A link to an address on the site (``/lien-he/``) that is to be looked up.

    ``number`` is that of the reference in the document. ``moment`` is when the document is
    published, or now if it is (Unix time).
    """

    document: Document
    number: int
    reference: Reference
    moment: float


def written(moment: Moment) -> str:
    """Return a moment as editors write it: ``2026-12-31`` or ``2026-12-31 08:30``."""
    return f"{moment.at:%Y-%m-%d %H:%M}" if moment.has_time else f"{moment.at:%Y-%m-%d}"


class LinkResolver:
    """Resolves references to URLs; ``found`` collects the broken ones.

    ``addresses`` collects the links to addresses of the site that have no owner so far, and all of
    sources that are not public yet: whether they are broken is known when everything is claimed.
    """

    def __init__(
        self,
        targets: Targets,
        files: ContentFiles,
        claims: Claims,
        shared: Shared,
        is_trusted: bool,
    ) -> None:
        self.content_files = files
        self.files = files.entries
        self.comparisons = 0
        self.measured = files.measured
        self.left_out = files.left_out
        self.claims = claims
        self.page_word = shared.words.page
        self.prefix = shared.prefix
        self.language = shared.language
        self.embeds = shared.embeds
        self.companions = Companions(files.entries)
        self.is_trusted = is_trusted
        self.scheduled = targets.scheduled
        self.drafts = targets.drafts
        self.published = targets.published
        self.found: list[Diagnostic] = []
        self.addresses: list[Address] = []
        self.picture_planner = PicturePlanner(claims, self.prefix)

    def href(self, url: str, anchor: str = "", query: str = "") -> str:
        """Return a site-relative URL as templates get it. ``query`` is empty or begins with
        ``?``."""
        return f"{self.prefix}{quote(url)}{quote(query, safe='?&=+;,/:')}" + (
            f"#{quote(anchor, safe=':')}" if anchor else ""
        )

    def resolve(self, document: Document, url: str, moment: float) -> Resolved:
        """Return the URLs of all references of ``document``, whose page is at ``url``.

        ``moment`` is when the document is published, or now if it is (Unix time). The URL of a link
        to a page that does not exist then is empty.
        """
        if not document.has_references:
            return NOTHING_RESOLVED
        needs = _Needs(moment)
        details = document.details
        links = tuple(
            self._resolve(document, url, number, reference, needs)
            for number, reference in enumerate(details.references)
        )
        return Resolved(
            links=links,
            copies=tuple(needs.copies.values()),
            pictures=needs.pictures,
            cover=needs.cover,
            share=needs.share,
            figures=self._figures(document, details, links, needs) if details.figures else {},
            campaign=self._campaign(document, details),
        ).with_digest()

    def _figures(
        self, document: Document, details: Details, links: tuple[str, ...], needs: _Needs
    ) -> dict[int, FigureView]:
        shown = Shown(
            document,
            details,
            links,
            needs.copies,
            self.measured,
            self.language,
            needs.beside,
            self.embeds,
        )
        figures, found = figure_views(shown)
        self.found += map(soften, found) if document.meta.draft else found
        return figures

    def _campaign(self, document: Document, details: Details) -> CampaignFiles:
        """Return what the front matter of a campaign names; report what is wrong with it."""
        if document.term is None:
            return CampaignFiles()
        named = Named(document, details, self.measured, self.published)
        files, found = campaign_files(named, self.language)
        self.found += map(soften, found) if document.meta.draft else found
        return files

    def check(self, document: Document, moment: float) -> None:
        """Report the broken references of a source that is not published because of its errors."""
        needs = _Needs(moment, is_check=True)
        details = document.details
        self._figures(document, details, ("",) * len(details.references), needs)
        self._campaign(document, details)
        for number, reference in enumerate(details.references):
            if not reference.target.startswith("/"):
                self._resolve(document, "/", number, reference, needs)
            elif not self.claims.has(reference.target.partition("?")[0]):
                self.broken(document, reference, "link-broken")

    def _resolve(
        self, document: Document, url: str, number: int, reference: Reference, needs: _Needs
    ) -> str:
        target = reference.target
        if reference.kind == "embed":
            return target if self._beside(document, url, number, reference, needs) else ""
        if not target:
            return self._source(document, url, document, reference)
        if target.startswith("/"):
            address, mark, query = target.partition("?")
            is_public = document.path not in self.scheduled and document.path not in self.drafts
            if not (is_public and self.claims.has(address)):
                self.addresses.append(Address(document, number, reference, needs.moment))
            return self.href(address, reference.anchor, mark + query)
        path = referred_path(document, reference)
        if is_outside(path):
            return self.broken(document, reference, "link-outside-content")
        is_source = path in self.published or path in self.drafts or path in self.left_out
        if reference.kind == "link" and (is_source or path in self.scheduled):
            return self._link(document, reference, path, needs.moment)
        if path not in self.files:
            return self.broken(document, reference, _MISSING.get(reference.kind, "link-broken"))
        return self._resolve_file(document, url, number, reference, needs)

    def _resolve_file(
        self, document: Document, url: str, number: int, reference: Reference, needs: _Needs
    ) -> str:
        """Publish a file that exists; return its URL, which is empty if it cannot be published."""
        path, target = referred_path(document, reference), reference.target
        file = self.measured.get(path)
        if isinstance(file, BrokenFile):
            self._note(file.code, document, reference, target=target, **file.values)
            return ""
        if file and reference.kind in SHOWN:
            if not isinstance(file, PictureFile):
                reason = message("it is not a picture")
                self._note("image-broken", document, reference, target=target, reason=reason)
                return ""
            return "" if needs.is_check else self._picture(document, number, reference, file, needs)
        if not (file or self.is_trusted) and _RUN.intersection(path.lower().split(".")[1:]):
            return self.broken(document, reference, "file-type")
        if self.files[path].size > MAX_FILE:
            reason = message("it has more than {limit} MB", limit=MAX_FILE // 1_000_000)
            self._note("attachment-too-large", document, reference, target=target, reason=reason)
            return ""
        has_more = reference.kind == "figure" or ending_of(path) == CAPTIONS
        if has_more and not self._beside(document, url, number, reference, needs):
            return ""
        if needs.is_check:
            return ""
        picture = file if isinstance(file, PictureFile) else None
        return self._file(document, url, self.files[path], reference, picture, needs.copies)

    def _beside(
        self, document: Document, url: str, number: int, reference: Reference, needs: _Needs
    ) -> bool:
        """Publish what belongs to a video; return whether that is possible.

        Captions that raw HTML names are checked too.
        """
        files = self.companions.all_of(document, reference)
        problems, found = problems_of(files, self.measured, self.language)
        self.found += found
        for problem in problems:
            values = {"target": reference.target, **problem.values}
            self._note(problem.code, document, reference, **values)
        if any(RULES[one.code].severity == "error" for one in problems):
            return False
        if not needs.is_check and (files.poster or files.captions):
            needs.beside[number] = Beside(
                self._poster(document, reference, files.poster),
                {
                    language: self._file(
                        document, url, self.files[one], reference, None, needs.copies
                    )
                    for language, one in files.captions.items()
                },
            )
        return True

    def _poster(self, document: Document, reference: Reference, path: str) -> Picture | None:
        file = self.measured.get(path)
        if not isinstance(file, PictureFile):
            return None
        owner = self._owner(document, reference, path)
        return self.picture_planner.picture(file, self.files[path], owner)

    def _owner(self, document: Document, reference: Reference, path: str) -> Owner:
        name = message("the picture “{owned}”", owned=path)
        return Owner(name, self._place(document, reference))

    def _link(self, document: Document, reference: Reference, path: str, moment: float) -> str:
        """Return the URL of the source at ``path``; empty if it has no page at ``moment``."""
        date = self.scheduled.get(path)
        if date and date.seconds > moment:
            return self.later(document, reference, date)
        if path in self.drafts and document.path not in self.drafts:
            return self.broken(document, reference, "link-unpublished")
        if path in self.published:
            return self._source(*self.published[path], document, reference)
        return self.broken(document, reference, "link-left-out")

    def _picture(
        self,
        document: Document,
        number: int,
        reference: Reference,
        file: PictureFile,
        needs: _Needs,
    ) -> str:
        """Publish a picture once under ``/assets/images/``, in several sizes; return its URL."""
        entry = self.files[referred_path(document, reference)]
        owner = self._owner(document, reference, entry.path)
        picture = self.picture_planner.picture(file, entry, owner)
        if reference.kind == "cover":
            alt = document.meta.image_alt
            needs.cover = structs.replace(picture, alt=alt)
            if share := self.picture_planner.share(file, entry, owner):
                needs.share = structs.replace(share, alt=alt)
        elif reference.kind == "image":
            needs.pictures[number] = picture
        return picture.url

    def _source(self, target: Document, url: str, document: Document, reference: Reference) -> str:
        """Return the URL of a source, or of the part of it that has the anchor."""
        anchor = reference.anchor
        if not anchor:
            return self.href(url)
        anchors = target.details.anchors
        if anchor not in anchors:
            known = [name for name in anchors if not name.startswith(("fn:", "fnref"))]
            self._note(
                "anchor-broken",
                document,
                reference,
                anchor=anchor,
                target=reference.target,
                known=", ".join(known[:10]) or message("(none)"),
                suggestion=closest(anchor, known),
            )
            return self.href(url)
        part = anchors[anchor]
        return self.href(part_url(url, self.page_word, part + 1) if part else url, anchor)

    def _file(
        self,
        document: Document,
        url: str,
        entry: Entry,
        reference: Reference,
        picture: PictureFile | None,
        copies: dict[str, Copy],
    ) -> str:
        """Publish a file beside the page under its own name; return its URL."""
        if entry.path not in copies:
            address = url + posixpath.basename(entry.path)
            owner = Owner(f"“{entry.path}”", self._place(document, reference))
            self.claims.claim(address, owner)
            copies[entry.path] = Copy(address, entry, entry.size)
            if picture and picture.clean_size != entry.size:
                recipe = encode_recipe(Cleaned(picture.digest))
                copies[entry.path] = Copy(address, entry, picture.clean_size, recipe)
        return self.href(copies[entry.path].url, reference.anchor)

    def later(self, document: Document, reference: Reference, date: Moment) -> str:
        """Report a link to a page that is published later than the page with the link."""
        self._note("link-later", document, reference, target=reference.target, date=written(date))
        return ""

    def broken(self, document: Document, reference: Reference, code: str) -> str:
        """Report a reference that leads nowhere, with the name that was probably meant."""
        if _COMMAND.search(reference.target):
            code = "markup-in-address"
        is_misspelt = code.endswith(("missing", "broken"))
        suggestion = self._suggestion(document, reference) if is_misspelt else ""
        self._note(code, document, reference, target=reference.target, suggestion=suggestion)
        return ""

    def _suggestion(self, document: Document, reference: Reference) -> str:
        """Return a similar name in the same folder; after many comparisons, an empty text."""
        folder = posixpath.normpath(
            posixpath.join(posixpath.dirname(document.path), posixpath.dirname(reference.target))
        )
        names = self.names.get(folder, [])
        self.comparisons += len(names)
        if self.comparisons > MOST_COMPARISONS:
            return ""
        return closest(posixpath.basename(reference.target), names)

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """The names of all files, by folder."""
        names: dict[str, list[str]] = {}
        for path in dict.fromkeys((*self.files, *self.published)):
            folder, _, name = path.rpartition("/")
            names.setdefault(folder or ".", []).append(name)
        return names

    def _note(self, code: str, document: Document, reference: Reference, **values: object) -> None:
        self.found.append(diagnostic(code, self._place(document, reference), **values))

    def _place(self, document: Document, reference: Reference) -> Place:
        return Place(document.path, reference.position.line, reference.position.column)
