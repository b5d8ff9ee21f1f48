"""From a chart block and a table to a view: the right columns and rows, and every mistake at its line."""

import pytest

from kheo.config import TableOptions
from kheo.diagnostics import Place
from kheo.numerals import number_style
from kheo.plan.charts import ChartRequest, DataSource, chart_figure
from kheo.read.chart import parse_chart
from kheo.read.data.table import read_table
from kheo.views import DataFigure

OPTIONS = TableOptions("vi", "day-first")
REPORT, DATA = Place("a.md", 5, 1), Place("b/x.csv", 1, 1)
CSV = "Năm;Đúng hẹn;Trễ hẹn;Ghi chú\n2023;17.905;515;a\n2024;18.870;196;b\n2025;9.841;33;c\n"


def chart(block: str, csv: str = CSV) -> tuple[DataFigure | None, list[str]]:
    parsed, found = parse_chart(f"data: x.csv\ntitle: T\n{block}", REPORT, OPTIONS)
    assert parsed, found
    table, found = read_table(csv.encode(), DATA, OPTIONS)
    assert table, found
    source = DataSource(DATA, "/x.csv", len(csv))
    request = ChartRequest(parsed.spec, REPORT, parsed.positions)
    figure, found = chart_figure(request, table, source, number_style("vi"))
    return figure, [f"{d.place.path}:{d.place.line}:{d.place.column} {d.code}" for d in found]


def good(block: str, csv: str = CSV) -> DataFigure:
    figure, found = chart(block, csv)
    assert found == []
    assert figure
    return figure


def test_all_columns_with_numbers_are_drawn() -> None:
    figure = good("unit: hồ sơ")
    assert figure.labels == ("2023", "2024", "2025")
    assert [(one.name, one.values) for one in figure.series] == [
        ("Đúng hẹn", (17905, 18870, 9841)),
        ("Trễ hẹn", (515, 196, 33)),
    ]
    assert [column.name for column in figure.table] == ["Năm", "Đúng hẹn", "Trễ hẹn", "Ghi chú"]
    assert (figure.url, figure.count, figure.is_ordered) == ("/x.csv", 3, True)


def test_named_columns_in_their_order() -> None:
    figure = good("labels: Ghi chú\ncolumns: [Trễ hẹn, Đúng hẹn]\nskip: [b]")
    assert [one.name for one in figure.series] == ["Trễ hẹn", "Đúng hẹn"]
    assert figure.labels == ("a", "c")
    assert [column.name for column in figure.table] == ["Ghi chú", "Trễ hẹn", "Đúng hẹn"]
    assert figure.table[0].texts == ("a", "b", "c")


def test_time_is_to_scale() -> None:
    assert good("type: line", "Năm;x\n2015;1\n2020;2\n2025;3\n").at == (0, 0.5, 1)
    months = good("type: line", "Tháng;x\n1/2024;1\n2/2024;2\n12/2024;3\n").at
    assert months[1] == pytest.approx(31 / 335)
    assert good("type: line", "Lần;x\nmột;1\nhai;2\nba;3\n").at == (0, 0.5, 1)


TOTAL = "Huyện;Hộ;Xong\nA;5;1\nB;6;2\nC;1;0\nCộng;12;3\n"
NEGATIVE = "Huyện;Hộ\nA;5\nB;-6\n"
ODD = "Huyện;Hộ;Khác\nA;5;1\nB;chưa có;2\nC;75.6;?\nD;1;5\n"
LONG = "Huyện;Hộ\n" + "A;1\n" * 101
WIDE = "a;" + ";".join("bcdefghij") + "\nx;" + ";".join("123456789") + "\n"


@pytest.mark.parametrize(
    ("block", "csv", "found"),
    [
        ("columns: [Đúng hạn, Ghi chú, Năm]", CSV, ["a.md:7:11 chart-column"]),
        ("columns: [Ghi chú]", CSV, ["a.md:7:11 chart-column-text"]),
        ("labels: Nam", CSV, ["a.md:7:1 chart-column"]),
        ("", "a;b\nx;y\n", ["a.md:5:1 chart-numbers"]),
        ("", WIDE, ["a.md:5:1 chart-series"]),
        ("skip: [2022]", CSV, ["a.md:7:8 chart-skip"]),
        ("", ODD, ["b/x.csv:3:3 data-number", "b/x.csv:4:3 data-number", "b/x.csv:4:8 data-number"]),
        ("columns: [Hộ]\nskip: [B]", ODD, ["b/x.csv:4:3 data-number", "b/x.csv:4:8 data-mixed"]),
        ("type: table", ODD, ["b/x.csv:3:3 data-mixed", "b/x.csv:4:3 data-mixed", "b/x.csv:4:8 data-mixed"]),
        ("", TOTAL, ["b/x.csv:5:1 data-total"]),
        ("skip: Cộng", TOTAL, []),
        ("", "Huyện;Hộ\nA;1\nB;2\nC;3\n", []),
        ("type: stacked", NEGATIVE, ["b/x.csv:3:1 data-negative"]),
        ("type: bars", LONG, ["a.md:7:1 chart-rows"]),
        ("type: line", LONG, []),
        ("type: line", LONG * 1 + "A;1\n" * 2_000, ["a.md:7:1 chart-rows"]),
        ("type: table", LONG + "A;1\n" * 2_000, []),
        ("type: line", "Năm;x\n2024;1\n", ["a.md:7:1 chart-point"]),
        ("type: line", "Năm;x\n2024;1\n2023;2\n2025;3\n", ["b/x.csv:3:1 data-order"]),
    ],
)  # fmt: skip
def test_mistakes_are_reported_where_they_are(block: str, csv: str, found: list[str]) -> None:
    assert chart(block, csv)[1] == found


def test_warnings_do_not_stop_a_chart() -> None:
    figure, found = chart("", TOTAL)
    assert figure
    assert found == ["b/x.csv:5:1 data-total"]
    assert chart("columns: [Hộ]", ODD)[0] is None
