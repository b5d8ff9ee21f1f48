"""Read a ``chart`` block: YAML with the keys of ``ChartSpec``, in which `data:` may be the table itself."""

import re
from datetime import UTC

from msgspec import Struct, structs

from kheo.config import TableOptions
from kheo.diagnostics import Diagnostic, Findings, Place
from kheo.model import Position
from kheo.read.data.table import parse_table
from kheo.read.schema import Reader
from kheo.read.yaml_nodes import parse_yaml
from kheo.tables import ChartSpec, DataTable

# The table is cut out before YAML is read: YAML would join its lines, and read `a: b` in a cell.
_TABLE = re.compile(
    r"^data:[ \t]*(?:[|>][+-]?[ \t]*)?(?:[ \t]#[^\n]*)?\n(?P<lines>(?>[ \t]++[^\n]*+(?:\n|\Z)|\n)++)",
    re.MULTILINE,
)
_HERE = "data: here"  # what YAML gets instead


class ParsedChart(Struct, frozen=True):
    """A ``chart`` block: what it asks for, the table in it, and the positions of its keys.

    ``positions`` has keys such as ``columns.0``; ``data`` is where the table begins, if there is one.
    """

    spec: ChartSpec
    positions: dict[str, Position]
    table: DataTable | None = None


def parse_chart(
    text: str, place: Place, options: TableOptions
) -> tuple[ParsedChart | None, list[Diagnostic]]:
    """Return the chart that a block asks for, and what is wrong with it; ``None`` if that is an error.

    ``text`` has the lines between the fences; the first begins at ``place.line`` and
    ``place.column``.
    """
    findings = Findings()
    at = place.at(place.line)
    table, table_at = None, None
    found: list[Diagnostic] = []
    if inline := _TABLE.search(text):
        indent, lines = _dedent(inline["lines"])
        indent += place.column - 1
        table_at = Position(place.line + text.count("\n", 0, inline.start("lines")), indent + 1)
        table, found = parse_table(lines, place.at(table_at.line), options, indent)
        blank = "\n" * inline["lines"].count("\n")
        text = f"{text[: inline.start()]}{_HERE}\n{blank}{text[inline.end() :]}"
    reader = Reader(at, UTC, options.date_order, findings)
    root = parse_yaml(text, at, findings)
    spec = reader.struct(root, ChartSpec) if root else None
    found += [_moved(one, place.column - 1) for one in findings.list]
    if spec is None or (table_at and table is None):
        return None, found
    positions = {
        key: Position(one.line, one.column + place.column - 1)
        for key, one in reader.positions.items()
    }
    positions |= {"data": table_at} if table_at else {}
    return ParsedChart(spec, positions, table), found


def _dedent(text: str) -> tuple[int, str]:
    """Return by how much all lines are indented, and the lines without that."""
    lines = text.split("\n")
    indent = min(len(line) - len(line.lstrip(" ")) for line in lines if line.strip())
    # A tab separates cells, so only one that stands for all of the indentation is removed.
    if indent == 0 and all(line[:1] == "\t" for line in lines if line.strip()):
        indent = 1
    return indent, "\n".join(line[indent:] if line.strip() else "" for line in lines)


def _moved(found: Diagnostic, columns: int) -> Diagnostic:
    at = found.place
    return structs.replace(found, place=at.at(at.line, at.column + columns)) if columns else found
