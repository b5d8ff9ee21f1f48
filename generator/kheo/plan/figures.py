"""The views of figures: files that a body shows, and that are not pictures."""

from collections.abc import Iterable

from kheo.model import Details, Document
from kheo.pictures.recipes import referred_path
from kheo.plan.copies import Copy
from kheo.views import FigureView, FileCard


def figure_views(
    document: Document, details: Details, links: tuple[str, ...], copies: Iterable[Copy]
) -> dict[int, FigureView]:
    """Return the figures that can be shown, by their number in the body.

    ``links`` has the URLs of all references, ``copies`` the files that are published for them.
    """
    sizes = {copy.entry.path: copy.size for copy in copies}
    views: dict[int, FigureView] = {}
    for number, figure in enumerate(details.figures):
        path = referred_path(document, details.references[figure.reference])
        if url := links[figure.reference]:
            name = path.rpartition("/")[2]
            views[number] = FileCard(figure.text or name, url, figure.kind.upper(), sizes[path])
    return views
