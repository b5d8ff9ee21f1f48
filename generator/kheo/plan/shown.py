"""What the figures of one document are made from."""

from collections.abc import Mapping

from msgspec import Struct

from kheo.diagnostics import Place
from kheo.model import Details, Document
from kheo.pictures.recipes import referred_path
from kheo.plan.companions import Beside
from kheo.plan.copies import Copy
from kheo.plan.measured import Measured


class Shown(Struct, frozen=True):
    """One document, and what is known of the files that it refers to.

    ``links`` has the URLs of all references, ``copies`` the files that are published for them, by
    path, ``beside`` what belongs to the video of a reference. ``language`` is that of the site;
    ``embeds``: videos of other sites can be played.
    """

    document: Document
    details: Details
    links: tuple[str, ...]
    copies: Mapping[str, Copy]
    measured: Mapping[str, Measured]
    language: str
    beside: Mapping[int, Beside] = {}
    embeds: bool = False

    def place_of(self, reference: int) -> Place:
        at = self.details.references[reference].position
        return Place(self.document.path, at.line, at.column)

    def path_of(self, reference: int) -> str:
        return referred_path(self.document, self.details.references[reference])
