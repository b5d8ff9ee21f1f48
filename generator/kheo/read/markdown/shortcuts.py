"""Shortcuts through Python-Markdown for text without markup.

News reports are prose. A shortcut is taken only where the stock processor would certainly find
nothing; a property test compares the result with that of stock Python-Markdown.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import ParagraphProcessor
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.extensions.fenced_code import FencedBlockPreprocessor
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import LinkInlineProcessor
from markdown.preprocessors import NormalizeWhitespace, Preprocessor
from markdown.treeprocessors import InlineProcessor, UnescapeTreeprocessor
from markdown.util import ETX, STX, AtomicString

from kheo.read.markdown.brackets import BracketIndex
from kheo.read.markdown.floods import (
    Abbreviations,
    AbbreviationTree,
    HtmlBlocks,
    number_references,
    skip_unclosed_links,
)

# The start of a line that cannot open a block. Excluded are spaces (code, items), `#` `>` `-` `+` `=`
# `:` `|` `~` `[`, `*` or `_` unless a letter follows (items, rules, abbreviations), and `12. `.
_START = r"(?:[^\W\d_]|[“”‘’\"'(«„–—…/!&<\\`]|[*_]{1,3}(?=[^\W\d_])|\d+(?![\d.])|\d+\.(?! ))"
# A table is recognised by its second line, which begins with `|`, `:`, `-` or a space.
_PARAGRAPH = re.compile(rf"{_START}[^\n]*+(?:\n{_START}[^\n]*+)*+")

# The start of such a line that, in addition, contains no inline markup and nothing to escape.
_INERT_START = r"(?:[^\W\d_]|[“”‘’\"'(«„–—…/!]|\d+(?![\d.])|\d+\.(?! ))"
_INERT_LINE = rf"{_INERT_START}[^\n]*+"
_INERT = rf"{_INERT_LINE}(?:(?<!  )\n{_INERT_LINE})*+"
_PLAIN_TEXT = re.compile(rf"\n*+{_INERT}(?:\n\n++{_INERT})*+\n*+")
_NOT_INERT = ("\\", "`", "*", "_", "[", "<", ">", "&", "{", "\t", "\x02", "\x03")

# The first characters of inline patterns, and STX, which marks text that is already converted.
# Searching for each in turn takes 3 µs per report; a regular expression takes 30 times as long.
_ACTIVE = ("\\", "`", "*", "_", "[", "<", "&", "\x02", "  \n")


def plain_paragraphs(text: str, escape_spaces: bool) -> str | None:
    """Return the final HTML of a text that consists of plain paragraphs; else ``None``.

    With ``escape_spaces``, no-break spaces are written as the sanitiser writes them.
    """
    if any(char in text for char in _NOT_INERT) or not _PLAIN_TEXT.fullmatch(text):
        return None
    html = "</p>\n<p>".join(re.split(r"\n\n+", text.strip("\n")))
    return f"<p>{html}</p>".replace("\xa0", "&nbsp;") if escape_spaces else f"<p>{html}</p>"


class ShortcutExtension(Extension):
    """Replaces stock processors with shortcuts. It must be the last extension."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        survey = _Survey(md)
        md.preprocessors.register(_Whitespace(md), "normalize_whitespace", 30)
        md.preprocessors.register(survey, "survey", 29)  # after normalize_whitespace (30)
        md.preprocessors.register(_FencedCode(md, survey), "fenced_code_block", 25)
        md.preprocessors.register(_HtmlBlocks(md, survey), "html_block", 20)
        md.treeprocessors.register(_Inline(md), "inline", 20)
        md.treeprocessors.register(_AttributeLists(md, survey), "attr_list", 8)
        md.treeprocessors.register(_Unescape(md), "unescape", 0)
        # Python-Markdown looks up tags in it about a hundred times per text: a list is slow.
        md.block_level_elements = frozenset(md.block_level_elements)  # type: ignore[assignment]
        known: dict[str, str] = md.treeprocessors["abbr"].abbrs  # type: ignore[attr-defined]
        md.treeprocessors.register(AbbreviationTree(md, known), "abbr", 7)
        number_references(md.inlinePatterns["footnote"].footnotes)  # type: ignore[attr-defined]
        md.parser.blockprocessors.register(Abbreviations(md, known), "abbreviations", 140)
        _shorten_blocks(md)


def _shorten_blocks(md: Markdown) -> None:
    blocks = md.parser.blockprocessors
    blocks.register(_Paragraph(md.parser), "plain", 150)
    blocks.register(_Table(md.parser, blocks["table"].config), "table", 75)  # type: ignore[attr-defined]
    # A registry sorts and copies itself for every loop over it, so for every block.
    md.parser.blockprocessors = tuple(blocks)  # type: ignore[assignment]


