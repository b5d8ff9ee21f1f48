"""Begin what Python-Markdown adds to Markdown: footnotes, definition lists and abbreviations."""

from kheo.read.markdown import starts
from kheo.read.markdown.nodes import Block, Container, Leaf
from kheo.read.markdown.structure import Step, Structure


def begin_footnote(structure: Structure) -> Step:
    """Begin a note `[^name]: text`. A second one of a name is text, so that nothing of it is lost."""
    cursor = structure.cursor
    match = starts.FOOTNOTE.match(cursor.line, cursor.next)
    if not match or match[1] in structure.footnotes:
        return ""
    footnote = structure.begin_container("footnote")
    footnote.mark, footnote.width = match[1], 4
    structure.footnotes[match[1]] = footnote
    cursor.skip_to(match.end())
    cursor.advance(cursor.indent)
    return "container"


def begin_definition(structure: Structure) -> Step:
    """Begin a definition below its terms, which are the lines of a paragraph, or another one."""
    cursor = structure.cursor
    match = starts.DEFINITION.match(cursor.line, cursor.next)
    if not match:
        return ""
    if structure.outer.kind != "definitions" and not _take_terms(structure):
        return ""
    width = cursor.indent + 1
    structure.prepare()
    before = structure.outer.children[-1].last
    definition = structure.begin_container("definition", inside="definitions")
    definition.loose = structure.number - before > 1
    cursor.skip_to(match.end())
    spaces = 1 if cursor.indent > 4 else cursor.indent
    definition.width = min(4, width + spaces)
    cursor.advance(spaces)
    return "container"


def _take_terms(structure: Structure) -> bool:
    """Make terms of the paragraph above, which may be separated by one blank line."""
    blocks = structure.outer.children
    leaf: Block | None = blocks[-1] if blocks else None
    if not isinstance(leaf, Leaf) or leaf.kind != "paragraph" or structure.number - leaf.last > 2:
        return False
    structure.prepare()
    if not leaf.lines:  # it had only link definitions
        return False
    blocks.pop()
    structure.push(_definitions_after(blocks, leaf))
    for number, (line, offset) in enumerate(zip(leaf.lines, leaf.offsets, strict=True)):
        at = leaf.first + number
        structure.outer.children.append(Leaf("term", at, at, [line], [offset]))
    return True


def _definitions_after(blocks: list[Block], leaf: Leaf) -> Container:
    """Return the definition list that ``leaf`` belongs to: the last one, or a new one."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Container) and last.kind == "definitions":
        return last
    blocks.append(definitions := Container("definitions", leaf.first, leaf.last))
    return definitions


def take_abbreviation(structure: Structure) -> bool:
    """Read `*[HTML]: Hypertext Markup Language`."""
    match = starts.ABBREVIATION.match(structure.cursor.line, structure.cursor.next)
    if not match:
        return False
    name, title = match[1].strip(), match[2].strip()
    if title in {"''", '""'}:
        structure.abbreviations.pop(name, None)
    else:
        structure.abbreviations[name] = title
    structure.add_closed_leaf("nothing")
    return True
