"""Linear versions of stock processors that take quadratic time for texts with many repetitions.

Each gives the same result as the stock version. What is still quadratic is stopped by the time limit.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions.abbr import AbbrTreeprocessor
from markdown.extensions.footnotes import FootnoteExtension
from markdown.htmlparser import HTMLExtractor
from markdown.inlinepatterns import LinkInlineProcessor
from markdown.preprocessors import HtmlBlockPreprocessor


class HtmlBlocks(HtmlBlockPreprocessor):
    def run(self, lines: list[str]) -> list[str]:
        extractor = _Extractor(self.md)
        extractor.feed("\n".join(lines))
        extractor.close()
        return "".join(extractor.cleandoc).split("\n")


class _Extractor(HTMLExtractor):
    def parse_starttag(self, i: int) -> int:
        """Treat ``<`` as text if no ``>`` follows, because the tag cannot be complete.

        The stock method reads to the end of the text for each tag of ``<a <a <a``.
        """
        if not self.inraw and not self.intail and self.rawdata.find(">", i) < 0:
            self.handle_data(self.rawdata[i : i + 1])
            return i + 1
        return super().parse_starttag(i)


class Abbreviations(BlockProcessor):
    """A block of ``*[HTML]: …`` lines only; the stock processor reads the whole rest for each line."""

    _LINE = r"\*\[[ ]*(?P<name>[^\s\\\]][^\\\n\]]*)\][ ]?:[ ]*(?P<title>\S[^\n]*)"
    _DEFINITION = re.compile(_LINE)
    _BLOCK = re.compile(rf"{_LINE}(?:\n{_LINE.replace('?P<name>', '').replace('?P<title>', '')})+")

    def __init__(self, md: Markdown, known: dict[str, str]) -> None:
        super().__init__(md.parser)
        self.known = known

    def test(self, parent: Element, block: str) -> bool:
        return block.startswith("*[") and self._BLOCK.fullmatch(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        for line in self._DEFINITION.finditer(blocks.pop(0)):
            name, title = line["name"].strip(), line["title"].strip()
            if title in {"''", '""'}:
                self.known.pop(name, None)
            else:
                self.known[name] = title


class AbbreviationFinder:
    """Replacement for the regular expression ``\\b(?:longest|longer|long)\\b`` of all abbreviations.

    At each edge of a word it looks up the next 9, 7, 4 … characters, instead of trying thousands of
    alternatives one after the other.
    """

    _EDGE = re.compile(r"\b")

    def __init__(self, words: list[str]) -> None:
        self.words = frozenset(words)
        self.lengths = sorted({len(word) for word in words}, reverse=True)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        edges = [match.start() for match in self._EDGE.finditer(text)]
        ends = frozenset(edges)
        free = 0
        for start in edges:
            if start < free:
                continue
            for length in self.lengths:
                end = start + length
                if end in ends and text[start:end] in self.words:
                    if match := re.compile(f"(?s:.{{{length}}})").match(text, start):
                        yield match
                    free = end
                    break


class AbbreviationTree(AbbrTreeprocessor):
    FEW = 50

    def run(self, root: Element) -> Element | None:
        if len(self.abbrs) <= self.FEW:
            return super().run(root)
        self.RE = AbbreviationFinder(list(self.abbrs))  # type: ignore[assignment]
        self.iter_element(root)
        return None


def number_references(footnotes: FootnoteExtension) -> None:
    """Number ``fnref:1``, ``fnref2:1``, ``fnref3:1`` … by counting; stock code tries every number."""

    def unique_ref(reference: str, found: bool = False) -> str:
        if not found:
            return reference
        number = footnotes.found_refs.get(reference, 0) + 1
        footnotes.found_refs[reference] = number
        unique = reference.replace("fnref", f"fnref{number}", 1) if number > 1 else reference
        footnotes.used_refs.add(unique)
        return unique

    footnotes.unique_ref = unique_ref  # type: ignore[method-assign]


def skip_unclosed_links(pattern: LinkInlineProcessor) -> None:
    """Do not parse the target of ``[a](`` if no ``)`` follows; stock code reads to the end each time."""
    stock = pattern.getLink

    def link(data: str, index: int) -> tuple[str, str | None, int, bool]:
        if data.startswith("(", index) and not any(data.find(char, index) >= 0 for char in ")\"'"):
            return "", None, index, False
        return stock(data, index)

    pattern.getLink = link  # type: ignore[method-assign]
