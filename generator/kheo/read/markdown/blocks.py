"""Parse the block structure of a text, line by line, as CommonMark 0.31 describes it.

Each line is read once. First it continues as many of the open containers as it can. What is left of
it begins new blocks, or is added to the open leaf. Besides CommonMark's blocks there are tables,
footnotes, definition lists, abbreviations and page breaks.
"""

from kheo.read.markdown import elements, starts
from kheo.read.markdown.begin import begin_block, skip_quote_mark
from kheo.read.markdown.nodes import Leaf
from kheo.read.markdown.structure import Structure

_NOT_TEXT = starts.STARTERS | {" ", "\t"}
_VERBATIM = frozenset({"fence", "html", "code"})


def parse_blocks(text: str, any_tag: bool) -> Structure:
    """Return the blocks of ``text``. Raises TooDeepError if they are nested too deeply.

    With ``any_tag``, everything that CommonMark calls HTML is HTML.
    """
    structure = Structure(any_tag)
    offset = 0
    for line in text.split("\n"):
        structure.number += 1
        leaf = structure.leaf
        if len(structure.open) > 1 or (leaf is not None and leaf.kind != "paragraph"):
            _read_line(structure, line, offset)
        elif not line:
            structure.close_leaf()
        elif line[0] in _NOT_TEXT:
            _read_line(structure, line, offset)
        else:  # a line of a paragraph, as most are; this halves the time
            leaf = leaf or structure.begin_leaf("paragraph")
            leaf.lines.append(line)
            leaf.offsets.append(offset)
            leaf.last = structure.number
        offset += len(line) + 1
    structure.close_to(0)
    return structure


def _read_line(structure: Structure, line: str, offset: int) -> None:
    cursor = structure.cursor
    cursor.begin(line, offset)
    structure.matched = _continue_containers(structure)
    leaf = structure.leaf
    whole = structure.matched == len(structure.open)
    if leaf is not None and leaf.kind in _VERBATIM and whole and _continue_leaf(structure, leaf):
        return
    while not cursor.blank:
        if cursor.indent >= 4:
            if structure.leaf is None or structure.leaf.kind != "paragraph":
                _begin_code(structure)
                return
            break
        if line[cursor.next] not in starts.STARTERS:
            break
        step = begin_block(structure)
        if step == "leaf":
            return
        if not step:
            break
    _add_text(structure)


def _continue_containers(structure: Structure) -> int:
    """Return how many of the open containers the line continues, and skip what belongs to them."""
    cursor = structure.cursor
    for count, container in enumerate(structure.open):
        kind = container.kind
        if kind == "quote":
            if cursor.blank or cursor.indent > 3 or cursor.line[cursor.next] != ">":
                return count
            skip_quote_mark(cursor)
            container.last = structure.number
        elif kind in {"item", "definition", "footnote"}:
            if cursor.blank:
                if not container.children:  # it began with a blank line; this is the second
                    return count
            elif cursor.indent >= container.width:
                cursor.advance(container.width)
            else:
                return count
    return len(structure.open)


def _continue_leaf(structure: Structure, leaf: Leaf) -> bool:
    """Add the line to code or HTML; return False if it is not a part of it."""
    cursor = structure.cursor
    if leaf.kind == "fence":
        mark, length = leaf.info[0], leaf.level
        if cursor.indent < 4 and starts.is_fence_end(cursor.line, cursor.next, mark, length):
            leaf.last = structure.number
            structure.close_leaf()
            return True
        cursor.advance(min(leaf.indent, cursor.indent))
    elif leaf.kind == "code":
        if not cursor.blank and cursor.indent < 4:
            structure.close_leaf()
            return False
        cursor.advance(min(4, cursor.indent))
    elif cursor.blank and leaf.info in "67":
        structure.close_leaf()
        return False
    structure.add_line(leaf, cursor.rest, cursor.pos)
    if leaf.kind == "html" and elements.ends_html(leaf.info, cursor.line):
        structure.close_leaf()
    return True


def _begin_code(structure: Structure) -> None:
    leaf = structure.begin_leaf("code")
    structure.cursor.advance(4)
    structure.add_line(leaf, structure.cursor.rest, structure.cursor.pos)


def _add_text(structure: Structure) -> None:
    """Add what is left of the line to the open leaf, or begin a paragraph with it."""
    cursor, leaf = structure.cursor, structure.leaf
    if cursor.blank:
        structure.prepare()
        return
    # A paragraph goes on even where a line leaves out the marks of quotes and items.
    if leaf is None or leaf.kind != "paragraph":
        structure.close_to(structure.matched)
        leaf = structure.leaf or structure.begin_leaf("paragraph")
    structure.add_line(leaf, cursor.text, cursor.next)
