"""Bars: horizontal, with their names above them, so that names of any length wrap as text does."""

from markupsafe import Markup, escape

from kheo.render.charts.marks import em, paint, percent, rules
from kheo.render.charts.scale import Scale, bar_scale
from kheo.render.charts.words import ChartWords
from kheo.views import DataFigure

STEP, BAR = 1.5, 1.2  # heights of a row, and of the bar in it
BASELINE = 0.95  # of the number beside a bar
GAP = 0.003  # between two parts of a bar, of the whole width


def draw_bars(figure: DataFigure, words: ChartWords) -> Markup:
    """Return one bar for each number; the numbers stand beside them."""
    scale = bar_scale(one for series in figure.series for one in series.values if one is not None)
    rows = [
        "".join(
            _bar(place, series.values[row], scale, words)
            + _number(
                words.value(series.values[row], series),
                max(series.values[row] or 0.0, 0.0),
                place,
                scale,
                words,
            )
            for place, series in enumerate(figure.series)
        )
        for row in range(len(figure.labels))
    ]
    return _rows(figure, rows, len(figure.series), scale, words)


def draw_stacked(figure: DataFigure, words: ChartWords) -> Markup:
    """Return one bar for each row, made of its numbers; their sum stands beside it."""
    sums = [
        sum(series.values[row] or 0.0 for series in figure.series)
        for row in range(len(figure.labels))
    ]
    scale = bar_scale(sums)
    rows = []
    for row, total in enumerate(sums):
        start, parts = 0.0, ""
        for place, series in enumerate(figure.series):
            value = series.values[row] or 0.0
            parts += _part(place, start, value, scale, words)
            start += value
        rows.append(parts + _number(words.sum(total, figure.series), total, 0, scale, words))
    return _rows(figure, rows, 1, scale, words)


def _rows(
    figure: DataFigure, rows: list[str], bars: int, scale: Scale, words: ChartWords
) -> Markup:
    height = em(bars * STEP)
    zero = ""
    if scale.low < 0:
        x = percent(_from_start(scale.at(0), words))
        zero = rules(f'<line x1="{x}" x2="{x}" y2="100%"/>', is_strong=True)
    return Markup(
        "\n".join(
            f'<p>{escape(label)}</p><svg height="{height}">{row}{zero}</svg>'
            for label, row in zip(figure.labels, rows, strict=True)
        )
    )


def _bar(place: int, value: float | None, scale: Scale, words: ChartWords) -> str:
    if not value:
        return ""
    low, high = sorted((scale.at(0), scale.at(value)))
    return _rect(place, low, high, place, words)


def _part(place: int, start: float, value: float, scale: Scale, words: ChartWords) -> str:
    if not value:
        return ""
    low, high = scale.at(start), scale.at(start + value)
    return _rect(place, low, max(high - GAP, low + GAP), 0, words)


def _rect(place: int, low: float, high: float, row: int, words: ChartWords) -> str:
    x = percent(1 - high if words.is_rtl else low)
    y = f' y="{em(row * STEP)}"' if row else ""
    return f'<rect {paint(place)} x="{x}"{y} width="{percent(high - low)}" height="{em(BAR)}"/>'


def _number(text: str, end: float, row: int, scale: Scale, words: ChartWords) -> str:
    """Return the number at the end of a bar; for a negative one, at zero, where there is room."""
    x = percent(_from_start(scale.at(end), words))
    gap = "-.4em" if words.is_rtl else ".4em"
    return f'<text x="{x}" dx="{gap}" y="{em(row * STEP + BASELINE)}">{escape(text)}</text>'


def _from_start(share: float, words: ChartWords) -> float:
    return 1 - share if words.is_rtl else share
