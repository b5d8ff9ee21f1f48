"""What tables and charts cost: ``python -m benchmarks.charts``.

Reading a CSV file, reading a chart block, making its view, drawing it, each by itself (CPU time, the
fastest of five rounds); then a site in which every report has a chart, against the same site without.
"""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from kheo.config import TableOptions
from kheo.diagnostics import Place
from kheo.numerals import number_style
from kheo.pipeline import build
from kheo.plan.charts import ChartRequest, DataSource, chart_figure
from kheo.read.chart import parse_chart
from kheo.read.data.table import read_table
from kheo.render.charts.figure import data_figure
from kheo.render.charts.words import chart_words
from kheo.render.environment import make_gettext
from kheo.stages.results import BuildOptions
from kheo.tables import ChartSpec, DataTable

TYPES = ("bars", "stacked", "line", "dots", "table")
REPORTS = 300
OPTIONS = TableOptions("vi", "day-first")
CSV = "Năm;Tiếp nhận;Đúng hẹn;Nộp qua mạng\n" + "".join(
    f"{year};{18_420 - year};{17_905 - year};{4_237 + year}\n" for year in range(2014, 2026)
)
SITE = "title: x\nbase_url: https://x.example/\nlanguage: vi\npublisher: {name: x}\n"
ARTICLE = "---\ntitle: Bài {n}\ndate: 2020-01-01\ncategory: Tin tức\n---\n\nĐoạn *văn* ngắn.\n\n"
CHART = "```chart\ntype: {kind}\ntitle: Nộp hồ sơ qua mạng tăng\nunit: hồ sơ\ndata: x.csv\n```\n"


def main() -> None:
    """Prints a table of milliseconds and bytes, and the ratio of the two sites."""
    data = CSV.encode()
    long = data + b"".join(b"%d;1;2;3\n" % number for number in range(1_988))
    print("read 12 rows:", _milliseconds(lambda: read_table(data, Place("x.csv"), OPTIONS)))
    print("read 2,000 rows:", _milliseconds(lambda: read_table(long, Place("x.csv"), OPTIONS), 3))
    table, _ = read_table(data, Place("x.csv"), OPTIONS)
    assert table
    for kind in TYPES:
        _measure(kind, table)
    plain, charts = _site(""), _site(CHART.format(kind="bars"))
    print(
        f"{REPORTS} reports: {plain:.2f} s; each with a chart: {charts:.2f} s, "
        f"{(charts - plain) / REPORTS * 1000:.2f} ms a chart"
    )


def _measure(kind: str, table: DataTable) -> None:
    block, place = (
        CHART.format(kind=kind).partition("\n")[2].removesuffix("```\n"),
        Place("a.md", 9, 1),
    )
    chart, _ = parse_chart(block, place, OPTIONS)
    assert chart
    assert isinstance(chart.spec, ChartSpec)
    request = ChartRequest(chart.spec, place, chart.positions)
    source, style = DataSource(Place("x.csv", 1, 1), "/x.csv", 1_000), number_style("vi")
    words = chart_words(make_gettext({}), "vi")
    figure, _ = chart_figure(request, table, source, style)
    assert figure
    html = data_figure(figure, words).encode()
    costs = (
        _milliseconds(lambda: parse_chart(block, place, OPTIONS)),
        _milliseconds(lambda: chart_figure(request, table, source, style)),
        _milliseconds(lambda: data_figure(figure, words)),
    )
    drawing = html.partition(b"<details>")[0]
    sizes = (
        f"{len(gzip.compress(drawing, 9)):,} B, with its table {len(gzip.compress(html, 9)):,} B"
    )
    print(f"{kind}: read {costs[0]}, view {costs[1]}, draw {costs[2]}; gzip {sizes}")


def _milliseconds(call: Callable[[], object], times: int = 50) -> str:
    rounds = []
    for _ in range(5):
        start = process_time()
        for _ in range(times):
            call()
        rounds.append((process_time() - start) / times * 1000)
    return f"{min(rounds):.2f} ms"


def _site(more: str) -> float:
    """Return the CPU seconds of the faster of two clean builds in this process."""
    seconds = []
    for _ in range(2):
        with TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "content/articles").mkdir(parents=True)
            (root / "content/site.yaml").write_text(SITE, encoding="utf-8")
            (root / "content/articles/x.csv").write_text(CSV, encoding="utf-8")
            for number in range(REPORTS):
                text = ARTICLE.format(n=number) + more
                (root / f"content/articles/{number}.md").write_text(text, encoding="utf-8")
            options = BuildOptions(
                content=root / "content",
                templates=Path("templates"),
                output=root / "output",
                cache=root / "cache",
                now=datetime(2026, 1, 1, tzinfo=UTC),
                jobs=1,
                search=False,
            )
            start = process_time()
            assert build(options).counts
            seconds.append(process_time() - start)
    return min(seconds)


if __name__ == "__main__":
    main()
