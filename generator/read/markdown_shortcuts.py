"""Shorter ways through Python-Markdown for text that holds nothing for it to do.

News reports are prose. A paragraph without any character that Markdown acts on comes out as it went
in; each shortcut here is taken only where that is certain, and a property test holds that the
result is what stock Python-Markdown gives.
"""

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

# Characters that an inline pattern can begin with, and those of attribute lists and tables.
_ACTIVE = re.compile(r"[\\`*_\[\]<>&!{}|~^\x02\x03]|  \n")
# A line that opens no block: it begins with a letter or an opening quote or bracket.
_LINE = r"(?:[^\W\d_]|[“‘(\"«„])[^\\`*_\[\]<>&!{}|~^\n\x02\x03\t]*(?<! )"
_BLOCK = rf"{_LINE}(?:\n{_LINE})*"
_PLAIN_BLOCK = re.compile(_BLOCK)
_PLAIN_TEXT = re.compile(rf"\n*{_BLOCK}(?:\n\n+{_BLOCK})*\n*")


def plain_paragraphs(text: str) -> str | None:
    """The sanitised HTML of a text that is nothing but plain paragraphs; else ``None``."""
    if not _PLAIN_TEXT.fullmatch(text):
        return None
    html = "</p>\n<p>".join(re.split(r"\n\n+", text.strip("\n")))
    return f"<p>{html}</p>".replace("\xa0", "&nbsp;")  # as nh3 writes a no-break space


class ShortcutExtension(Extension):
    """Registers the shortcuts; they stand aside where abbreviations are defined."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        md.parser.blockprocessors.register(_PlainParagraph(md.parser), "plain", 95)
        md.treeprocessors.register(_InertText(md), "inert", 25)


class _PlainParagraph(BlockProcessor):
    """A block of plain lines at the top level is a paragraph, and no other processor need look."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser)

    def test(self, parent: Element, block: str) -> bool:
        return not self.parser.state and _PLAIN_BLOCK.fullmatch(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        paragraph = Element("p")
        paragraph.text = blocks.pop(0)
        parent.append(paragraph)


class _InertText(Treeprocessor):
    """Marks text that no inline pattern can match, so that the inline processor passes it over."""

    def run(self, root: Element) -> None:
        if self._has_abbreviations():
            return
        for element in root.iter():
            if element.text and not _ACTIVE.search(element.text):
                element.text = AtomicString(element.text)
            if element.tail and not _ACTIVE.search(element.tail):
                element.tail = AtomicString(element.tail)

    def _has_abbreviations(self) -> bool:
        """The abbreviation processor, which runs later, leaves atomic text alone."""
        abbreviations = self.md.treeprocessors["abbr"]
        return bool(abbreviations.abbrs)  # type: ignore[attr-defined]
