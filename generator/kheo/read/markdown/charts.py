"""The charts of a body: blocks that were set aside while the text was read."""

from collections.abc import Callable
from html import escape

from msgspec import Struct

from kheo.addresses import DATA, ending_of
from kheo.config import TableOptions
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.model import ChartFigure, Position, Reference
from kheo.read.markdown.nodes import Leaf

MOST_CHARTS = 100  # in one report: a few words make a drawing of some kilobytes


class FoundCharts(Struct, frozen=True):
    """The charts of a text, the files that they refer to, and the places of their keys."""

    figures: tuple[ChartFigure, ...] = ()
    references: tuple[Reference, ...] = ()
    positions: dict[str, Position] = {}
    found: tuple[Diagnostic, ...] = ()

    def with_words(self, html: str) -> str:
        """Return ``html`` with the words of each chart in its placeholder, for the search."""
        for number, figure in enumerate(self.figures):
            html = html.replace(f"\0@{number}\0", f"\0@{number} {escape(_words(figure))}\0")
        return html


NO_CHARTS = FoundCharts()


def read_charts(
    blocks: list[Leaf], locate: Callable[[int], Position], place: Place, options: TableOptions
) -> FoundCharts:
    """Return the charts in ``blocks``; ``locate`` says where a character of the text is.

    Where a block has errors, its chart is missing: such a report is not published.
    """
    if not blocks:
        return NO_CHARTS
    from kheo.read.chart import parse_chart  # imports Babel: 0.05 s, which most reports do not need

    found: list[Diagnostic] = []
    figures: list[ChartFigure] = []
    references: list[Reference] = []
    positions: dict[str, Position] = {}
    for block in blocks:
        at = locate(block.offsets[0]) if block.offsets else Position(place.line + block.first, 1)
        begin = place.at(at.line, at.column)
        chart, more = parse_chart("\n".join(block.lines), begin, options)
        found += more
        if chart is None:
            continue
        reference = None
        if chart.table is None:
            target, where = chart.spec.data, chart.positions["data"]
            if not _is_file_of_data(target):
                here = place.at(where.line, where.column)
                found.append(diagnostic("chart-file", here, target=target))
                continue
            reference = len(references)
            references.append(Reference("figure", target, "", where))
        number = len(figures)
        positions |= {f"figures.{number}.{key}": one for key, one in chart.positions.items()}
        figures.append(ChartFigure(chart.spec, chart.table, reference))
    return FoundCharts(tuple(figures), tuple(references), positions, tuple(found))


def _words(figure: ChartFigure) -> str:
    """Return what a chart says, without what is in a file of its own."""
    spec = figure.spec
    columns = figure.table.columns if figure.table else ()
    cells = (text for column in columns for text in (column.name, *column.texts))
    return " ".join((spec.title, spec.subtitle, spec.unit, spec.source, *cells))


def _is_file_of_data(target: str) -> bool:
    return ":" not in target and ending_of(target) in DATA
