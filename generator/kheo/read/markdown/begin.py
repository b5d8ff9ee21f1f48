"""Begin the block that a line starts with, if it starts with one."""

from kheo.read.markdown import elements, starts
from kheo.read.markdown.cursor import Cursor
from kheo.read.markdown.notes import begin_definition, begin_footnote, take_abbreviation
from kheo.read.markdown.references import take_definitions
from kheo.read.markdown.structure import Step, Structure
from kheo.read.markdown.tables import DELIMITERS, split_row


def begin_block(structure: Structure) -> Step:
    """Begin what is at the cursor, which is indented by at most three columns."""
    cursor = structure.cursor
    char = cursor.line[cursor.next]
    match char:
        case ">":
            structure.begin_container("quote")
            skip_quote_mark(cursor)
            return "container"
        case "#":
            return _begin_heading(structure)
        case "`" | "~":
            return _begin_fence(structure)
        case "<":
            return _begin_html(structure)
        case "[":
            return begin_footnote(structure)
        case ":":
            return begin_definition(structure) or _begin_table(structure)
        case "|":
            return _begin_table(structure)
    if char in "-=" and _underline(structure):
        return "leaf"
    if char in "-_*" and starts.RULE.match(cursor.line, cursor.next):
        structure.add_closed_leaf("rule")
        return "leaf"
    if char in "=_":
        return ""
    if char == "*" and take_abbreviation(structure):
        return "leaf"
    return _begin_item(structure) or (_begin_table(structure) if char == "-" else "")


def skip_quote_mark(cursor: Cursor) -> None:
    """Step over `>` and one space."""
    cursor.skip_to(cursor.next + 1)
    if cursor.indent:
        cursor.advance(1)


def _begin_heading(structure: Structure) -> Step:
    cursor = structure.cursor
    match = starts.HEADING.match(cursor.line, cursor.next)
    if not match:
        return ""
    leaf = structure.add_closed_leaf("heading")
    leaf.level = len(match[1])
    structure.add_line(leaf, starts.heading_text(cursor.line, match.end()), match.end())
    return "leaf"


def _underline(structure: Structure) -> bool:
    """Make the paragraph above a heading if the line underlines it."""
    cursor, leaf = structure.cursor, structure.paragraph
    if leaf is None or not starts.UNDERLINE.match(cursor.line, cursor.next):
        return False
    take_definitions(leaf, structure.references)
    structure.leaf = None
    if not leaf.lines:
        return False
    leaf.kind, leaf.last = "heading", structure.number
    leaf.level = 1 if cursor.line[cursor.next] == "=" else 2
    return True


def _begin_fence(structure: Structure) -> Step:
    cursor = structure.cursor
    match = starts.FENCE.match(cursor.line, cursor.next)
    if not match:
        return ""
    leaf = structure.begin_leaf("fence")
    leaf.info = cursor.line[cursor.next] + (match[2] or match[4] or "").strip()
    leaf.level = len(match[1] or match[3])
    leaf.indent = cursor.indent
    return "leaf"


def _begin_html(structure: Structure) -> Step:
    cursor = structure.cursor
    if starts.PAGE_BREAK.match(cursor.line, cursor.next) and _is_outside(structure):
        structure.add_closed_leaf("page")
        return "leaf"
    in_paragraph = structure.leaf is not None and structure.leaf.kind == "paragraph"
    kind = elements.html_block(cursor.line, cursor.next, in_paragraph, structure.any_tag)
    if not kind:
        return ""
    leaf = structure.begin_leaf("html")
    leaf.info = kind
    structure.add_line(leaf, cursor.rest, cursor.pos)
    if elements.ends_html(kind, cursor.line):
        structure.leaf = None
    return "leaf"


def _is_outside(structure: Structure) -> bool:
    """Return whether the line is in no quote and no item."""
    outer = structure.outer
    is_list = outer.kind in {"list", "definitions"}
    return structure.open[structure.matched - 1 - is_list] is structure.document


def _begin_item(structure: Structure) -> Step:
    cursor = structure.cursor
    match = starts.ITEM.match(cursor.line, cursor.next)
    if not match:
        return ""
    is_empty = not cursor.line[match.end() :].strip(" \t")
    number = int(match[2]) if match[2] else -1
    if structure.paragraph is not None and (is_empty or number not in {-1, 1}):
        return ""  # `1986. ` may begin a line of a paragraph
    width = cursor.indent + match.end() - match.start()
    structure.prepare()
    mark = match[1] or match[3]
    outer = structure.open[-1]
    if outer.kind != "list" or outer.mark != mark:
        outer = structure.begin_container("list")
        outer.mark, outer.number = mark, number
    item = structure.begin_container("item", inside="list")
    cursor.skip_to(match.end())
    spaces = 1 if is_empty or cursor.indent > 4 else cursor.indent
    item.width = width + spaces
    cursor.advance(min(spaces, cursor.indent))
    return "container"


def _begin_table(structure: Structure) -> Step:
    """Begin a table if the line delimits columns below as many cells."""
    cursor, leaf = structure.cursor, structure.paragraph
    if leaf is None or not DELIMITERS.match(cursor.line, cursor.next):
        return ""
    header, offset = leaf.lines[-1], leaf.offsets[-1]
    if len(split_row(header)) != len(split_row(cursor.text)):
        return ""
    del leaf.lines[-1], leaf.offsets[-1]
    leaf.last -= 1
    if not leaf.lines:
        structure.outer.children.pop()
        structure.leaf = None
    table = structure.begin_leaf("table")
    table.first -= 1
    table.lines.append(header)
    table.offsets.append(offset)
    structure.add_line(table, cursor.text, cursor.next)
    return "leaf"
