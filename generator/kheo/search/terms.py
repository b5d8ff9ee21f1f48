"""What one report contributes to the index: a table that the store keeps, and the postings made from it."""

from functools import lru_cache
from itertools import islice, pairwise
from zlib import crc32

import msgspec
from msgspec import Struct

from kheo.search.folding import fold, one_spelling
from kheo.search.words import plain_text, split_words

LONGEST = 64  # letters of a word that is indexed
MOST = 20_000  # distinct words of one report
TITLE = 4  # the bit of an impact that says: in the title


class ReportWords(Struct, frozen=True, array_like=True):
    """The words of one report: each once in ``words``, and by their numbers in the order of the text.

    ``too_long`` and ``too_many`` count what is not indexed: words over 64 letters, and words beyond
    the first 20,000 different ones.
    """

    words: tuple[str, ...]
    title: tuple[int, ...]
    names: tuple[int, ...]
    body: tuple[int, ...]
    too_long: int = 0
    too_many: int = 0


def words_of_report(title: str, names: tuple[str, ...], html: str) -> ReportWords:
    """Return the table of a report. ``names`` are authors and titles of attachments."""
    numbers: dict[str, int] = {}
    parts = [split_words(title), split_words("\n".join(names)), split_words(plain_text(html))]
    spelt = [[one_spelling(word) for word in part] for part in parts]
    fitting = [[word for word in part if len(word) <= LONGEST] for part in spelt]
    too_long = sum(map(len, spelt)) - sum(map(len, fitting))
    for part in fitting:
        for word in part:
            numbers.setdefault(word, len(numbers))
    kept = [tuple(numbers[word] for word in part) for part in fitting]
    too_many = max(0, len(numbers) - MOST)
    if too_many:
        kept = [tuple(number for number in part if number < MOST) for part in kept]
    words = tuple(islice(numbers, MOST))
    return ReportWords(words, kept[0], kept[1], kept[2], too_long, too_many)


def impacts(table: ReportWords) -> dict[str, int]:
    """Return each word with its impact: 1 to 3 for how often it stands in the text (names count as
    often), and 4 more in the title."""
    counts = [0] * len(table.words)
    for number in table.body:
        counts[number] += 1
    found = [0 if not n else 1 if n == 1 else 2 if n < 4 else 3 for n in counts]
    for number in table.names:
        found[number] = 3
    for number in table.title:
        found[number] |= TITLE
    return dict(zip(table.words, found, strict=True))


def pairs(table: ReportWords, bits: int) -> dict[int, int]:
    """Return the hashes, of ``bits`` bits, of words that stand one behind the other; 1 for in the title.

    Pairs are of folded words. A hash may stand for other pairs too: it only orders reports that have
    both words, and among those one in a thousand is wrong.
    """
    mask, shift = (1 << bits) - 1, 32 - bits
    hashes = [hash_of(word) for word in table.words]
    first, second = [one & mask for one in hashes], [one >> shift for one in hashes]
    found: dict[int, int] = {}
    for part, bit in ((table.names, 0), (table.body, 0), (table.title, 1)):
        for one, other in pairwise(part):
            found[first[one] ^ second[other]] = bit
    return found


@lru_cache(maxsize=200_000)
def hash_of(word: str) -> int:
    """Return 32 bits for the folded form of a word: CRC-32, then the finish of MurmurHash3, for the
    CRCs of words that differ in one letter differ alike."""
    value = crc32(fold(word).encode())
    value = (value ^ value >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    value = (value ^ value >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return value ^ value >> 16


pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(ReportWords).decode
