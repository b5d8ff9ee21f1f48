"""Read a table of data, and report what is wrong with it at its lines and columns."""

from collections import Counter
from contextlib import suppress

from kheo.config import TableOptions
from kheo.diagnostics import BrokenFile, Diagnostic, Findings, Place, count_errors
from kheo.messages.wording import message
from kheo.read.data.cells import Cell, Row, split_cells
from kheo.read.data.files import TableFile
from kheo.read.data.kinds import read_column, reading_of
from kheo.read.decoding import decode_source
from kheo.read.encodings import wide_encoding
from kheo.tables import MOST_ROWS, DataTable

MAX_BYTES = 5_000_000  # of a file that is shown: more takes too long
MAX_COLUMNS = 50  # more are not readable on any screen
MAX_REPORTS = 5  # of one kind: more would hide the other messages
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UTF32 = b"\xff\xfe\0\0"
_FORMULA = tuple("=+-@")
# ZIP (as workbooks are), old Office files, PDF, PNG, JPEG, GIF, RTF
_OTHERS = (
    b"PK\3\4",
    b"\xd0\xcf\x11\xe0",
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
)
_PAGES = (b"<!doctype", b"<html", b"<?xml", b"<table")


def examine_table(data: bytes, path: str, options: TableOptions) -> TableFile | BrokenFile:
    """Return the table in a file, or that the file is not what its name says."""
    if _is_something_else(data):
        return BrokenFile("file-content", {"format": "CSV"})
    table, found = read_table(data, Place(path), options)
    return TableFile(table, tuple(found))


def read_table(
    data: bytes, place: Place, options: TableOptions
) -> tuple[DataTable | None, list[Diagnostic]]:
    """Return the table in a CSV file, and what is wrong with it; ``None`` if that is an error."""
    findings = Findings()
    if len(data) > MAX_BYTES:
        reason = message("it has more than {limit} MB", limit=MAX_BYTES // 1_000_000)
        findings.report("too-large", place, reason=reason)
        return None, findings.list
    if not data.strip(b"\xef\xbb\xbf \t\r\n\0\xff\xfe"):
        findings.report("data-empty", place)
        return None, findings.list
    if data.startswith(_UTF16) and not data.startswith(_UTF32):  # "Unicode text" of Excel
        with suppress(UnicodeDecodeError):  # then it is reported as what it is not: UTF-8
            data = data.decode("utf-16").encode()
    text, found = decode_source(data, place.at(1), options.language)
    if found:
        return None, found
    return parse_table(text, place.at(1), options)


def parse_table(
    text: str, place: Place, options: TableOptions, indent: int = 0
) -> tuple[DataTable | None, list[Diagnostic]]:
    """Return the table in a text, and what is wrong with it.

    The text begins at ``place.line`` of the file, ``indent`` columns to the right. Diagnostics have
    positions in the file; those in the table count from the beginning of the text.
    """
    reading = reading_of(options.language, options.date_order)
    rows, separator = split_cells(text, prefers_semicolon=reading.style.point == ",")
    checker = _Checker(place, indent, separator)
    rows = checker.check(rows)
    if not rows or count_errors(checker.findings.list):
        return None, checker.findings.list
    header, *body = rows
    columns = tuple(
        read_column(cell.text, [row[number] for row in body], number == 0, reading)
        for number, cell in enumerate(header)
    )
    for cell in (cell for row in body for cell in row):
        if (
            cell.text.startswith(_FORMULA)
            and len(cell.text) > 1
            and not reading.style.read(cell.text)
        ):
            checker.report("data-formula", cell, text=cell.text)
    lines = tuple(row[0].line for row in body[:MOST_ROWS])
    return DataTable(columns, lines, len(body)), checker.findings.list


def _is_something_else(data: bytes) -> bool:
    """Return whether a file is a workbook, a document or a picture that was only renamed."""
    if data.startswith(_OTHERS) or data[:100].lstrip().lower().startswith(_PAGES):
        return True
    return b"\0" in data and wide_encoding(data) is None


class _Checker:
    """Checks the rows of one table."""

    def __init__(self, place: Place, indent: int, separator: str) -> None:
        self.place = place
        self.indent = indent
        self.separator = separator
        self.findings = Findings()
        self.counts: Counter[str] = Counter()

    def report(self, code: str, cell: Cell, **values: object) -> None:
        self.counts[code] += 1
        if self.counts[code] <= MAX_REPORTS:
            at = self.place.at(self.place.line + cell.line - 1, cell.column + self.indent)
            self.findings.report(code, at, **values)

    def check(self, rows: list[Row]) -> list[Row]:
        """Return the rows, all with as many cells as the first has names; none if that is hopeless."""
        for row in rows:
            for cell in row:
                if cell.is_open:
                    self.report("data-quote", cell)
        if len(rows) < 2:
            self.findings.report("data-empty", self.place.at(self.place.line))
            return []
        header = _trim(rows[0])
        widths = Counter(len(_trim(row)) for row in rows[1:])
        if len(header) == 1 and widths.most_common(1)[0][0] > 1:
            self.report("data-title", header[0], text=header[0].text)
            return []
        if len(header) > MAX_COLUMNS:
            self.report("data-columns", header[MAX_COLUMNS], count=len(header), limit=MAX_COLUMNS)
            return []
        self.check_names(header)
        return [header, *(self.fitted(row, len(header)) for row in rows[1:])]

    def check_names(self, header: Row) -> None:
        names: set[str] = set()
        for number, cell in enumerate(header, start=1):
            if not cell.text:
                self.report("data-header", cell, number=number)
            elif cell.text in names:
                self.report("data-header-twice", cell, name=cell.text)
            names.add(cell.text)

    def fitted(self, row: Row, width: int) -> Row:
        """Return a row with ``width`` cells. Empty cells at its end may be missing or too many."""
        trimmed = _trim(row)
        if len(trimmed) > width or len(row) < width:
            self.report(
                "data-row", row[0], cells=len(trimmed), columns=width, separator=self.separator
            )
        last = row[-1]
        missing = [Cell("", last.line, last.column)] * (width - len(row))
        return [*row[:width], *missing]


def _trim(row: Row) -> Row:
    """Return a row without the empty cells at its end."""
    last = max((number for number, cell in enumerate(row) if cell.text), default=-1)
    return row[: last + 1]
