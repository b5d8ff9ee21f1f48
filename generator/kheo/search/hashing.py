"""Hashes of words and of pairs of words: they tell which shard has what."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar
from zlib import crc32

from kheo.search.endings import stemmer
from kheo.search.folding import fold

KEPT = 200_000  # words in a cache; a newsroom's reports have some 50,000
T = TypeVar("T")
PAIR_BITS = 16  # of the hash of a pair, at least: what has few hashes is often taken for another


class WordCache(dict[str, T]):
    """What a function returns for a word, computed once."""

    def __init__(self, function: Callable[[str], T]) -> None:
        self.function = function

    def __missing__(self, word: str) -> T:
        value = self.function(word)
        if len(self) < KEPT:
            self[word] = value
        return value


class Hashes:
    """The hashes of a site's words, in one language, and the halves of pairs.

    ``pair_bits`` tell the shard of a pair; ``list_bits`` more its list.
    """

    def __init__(self, language: str, pair_bits: int) -> None:
        bits = pair_bits + list_bits(pair_bits)
        mask, shift = (1 << bits) - 1, 32 - bits
        stem = stemmer(language)
        words = self.words = WordCache(lambda word: hash_of(stem(fold(word))))
        self.firsts = WordCache(lambda word: words[word] & mask)
        self.seconds = WordCache(lambda word: words[word] >> shift)


def list_bits(pair_bits: int) -> int:
    """Return the bits of a pair's hash that tell its list within a shard: 256 lists, and more in the
    few shards of a small site."""
    return max(8, PAIR_BITS - pair_bits)


@lru_cache(maxsize=2)
def site_hashes(language: str, pair_bits: int) -> Hashes:
    """Return the hashes of a site, with those computed before in this process."""
    return Hashes(language, pair_bits)


def hash_of(word: str) -> int:
    """Return 32 bits for the folded form of a word: CRC-32, then the finish of MurmurHash3, for the
    CRCs of words that differ in one letter differ alike."""
    value = crc32(fold(word).encode())
    value = (value ^ value >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    value = (value ^ value >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return value ^ value >> 16
