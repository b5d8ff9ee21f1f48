"""Tables of data and charts: what a CSV file holds, and what a ``chart`` block asks for.

A table is stored column by column: a chart draws columns, and one kind holds for a whole column.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

MOST_ROWS = 2_000  # shown on one page; the rest is in the download
MOST_SERIES = 8  # in one chart: more colours than that are not told apart

# "year": 2023 is not 2.023. "date": a day or a month.
ColumnKind = Literal["text", "number", "year", "date"]


class OddCell(Struct, frozen=True, array_like=True, gc=False):
    """A cell that is not a number, in a column of numbers. ``row`` counts from 0,
    ``line`` and ``column`` (its first character in the file) from 1."""

    row: int
    text: str
    line: int
    column: int


class Column(Struct, frozen=True, array_like=True, gc=False):
    """A column of a table. All tuples have one item for each row.

    ``texts`` are the cells as readers see them: numbers with the signs of the site's language.
    ``values`` are numbers; years; dates as days since the year 1 (``date.toordinal``); ``None`` for
    an empty cell and for text. ``decimals`` is the largest number of decimals. ``is_percent``: every
    number was written with ``%``.
    """

    name: str
    kind: ColumnKind
    texts: tuple[str, ...]
    values: tuple[float | None, ...]
    decimals: int = 0
    is_percent: bool = False
    odd: tuple[OddCell, ...] = ()


class DataTable(Struct, frozen=True, array_like=True):
    """A table, at most ``MOST_ROWS`` of its rows.

    ``lines`` has the line of each row in its file. ``count`` is the number of rows in the file.
    """

    columns: tuple[Column, ...]
    lines: tuple[int, ...]
    count: int

    def column(self, name: str) -> Column | None:
        """Return the column with this name."""
        return next((one for one in self.columns if one.name == name), None)


ChartType = Literal["bars", "stacked", "line", "dots", "table"]


class ChartSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The keys of a ``chart`` block."""

    data: Annotated[
        str,
        Meta(
            description="A CSV file in the same folder as this report, or the table itself, indented "
            "below this line.",
            examples=["so-lieu.csv"],
        ),
    ]
    title: Annotated[
        str,
        Meta(
            description="Headline: what the data shows, in one sentence.",
            examples=["Nộp hồ sơ qua mạng tăng gấp ba"],
        ),
    ]
    type: Annotated[
        ChartType,
        Meta(description="How the data is shown.", examples=["line"]),
    ] = "bars"
    subtitle: Annotated[
        str,
        Meta(description="What was counted, where and when.", examples=["Toàn tỉnh, 2023–2025"]),
    ] = ""
    unit: Annotated[str, Meta(description="The unit of the numbers.", examples=["hồ sơ"])] = ""
    labels: Annotated[
        str,
        Meta(
            description="The column with the name of each row (default: the first).",
            examples=["Năm"],
        ),
    ] = ""
    columns: Annotated[
        tuple[str, ...],
        Meta(
            extra={"form": "names"},
            max_length=MOST_SERIES,
            description="The columns to show, in this order (default: all that have numbers).",
            examples=["[Đúng hẹn, Trễ hẹn]"],
        ),
    ] = ()
    skip: Annotated[
        tuple[str, ...],
        Meta(
            extra={"form": "names"},
            description="Rows that are not drawn, by their names; the table still has them.",
            examples=["Tổng cộng"],
        ),
    ] = ()
    source: Annotated[
        str, Meta(description="Where the data comes from.", examples=["Bộ phận một cửa"])
    ] = ""
