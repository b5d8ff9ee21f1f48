"""Collect the links of a body to other sources, files and anchors of the same site."""

import re
from functools import partial
from html import escape, unescape
from urllib.parse import unquote

from msgspec import Struct

from kheo.addresses import is_elsewhere
from kheo.diagnostics import Diagnostic, Findings, closest
from kheo.messages.wording import message
from kheo.model import Figure, FileFigure, FileKind, Position, Reference, ReferenceKind
from kheo.read.markdown.charts import NO_CHARTS, FoundCharts
from kheo.read.markdown.figures import TILE, WIDE, figure_kind
from kheo.read.markdown.pieces import normalise
from kheo.read.markdown.positions import AddressFinder
from kheo.read.markdown.tags import attributes, replace_attributes, replace_matches, tags_with

# An <img> with one of these attributes is not changed: its author has chosen how it is loaded.
_RESPONSIVE = {"srcset", "sizes", "loading", "decoding", "fetchpriority"}
_IN_FIGURE = re.compile(
    rf'<figure\b(?:[^<>]* class="[^"<>]*\b(?P<kind>{TILE}|{WIDE})\b)?[^<>]*>\s*\Z'
)
_SIGNS = {TILE: "{}", WIDE: "()", None: "[]"}  # of the marks of a picture that is a link
_ADDRESS_NAMES = ("href", "src", "poster")
_HAS_ADDRESS = re.compile(r"\b(?:href|src|poster)\s*=", re.IGNORECASE)


class CollectedReferences(Struct, frozen=True):
    """The parts of a body with placeholders, and what these stand for."""

    parts: tuple[str, ...]
    references: tuple[Reference, ...]
    figures: tuple[Figure, ...]
    found: list[Diagnostic]


def collect_references(
    parts: tuple[str, ...],
    anchors: dict[str, int],
    finder: AddressFinder,
    clean: bool = False,
    charts: FoundCharts = NO_CHARTS,
) -> "CollectedReferences":
    """Return the parts with placeholders ``\\0n\\0`` for links within the site, the links, and diagnostics.

    Reported are anchors that do not exist, unused footnotes and pictures without alternative text.
    ``anchors`` has the part number of every id; ``finder`` knows where each address was written.
    ``clean``: the sanitiser wrote the parts. The figures and references of ``charts`` come first.
    """
    collector = _Collector(anchors, finder, clean)
    collector.references += charts.references
    collector.figures += charts.figures
    changed = tuple(collector.collect(number, part) for number, part in enumerate(parts))
    return CollectedReferences(
        changed, tuple(collector.references), tuple(collector.figures), collector.findings.list
    )


