"""A chart or a table with everything that belongs to it: headline, unit, legend, source, download."""

from collections.abc import Callable

from markupsafe import Markup, escape

from kheo.render.charts.bars import draw_bars, draw_stacked
from kheo.render.charts.dots import draw_dots
from kheo.render.charts.lines import draw_lines
from kheo.render.charts.marks import legend
from kheo.render.charts.scale import axis_scale
from kheo.render.charts.table import table
from kheo.render.charts.words import (
    DOWNLOAD,
    FIRST_ROWS,
    NOT_FROM_ZERO,
    SHOW_TABLE,
    SOURCE,
    ChartWords,
)
from kheo.views import DataFigure

Draw = Callable[[DataFigure, ChartWords], Markup]
DRAW: dict[str, Draw] = {
    "bars": draw_bars,
    "stacked": draw_stacked,
    "line": draw_lines,
    "dots": draw_dots,
}
# Classes that leave room beside a drawing: for numbers, or for half a dot.
ROOM: dict[str, str] = {"bars": " bars", "stacked": " bars", "dots": " dots", "line": ""}
SHORT = 7  # letters of a number for which every chart has room beside its bars


def data_figure(figure: DataFigure, words: ChartWords) -> Markup:
    """Return a chart, or a table, as a ``<figure>``; a bare one without it."""
    if figure.is_bare:
        return Markup(f'<div class="data">\n{table(figure)}{_foot(figure, words)}</div>')
    is_table = figure.type == "table"
    shown = table(figure) if is_table else _chart(figure, words) + _details(figure, words)
    return Markup(f'<figure class="data">\n{_head(figure)}{shown}{_foot(figure, words)}</figure>')


def _head(figure: DataFigure) -> str:
    subtitle = ", ".join(escape(text) for text in (figure.subtitle, figure.unit) if text)
    below = f"<br>{subtitle}" if subtitle else ""
    return f"<figcaption><strong>{escape(figure.title)}</strong>{below}</figcaption>\n"


def _chart(figure: DataFigure, words: ChartWords) -> str:
    drawing = DRAW[figure.type](figure, words)
    is_long = figure.type in {"bars", "stacked"} and _longest_number(figure, words) > SHORT
    look = ROOM[figure.type] + (" long" if is_long else "")
    return (
        f'{legend(figure)}<div class="chart{look}" role="img" '
        f'aria-label="{escape(words.description(figure))}">\n{drawing}\n</div>\n'
    )


def _longest_number(figure: DataFigure, words: ChartWords) -> int:
    if figure.type == "stacked":
        sums = (sum(value or 0.0 for value in row) for row in zip(*_values(figure), strict=True))
        return max((len(words.sum(one, figure.series)) for one in sums), default=0)
    return max(
        (len(words.value(value, one)) for one in figure.series for value in one.values), default=0
    )


def _values(figure: DataFigure) -> list[tuple[float | None, ...]]:
    return [one.values for one in figure.series]


def _details(figure: DataFigure, words: ChartWords) -> str:
    if not figure.table:
        return ""
    summary = words.translate(SHOW_TABLE)
    return f"<details><summary>{summary}</summary>\n{table(figure)}</details>\n"


def _foot(figure: DataFigure, words: ChartWords) -> str:
    """Return what stands below: notes, the source, and the file to download."""
    notes: list[str] = []
    if (
        figure.type in {"line", "dots"}
        and not axis_scale(
            value for values in _values(figure) for value in values if value is not None
        ).has_zero
    ):
        notes.append(words.translate(NOT_FROM_ZERO))
    if figure.table and figure.count > (shown := len(figure.table[0].texts)):
        counts = {"shown": words.count(shown), "count": words.count(figure.count)}
        notes.append(f"{words.translate(FIRST_ROWS, **counts)}.")
    if figure.source:
        notes.append(f"{words.translate(SOURCE)}: {escape(figure.source)}.")
    if figure.url:
        text = words.translate(DOWNLOAD, size=words.size(figure.size))
        notes.append(f'<a href="{escape(figure.url)}" download>{text}</a>')
    return f'<p class="meta">{" ".join(notes)}</p>\n' if notes else ""
