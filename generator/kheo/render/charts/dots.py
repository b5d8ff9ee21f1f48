"""Dots: where each number is on one axis. The axis may begin above zero, because no length is compared."""

from markupsafe import Markup, escape

from kheo.render.charts.marks import dot, em, percent, rules
from kheo.render.charts.scale import Scale, axis_scale
from kheo.render.charts.words import ChartWords
from kheo.views import DataFigure

ROW, MIDDLE = 1.4, 0.7  # heights, in em


def draw_dots(figure: DataFigure, words: ChartWords) -> Markup:
    """Return one row for each label, with the dots of all series, below an axis."""
    values = [one for series in figure.series for one in series.values if one is not None]
    scale = axis_scale(values)
    rows = "\n".join(
        f'<p>{escape(label)}</p><svg height="{em(ROW)}">{_grid(scale, words)}{_row(figure, row, scale, words)}</svg>'
        for row, label in enumerate(figure.labels)
    )
    return Markup(f'<svg height="{em(ROW)}">{_axis(figure, scale, words)}</svg>\n{rows}')


def _axis(figure: DataFigure, scale: Scale, words: ChartWords) -> str:
    """Return the lowest and the highest number of the axis, and the one in the middle if there is one."""
    last = len(scale.ticks) - 1
    ends = {0: "start", last: "end"} | ({last // 2: "middle"} if last % 2 == 0 else {})
    return "".join(
        f'<text x="{_x(scale.ticks[tick], scale, words)}" y="1em" text-anchor="{anchor}">'
        f"{escape(words.tick(scale.ticks[tick], scale, figure.series))}</text>"
        for tick, anchor in sorted(ends.items())
    )


def _grid(scale: Scale, words: ChartWords) -> str:
    lines = ""
    for tick in scale.ticks:
        x = _x(tick, scale, words)
        lines += f'<line x1="{x}" x2="{x}" y2="100%"/>'
    return rules(lines)


def _row(figure: DataFigure, row: int, scale: Scale, words: ChartWords) -> str:
    some = {
        place: series.values[row]
        for place, series in enumerate(figure.series)
        if series.values[row] is not None
    }
    if not some:
        return ""
    y = em(MIDDLE)
    ends = [_x(value, scale, words) for value in (min(some.values()), max(some.values()))]  # type: ignore[type-var, arg-type]
    line = f'<line x1="{ends[0]}" x2="{ends[1]}" y1="{y}" y2="{y}"/>' if len(some) > 1 else ""
    marks = [dot(place, _x(value, scale, words), y) for place, value in some.items()]  # type: ignore[arg-type]
    return rules(line, is_strong=True) + "".join(marks)


def _x(value: float, scale: Scale, words: ChartWords) -> str:
    share = scale.at(value)
    return percent(1 - share if words.is_rtl else share)
