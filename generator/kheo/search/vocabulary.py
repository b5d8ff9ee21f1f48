"""Files for readers who type: frequent words, to find what a misspelt word may mean, and suggestions."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice, pairwise

from kheo.search.records import encode_json

LEAST = 2  # a word that fewer reports have is not offered for a misspelt one
SMALL = 1_000  # reports of a site on which one with the word is enough: there is room for all
MOST_WORDS = 8_000
MOST_TITLES = 150
READ_TITLES = 2_000  # newest ones, whose phrases are counted
MOST_PHRASES = 300
_DIGITS = re.compile(r"\d")
_PHRASE_WORD = re.compile(r"[^\W\d_]+")
_APART = re.compile(r"[^\w ]+|\d")  # no phrase goes across


def least_of(reports: int) -> int:
    """Return how many reports a word must be in, on a site of so many."""
    return 1 if reports < SMALL else LEAST


def encode_vocabulary(reports: Mapping[str, int], least: int) -> bytes:
    """Return the file of frequent words. ``reports`` has how many reports a folded word is in."""
    known = [
        (level(count), word)
        for word, count in reports.items()
        if count >= least and len(word) > 1 and not _DIGITS.search(word)
    ]
    known.sort(key=lambda one: (-one[0], one[1]))
    kept = sorted((word, frequency) for frequency, word in known[:MOST_WORDS])
    return encode_json(
        {
            "words": "\n".join(word for word, _ in kept),
            "frequency": "".join(str(frequency) for _, frequency in kept),
        }
    )


def level(count: int) -> int:
    """Return how frequent a word is, from 0 to 9: each step is four times the one before."""
    return min(9, count.bit_length() // 2)


def encode_suggestions(titles: Iterable[str]) -> bytes:
    """Return the file of suggestions. ``titles`` are those of all reports, newest first."""
    newest = list(islice(titles, READ_TITLES))
    return encode_json({"titles": newest[:MOST_TITLES], "words": _phrases(newest)})


def _phrases(titles: list[str]) -> list[str]:
    """Return frequent two-word phrases, most frequent first, each as most titles write it."""
    spellings: dict[str, Counter[str]] = {}
    for title in titles:
        for piece in _APART.split(title):
            words = _PHRASE_WORD.findall(piece)
            for one, other in pairwise(words):
                phrase = f"{one} {other}"
                spellings.setdefault(phrase.lower(), Counter())[phrase] += 1
    counts = {key: found.total() for key, found in spellings.items()}
    frequent = sorted(
        (one for one, n in counts.items() if n >= LEAST), key=lambda one: (-counts[one], one)
    )
    return [_usual(spellings[key]) for key in frequent[:MOST_PHRASES]]


def _usual(spelt: Counter[str]) -> str:
    """Return the most frequent spelling; of several, the last in code point order, which has the most
    small letters."""
    return max(spelt, key=lambda one: (spelt[one], one))
