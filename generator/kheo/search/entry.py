"""The entry: the one file of the index whose name does not change, which names all others."""

from msgspec import Raw, Struct

from kheo.search.endings import endings_of
from kheo.search.inversion import IndexShape
from kheo.search.records import encode_json

VERSION = 1  # of the format


class IndexSummary(Struct, frozen=True):
    """The postings half of the index. ``words`` and ``pairs`` have 8 digits for each shard."""

    reports: int
    shape: IndexShape
    words: str
    pairs: str
    vocabulary: str


class CatalogueSummary(Struct, frozen=True, array_like=True):
    """The other half: the digests of blocks of records by name, and of the files of one kind.

    ``pages`` is JSON: every query looks into it, so it is a part of the entry and no file.
    """

    block_bits: int
    records: dict[str, str]
    pages: bytes
    facets: str
    suggestions: str


def entry_data(index: IndexSummary, catalogue: CatalogueSummary) -> bytes:
    """Return the entry as JSON."""
    shape = index.shape
    entry = {
        "version": VERSION,
        "reports": index.reports,
        "first": shape.first,
        "word_bits": shape.word_bits,
        "pair_bits": shape.pair_bits,
        "words": index.words,
        "pairs": index.pairs,
        "block_bits": catalogue.block_bits,
        "records": catalogue.records,
        "facets": catalogue.facets,
        "vocabulary": index.vocabulary,
        "suggestions": catalogue.suggestions,
        "site": Raw(catalogue.pages),
    }
    if endings := endings_of(shape.language):
        entry["endings"] = list(endings.items())
    return encode_json(entry)
