"""What one report contributes to the index: a table that the store keeps, and the postings made from it."""

from collections.abc import Iterable
from itertools import chain, islice
from operator import xor

import msgspec
from msgspec import Struct

from kheo.search.folding import one_spelling
from kheo.search.hashing import Hashes, WordCache
from kheo.search.words import plain_text, split_words

LONGEST = 64  # letters of a word that is indexed
MOST = 20_000  # distinct words of one report
TITLE = 4  # the bit of an impact that says: in the title
_IMPACTS = (0, 1, 2, 2)  # by how often a word is in the text; 3 for more often


class SearchReport(Struct, frozen=True):
    """A report to index. ``number`` is its day * 2**20 + its place among those of the day by path.

    ``names`` are its authors, campaigns, category and the titles of its attachments; ``bodies`` the
    digests of the parts of its text.
    """

    path: str
    number: int
    title: str
    names: tuple[str, ...]
    bodies: tuple[str, ...]


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


_SPELT = WordCache(one_spelling)


def words_of_report(title: str, names: tuple[str, ...], html: str) -> ReportWords:
    """Return the table of a report."""
    return _table(_spelt(split_words(title)), _spelt(split_words("\n".join(names))), html)


def with_body(table: ReportWords, html: str) -> ReportWords:
    """Return the table of the same report with another text."""
    title = [table.words[number] for number in table.title]
    return _table(title, [table.words[number] for number in table.names], html)


def _spelt(words: list[str]) -> list[str]:
    return list(map(_SPELT.__getitem__, words))


def _table(title: list[str], names: list[str], html: str) -> ReportWords:
    parts = [title, names, _spelt(split_words(plain_text(html)))]
    distinct = dict.fromkeys(chain(*parts))
    too_long = 0
    if max(map(len, distinct), default=0) > LONGEST:
        fitting = [[word for word in part if len(word) <= LONGEST] for part in parts]
        too_long = sum(map(len, parts)) - sum(map(len, fitting))
        parts, distinct = fitting, dict.fromkeys(chain(*fitting))
    numbers = dict(zip(distinct, range(len(distinct)), strict=True))
    kept = [tuple(map(numbers.__getitem__, part)) for part in parts]
    too_many = max(0, len(numbers) - MOST)
    if too_many:
        kept = [tuple(number for number in part if number < MOST) for part in kept]
    return ReportWords(tuple(islice(numbers, MOST)), kept[0], kept[1], kept[2], too_long, too_many)


def impacts(table: ReportWords) -> list[int]:
    """Return the impact of each word of the table: 1 to 3 for how often it stands in the text (names
    count as often), and 4 more in the title."""
    counts = [0] * len(table.words)
    for number in table.body:
        counts[number] += 1
    found = [_IMPACTS[count] if count < 4 else 3 for count in counts]
    for number in table.names:
        found[number] = 3
    for number in table.title:
        found[number] |= TITLE
    return found


def pairs(table: ReportWords, hashes: Hashes) -> tuple[set[int], set[int]]:
    """Return the hashes of words that stand one behind the other: those in the title, and others.

    Pairs are of folded words. A hash may stand for other pairs too: it only orders reports that have
    both words, and among those one in a thousand is wrong.
    """
    firsts = list(map(hashes.firsts.__getitem__, table.words))
    seconds = list(map(hashes.seconds.__getitem__, table.words))

    def of(part: Iterable[int], others: Iterable[int]) -> Iterable[int]:
        return map(xor, map(firsts.__getitem__, part), map(seconds.__getitem__, others))

    title = set(of(table.title, table.title[1:]))
    rest = set(of(table.body, islice(table.body, 1, None)))
    rest.update(of(table.names, table.names[1:]))
    rest -= title
    return title, rest


pack = msgspec.msgpack.Encoder().encode
unpack = msgspec.msgpack.Decoder(ReportWords).decode
