"""The views of figures: what a body shows between its paragraphs, and that is not a picture."""

from collections.abc import Mapping

from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic, Place
from kheo.model import ChartFigure, Details, Document, FileFigure
from kheo.pictures.recipes import referred_path
from kheo.plan.copies import Copy
from kheo.plan.measured import Measured
from kheo.read.data.files import TableFile
from kheo.tables import MOST_ROWS, DataTable
from kheo.views import DataFigure, FigureView, FileCard


class Shown(Struct, frozen=True):
    """What the figures of one document are made from.

    ``links`` has the URLs of all references, ``copies`` the files that are published for them, by
    path. ``language`` is that of the site.
    """

    document: Document
    details: Details
    links: tuple[str, ...]
    copies: Mapping[str, Copy]
    measured: Mapping[str, Measured]
    language: str

    def path_of(self, reference: int) -> str:
        return referred_path(self.document, self.details.references[reference])


def figure_views(shown: Shown) -> tuple[dict[int, FigureView], list[Diagnostic]]:
    """Return the figures that can be shown, by their number in the body, and what is wrong with them."""
    views: dict[int, FigureView] = {}
    found: list[Diagnostic] = []
    rows = MOST_ROWS
    for number, figure in enumerate(shown.details.figures):
        if isinstance(figure, FileFigure) and figure.kind == "pdf":
            if card := _file_card(shown, figure):
                views[number] = card
            continue
        view, more = _data_figure(shown, number, figure)
        found += more
        if view:
            views[number] = view = _shortened(view, rows)
            rows -= len(view.table[0].texts)
    return views, found


def _file_card(shown: Shown, figure: FileFigure) -> FileCard | None:
    path = shown.path_of(figure.reference)
    if not (url := shown.links[figure.reference]):
        return None
    name = path.rpartition("/")[2]
    return FileCard(figure.text or name, url, figure.kind.upper(), shown.copies[path].size)


def _data_figure(
    shown: Shown, number: int, figure: FileFigure | ChartFigure
) -> tuple[DataFigure | None, list[Diagnostic]]:
    table, found = _table_of(shown, figure)
    if table is None:
        return None, found
    # Imports Babel: 0.05 s, which most sites do not need.
    from kheo.numerals import number_style
    from kheo.plan.charts import (
        ChartRequest,
        DataSource,
        chart_figure,
        mixed_cells,
        table_figure,
    )

    style = number_style(shown.language)
    prefix = f"figures.{number}."
    keys = {
        name.removeprefix(prefix): at
        for name, at in shown.details.positions.items()
        if name.startswith(prefix)
    }
    report = Place(shown.document.path)
    if figure.reference is None:
        at = keys["data"]
        source = DataSource(report.at(at.line, at.column))
    else:
        path = shown.path_of(figure.reference)
        copy = shown.copies.get(path)
        size = copy.size if copy else 0
        source = DataSource(Place(path, 1, 1), shown.links[figure.reference], size)
    if isinstance(figure, FileFigure):
        view = table_figure(table, figure.text or source.name, source)
        return structs.replace(view, is_bare=True), found + mixed_cells(table, source, style)
    request = ChartRequest(figure.spec, report, keys)
    chart, more = chart_figure(request, table, source, style)
    return chart, found + more


def _table_of(
    shown: Shown, figure: FileFigure | ChartFigure
) -> tuple[DataTable | None, list[Diagnostic]]:
    """Return the data of a figure, and what is wrong with its file.

    A file that does not exist, or is not what its name says, has been reported with its reference.
    """
    if isinstance(figure, ChartFigure) and figure.table:
        return figure.table, []
    if figure.reference is None:
        return None, []
    file = shown.measured.get(shown.path_of(figure.reference))
    return (file.table, list(file.found)) if isinstance(file, TableFile) else (None, [])


def _shortened(figure: DataFigure, rows: int) -> DataFigure:
    """Return a figure with at most ``rows`` rows in its table."""
    if len(figure.table[0].texts) <= rows:
        return figure
    columns = (structs.replace(one, texts=one.texts[:rows]) for one in figure.table)
    return structs.replace(figure, table=tuple(columns))
