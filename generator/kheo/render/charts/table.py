"""A table of data, for readers who want the numbers and for those who cannot see a drawing."""

from markupsafe import Markup, escape

from kheo.views import DataColumn, DataFigure


def table(figure: DataFigure) -> Markup:
    """Return the table; one that is too wide scrolls, also by keyboard. Its name is read out with it."""
    head = "".join(
        f'<th scope="col"{_side(column)}>{escape(column.name)}</th>' for column in figure.table
    )
    cells = zip(*(column.texts for column in figure.table), strict=True)
    rows = "\n".join(f"<tr>{_cells(row, figure.table)}</tr>" for row in cells)
    title = escape(figure.title)
    # The headline of a chart is above its table.
    caption = (
        f"<caption><strong>{title}</strong>"
        if figure.is_bare
        else f'<caption class="unseen">{title}'
    )
    return Markup(
        f'<div class="table-scroll" role="region" aria-label="{title}" tabindex="0">'
        f"<table>{caption}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>\n"
    )


def _cells(cells: tuple[str, ...], columns: tuple[DataColumn, ...]) -> str:
    first, *others = cells
    return f'<th scope="row"{_side(columns[0])}>{escape(first)}</th>' + "".join(
        f"<td{_side(column)}>{escape(cell)}</td>"
        for cell, column in zip(others, columns[1:], strict=True)
    )


def _side(column: DataColumn) -> str:
    return ' class="right"' if column.is_number else ""
