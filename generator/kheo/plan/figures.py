"""The views of figures: what a body shows between its paragraphs, and that is not a picture."""

from msgspec import structs

from kheo.diagnostics import Diagnostic, diagnostic
from kheo.model import FileFigure
from kheo.plan.media_figures import media_figure
from kheo.plan.shown import Shown
from kheo.tables import MOST_ROWS
from kheo.views import DataFigure, FigureView


def figure_views(shown: Shown) -> tuple[dict[int, FigureView], list[Diagnostic]]:
    """Return the figures that can be shown, by their number in the body, and what is wrong with them."""
    views: dict[int, FigureView] = {}
    found: list[Diagnostic] = []
    rows = MOST_ROWS
    for number, figure in enumerate(shown.details.figures):
        if isinstance(figure, FileFigure) and figure.kind != "csv":
            if medium := media_figure(shown, figure):
                views[number] = medium
            continue
        # Imports Babel: 0.05 s, which most sites do not need.
        from kheo.plan.data_figures import data_figure

        view, more = data_figure(shown, number)
        found += more
        if figure.reference is not None and _are_in_file(shown, figure.reference, more):
            target = shown.details.references[figure.reference].target
            at = shown.place_of(figure.reference)
            found.append(diagnostic("data-errors", at, target=target))
        if view:
            views[number] = view = _shortened(view, rows)
            rows -= len(view.table[0].texts)
    return views, found


def _are_in_file(shown: Shown, reference: int, found: list[Diagnostic]) -> bool:
    """Return whether a file has errors: they are reported there, but it is the report that suffers."""
    path = shown.path_of(reference)
    return any(one.severity == "error" and one.place.path == path for one in found)


def _shortened(figure: DataFigure, rows: int) -> DataFigure:
    """Return a figure with at most ``rows`` rows in its table."""
    if len(figure.table[0].texts) <= rows:
        return figure
    columns = (structs.replace(one, texts=one.texts[:rows]) for one in figure.table)
    return structs.replace(figure, table=tuple(columns))
