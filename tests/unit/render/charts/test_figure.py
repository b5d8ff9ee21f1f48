"""Charts: what is drawn, what is said in words, and that nothing an editor writes becomes markup."""

import re

import html5lib
import pytest
from markupsafe import Markup

from kheo.render.charts.figure import data_figure
from kheo.render.charts.scale import axis_scale, bar_scale
from kheo.render.charts.small import progress, sparkline
from kheo.render.charts.words import ChartWords, chart_words
from kheo.render.environment import make_gettext
from kheo.tables import ChartType
from kheo.views import DataColumn, DataFigure, DataSeries

TYPES: tuple[ChartType, ...] = ("bars", "stacked", "line", "dots", "table")
WORDS = chart_words(make_gettext({}), "vi")


def figure(kind: ChartType, *series: tuple[float | None, ...], **more: object) -> DataFigure:
    rows = len(series[0])
    labels = tuple(f"h{row}" for row in range(rows))
    return DataFigure(
        type=kind,
        title="Tăng",
        labels=labels,
        at=tuple(row / max(1, rows - 1) for row in range(rows)),
        series=tuple(DataSeries(f"s{place}", values) for place, values in enumerate(series)),
        table=(DataColumn("Huyện", labels), DataColumn("Số", labels, is_number=True)),
        count=rows,
        **more,  # type: ignore[arg-type]
    )


def drawn(kind: ChartType, *series: tuple[float | None, ...], **more: object) -> str:
    return data_figure(figure(kind, *series, **more), WORDS)


def widths(html: str) -> list[str]:
    return re.findall(r'<rect [^>]*width="([\d.]+%)"', html)


def label(html: str) -> str:
    return re.findall(r'aria-label="([^"]*)"', html)[0]


def test_bars_begin_at_zero() -> None:
    assert widths(drawn("bars", (50.0, 100.0, 0.0, None))) == ["50%", "100%"]
    html = drawn("bars", (30.0, -10.0))
    assert re.findall(r'<rect [^>]*x="([^"]+)"', html) == ["25%", "0%"]
    assert widths(html) == ["75%", "25%"]
    assert re.findall(r"<text [^>]*>([^<]+)", html) == ["30", "−10"]


def test_a_missing_number_is_a_dash_and_not_zero() -> None:
    assert re.findall(r"<text [^>]*>([^<]+)", drawn("bars", (5.0, None))) == ["5", "–"]
    assert drawn("line", (1.0, None, 3.0, 4.0)).count("<polyline") == 2


def test_parts_of_a_stack_add_up() -> None:
    html = drawn("stacked", (30.0, 10.0), (70.0, 10.0))
    assert re.findall(r"<text [^>]*>([^<]+)", html) == ["100", "20"]
    assert re.findall(r'<rect [^>]*x="([^"]+)"', html)[2:] == ["0%", "30%", "0%", "10%"]


def test_lines_differ_by_more_than_their_colour() -> None:
    html = drawn("line", *[(1.0, float(place)) for place in range(8)])
    curves = re.findall(r"<polyline ([^>]*?) points", html)
    assert len(set(curves)) == 8
    assert all('vector-effect="non-scaling-stroke"' in curve for curve in curves)
    assert 'preserveAspectRatio="none"' in html


def test_a_line_may_begin_above_zero_and_says_so() -> None:
    assert "does not begin at zero" in drawn("line", (92.0, 96.0))
    assert "does not begin at zero" not in drawn("line", (20.0, 96.0))
    assert axis_scale((92.1, 96.0)).ticks == (92, 93, 94, 95, 96)
    assert axis_scale((3, 18_870)).ticks == (0, 5_000, 10_000, 15_000, 20_000)
    assert axis_scale(()).ticks == (0, 0.25, 0.5, 0.75, 1)
    assert axis_scale((5, 5)).at(5) == 0.5
    assert bar_scale((-10, 30)).at(0) == 0.25


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (figure("bars", (5.0, 9.0, 1.0)), "Bar chart: Tăng. s0: highest 9 (h1), lowest 1 (h2)."),
        (figure("line", (5.0, 9.0, 1.0), is_ordered=True), "Line chart: Tăng. s0: highest 9 (h1), lowest 1 (h2), last 1 (h2)."),
        (figure("dots", (None, 9.0), (None, None)), "Dot chart: Tăng. s0: 9 (h1)."),
    ],
)  # fmt: skip
def test_a_chart_is_described_in_words(shown: DataFigure, told: str) -> None:
    html = data_figure(shown, WORDS)
    assert 'role="img"' in html
    assert label(html) == told


def test_a_legend_names_more_than_one_series_in_their_order() -> None:
    assert 'class="key"' not in drawn("bars", (1.0,))
    assert re.findall(r"</svg> (s\d)", drawn("bars", (1.0,), (2.0,))) == ["s0", "s1"]


def test_the_table_has_headers_and_the_download_its_size() -> None:
    html = drawn("bars", (1.0, 2.0), url="/a/so-lieu.csv", size=1536, source="Sở")
    assert '<th scope="col" class="right">Số</th>' in html
    assert '<th scope="row">h0</th><td class="right">h0</td>' in html
    assert (
        'Source: Sở. <a href="/a/so-lieu.csv" download>Download the data (CSV, 1,5 KB)</a>' in html
    )


def test_a_table_that_is_cut_says_so() -> None:
    long = DataFigure(
        type="table", title="x", table=(DataColumn("a", ("1", "2")),), count=5_300, url="/a.csv"
    )
    assert "The first 2 of 5.300 rows" in data_figure(long, WORDS)


def test_right_to_left() -> None:
    arabic = ChartWords(WORDS.translate, WORDS.style, "ar", is_rtl=True)
    html = data_figure(figure("bars", (50.0, 100.0)), arabic)
    assert re.findall(r'<rect [^>]*x="([^"]+)"', html) == ["50%", "0%"]
    assert 'dx="-.4em"' in html


@pytest.mark.parametrize("kind", TYPES)
def test_nothing_becomes_markup_or_style(kind: ChartType) -> None:
    evil = "\"><script>alert(1)</script>'&"
    shown = DataFigure(
        type=kind, title=evil, subtitle=evil, unit=evil, source=evil, labels=(evil, "b"),
        at=(0, 1), series=(DataSeries(evil, (1, 2)), DataSeries("c", (3, 4))),
        table=(DataColumn(evil, (evil, evil)),), count=9, url="/a?" + evil,
    )  # fmt: skip
    html = data_figure(shown, WORDS)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree = parser.parseFragment(html)
    names = {
        element.tag.rpartition("}")[2] for element in tree.iter() if isinstance(element.tag, str)
    }
    assert "script" not in names
    assert not any("style" in element.attrib or "id" in element.attrib for element in tree.iter())


def test_small_drawings() -> None:
    line = sparkline((1.0, None, 3.0), "từ 1 lên 3")
    assert 'points="0,20 100,0"' in line
    assert 'aria-label="từ 1 lên 3"' in line
    assert sparkline((1.0,), "x") == Markup()
    assert [widths(progress(share, "x"))[1] for share in (0.625, 1.4, -1)] == [
        "62.5%", "100%", "0%",
    ]  # fmt: skip


def test_a_chart_is_small() -> None:
    import gzip

    html = drawn("bars", *[(18420.0, 19066.0, 9874.0)] * 3)
    assert len(gzip.compress(html.encode(), 6)) < 1_200
