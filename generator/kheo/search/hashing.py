"""Hashes of words and of pairs of words: they tell which shard has what."""

from collections.abc import Callable
from functools import lru_cache
from zlib import crc32

from kheo.search.endings import stemmer
from kheo.search.folding import fold

KEPT = 200_000  # words whose hash is kept in memory; a newsroom's reports have some 50,000
PAIR_LISTS = 8  # bits of a pair's hash that tell its list within a shard


class _Kept(dict[str, int]):
    """What a function returns for a word, computed once."""

    def __init__(self, function: Callable[[str], int]) -> None:
        self.function = function

    def __missing__(self, word: str) -> int:
        value = self.function(word)
        if len(self) < KEPT:
            self[word] = value
        return value


class Hashes:
    """The hashes of a site's words, in one language, and the halves of pairs of ``pair_bits``."""

    def __init__(self, language: str, pair_bits: int) -> None:
        bits = pair_bits + PAIR_LISTS
        mask, shift = (1 << bits) - 1, 32 - bits
        stem = stemmer(language)
        words = self.words = _Kept(lambda word: hash_of(stem(word)))
        self.firsts = _Kept(lambda word: words[word] & mask)
        self.seconds = _Kept(lambda word: words[word] >> shift)


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
