"""Footnotes: Python-Markdown's extension, with notes that our block parser has parsed."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from markdown.extensions.footnotes import FN_BACKLINK_TEXT, NBSP_PLACEHOLDER, FootnoteExtension

from kheo.read.markdown.nodes import Container
from kheo.read.markdown.tree import TreeBuilder


class Footnotes(FootnoteExtension):
    """The extension with ``notes``, the blocks of each footnote, and a ``builder`` for them."""

    def __init__(self) -> None:
        super().__init__(BACKLINK_TITLE="{}")  # the number, which needs no translation
        self.notes: dict[str, Container] = {}
        self.builder: TreeBuilder | None = None

    def begin(self, notes: dict[str, Container], builder: TreeBuilder) -> None:
        self.notes, self.builder = notes, builder
        for name in notes:
            self.setFootnote(name, name)

    def unique_ref(self, reference: str, found: bool = False) -> str:
        """Number ``fnref:1``, ``fnref2:1``, ``fnref3:1`` … by counting; stock code tries every number."""
        if not found:
            return reference
        number = self.found_refs.get(reference, 0) + 1
        self.found_refs[reference] = number
        unique = reference.replace("fnref", f"fnref{number}", 1) if number > 1 else reference
        self.used_refs.add(unique)
        return unique

    def makeFootnotesDiv(self, root: Element) -> Element | None:  # noqa: N802 (Python-Markdown's name)
        """Return all notes as a list, each with a link back to where it is referred to.

        They are numbered in the order in which the text refers to them, as on the forges.
        """
        if not self.notes or self.builder is None:
            return None
        div = Element("div", {"class": "footnote"})
        div.text = "\n"
        SubElement(div, "hr").tail = "\n"
        notes = SubElement(div, "ol")
        notes.text = notes.tail = "\n"
        for number, name in enumerate(self._in_order(self.builder.mentioned.notes), start=1):
            item = SubElement(notes, "li", {"id": self.makeFootnoteId(name)})
            item.tail = "\n"
            self.builder.add_blocks(item, self.notes[name].children)
            href = f"#{self.makeFootnoteRefId(name)}"
            attributes = {"class": "footnote-backref", "href": href, "title": str(number)}
            back = Element("a", attributes)
            back.text = FN_BACKLINK_TEXT
            _add_back_link(item, back)
        return div

    def _in_order(self, mentioned: list[str]) -> Iterator[str]:
        """Yield the names of all notes; ``mentioned`` grows where one note refers to another."""
        at = 0
        unused = iter(self.notes)
        written: set[str] = set()
        while len(written) < len(self.notes):
            if at < len(mentioned):
                name, at = mentioned[at], at + 1
            else:
                name = next(unused)
            if name not in written:
                written.add(name)
                yield name


def _add_back_link(item: Element, back: Element) -> None:
    """Add the link to the last paragraph, or in a paragraph of its own."""
    if not len(item) or item[-1].tag != "p":
        paragraph = SubElement(item, "p")
        paragraph.tail = "\n"
        paragraph.append(back)
        return
    paragraph = item[-1]
    if len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "") + NBSP_PLACEHOLDER
    else:
        paragraph.text = (paragraph.text or "") + NBSP_PLACEHOLDER
    paragraph.append(back)