class _Whitespace(NormalizeWhitespace):
    """Skips the stock processor if a text has no tabs: ``decode_source`` has normalised the rest."""

    def run(self, lines: list[str]) -> list[str]:
        text = "".join(lines)
        if any(char in text for char in (STX, ETX, "\r", "\n", "\t")) or any(
            map(str.isspace, lines)
        ):
            return super().run(lines)
        return [*lines, "", ""]


class _Survey(Preprocessor):
    """Records which rare characters a text contains. Processors that need them are skipped otherwise."""

    has_braces = has_fences = has_tags = False

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        self.has_braces = "{" in text
        self.has_fences = "```" in text or "~~~" in text
        self.has_tags = "<" in text or "&" in text
        return lines


class _FencedCode(FencedBlockPreprocessor):
    def __init__(self, md: Markdown, survey: _Survey) -> None:
        super().__init__(md, {})
        self.survey = survey

    def run(self, lines: list[str]) -> list[str]:
        return super().run(lines) if self.survey.has_fences else lines


class _HtmlBlocks(HtmlBlocks):
    def __init__(self, md: Markdown, survey: _Survey) -> None:
        super().__init__(md)
        self.survey = survey

    def run(self, lines: list[str]) -> list[str]:
        return super().run(lines) if self.survey.has_tags else lines


class _Paragraph(ParagraphProcessor):
    """Takes a block in which no line opens another block, before all other processors are tried."""

    def test(self, parent: Element, block: str) -> bool:
        return _PARAGRAPH.fullmatch(block) is not None


class _Table(TableProcessor):
    def test(self, parent: Element, block: str) -> bool:
        return "|" in block and super().test(parent, block)


class _AttributeLists(AttrListTreeprocessor):
    def __init__(self, md: Markdown, survey: _Survey) -> None:
        super().__init__(md)
        self.survey = survey

    def run(self, doc: Element) -> None:
        if self.survey.has_braces:
            super().run(doc)


class _Unescape(UnescapeTreeprocessor):
    """Skips texts without STX. Only Python-Markdown writes it: it removes STX and ETX from its input."""

    def unescape(self, text: str) -> str:
        return super().unescape(text) if STX in text else text


class _Inline(InlineProcessor):
    """Skips text that no pattern can match, and tries only the patterns that the rest needs."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.all_patterns: list[Any] = list(md.inlinePatterns)
        self.footnote: Any = md.inlinePatterns["footnote"]
        index = BracketIndex()
        for pattern in self.all_patterns:
            if isinstance(pattern, LinkInlineProcessor):
                skip_unclosed_links(pattern)
                pattern.getText = index.text_up_to_bracket  # type: ignore[method-assign]

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        active = _active_text(tree, mark=not self._has_abbreviations())
        if not active:
            return tree
        self.inlinePatterns = self._patterns_for(active)  # type: ignore[assignment]
        return super().run(tree, ancestors)

    def _has_abbreviations(self) -> bool:
        """Return whether a text defines any: their processor, which runs later, skips atomic text."""
        abbreviations: Any = self.md.treeprocessors["abbr"]
        return bool(abbreviations.abbrs)

    def _patterns_for(self, text: str) -> list[Any]:
        """Return the patterns that may match in ``text``; one that is not named here is kept."""
        brackets = "[" in text
        references = brackets and bool(self.md.references)
        links = brackets and "](" in text
        tags = "<" in text
        needed = {
            "backtick": "`" in text,
            "escape": "\\" in text,
            "footnote": brackets and bool(self.footnote.footnotes.footnotes),
            "reference": references,
            "link": links,
            "image_link": links and "![" in text,
            "image_reference": references,
            "short_reference": references,
            "short_image_ref": references,
            "autolink": tags,
            "automail": tags,
            "linebreak": "  \n" in text,
            "html": tags,
            "entity": "&" in text,
            "em_strong": "*" in text or "_" in text,
        }
        patterns = self.md.inlinePatterns
        idle = {id(patterns[name]) for name, is_needed in needed.items() if not is_needed}
        return [pattern for pattern in self.all_patterns if id(pattern) not in idle]


def _active_text(root: Element, mark: bool) -> str:
    """Return all text in which a pattern may match; with ``mark``, mark the rest to be skipped."""
    active = []
    for element in root.iter():
        text, tail = element.text, element.tail
        if text and not isinstance(text, AtomicString):
            if any(char in text for char in _ACTIVE):
                active.append(text)
            elif mark:
                element.text = AtomicString(text)
        if tail and not isinstance(tail, AtomicString):
            if any(char in tail for char in _ACTIVE):
                active.append(tail)
            elif mark:
                element.tail = AtomicString(tail)
    return "\0".join(active)
