"""How many reports there were in each month or year, as a chart."""

from markupsafe import Markup

from kheo.render.charts.figure import data_figure
from kheo.render.charts.words import ChartWords
from kheo.views import Counts, DataColumn, DataFigure, DataSeries

MOST_BARS = 12  # more periods are a line: bars below each other would fill a phone


def count_figure(counts: Counts, title: str, period: str, name: str, words: ChartWords) -> Markup:
    """Return the chart. ``period`` and ``name`` are the headings of its table's columns."""
    is_line = len(counts.labels) > MOST_BARS
    last = max(1, len(counts.labels) - 1)
    texts = tuple(map(words.count, counts.values))
    figure = DataFigure(
        type="line" if is_line else "bars",
        title=title,
        labels=counts.labels,
        at=tuple(place / last for place in range(len(counts.labels))) if is_line else (),
        is_ordered=True,
        series=(DataSeries(name, tuple(map(float, counts.values))),),
        table=(DataColumn(period, counts.labels), DataColumn(name, texts, is_number=True)),
        count=len(counts.labels),
    )
    return data_figure(figure, words)
