"""The catalogue of the search index as it is published: files whose inputs changed are made again.

A file is named by its bytes, which clients check, so these must be known before anything is rendered.
The store remembers which inputs gave which name.
"""

from msgspec import Struct

from kheo.plan.catalogue import PAGES, CatalogueFile, CataloguePlan
from kheo.routes import Route
from kheo.search.entry import CatalogueSummary
from kheo.search.shards import digest_of
from kheo.stages.memory import forget
from kheo.stages.search_index import index_route
from kheo.stages.search_tasks import compressed
from kheo.store.store import Store

MEMO = "catalogue"
SOURCE = "the catalogue of all reports"
_SINGLE = {"facets", "suggestions"}  # all others are blocks of records


class KnownCatalogue(Struct, frozen=True, array_like=True):
    """The catalogue as it was planned last: digests of inputs and of bytes, by name.

    ``pages`` is a part of the entry: the digest of its inputs, and its bytes.
    """

    block_bits: int
    files: dict[str, tuple[bytes, str]]
    pages: tuple[bytes, bytes]

    @property
    def summary(self) -> CatalogueSummary:
        shown = {name: one[1] for name, one in self.files.items()}
        records = {name[1:]: one for name, one in shown.items() if name not in _SINGLE}
        return CatalogueSummary(
            self.block_bits, records, self.pages[1], shown["facets"], shown["suggestions"]
        )


def update_catalogue(
    store: Store, plan: CataloguePlan, program: str
) -> tuple[CatalogueSummary, list[Route]]:
    """Return the digests of all files of the catalogue, and their routes."""
    known = store.memo(MEMO, program, KnownCatalogue)
    before = known.files if known else {}
    files: dict[str, tuple[bytes, str]] = {}
    pages = known.pages if known else (b"", b"")
    routes: list[Route] = []
    for file in plan.files:
        if file.name == PAGES:
            if pages[0] != file.inputs:
                pages = file.inputs, file.content(store.bodies)
            continue
        inputs, shown = before.get(file.name, (b"", ""))
        made = b""
        if inputs != file.inputs:
            data = file.content(store.bodies)
            shown, made = digest_of(data), compressed(data)
        files[file.name] = file.inputs, shown
        routes.append(_route(store, file, shown, made))
    now = KnownCatalogue(plan.block_bits, files, pages)
    if now != known:
        store.set_memo(MEMO, program, now)
        forget(store)  # what was published is not of this catalogue any more
    return now.summary, routes


def remembered_catalogue(store: Store, program: str) -> CatalogueSummary | None:
    """Return the digests of the files as they were planned last."""
    known = store.memo(MEMO, program, KnownCatalogue)
    return known.summary if known else None


def _route(store: Store, file: CatalogueFile, shown: str, made: bytes) -> Route:
    def data() -> bytes:
        return made or compressed(file.content(store.bodies))

    return index_route(file.name, shown, SOURCE, data=data)
