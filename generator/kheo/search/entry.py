"""The entry: the one file of the index whose name does not change, which names all others."""

import msgspec
from msgspec import Struct

from kheo.search.inversion import IndexShape

VERSION = 1  # of the format


class IndexSummary(Struct, frozen=True):
    """The postings half of the index. ``words`` and ``pairs`` have 8 digits for each shard."""

    reports: int
    shape: IndexShape
    words: str
    pairs: str


def entry_data(index: IndexSummary) -> bytes:
    """Return the entry as JSON."""
    return msgspec.json.encode(
        {
            "version": VERSION,
            "reports": index.reports,
            "first": index.shape.first,
            "word_bits": index.shape.word_bits,
            "pair_bits": index.shape.pair_bits,
            "words": index.words,
            "pairs": index.pairs,
        }
    )
