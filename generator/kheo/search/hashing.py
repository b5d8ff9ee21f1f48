"""Hashes of words and of pairs of words: their first bits are the number of the shard."""

import sys
from array import array
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar
from zlib import crc32

from kheo.search.endings import stemmer
from kheo.search.folding import fold

KEPT = 100_000  # entries of a cache, 15 MB: words that come later are rare
T = TypeVar("T")
PAIR_BITS = (
    16  # that are used of the hash of a pair, at least: with fewer, pairs share lists too often
)


class WordCache(dict[str, T]):
    """What a function returns for a word, computed once."""

    def __init__(self, function: Callable[[str], T]) -> None:
        self.function = function

    def __missing__(self, word: str) -> T:
        value = self.function(word)
        if len(self) < KEPT:
            self[word] = value
        return value


@lru_cache(maxsize=2)
def word_hashes(language: str) -> WordCache[int]:
    """Return the hashes of words in a language, with those computed before in this process."""
    stem = stemmer(language)
    return WordCache(lambda word: hash_of(stem(fold(word))))


def hash_of(word: str) -> int:
    """Return 32 bits for the folded form of a word: CRC-32, then the last step of MurmurHash3.

    CRC-32 alone does not spread words well: two words that differ in one letter have CRCs that
    differ in the same bits wherever that letter is exchanged for the other.
    """
    value = crc32(fold(word).encode())
    value = (value ^ value >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    value = (value ^ value >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return value ^ value >> 16


# --- pairs ---------------------------------------------------------------------------------------


def list_bits(pair_bits: int) -> int:
    """Return how many bits of a pair's hash tell its list within a shard.

    A shard has 256 lists; the few shards of a small site have more.
    """
    return max(8, PAIR_BITS - pair_bits)


def pairs_of(hashes: "array[int]") -> set[int]:
    """Return the hashes of all pairs of neighbours, from the 32 bits of each word: the halves of the
    first are swapped, so that the order counts, then both are joined by XOR.

    All words are handled at once as one long integer: 5 µs for 1,000 words, one by one 80 µs.
    """
    count = len(hashes) - 1
    if count < 1:
        return set()
    data = hashes.tobytes()
    firsts = int.from_bytes(data[:-4], sys.byteorder)
    seconds = int.from_bytes(data[4:], sys.byteorder)
    low_halves = int.from_bytes((0xFFFF).to_bytes(4, sys.byteorder) * count, sys.byteorder)
    swapped = (firsts & low_halves) << 16 | firsts >> 16 & low_halves
    return set(array("I", (swapped ^ seconds).to_bytes(4 * count, sys.byteorder)))