class _Collector:
    """Collects the references in the tags of all parts, in order."""

    def __init__(self, anchors: dict[str, int], finder: AddressFinder, clean: bool) -> None:
        self.clean = clean
        self.anchors = anchors
        self.finder = finder
        self.place = finder.place
        self.part = 0
        self.references: list[Reference] = []
        self.figures: list[Figure] = []
        self.findings = Findings()

    def collect(self, part: int, html: str) -> str:
        self.part = part
        return replace_matches(html, tags_with(html, _ADDRESS_NAMES, self.clean), self._tag)

    def _tag(self, tag: re.Match[str]) -> str:
        if not _HAS_ADDRESS.search(tag["attributes"]):
            return tag.group()
        if tag["name"].lower() == "img":
            return self._picture(tag)
        return replace_attributes(tag, partial(self._address, "media"))

    def _picture(self, tag: re.Match[str]) -> str:
        """Add the placeholders of a picture: ``\0<n\0<img src="\0n\0" …\0+n\0>\0>n\0``.

        They are described in ``Body``. ``-n`` replaces ``+n`` if the author gave a width or a height:
        then no size is added. A picture of another site gets no placeholders.
        """
        given = dict(attributes(tag["attributes"]))
        if kind := figure_kind(normalise(given.get("src", ""))):
            return self._figure(tag, kind, given)
        self._check_alternative(given)
        before = len(self.references)
        written = replace_attributes(tag, partial(self._address, "image"))
        pair, figure = "<>", _figure_of(tag)
        if figure and given.get("alt", "").strip():  # a link needs a name
            pair = _SIGNS[figure["kind"]]
        if len(self.references) == before or tag["name"] != "img" or _RESPONSIVE & given.keys():
            return written
        char = "-" if {"width", "height"} & given.keys() else "+"
        head = written.removesuffix(">").removesuffix("/").rstrip()
        return f"\0{pair[0]}{before}\0{head}\0{char}{before}\0>\0{pair[1]}{before}\0"

    def _figure(self, tag: re.Match[str], kind: FileKind, given: dict[str, str]) -> str:
        """Replace the <img> of what is not a picture by the placeholder of a figure."""
        written, text = normalise(given["src"]), unescape(given.get("alt", ""))
        position = self.finder.find(written)
        if kind != "embed" and (is_elsewhere(written) or written.startswith("/")):
            self._report("media-elsewhere", position, target=written)
            return ""
        address, _, fragment = written.partition("#")
        reference = Reference("figure", _decode(address), _decode(fragment), position)
        if kind == "embed":
            reference = Reference("embed", written, "", position)
        if not text.strip() and kind not in {"pdf", "csv"}:
            self._report("media-without-text", position, target=reference.target)
        if not _figure_of(tag):
            self._report("figure-not-alone", position, target=reference.target)
        self.references.append(reference)
        self.figures.append(FileFigure(len(self.references) - 1, kind, text))
        return f"\0@{len(self.figures) - 1} {escape(text)}\0"

    def _check_alternative(self, given: dict[str, str]) -> None:
        if unescape(given.get("alt", "")).strip():
            return
        position = self.finder.picture(normalise(given.get("src", "")), "alt" in given)
        if position:
            self._report("image-without-alt", position)

    def _address(self, kind: ReferenceKind, name: str, value: str) -> str | None:
        if name not in _ADDRESS_NAMES:
            return None
        written = normalise(value)
        if not written:
            return None
        position = self.finder.find(written)
        if is_elsewhere(written):
            return None
        address, _, fragment = written.partition("#")
        target, anchor = _decode(address), _decode(fragment)
        if not address and self._is_here(anchor):
            return None
        if not address and anchor.startswith("fnref:") and anchor not in self.anchors:
            return self._unused_footnote(anchor.removeprefix("fnref:"))
        if not address and anchor not in self.anchors:
            self._report_broken(anchor, position)
            return None
        named: dict[str, ReferenceKind] = {"href": "link", "poster": "poster"}
        self.references.append(Reference(named.get(name, kind), target, anchor, position))
        return f"\0{len(self.references) - 1}\0"

    def _is_here(self, anchor: str) -> bool:
        """Return whether ``#anchor`` leads to this part.

        ``#`` and ``#top`` lead to a page's top without any id (HTML, "fragment identifiers").
        """
        return self.anchors.get(anchor) == self.part or (
            anchor.lower() in {"", "top"} and anchor not in self.anchors
        )

    def _unused_footnote(self, name: str) -> str:
        """Report a footnote without a reference; return its own anchor as the target of its back link."""
        at = self.finder.position(self.finder.text.find(f"[^{name}]:"))
        self._report("footnote-unused", at, name=name)
        return escape(f"#fn:{name}")

    def _report_broken(self, anchor: str, position: Position) -> None:
        known = [name for name in self.anchors if not name.startswith(("fn:", "fnref"))]
        self._report(
            "anchor-broken",
            position,
            anchor=anchor,
            target=self.place.path,
            known=", ".join(known[:10]) or message("(none)"),
            suggestion=closest(anchor, known),
        )

    def _report(self, code: str, at: Position, **values: object) -> None:
        self.findings.report(code, self.place.at(at.line, at.column), **values)


def _figure_of(tag: re.Match[str]) -> re.Match[str] | None:
    """Return the tag of the <figure> that begins right before ``tag``."""
    return _IN_FIGURE.search(tag.string, max(0, tag.start() - 1_000), tag.start())


def _decode(address: str) -> str:
    """Return ``address`` percent-decoded; unchanged if the result is not printable or not UTF-8."""
    decoded = unquote(address)
    return decoded if "\ufffd" not in decoded and decoded.isprintable() else address
