"""Tables: rows of cells between `|`."""

import re

DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?>\|[ \t]*:?-+:?[ \t]*)*+\|?[ \t]*$")
_CELL = re.compile(r"((?>[^|\\]++|\\.|\\$)*+)(?:\||$)")


def split_row(line: str) -> list[tuple[str, int]]:
    """Return the cells of a row, each with its column. ``\\|`` is not the end of a cell."""
    row = line.strip(" \t")
    start = line.index(row) + row.startswith("|")
    row = line[start : line.index(row) + len(row)] if row else ""
    written = row.split("|") if "\\" not in row else _CELL.findall(row)
    if written and not written[-1]:
        written.pop()  # after the `|` at the end
    cells = []
    for cell in written:
        content = cell.strip(" \t")
        cells.append((content, start + cell.find(content)))
        start += len(cell) + 1
    return cells


def alignments(delimiters: str) -> list[str]:
    """Return the alignment of each column: ``left``, ``right``, ``center`` or empty."""
    return [_alignment(cell) for cell, _ in split_row(delimiters)]


def _alignment(cell: str) -> str:
    match cell[0] == ":", cell[-1] == ":":
        case True, True:
            return "center"
        case True, False:
            return "left"
        case False, True:
            return "right"
    return ""
