"""Endings: what makes ``roads`` and ``road`` one word, in the index and in a browser alike.

A language has a fixed list of at most 200 endings, each with what replaces it; the longest that a
word ends in decides. They were learnt from the stems that Snowball's programs give for its lists of
words (``benchmarks/endings.py``). The index is made with these endings and not with Snowball itself:
they agree in nine words of ten, and a client that has only the endings would look for the tenth in
another shard. They do not depend on the site's texts, for then an edit could change all hashes.
"""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from kheo.search.folding import fold

LONGEST = 7  # letters of an ending
SHORTEST_WORD = 4  # letters: shorter words keep their endings

Endings = dict[str, str]


@cache
def endings_of(language: str) -> Endings:
    """Return the endings of a language (BCP 47), with what replaces each; none for most languages.

    They are folded, as words are first: `cafe` finds `café`.
    """
    name = language.partition("-")[0].lower()
    if not (name.isascii() and name.isalpha()):
        return {}
    table = files("kheo.search") / "endings" / f"{name}.txt"
    if not table.is_file():
        return {}
    lines = table.read_text(encoding="utf-8").splitlines()
    endings: Endings = {}
    for line in lines:
        ending, instead = map(fold, line.split("\t", 1))
        if len(ending) <= LONGEST:  # `ß` has become two
            endings[ending] = min(endings.get(ending, instead), instead, key=len)
    return endings


def strip_ending(word: str, endings: Endings) -> str:
    """Return a folded word with its ending replaced: ``stories`` -> ``stori``. Something is always left."""
    if len(word) < SHORTEST_WORD:
        return word
    for size in range(min(LONGEST, len(word) - 1), 0, -1):
        replacement = endings.get(word[-size:])
        if replacement is not None:
            return word[:-size] + replacement
    return word


def stemmer(language: str) -> Callable[[str], str]:
    """Return the function that takes endings off the folded words of a language."""
    endings = endings_of(language)
    if not endings:
        return lambda word: word
    return lambda word: strip_ending(word, endings)
