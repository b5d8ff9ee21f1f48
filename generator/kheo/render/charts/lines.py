"""Lines over time. The curves are in a nested drawing that stretches; strokes and letters do not."""

from collections.abc import Iterator

from markupsafe import Markup, escape

from kheo.render.charts.marks import em, number, percent, rules, stroke
from kheo.render.charts.scale import Scale, axis_scale
from kheo.render.charts.words import ChartWords
from kheo.views import DataFigure

TOP, HEIGHT, BELOW = 1.4, 13.0, 1.6  # room for the highest number; the curves; the labels below
SIDE = 1000  # of the stretched drawing, in its own units
LETTERS = 34  # that fit below a chart on a phone of 320 pixels
MOST_LABELS = 6


def draw_lines(figure: DataFigure, words: ChartWords) -> Markup:
    """Return one line for each series. Time runs from left to right in every language."""
    values = [one for series in figure.series for one in series.values if one is not None]
    scale = axis_scale(values)
    curves = "".join(
        f'<polyline {stroke(place)} stroke-linecap="round" stroke-linejoin="round" '
        f'vector-effect="non-scaling-stroke" points="{points}"/>'
        for place, series in enumerate(figure.series)
        for points in _pieces(series.values, figure.at, scale)
    )
    grid, numbers = _grid(figure, scale, words)
    return Markup(
        f'<svg direction="ltr" height="{em(TOP + HEIGHT + BELOW)}">{grid}'
        f'<svg y="{em(TOP)}" height="{em(HEIGHT)}" viewBox="0 0 {SIDE} {SIDE}" '
        f'preserveAspectRatio="none">{curves}</svg>{numbers}{_labels(figure)}</svg>'
    )


def _pieces(values: tuple[float | None, ...], at: tuple[float, ...], scale: Scale) -> Iterator[str]:
    """Yield the points of each unbroken part of a line: where a number is missing, there is a gap."""
    piece: list[str] = []
    for x, value in zip(at, values, strict=True):
        if value is None:
            yield from _piece(piece)
            piece = []
        else:
            piece.append(f"{number(x * SIDE)},{number((1 - scale.at(value)) * SIDE)}")
    yield from _piece(piece)


def _piece(points: list[str]) -> Iterator[str]:
    if points:
        yield " ".join(points if len(points) > 1 else points * 2)  # a round dot


def _grid(figure: DataFigure, scale: Scale, words: ChartWords) -> tuple[str, str]:
    """Return the lines of the grid, and the number above each: so no margin is needed for them."""
    weak, strong, numbers = "", "", ""
    for tick in scale.ticks:
        y = TOP + (1 - scale.at(tick)) * HEIGHT
        line = f'<line x2="100%" y1="{em(y)}" y2="{em(y)}"/>'
        weak, strong = (weak, line) if tick == 0 else (weak + line, strong)
        text = escape(words.tick(tick, scale, figure.series))
        numbers += f'<text y="{em(y - 0.35)}">{text}</text>'
    return rules(weak) + rules(strong, is_strong=True), numbers


def _labels(figure: DataFigure) -> str:
    """Return some of the names of the rows: the first, the last, and as many between as fit."""
    count = len(figure.labels)
    longest = max(len(label) for label in figure.labels)
    fitting = min(MOST_LABELS, max(2, LETTERS // (longest + 1)), count)
    wanted = [place / (fitting - 1) for place in range(fitting)]
    chosen = {min(range(count), key=lambda row: abs(figure.at[row] - place)) for place in wanted}
    y = em(TOP + HEIGHT + BELOW - 0.3)
    drawn = ""
    for row in sorted(chosen):
        anchor = {0: "start", count - 1: "end"}.get(row, "middle")
        x = percent(figure.at[row])
        drawn += f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(figure.labels[row])}</text>'
    return drawn
