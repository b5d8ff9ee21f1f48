"""Our parsers as extensions of Python-Markdown, which keeps its tree, extensions and serializer.

Its block parser and inline patterns are replaced: by rule they differ from CommonMark in too much, and
they read a text many times. Attribute lists, footnotes and abbreviations are still its own.
"""

import re
from xml.etree.ElementTree import Element, ElementTree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.attr_list import AttrListTreeprocessor
from markdown.treeprocessors import UnescapeTreeprocessor
from markdown.util import ETX, STX, Registry

from kheo.read.markdown.abbreviations import AbbreviationTree
from kheo.read.markdown.blocks import parse_blocks
from kheo.read.markdown.footnotes import Footnotes
from kheo.read.markdown.inline import InlineParser
from kheo.read.markdown.marks import Marks
from kheo.read.markdown.mentions import Mentioned
from kheo.read.markdown.tree import TreeBuilder

_OUR_MARKS = str.maketrans("", "", STX + ETX)


class Host(Extension):
    """Replaces the parsers of Python-Markdown. It must be the last extension.

    ``begin`` gets the input of one conversion; ``mentioned`` is a part of its output.
    """

    def __init__(self, footnotes: Footnotes) -> None:
        super().__init__()
        self.footnotes = footnotes
        self.marks = Marks("")
        self.any_tag = False

    def begin(self, marks: Marks, any_tag: bool) -> None:
        self.marks = marks
        self.any_tag = any_tag
        self.mentioned = Mentioned(self.md, self.footnotes)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        self.md = md
        self.known: dict[str, str] = md.treeprocessors["abbr"].abbrs  # type: ignore[attr-defined]
        md.preprocessors = Registry()
        md.parser = _Parser(self)  # type: ignore[assignment]
        md.treeprocessors.deregister("inline")
        md.treeprocessors.deregister("prettify")
        md.treeprocessors.register(_AttributeLists(md, self), "attr_list", 8)
        md.treeprocessors.register(AbbreviationTree(md, self.known), "abbr", 7)
        md.treeprocessors.register(_Unescape(md, self), "unescape", 0)
        # Python-Markdown looks up tags in it for each element: a list is slow.
        md.block_level_elements = frozenset(md.block_level_elements)  # type: ignore[assignment]

    def parse(self, text: str) -> Element:
        """Return the tree of a text without the footnotes, which their extension adds."""
        self.has_braces = "{" in text
        text = text.translate(_OUR_MARKS) if STX in text or ETX in text else text
        blocks = parse_blocks(text, self.any_tag)
        inline = InlineParser(blocks.references, self.mentioned, self.any_tag)
        builder = TreeBuilder(inline, self.mentioned, self.marks)
        self.footnotes.begin(blocks.footnotes, builder)
        self.known.update(blocks.abbreviations)
        root = Element(self.md.doc_tag)
        builder.add_blocks(root, blocks.document.children)
        return root


class _Parser:
    """Takes the place of Python-Markdown's block parser."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def parseDocument(self, lines: list[str]) -> ElementTree:  # noqa: N802 (Python-Markdown's name)
        return ElementTree(self.host.parse("\n".join(lines)))


class _AttributeLists(AttrListTreeprocessor):
    """Takes `{: …}`, `{#id}`, `{.class}` and `{name=value}` for attributes; `{word}` remains text."""

    BASE = r"\{(?::|(?=[ ]*(?:[#.][^\s}]|[\w:-]+=)))[ ]*([^\}\n ][^\n]*)\}"

    def __init__(self, md: Markdown, host: Host) -> None:
        super().__init__(md)
        self.host = host
        # Python-Markdown reads them as attributes of the processor.
        self.HEADER_RE = re.compile(rf"[ ]+{self.BASE}[ ]*$")  # type: ignore[misc]
        self.BLOCK_RE = re.compile(rf"\n[ ]*{self.BASE}[ ]*$")  # type: ignore[misc]
        self.INLINE_RE = re.compile(rf"^{self.BASE}")  # type: ignore[misc]

    def run(self, doc: Element) -> None:
        if self.host.has_braces:
            super().run(doc)


class _Unescape(UnescapeTreeprocessor):
    """Skips texts without braces: nothing else is escaped in the tree."""

    def __init__(self, md: Markdown, host: Host) -> None:
        super().__init__(md)
        self.host = host

    def run(self, root: Element) -> None:
        if self.host.has_braces:
            super().run(root)
