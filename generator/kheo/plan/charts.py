"""Make the view of a chart from what its block asks for and the table with the data."""

from itertools import pairwise

from msgspec import Struct

from kheo.diagnostics import Diagnostic, Findings, Place, closest
from kheo.messages.wording import Message, message
from kheo.model import Position
from kheo.numerals import NumberStyle
from kheo.read.data.kinds import better_number
from kheo.tables import MOST_SERIES, ChartSpec, ChartType, Column, DataTable, OddCell
from kheo.views import DataColumn, DataFigure, DataSeries

MOST_BARS = 100  # rows: more are not read one by one
NEVER_DRAWN = frozenset({"text", "date"})


class ChartRequest(Struct, frozen=True):
    """A chart that a report asks for. ``positions`` has the place of each key in the report."""

    spec: ChartSpec
    place: Place
    positions: dict[str, Position]

    def place_of(self, key: str) -> Place:
        """Return where a key is; where another one is that is never missing, if it is not there."""
        at = self.positions.get(key) or self.positions["data"]
        return self.place.at(at.line, at.column)


class DataSource(Struct, frozen=True):
    """Where the data of a chart is: the place of its first cell, and the file to download.

    ``is_here``: the table is in the chart block itself, and there is no file.
    """

    place: Place
    url: str = ""
    size: int = 0
    is_here: bool = False

    @property
    def name(self) -> str | Message:
        return message("the table") if self.is_here else self.place.path.rpartition("/")[2]

    def place_of(self, line: int, column: int = 1) -> Place:
        """Return the place of a cell, of which the table has the line and the column."""
        return self.place.at(self.place.line + line - 1, self.place.column + column - 1)


def table_figure(table: DataTable, title: str, source: DataSource) -> DataFigure:
    """Return the view of a whole table."""
    return DataFigure(
        type="table",
        title=title,
        table=tuple(map(_data_column, table.columns)),
        count=table.count,
        url=source.url,
        size=source.size,
    )


def mixed_cells(
    table: DataTable, source: DataSource, style: NumberStyle, but: frozenset[str] = frozenset()
) -> list[Diagnostic]:
    """Report cells that are not numbers in columns of numbers, except the columns called ``but``."""
    findings = Findings()
    for column in table.columns:
        for odd in column.odd if column.name not in but else ():
            at = source.place_of(odd.line, odd.column)
            example = _example(odd, column, style)
            findings.report("data-mixed", at, text=odd.text, name=column.name, example=example)
    return findings.list


def chart_figure(
    request: ChartRequest, table: DataTable, source: DataSource, style: NumberStyle
) -> tuple[DataFigure | None, list[Diagnostic]]:
    """Return the view of a chart, and what is wrong with it; ``None`` if that is an error.

    Mistakes in the block are reported in the report, and those in the data in ``source``.
    """
    drawing = _Drawing(request, table, source, style)
    figure = drawing.figure()
    is_good = not any(found.severity == "error" for found in drawing.findings.list)
    return (figure if is_good else None), drawing.findings.list


