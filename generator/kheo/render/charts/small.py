"""Small drawings between words: how a number has changed, and how much of a target is reached."""

from markupsafe import Markup, escape

from kheo.render.charts.marks import number, percent
from kheo.render.charts.scale import Scale

WIDTH, HEIGHT = 100, 20  # units of the drawing; it is as high as the letters around it


def sparkline(values: tuple[float | None, ...], description: str) -> Markup:
    """Return a line without axes; nothing for less than two numbers."""
    some = [value for value in values if value is not None]
    if len(some) < 2:
        return Markup()
    low, high = min(some), max(some)
    scale = Scale(low, high if high > low else low + 1, ())
    points = " ".join(
        f"{number(place / (len(values) - 1) * WIDTH)},{number((1 - scale.at(value)) * HEIGHT)}"
        for place, value in enumerate(values)
        if value is not None
    )
    return Markup(
        f'<svg role="img" aria-label="{escape(description)}" width="5em" height="1em" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none"><polyline class="k0" fill="none" '
        f'stroke="currentColor" stroke-width="2" vector-effect="non-scaling-stroke" '
        f'points="{points}"/></svg>'
    )


def progress(share: float, description: str) -> Markup:
    """Return a bar of which ``share`` is filled: 1 is the whole, more is shown as the whole."""
    filled = percent(min(max(share, 0.0), 1.0))
    return Markup(
        f'<svg role="img" aria-label="{escape(description)}" width="100%" height=".8em" '
        f'fill="currentColor"><rect class="k1" fill-opacity=".35" width="100%" height="100%"/>'
        f'<rect class="k0" width="{filled}" height="100%"/></svg>'
    )
