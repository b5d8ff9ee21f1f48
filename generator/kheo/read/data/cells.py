"""Split the text of a CSV file (RFC 4180) into cells with positions.

Python's ``csv`` does not say where a cell is, and one forgotten quotation mark makes it take the rest
of the file as one cell. Here, a cell whose quotation mark is not closed ends like any other.
"""

import re
from functools import lru_cache

from msgspec import Struct

SEPARATORS = ";\t,"
PROBE = 4_000  # characters that the separator is guessed from
_SEP_LINE = re.compile(r"\n*sep=([^\n])[ \t]*(?=\n|\Z)", re.IGNORECASE)  # the first line, by Excel


class Cell(Struct, frozen=True, gc=False):
    """One cell, its spaces trimmed, and the position of its first character.

    ``is_open``: it begins with a quotation mark, but does not end with one.
    """

    text: str
    line: int
    column: int
    is_open: bool = False


Row = list[Cell]


def split_cells(text: str, prefers_semicolon: bool) -> tuple[list[Row], str]:
    """Return the rows that are not empty, and the separator.

    The separator is the one that the first line names (``sep=;``), or the one that gives the most
    rows the same number of cells. With ``prefers_semicolon``, `;` is more likely than `,`.
    """
    if named := _SEP_LINE.match(text):
        return _split(text, named[1], named.end(), text.count("\n", 0, named.end())), named[1]
    probe = text if len(text) <= PROBE else text[:PROBE].rpartition("\n")[0] or text[:PROBE]
    candidates = SEPARATORS if prefers_semicolon else SEPARATORS[::-1]
    separator = max(candidates, key=lambda one: _likelihood(_split(probe, one)))
    return _split(text, separator), separator


def _likelihood(rows: list[Row]) -> tuple[bool, float, int]:
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
    return usual > 1, usual > 1 and widths.count(usual) / len(widths), usual


@lru_cache(maxsize=8)
def _pattern(separator: str) -> re.Pattern[str]:
    sign = re.escape(separator)
    return re.compile(
        rf'[ \u00a0]*(?:"(?P<quoted>(?:[^"]|"")*+)"[ \u00a0]*|(?P<bare>[^{sign}\n]*+))'
        rf"(?P<end>{sign}|\n|\Z)"
    )


def _split(text: str, separator: str, start: int = 0, line: int = 0) -> list[Row]:
    """Return the rows from ``start``, which is in the line after ``line`` line ends."""
    match_at = _pattern(separator).match
    rows: list[Row] = []
    row: Row = []
    position, line_start, line = start, text.rfind("\n", 0, start) + 1, line + 1
    while match := match_at(text, position):
        quoted, bare = match["quoted"], match["bare"]
        written = quoted.replace('""', '"') if quoted is not None else bare
        first = match.start("bare") if quoted is None else match.start("quoted") - 1
        row.append(
            Cell(
                text=" ".join(written.split()),
                line=line,
                column=first - line_start + 1,
                is_open=quoted is None and bare.startswith('"'),
            )
        )
        position = match.end()
        if breaks := text.count("\n", match.start(), position):
            line += breaks
            line_start = text.rfind("\n", 0, position) + 1
        if match["end"] != separator:
            if any(cell.text for cell in row):
                rows.append(row)
            row = []
            if not match["end"]:
                break
    return rows