class _Drawing:
    """Chooses rows and columns for one chart, and collects what is wrong with them."""

    def __init__(
        self, request: ChartRequest, table: DataTable, source: DataSource, style: NumberStyle
    ) -> None:
        self.request = request
        self.spec = request.spec
        self.table = table
        self.source = source
        self.style = style
        self.findings = Findings()

    def figure(self) -> DataFigure | None:
        spec, table = self.spec, self.table
        labels = self.column(spec.labels, "labels") if spec.labels else table.columns[0]
        named = [self.column(name, f"columns.{n}") for n, name in enumerate(spec.columns)]
        if labels is None or None in named:
            return None
        chosen = [column for column in named if column]
        shown = (labels, *chosen) if chosen else table.columns
        chart = table_figure(DataTable(shown, table.lines, table.count), spec.title, self.source)
        series: list[Column] = []
        rows: list[int] = []
        if spec.type != "table":
            series = self.series(chosen, labels)
            rows = self.rows(labels, series)
            self.check_rows(labels, series, rows)
        used = frozenset(column.name for column in series)
        self.findings.list += mixed_cells(table, self.source, self.style, used)
        ordered = labels.kind in {"year", "date"}
        return DataFigure(
            type=spec.type,
            title=spec.title,
            subtitle=spec.subtitle,
            unit=spec.unit,
            source=spec.source,
            labels=tuple(labels.texts[row] for row in rows),
            at=_places(labels, rows) if spec.type == "line" else (),
            is_ordered=ordered or spec.type == "line",
            series=tuple(_data_series(column, rows) for column in series),
            table=chart.table,
            count=chart.count,
            url=chart.url,
            size=chart.size,
        )

    def report(self, code: str, key: str, **values: object) -> None:
        """Report something at a key of the block."""
        self.findings.report(code, self.request.place_of(key), **values)

    def report_row(self, code: str, row: int, **values: object) -> None:
        """Report something about a row of the data."""
        self.findings.report(code, self.source.place_of(self.table.lines[row]), **values)

    def column(self, name: str, key: str) -> Column | None:
        """Return the column with this name, or report that there is none."""
        if column := self.table.column(name):
            return column
        known = [one.name for one in self.table.columns]
        meant = closest(name, known)
        values = {"file": self.source.name, "name": name, "known": ", ".join(known)}
        self.report("chart-column", key, suggestion=meant, **values)
        return None

    def series(self, chosen: list[Column], labels: Column) -> list[Column]:
        """Return the columns to draw: those that are named, or all that have numbers."""
        for number, column in enumerate(chosen):
            if column.kind in NEVER_DRAWN:
                self.report("chart-column-text", f"columns.{number}", name=column.name)
        if chosen:
            return [column for column in chosen if column.kind not in NEVER_DRAWN]
        found = [one for one in self.table.columns if one.kind == "number" and one != labels]
        if not found:
            example = self.style.write(1234.5, 1)
            self.report("chart-numbers", "data", file=self.source.name, example=example)
        if len(found) > MOST_SERIES:
            names = ", ".join(column.name for column in found[:2])
            values = {"count": len(found), "limit": MOST_SERIES, "names": names}
            self.report("chart-series", "data", **values)
        return found[:MOST_SERIES]

    def rows(self, labels: Column, series: list[Column]) -> list[int]:
        """Return the rows to draw, without those to skip."""
        for number, name in enumerate(self.spec.skip):
            if name not in labels.texts:
                values = {"file": self.source.name, "name": name, "column": labels.name}
                meant = closest(name, list(labels.texts[:1000]))
                self.report("chart-skip", f"skip.{number}", suggestion=meant, **values)
        skipped = set(self.spec.skip)
        rows = [row for row, text in enumerate(labels.texts) if text not in skipped]
        for column in series:
            for odd in column.odd:
                if odd.row in rows:
                    at = self.source.place_of(odd.line, odd.column)
                    example = _example(odd, column, self.style)
                    self.findings.report("data-number", at, text=odd.text, example=example)
        return rows

    def check_rows(self, labels: Column, series: list[Column], rows: list[int]) -> None:
        """Report rows that this type of chart cannot show, or that would mislead."""
        kind = self.spec.type
        limit = len(self.table.lines) if kind == "line" else MOST_BARS
        count = self.table.count if kind == "line" else len(rows)
        if count > limit:
            better: ChartType = "line" if kind != "line" else "table"
            self.report("chart-rows", "type", count=count, limit=limit, better=better)
            return
        if kind == "line":
            self.check_line(labels, series, rows)
        if kind == "stacked":
            self.check_stacked(series, rows)
        if labels.kind == "text" and (row := _total_row(series, rows)) is not None:
            self.report_row("data-total", row, name=labels.texts[row])

    def check_line(self, labels: Column, series: list[Column], rows: list[int]) -> None:
        if all(sum(column.values[row] is not None for row in rows) < 2 for column in series):
            self.report("chart-point", "type")
        times = [(labels.values[row], row) for row in rows]
        if labels.kind not in {"year", "date"}:
            return
        known = [(time, row) for time, row in times if time is not None]
        for (before, _), (time, row) in pairwise(known):
            if time <= before:
                self.report_row("data-order", row, text=labels.texts[row])

    def check_stacked(self, series: list[Column], rows: list[int]) -> None:
        for column in series:
            for row in rows:
                if (column.values[row] or 0) < 0:
                    self.report_row("data-negative", row, text=column.texts[row])


def _example(odd: OddCell, column: Column, style: NumberStyle) -> str:
    """Return a number as it should be written: the cell itself if it is one of another language."""
    some = next(value for value in column.values if value is not None)
    return better_number(odd.text, style) or style.write(some, column.decimals)


def _places(labels: Column, rows: list[int]) -> tuple[float, ...]:
    """Return where a line has its rows: in time if they are years or days, else evenly."""
    times = [labels.values[row] for row in rows]
    known = [time for time in times if time is not None]
    if len(known) == len(rows) > 1 and known[-1] > known[0]:
        return tuple((time - known[0]) / (known[-1] - known[0]) for time in known)
    return tuple(place / max(1, len(rows) - 1) for place in range(len(rows)))


def _total_row(series: list[Column], rows: list[int]) -> int | None:
    """Return the first or last row if it is the sum of all others in every column.

    Of two or three numbers, one may be the sum of the others by chance.
    """
    if not series or len(rows) < 3 or (len(series) == 1 and len(rows) < 4):
        return None
    for row in (rows[-1], rows[0]):
        if all(_is_sum(column, row, [one for one in rows if one != row]) for column in series):
            return row
    return None


def _is_sum(column: Column, row: int, others: list[int]) -> bool:
    value = column.values[row]
    rounding = len(others) * 0.5 * 10.0**-column.decimals if column.decimals else 1e-9
    total = sum(column.values[one] or 0.0 for one in others)
    return value is not None and value != 0 and abs(value - total) <= rounding


def _data_series(column: Column, rows: list[int]) -> DataSeries:
    values = tuple(column.values[row] for row in rows)
    return DataSeries(column.name, values, column.decimals, column.is_percent)


def _data_column(column: Column) -> DataColumn:
    return DataColumn(column.name, column.texts, column.kind == "number")
