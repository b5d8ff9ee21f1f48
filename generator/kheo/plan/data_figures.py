"""The views of tables and charts in a body."""

import posixpath

from msgspec import structs

from kheo.diagnostics import Diagnostic, Place
from kheo.model import FileFigure, Position
from kheo.numerals import number_style
from kheo.plan.charts import ChartRequest, DataSource, chart_figure, mixed_cells, table_figure
from kheo.plan.shown import Shown
from kheo.read.data.files import TableFile
from kheo.tables import DataTable
from kheo.views import DataFigure


def data_figure(shown: Shown, number: int) -> tuple[DataFigure | None, list[Diagnostic]]:
    """Return the view of a table or chart, and what is wrong with it and with its data.

    ``number`` is that of its figure. There is no view if an error has been found.
    """
    figure = shown.details.figures[number]
    table, found = _table_of(shown, number)
    if table is None:
        return None, found
    style = number_style(shown.language)
    source, keys = _source_of(shown, number)
    if isinstance(figure, FileFigure):
        name = posixpath.basename(source.place.path)
        view = table_figure(table, figure.text or name, source)
        return structs.replace(view, is_bare=True), found + mixed_cells(table, source, style)
    request = ChartRequest(figure.spec, Place(shown.document.path), keys)
    chart, more = chart_figure(request, table, source, style)
    return chart, found + more


def _table_of(shown: Shown, number: int) -> tuple[DataTable | None, list[Diagnostic]]:
    """Return the data of a figure, and what is wrong with its file.

    A file that does not exist, or is not what its name says, has been reported with its reference.
    """
    figure = shown.details.figures[number]
    if figure.reference is None:
        return (None if isinstance(figure, FileFigure) else figure.table), []
    file = shown.measured.get(shown.path_of(figure.reference))
    return (file.table, list(file.found)) if isinstance(file, TableFile) else (None, [])


def _source_of(shown: Shown, number: int) -> tuple[DataSource, dict[str, Position]]:
    """Return where the data of a figure is, and where the keys of a chart are in the report."""
    prefix = f"figures.{number}."
    keys = {
        name.removeprefix(prefix): at
        for name, at in shown.details.positions.items()
        if name.startswith(prefix)
    }
    reference = shown.details.figures[number].reference
    if reference is None:
        at = keys["data"]
        here = Place(shown.document.path, at.line, at.column)
        return DataSource(here, is_here=True), keys
    path = shown.path_of(reference)
    copy = shown.copies.get(path)
    return DataSource(Place(path, 1, 1), shown.links[reference], copy.size if copy else 0), keys
