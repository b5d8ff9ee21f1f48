"""The smallest parts of a drawing: numbers in attributes, the mark of each series, the legend."""

from functools import lru_cache

from markupsafe import Markup, escape

from kheo.views import DataFigure

# Lines differ by more than their colour: whole, dashed, dotted, and mixtures of these.
DASHES = ("", "9 5", "2 5", "12 4 2 4", "5 3", "15 6", "2 3 8 3", "1 9")
COLOURS = 4  # in the style sheet; the series after that are hollow


def percent(share: float) -> str:
    """Return 0 to 1 as a percentage: ``0.5`` -> ``50%``."""
    return f"{number(share * 100)}%"


def em(size: float) -> str:
    return f"{number(size)}em"


@lru_cache(maxsize=2_000)  # heights and places return in every row
def number(value: float) -> str:
    """Return a number as short as possible, to two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "0" if abs(value) < 0.005 else "-0")


def paint(series: int) -> str:
    """Return the attributes of a shape of a series. Colour is not the only difference: see 1.4.1 of WCAG."""
    hollow = ' fill-opacity=".25" stroke="currentColor"' if series >= COLOURS else ""
    return f'class="k{series % COLOURS}"{hollow}'


def dot(series: int, x: str, y: str) -> str:
    """Return the mark of a series in a dot chart: circles and squares, filled and hollow."""
    look = f'class="k{series % COLOURS}"'
    if series % 4 >= 2:
        look += ' fill-opacity=".25" stroke="currentColor" stroke-width="2"'
    if series % 2 == 0:
        return f'<circle {look} cx="{x}" cy="{y}" r=".42em"/>'
    return f'<svg x="{x}" y="{y}"><rect {look} x="-.38em" y="-.38em" width=".76em" height=".76em"/></svg>'


def stroke(series: int) -> str:
    """Return the attributes of a line of a series."""
    dash = DASHES[series % len(DASHES)]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'class="k{series % COLOURS}" fill="none" stroke="currentColor" stroke-width="2.5"{dashes}'
    )


def rules(lines: str, is_strong: bool = False) -> str:
    """Return lines behind a drawing: of an axis if they are strong, otherwise of a grid."""
    opacity = "" if is_strong else ' stroke-opacity=".35"'
    return f'<g class="k1" stroke="currentColor"{opacity}>{lines}</g>' if lines else ""


def legend(figure: DataFigure) -> Markup:
    """Return the names of the series with their marks, in the order of the data; nothing for one."""
    if len(figure.series) < 2:
        return Markup()
    items = "\n".join(
        f'<span><svg width="2em" height="1em">{_sample(figure.type, place)}</svg> {escape(one.name)}</span>'
        for place, one in enumerate(figure.series)
    )
    return Markup(f'<p class="key">{items}</p>\n')


def _sample(kind: str, series: int) -> str:
    if kind == "line":
        return f'<line {stroke(series)} x2="2em" y1=".5em" y2=".5em"/>'
    if kind == "dots":
        return dot(series, "1em", ".5em")
    return f'<rect {paint(series)} x=".5em" width="1em" height="1em"/>'
