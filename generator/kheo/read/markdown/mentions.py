"""What a text says beside its blocks: addresses with their places, raw HTML, footnotes, charts, findings."""

from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension
from msgspec import Struct

from kheo.read.markdown.nodes import Leaf
from kheo.read.markdown.pieces import addresses


class Spot(Struct, frozen=True):
    """Where an address was written, and where the picture with it begins: -1 if it is not one's.

    ``is_html``: in raw HTML.
    """

    offset: int
    picture: int = -1
    is_html: bool = False


class Finding(Struct, frozen=True):
    """Something to report about the text at ``offset``."""

    code: str
    offset: int
    values: dict[str, object] = {}


class Mentioned:
    """Collects what the inlines and blocks of one text mention."""

    def __init__(self, md: Markdown, footnotes: FootnoteExtension) -> None:
        self.md = md
        self.footnotes = footnotes
        self.spots: dict[str, list[Spot]] = {}
        self.findings: list[Finding] = []
        self.charts: list[Leaf] = []
        self.notes: list[str] = []  # the footnotes that the text refers to, in that order
        self._numbers: dict[str, int] = {}

    def record(self, target: str, offset: int, picture: int = -1) -> None:
        self.spots.setdefault(target, []).append(Spot(offset, picture))

    def keep_html(self, html: str, locate: Callable[[int], int]) -> str:
        for target, place in addresses(html):
            start = html.rfind("<", 0, place)
            is_picture = html[start : start + 4].lower() == "<img"
            spot = Spot(locate(place), locate(start) if is_picture else -1, True)
            self.spots.setdefault(target, []).append(spot)
        return self.md.htmlStash.store(html)

    def footnote(self, name: str) -> Element | None:
        if name not in self.footnotes.footnotes:
            return None
        if name not in self._numbers:
            self.notes.append(name)
            self._numbers[name] = len(self.notes)
        mark = Element("sup", {"id": self.footnotes.makeFootnoteRefId(name, found=True)})
        href = f"#{self.footnotes.makeFootnoteId(name)}"
        link = SubElement(mark, "a", {"href": href, "class": "footnote-ref"})
        link.text = str(self._numbers[name])
        return mark
