"""Whatever a file holds, it is read, drawn or reported, and nothing in it becomes markup."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kheo.config import TableOptions
from kheo.diagnostics import Place
from kheo.numerals import number_style
from kheo.plan.charts import ChartRequest, DataSource, chart_figure
from kheo.read.chart import parse_chart
from kheo.read.data.table import examine_table, read_table
from kheo.render.charts.figure import data_figure
from kheo.render.charts.words import chart_words
from kheo.render.environment import make_gettext

OPTIONS = TableOptions("vi", "day-first")
CELLS = st.one_of(
    st.sampled_from(["", "-", "2023", "2024", "5/2024", "1.200", "1,5", "-3", "0", "23%", "<b>", '"', "&", "x" * 50]),
    st.floats(allow_nan=False, allow_infinity=False).map("{:.3f}".format),
    st.text(max_size=8),
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6)
KINDS = ("bars", "stacked", "line", "dots", "table")
WORDS = chart_words(make_gettext({}), "vi")
TAGS = {"figure", "figcaption", "strong", "p", "span", "svg", "g", "rect", "line", "circle", "polyline", "text",
        "div", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "br", "a"}  # fmt: skip


@pytest.fixture(scope="module")
def rounds(request: pytest.FixtureRequest) -> int:
    return 5_000 if request.config.getoption("--many") else 60


def test_tables_and_charts(rounds: int) -> None:
    @settings(max_examples=rounds, deadline=None, derandomize=True)
    @given(ROWS, st.sampled_from(";,\t"), st.sampled_from(KINDS))
    def run(rows: list[list[str]], separator: str, kind: str) -> None:
        lines = (separator.join(row) for row in [["Tên", "Số", "Khác"], *rows])
        table, found = read_table(
            "\n".join(lines).encode("utf-8", "replace"), Place("x.csv"), OPTIONS
        )
        assert table or found
        chart, _ = parse_chart(
            f"type: {kind}\ntitle: <i>\ndata: x.csv", Place("a.md", 1, 1), OPTIONS
        )
        assert chart
        if table:
            request = ChartRequest(chart.spec, Place("a.md"), chart.positions)
            source = DataSource(Place("x.csv", 1, 1), "/x.csv", 1)
            figure, found = chart_figure(request, table, source, number_style("vi"))
            assert figure or found
            html = data_figure(figure, WORDS) if figure else ""
            assert set(re.findall(r"<([a-z]+)", html)) <= TAGS
            assert not re.search(
                r"nan|inf%|\de[+-]\d", html.partition("<details>")[0].partition("<svg")[2]
            )

    run()


def test_bytes(rounds: int) -> None:
    @settings(max_examples=rounds, deadline=None, derandomize=True)
    @given(st.binary(max_size=200))
    def run(data: bytes) -> None:
        examine_table(data, "x.csv", OPTIONS)

    run()
