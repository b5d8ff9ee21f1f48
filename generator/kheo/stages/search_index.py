"""The search index in the store, and the routes of its files."""

from collections.abc import Callable, Iterator

from msgspec import Struct

from kheo.assets import SEARCH
from kheo.routes import Route, digest
from kheo.search.entry import CatalogueSummary, IndexSummary, entry_data
from kheo.search.inversion import IndexShape, pair_name, word_name
from kheo.search.shards import NO_DIGEST
from kheo.search.vocabulary import encode_vocabulary, least_of
from kheo.stages.search_tasks import compressed
from kheo.store.search_tables import read_vocabulary
from kheo.store.store import Store

SOURCE = "the words of all reports"
STATE = "search"  # the memo with an IndexState


class IndexState(Struct, frozen=True, array_like=True):
    """What the index in the store has.

    ``words`` and ``pairs`` have 8 digits for each shard, ``vocabulary`` is its digest. ``limits`` has
    what is not indexed, by path: the number of words that are too long, and of those beyond the most.
    """

    shape: IndexShape
    reports: int
    words: str
    pairs: str
    limits: dict[str, tuple[int, int]]
    vocabulary: str = ""


class SearchIndex(Struct, frozen=True):
    """The index as it is in the store."""

    state: IndexState
    store: Store

    @property
    def summary(self) -> IndexSummary:
        state = self.state
        return IndexSummary(state.reports, state.shape, state.words, state.pairs, state.vocabulary)

    def routes(self, catalogue: CatalogueSummary) -> Iterator[Route]:
        """Yield the routes of the shards, the vocabulary and the entry.

        The entry names the files of the catalogue too.
        """
        for name, shown in shard_digests(self.state).items():
            yield index_route(name, shown, SOURCE, stored=name)
        yield index_route(
            "vocabulary",
            self.state.vocabulary,
            SOURCE,
            data=lambda: compressed(vocabulary_data(self.store, self.state.reports)),
        )
        data = entry_data(self.summary, catalogue)
        yield Route(
            url=f"/{SEARCH}/entry.bin",
            path=f"{SEARCH}/entry.bin",
            inputs=digest(data),
            source=SOURCE,
            data=lambda: compressed(data),
        )


def index_route(
    name: str,
    shown: str,
    source: str,
    *,
    stored: str = "",
    data: Callable[[], bytes] | None = None,
) -> Route:
    """Return the route of a file that is named by ``shown``, the digest of its bytes."""
    path = f"{SEARCH}/{name}.{shown}.bin"
    return Route(
        url=f"/{path}",
        path=path,
        inputs=digest(shown.encode()),
        source=source,
        stored=stored,
        data=data,
    )


def vocabulary_data(store: Store, reports: int) -> bytes:
    """Return the vocabulary of the index as JSON. ``reports`` is how many it has."""
    least = least_of(reports)
    return encode_vocabulary(read_vocabulary(store, least), least)


def shard_digests(state: IndexState) -> dict[str, str]:
    """Return the digest of every shard that has a file, by its name."""
    return {
        name(shard): shown
        for name, digests in ((word_name, state.words), (pair_name, state.pairs))
        for shard in range(len(digests) // 8)
        if (shown := digests[shard * 8 : shard * 8 + 8]) != NO_DIGEST
    }


def index_state(
    shape: IndexShape, reports: int, shown: dict[str, str], limits: dict[str, tuple[int, int]]
) -> IndexState:
    """Return the state of an index, but for its vocabulary. ``shown`` has the digests of its shards."""
    words = (shown.get(word_name(one), NO_DIGEST) for one in range(1 << shape.word_bits))
    pairs = (shown.get(pair_name(one), NO_DIGEST) for one in range(1 << shape.pair_bits))
    return IndexState(shape, reports, "".join(words), "".join(pairs), dict(sorted(limits.items())))
