"""What one report contributes to the index: a table that the store keeps, and the postings made from it."""

from array import array
from collections import Counter
from itertools import chain, islice, repeat
from operator import rshift

import msgspec
from msgspec import Struct

from kheo.search.folding import one_spelling
from kheo.search.hashing import WordCache, pairs_of, word_hashes
from kheo.search.words import plain_text, split_chunks, split_words

LONGEST = 64  # letters of a word that is indexed
MOST = 20_000  # distinct words of one report
TITLE = 4  # the bit of an impact for words of the title
_IMPACTS = (0, 1, 2, 2)  # by how often a word is in the text
_OFTEN = 3  # the impact of words that are there more often, and of names


class SearchReport(Struct, frozen=True):
    """A report to index. ``number`` is its day * 2**20 + its place among those of the day by path.

    ``names`` are its authors, campaigns, category and the titles of its attachments; ``lead`` is what
    its page shows besides the text: summary, source and corrections. ``bodies`` are the digests of
    the parts of its text.
    """

    path: str
    number: int
    title: str
    names: tuple[str, ...]
    lead: str
    bodies: tuple[str, ...]


class ReportWords(Struct, frozen=True, array_like=True):
    """The words of one report as the store keeps them.

    ``title``, ``names`` and ``lead`` are the words of these in order, ``words`` all different ones
    that are indexed, with an impact of one byte for each. ``title_pairs`` and ``pairs`` are the hashes of
    pairs in the title and of all others, sorted, as numbers of this machine (32 bits).
    ``too_long`` and ``too_many`` count what is not indexed: words over 64 letters, and words beyond
    the first 20,000 different ones.
    """

    title: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]
    impacts: bytes
    title_pairs: bytes
    pairs: bytes
    too_long: int = 0
    too_many: int = 0
    lead: tuple[str, ...] = ()


def words_of_report(
    title: str, names: tuple[str, ...], html: str, language: str = "", lead: str = ""
) -> ReportWords:
    """Return the table of a report."""
    parts = spelt_words(title), spelt_words("\n".join(names)), spelt_words(lead)
    return _table(parts, html, language)


def with_body(table: ReportWords, html: str, language: str = "") -> ReportWords:
    """Return the table of the same report with another text."""
    return _table((table.title, table.names, table.lead), html, language)


def _spelt(chunk: str) -> tuple[str, ...]:
    return tuple(map(one_spelling, split_words(chunk)))


_CHUNKS = WordCache(_spelt)  # `Nhân,` -> `nhân`: most chunks of a text are known from others


def spelt_words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are indexed."""
    return tuple(chain.from_iterable(map(_CHUNKS.__getitem__, split_chunks(text))))


Parts = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]  # of a title, of names, of a text


def _table(fixed: Parts, html: str, language: str) -> ReportWords:
    """``fixed`` are the words of title, names and lead."""
    title, names, lead = fixed
    parts = title, names, lead + spelt_words(plain_text(html))
    levels = _impacts(parts)
    too_long = too_many = 0
    if max(map(len, levels), default=0) > LONGEST or len(levels) > MOST:
        parts, too_long, too_many = _within_limits(parts)
        levels = _impacts(parts)
    hashes = word_hashes(language).__getitem__
    hashed = [array("I", map(hashes, part)) for part in parts]
    return ReportWords(
        title,
        names,
        tuple(levels),
        bytes(levels.values()),
        _sorted(pairs_of(hashed[0])),
        _sorted(pairs_of(hashed[1]) | pairs_of(hashed[2])),
        too_long,
        too_many,
        lead,
    )


def _sorted(pairs: set[int]) -> bytes:
    return array("I", sorted(pairs)).tobytes()


def _impacts(parts: Parts) -> dict[str, int]:
    """Return the impact of each word: 1 to 3 for how often it is in the text (names count as often),
    and 4 more in the title."""
    title, names, text = parts
    levels = {
        word: _IMPACTS[count] if count < len(_IMPACTS) else _OFTEN
        for word, count in Counter(text).items()
    }
    levels |= dict.fromkeys(names, _OFTEN)
    for word in title:
        levels[word] = levels.get(word, 0) | TITLE
    return levels


def _within_limits(parts: Parts) -> tuple[Parts, int, int]:
    """Return what is indexed, and the numbers of words that are too long, and too many."""
    title, names, text = ([word for word in part if len(word) <= LONGEST] for part in parts)
    too_long = sum(map(len, parts)) - len(title) - len(names) - len(text)
    distinct = dict.fromkeys(chain(title, names, text))
    kept = set(islice(distinct, MOST))
    fitting = (
        tuple(filter(kept.__contains__, title)),
        tuple(filter(kept.__contains__, names)),
        tuple(filter(kept.__contains__, text)),
    )
    return fitting, too_long, len(distinct) - len(kept)


def pair_keys(table: ReportWords, bits: int) -> tuple[set[int], list[int]]:
    """Return the keys of pairs, the first bits of their hashes: those in the title, and the others,
    sorted.

    Pairs are of folded words. A key may stand for other pairs too: it only orders reports that have
    both words, and among those one in a thousand is wrong.
    """
    shift = repeat(32 - bits)
    title = set(map(rshift, array("I", table.title_pairs), shift))
    rest = dict.fromkeys(map(rshift, array("I", table.pairs), shift))
    for key in title:
        rest.pop(key, None)
    return title, list(rest)


pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(ReportWords).decode
