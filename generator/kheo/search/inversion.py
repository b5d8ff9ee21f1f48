"""From tables of reports to shards, for a whole site, in two steps that processes share.

``Inverted`` takes some reports and gives pieces, one for each range of shards; ``merge_words`` and
``merge_pairs`` make the shards of a range from the pieces of all. So memory holds the lists of some
reports, or of one range, never those of the site.
"""

import struct
import sys
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TypeVar

from msgspec import Struct

from kheo.search.folding import fold
from kheo.search.hashing import WordCache, list_bits, word_hashes
from kheo.search.postings import PLACE_BITS, ListChange, Postings, posting_of
from kheo.search.shards import encode_pairs, encode_words
from kheo.search.terms import ReportWords, pair_keys

WORD_RANGES = 4  # bits of the hash of a word that tell its range: 16 ranges
LIST_RANGE = 16  # bits that tell a list within its range of pairs, which is 256 shards or fewer
LAST_DAYS = 4_096  # the index ends at a multiple of so many days, for all lists begin there
_HEAD = struct.Struct("<QQ")
_LOW_HALF = 0 if sys.byteorder == "little" else 1  # of a number of 32 bits, in halves
Key = TypeVar("Key", str, int)


class IndexShape(Struct, frozen=True, array_like=True):
    """What all shards of an index depend on. Another shape means that all are made again."""

    language: str
    last: int
    word_bits: int
    pair_bits: int

    @property
    def hashes(self) -> WordCache[int]:
        return word_hashes(self.language)

    @property
    def list_bits(self) -> int:
        return list_bits(self.pair_bits)

    @property
    def key_bits(self) -> int:
        """The bits of a pair's hash that tell its shard and list."""
        return self.pair_bits + self.list_bits

    def word_shard(self, word: str) -> int:
        return self.hashes[word] >> 32 - self.word_bits


