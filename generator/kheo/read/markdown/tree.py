"""Make Python-Markdown's tree of the blocks of a text."""

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import cast
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from kheo.read.markdown.inline import InlineParser
from kheo.read.markdown.marks import CALLOUTS, Marks
from kheo.read.markdown.mentions import Finding, Mentioned
from kheo.read.markdown.nodes import Block, Container, Leaf
from kheo.read.markdown.pieces import append_text, protect
from kheo.read.markdown.references import plain
from kheo.read.markdown.tables import alignments, split_row

_CALLOUT = re.compile(rf"\[!({'|'.join(CALLOUTS)})\][ \t]*$", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\](?=[ \t\n])")
_FENCE_INFO = re.compile(r"([^\s{]*)[^{]*(?:\{([^{}]*)\})?")
_FENCE_NAME = re.compile(r"(?:^|\s)([.#])([\w-]+)")
_CHART = re.compile(r"[`~][ \t]*chart[ \t]*")
MAX_CELLS = 100_000  # of one table: `|` times a thousand, over a thousand short rows, is a million


class TreeBuilder:
    """Builds the elements of one text."""

    def __init__(self, inline: InlineParser, mentioned: Mentioned, marks: Marks) -> None:
        self.inline = inline
        self.mentioned = mentioned
        self.marks = marks
        self.box: Element | None = None  # of a task, for the paragraph that comes next
        self.leaves: dict[str, Callable[[Element, Leaf], None]] = {
            "paragraph": lambda parent, leaf: self._text(SubElement(parent, "p"), leaf),
            "heading": lambda parent, leaf: self._text(SubElement(parent, f"h{leaf.level}"), leaf),
            "term": lambda parent, leaf: self._text(SubElement(parent, "dt"), leaf),
            "rule": lambda parent, leaf: cast(None, SubElement(parent, "hr")),
            "code": self._code,
            "fence": self._fence,
            "html": self._html,
            "table": self._table,
            "page": self._page,
        }

    def add_blocks(self, parent: Element, blocks: list[Block], tight: bool = False) -> None:
        """Append ``blocks`` to ``parent``; with ``tight``, paragraphs become bare text."""
        if not blocks:
            return
        for block in blocks:
            if isinstance(block, Container):
                if block.kind != "footnote":
                    _break_line(parent)
                    self._container(parent, block)
            elif block.kind == "paragraph" and tight:
                if len(parent) or parent.text:
                    _break_line(parent)
                self._text(parent, block)
                if block is blocks[-1]:
                    return
            elif block.kind != "nothing":
                _break_line(parent)
                self.leaves[block.kind](parent, block)
        _break_line(parent)

    # --- containers -----------------------------------------------------------------------------

    def _container(self, parent: Element, block: Container) -> None:
        match block.kind:
            case "quote":
                self._quote(parent, block)
            case "list":
                self._list(parent, block)
            case "definitions":
                element = SubElement(parent, "dl")
                for child in block.children:
                    _break_line(element)
                    if isinstance(child, Leaf):
                        self._text(SubElement(element, "dt"), child)
                    else:
                        tight = not child.loose
                        self.add_blocks(SubElement(element, "dd"), child.children, tight)
                _break_line(element)

    def _quote(self, parent: Element, block: Container) -> None:
        first = block.children[0] if block.children else None
        if (
            isinstance(first, Leaf)
            and first.kind == "paragraph"
            and len(block.children) + len(first.lines) > 2
        ):
            callout = _CALLOUT.match(first.lines[0])
        else:
            callout = None
        if callout is None or not isinstance(first, Leaf):
            self.add_blocks(SubElement(parent, "blockquote"), block.children)
            return
        kind = callout[1].lower()
        element = SubElement(parent, "aside", {"class": f"callout callout-{kind}"})
        _break_line(element)
        SubElement(element, "div", {"class": "callout-label"}).append(self.marks.label(kind))
        del first.lines[0], first.offsets[0]
        self.add_blocks(element, block.children[not first.lines :])

    def _list(self, parent: Element, block: Container) -> None:
        element = SubElement(parent, "ul" if block.number < 0 else "ol")
        if block.number not in {-1, 1}:
            element.set("start", str(block.number))
        for item in block.children:
            _break_line(element)
            entry = SubElement(element, "li")
            children = cast(Container, item).children
            self._task(entry, children)
            self.add_blocks(entry, children, tight=not block.loose)
        _break_line(element)

    def _task(self, entry: Element, children: list[Block]) -> None:
        """Make a box of `[ ]` or `[x]` at the beginning of an item."""
        first = children[0] if children else None
        if not isinstance(first, Leaf) or first.kind != "paragraph":
            return
        if task := _TASK.match("\n".join(first.lines[:2])):
            entry.set("class", "task")
            self.box = self.marks.box(done=task[1] != " ")
            self.box.tail = " "
            rest = first.lines[0][3:].lstrip(" \t")
            first.offsets[0] += len(first.lines[0]) - len(rest)
            first.lines[0] = rest

    # --- leaves ---------------------------------------------------------------------------------

    def _text(self, element: Element, leaf: Leaf) -> None:
        lines = leaf.lines
        if self.box is not None:
            element.append(self.box)
            self.box = None
        if len(lines) == 1:
            start = leaf.offsets[0]
            self.inline.parse(element, lines[0].rstrip(" \t"), lambda at: start + at)
            return
        text = "\n".join(lines).rstrip(" \t")
        self.inline.parse(element, text, lambda at: _locate(leaf, at))

    def _code(self, parent: Element, leaf: Leaf) -> None:
        code = SubElement(SubElement(parent, "pre"), "code")
        code.text = AtomicString(protect("\n".join(leaf.lines) + "\n"))

    def _fence(self, parent: Element, leaf: Leaf) -> None:
        if _CHART.fullmatch(leaf.info):
            self.mentioned.charts.append(leaf)
            parent.append(self.marks.chart(len(self.mentioned.charts) - 1))
            return
        pre = SubElement(parent, "pre")
        code = SubElement(pre, "code")
        code.text = AtomicString(protect("".join(f"{line}\n" for line in leaf.lines)))
        language, names = _FENCE_INFO.match(plain(leaf.info[1:])).groups()  # type: ignore[union-attr]
        classes = [f"language-{language}"] if language else []
        for sign, name in _FENCE_NAME.findall(names or ""):
            if sign == "#":
                pre.set("id", name)
            else:
                classes.append(name if classes else f"language-{name}")
        if classes:
            code.set("class", protect(" ".join(classes)))

    def _html(self, parent: Element, leaf: Leaf) -> None:
        html = "\n".join(leaf.lines)
        append_text(parent, self.mentioned.keep_html(html, lambda at: _locate(leaf, at)))

    def _page(self, parent: Element, leaf: Leaf) -> None:
        SubElement(parent, "p").text = AtomicString(self.marks.page)

    def _table(self, parent: Element, leaf: Leaf) -> None:
        table = SubElement(parent, "table")
        sides = alignments(leaf.lines[1])
        cells = 0
        for number, (line, offset) in enumerate(zip(leaf.lines, leaf.offsets, strict=True)):
            if number == 1:
                continue
            if number in {0, 2}:
                _break_line(table)
                part = SubElement(table, "tbody" if number else "thead")
            _break_line(part)
            row = SubElement(part, "tr")
            written = split_row(line)
            if len(written) > len(sides):
                at = offset + written[len(sides)][1]
                values: dict[str, object] = {"cells": len(written), "columns": len(sides)}
                self.mentioned.findings.append(Finding("table-row-long", at, values))
            cells += len(sides)
            if cells <= MAX_CELLS:
                written += [("", 0)] * (len(sides) - len(written))
            for (text, column), side in zip(written, sides, strict=False):
                _break_line(row)
                cell = SubElement(row, "td" if number else "th", {"class": side} if side else {})
                if text:
                    self._cell(cell, text, offset + column)
            _break_line(row)
            _break_line(part)
        _break_line(table)

    def _cell(self, cell: Element, text: str, offset: int) -> None:
        if "\\|" not in text:
            self.inline.parse(cell, text, lambda at: offset + at)
            return
        pieces = text.split("\\|")
        ends = list(accumulate(len(piece) + 1 for piece in pieces))
        self.inline.parse(cell, "|".join(pieces), lambda at: offset + at + bisect_right(ends, at))


def _locate(leaf: Leaf, at: int) -> int:
    """Return where in the whole text the character ``at`` of a leaf was written."""
    starts = [0, *accumulate(len(line) + 1 for line in leaf.lines)]
    number = bisect_right(starts, at) - 1
    return leaf.offsets[number] + at - starts[number]


def _break_line(parent: Element) -> None:
    """Begin a new line in the content of ``parent``, unless it has begun."""
    if len(parent):
        last = parent[-1]
        if not last.tail:
            last.tail = "\n"
        elif last.tail[-1] != "\n":
            last.tail += "\n"
    elif not parent.text:
        parent.text = "\n"
    elif parent.text[-1] != "\n":
        parent.text += "\n"