def shape_of(numbers: list[int], language: str) -> IndexShape:
    """Return the shape of the index of the reports with these numbers.

    The number of shards grows with the reports, so that a shard has about 5 KB, up to 1,024 shards of
    words and 4,096 of pairs.
    """
    count = len(numbers)
    last = ((max(numbers, default=0) >> PLACE_BITS) // LAST_DAYS + 1) * LAST_DAYS
    word_bits, pair_bits = (count // 4).bit_length(), (count // 8).bit_length()
    return IndexShape(language, last, min(10, word_bits), min(12, pair_bits))


def word_name(shard: int) -> str:
    return f"w{shard:x}"


def pair_name(shard: int) -> str:
    return f"p{shard:x}"


def postings_of(
    table: ReportWords, number: int, shape: IndexShape
) -> tuple[dict[str, int], dict[int, int]]:
    """Return the postings of one report: by word, and by the hash of a pair."""
    value = posting_of(number, shape.last)
    words = {word: value | impact for word, impact in zip(table.words, table.impacts, strict=True)}
    title, rest = pair_keys(table, shape.key_bits)
    return words, dict.fromkeys(rest, value) | dict.fromkeys(title, value | 1)


# --- pieces --------------------------------------------------------------------------------------


class Inverted:
    """The lists of some reports, which are added newest first."""

    def __init__(self, shape: IndexShape) -> None:
        self.shape = shape
        self.words: defaultdict[str, Postings] = defaultdict(list)
        self.pairs = PairColumns()

    def add(self, table: ReportWords, number: int) -> None:
        value = posting_of(number, self.shape.last)
        values = [value | impact for impact in range(8)]
        words = self.words
        for word, impact in zip(table.words, table.impacts, strict=True):
            words[word].append(values[impact])
        title, rest = pair_keys(table, self.shape.key_bits)
        self.pairs.add(value, rest)
        self.pairs.add(values[1], sorted(title))

    def pieces(self) -> Iterator[bytes]:
        """Yield the lists of each range of words, then of each range of pairs."""
        bits = min(WORD_RANGES, self.shape.word_bits)
        hashes, shift = self.shape.hashes, 32 - bits
        words: list[list[str]] = [[] for _ in range(1 << bits)]
        for word in self.words:
            words[hashes[word] >> shift].append(word)
        for some in words:
            yield _piece("\n".join(some).encode(), [self.words[one] for one in some])
        yield from self.pairs.pieces(self.shape)


class PairColumns:
    """The pairs of some reports, report by report.

    Lists are made later, range by range: there are too many different pairs for a list of each here.
    """

    def __init__(self) -> None:
        self.postings = array("Q")
        self.counts = array("I")
        self.keys = array("I")

    def add(self, posting: int, keys: list[int]) -> None:
        """Add the keys of pairs of one report, which are sorted."""
        self.postings.append(posting)
        self.counts.append(len(keys))
        self.keys.extend(keys)

    def pieces(self, shape: IndexShape) -> Iterator[bytes]:
        """Yield the pairs of each range: how many each report has, and the last 16 bits of them."""
        ends = [number << LIST_RANGE for number in range(1, 1 + (1 << pair_range_bits(shape)))]
        counts = [array("I") for _ in ends]
        ranges = [array("H") for _ in ends]
        lasts = array("H", self.keys.tobytes())[_LOW_HALF::2]
        at = 0
        for count in self.counts:
            stop = at + count
            for number, end in enumerate(ends):
                start, at = at, bisect_left(self.keys, end, at, stop)
                counts[number].append(at - start)
                ranges[number] += lasts[start:at]
        for some, keys in zip(counts, ranges, strict=True):
            yield b"".join((_HEAD.pack(len(some), len(keys)), self.postings, some, keys))


def pair_range_bits(shape: IndexShape) -> int:
    """Return the bits that tell the range of a pair; with 10,000 reports there are eight ranges."""
    return shape.key_bits - LIST_RANGE


def count_ranges(shape: IndexShape) -> tuple[int, int]:
    """Return how many pieces are of words, and how many of pairs."""
    return 1 << min(WORD_RANGES, shape.word_bits), 1 << pair_range_bits(shape)


def _piece(keys: bytes, lists: list[Postings]) -> bytes:
    """Keys, lengths and postings as numbers of this machine: a piece lives as long as a build."""
    counts = array("I", map(len, lists))
    postings = array("Q", chain.from_iterable(lists))
    return b"".join((_HEAD.pack(len(keys), len(lists)), keys, counts, postings))


def _parts(piece: bytes) -> "tuple[bytes, array[int], list[int]]":
    size, count = _HEAD.unpack_from(piece)
    counts, postings = array("I"), array("Q")
    at = _HEAD.size + size
    counts.frombytes(piece[at : at + count * counts.itemsize])
    postings.frombytes(piece[at + count * counts.itemsize :])
    return piece[_HEAD.size : at], counts, postings.tolist()


# --- shards --------------------------------------------------------------------------------------


class MadeShard(Struct, array_like=True):
    """A shard that is not empty, not compressed."""

    name: str
    data: bytes


def merge_words(
    pieces: Iterable[bytes], shape: IndexShape
) -> tuple[list[MadeShard], dict[str, int]]:
    """Return the shards of a range, and in how many reports each of its folded words is."""
    lists: defaultdict[str, Postings] = defaultdict(list)
    for piece in pieces:
        keys, counts, postings = _parts(piece)
        at = 0
        for key, count in zip(keys.decode().split("\n") if counts else (), counts, strict=True):
            lists[key] += postings[at : at + count]
            at += count
    shards: defaultdict[int, dict[str, Postings]] = defaultdict(dict)
    folded: defaultdict[str, list[str]] = defaultdict(list)
    for word, found in lists.items():
        shards[shape.word_shard(word)][word] = found
        folded[fold(word)].append(word)
    frequency = {
        word: len(lists[forms[0]])
        if len(forms) == 1
        else len({one & -8 for form in forms for one in lists[form]})
        for word, forms in folded.items()
    }
    made = [MadeShard(word_name(one), encode_words(shards[one])) for one in sorted(shards)]
    return made, frequency


def merge_pairs(pieces: Iterable[bytes], shape: IndexShape, number: int) -> list[MadeShard]:
    """Return the shards of a range, which has this number among those of pairs."""
    lists: list[Postings] = [[] for _ in range(1 << LIST_RANGE)]
    for piece in pieces:
        postings, counts, keys = _columns(piece)
        start = 0
        for posting, count in zip(postings, counts, strict=True):
            if count:
                for key in keys[start : start + count]:
                    lists[key].append(posting)
                start += count
    made = []
    for at in range(0, len(lists), 1 << shape.list_bits):
        some = enumerate(lists[at : at + (1 << shape.list_bits)])
        data = encode_pairs({key: one for key, one in some if one}, shape.list_bits)
        if data:
            shard = (number << LIST_RANGE | at) >> shape.list_bits
            made.append(MadeShard(pair_name(shard), data))
    return made


def _columns(piece: bytes) -> "tuple[array[int], array[int], array[int]]":
    """Return the postings of reports, how many pairs each has, and the pairs of all."""
    reports, size = _HEAD.unpack_from(piece)
    columns = array("Q"), array("I"), array("H")
    at = _HEAD.size
    for column, count in zip(columns, (reports, reports, size), strict=True):
        end = at + count * column.itemsize
        column.frombytes(piece[at:end])
        at = end
    return columns


# --- changes -------------------------------------------------------------------------------------


class Changes:
    """What changed reports change in the lists of each shard, and in how many reports words are."""

    def __init__(self, shape: IndexShape) -> None:
        self.shape = shape
        self.words: defaultdict[str, dict[str, ListChange]] = defaultdict(dict)
        self.pairs: defaultdict[str, dict[int, ListChange]] = defaultdict(dict)
        self.reports: defaultdict[str, int] = defaultdict(int)  # by folded word

    def take(self, table: ReportWords, number: int, is_gone: bool) -> None:
        """Note a report that is removed, or one that is added."""
        words, pairs_of = postings_of(table, number, self.shape)
        for word, value in words.items():
            self._note(self.words[word_name(self.shape.word_shard(word))], word, value, is_gone)
        bits = self.shape.list_bits
        for pair, value in pairs_of.items():
            shard = self.pairs[pair_name(pair >> bits)]
            self._note(shard, pair & (1 << bits) - 1, value, is_gone)
        for word in set(map(fold, words)):
            self.reports[word] += -1 if is_gone else 1

    @staticmethod
    def _note(shard: dict[Key, ListChange], key: Key, value: int, is_gone: bool) -> None:
        change = shard.get(key)
        if change is None:
            change = shard[key] = ListChange([], [])
        (change.gone if is_gone else change.come).append(value)

    def settle(self) -> None:
        """Drop the changes of lists that lose and gain the same postings."""
        _settle(self.words)
        _settle(self.pairs)


def _settle(shards: dict[str, dict[Key, ListChange]]) -> None:
    for name, shard in list(shards.items()):
        for key in [key for key, change in shard.items() if change.gone == change.come]:
            del shard[key]
        if not shard:
            del shards[name]
