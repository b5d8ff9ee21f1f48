"""How alike two names are: what a mistyped category, campaign or author was meant to be.

Accents count for little, because many people type without them: ``Tin tuc`` is close to ``Tin tức``.
A number counts for much: ``Quý 1`` and ``Quý 2`` are two names.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from unicodedata import combining, normalize

SHORT = 4  # letters; below, one letter makes another name: Hà, Hạ, An, Anh
LONG_WORD = 5  # letters of the longer of two words that differ by mistake: News, Newss
LONGEST = 80  # letters; longer names are compared only as a whole
MOST = 5  # names with the same letter left out that are compared; more are a series, not mistakes
_APART = str.maketrans("đð", "dd")  # letters that Unicode does not decompose
_ROMAN = re.compile("[IVXLCDM]+")


@lru_cache(maxsize=20_000)
def bare(name: str) -> str:
    """Return the letters and digits of a name without accents and case: ``Tin tức`` -> ``tintuc``."""
    letters = normalize("NFKD", name.casefold()).translate(_APART)
    return "".join(char for char in letters if char.isalnum())


def same_letters(name: str, other: str) -> bool:
    """Return whether two names differ only in accents, case, spaces and punctuation."""
    return bare(name) == bare(other)


def same_accents(name: str, other: str) -> bool:
    """Return whether two names differ only in case, spaces and punctuation."""
    return _marked(name) == _marked(other)


def lacks_accents(name: str, other: str) -> bool:
    """Return whether ``name`` is ``other`` with some accents left out: ``Tin tuc``, ``Tin tức``.

    ``Hà`` is not ``Hạ`` without an accent: both have one. ``Anh Anh`` is not ``An Hạnh``, but ``anhanh``
    may be.
    """
    words = list(map(bare, words_of(name)))
    if len(words) > 1 and words != list(map(bare, words_of(other))):
        return False
    mine, others = _marked(name), _marked(other)
    return (
        mine != others
        and len(mine) == len(others)
        and all(
            letter == their_letter and marks <= their_marks
            for (letter, marks), (their_letter, their_marks) in zip(mine, others, strict=True)
        )
    )


def are_close(name: str, other: str) -> bool:
    """Return whether one of two names may be the other, mistyped: accents, or one letter."""
    if name == other:
        return False
    mine, others = bare(name), bare(other)
    if mine == others:
        return bool(mine)
    return (
        min(len(mine), len(others)) >= SHORT
        and _is_one_edit(mine, others)
        and _numbers(name) == _numbers(other)
    )


def differing_word(name: str, other: str) -> str:
    """Return the only word in which ``name`` differs from ``other``, if it is a letter away.

    Accents count here: ``Quân`` and ``Quang`` are two letters apart. Short words are not compared.
    """
    mine, others = words_of(name), words_of(other)
    if len(mine) != len(others) or _numbers(name) != _numbers(other):
        return ""
    pairs = [(a, b) for a, b in zip(mine, others, strict=True) if a != b]
    if len(pairs) != 1:
        return ""
    ((a, b),) = pairs
    is_long = min(len(a), len(b)) >= SHORT and max(len(a), len(b)) >= LONG_WORD
    return a if is_long and _is_one_edit(a, b) else ""


class NearNames:
    """Finds the names that are close to another without comparing each with each.

    Two texts that are one letter apart become the same if one letter is left out of each or of one
    (the method of SymSpell). Of many names that are alike in one way, the first are found.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_key: dict[str, list[str]] = {}
        for name in names:
            for key in _keys(name):
                alike = self._by_key.setdefault(key, [])
                if len(alike) < MOST:
                    alike.append(name)

    def of(self, name: str) -> Iterator[str]:
        """Yield the names that are close to ``name``, in the order in which they were given."""
        found = dict.fromkeys(one for key in _keys(name) for one in self._by_key.get(key, ()))
        return (one for one in found if are_close(name, one))


def closest_name(name: str, names: Iterable[str]) -> str:
    """Return the name that ``name`` probably means: empty if none is close.

    Names with the same letters come first, then those given first.
    """
    near = [one for one in names if are_close(name, one)]
    return min(near, key=lambda one: not same_letters(name, one), default="")


def closest_category(name: str, names: Iterable[str]) -> str:
    """Return the category that ``name`` (``A > B``) probably means; empty if none is close.

    The mistake may be in a name above, or there may be no name above: ``Trong tỉnh`` instead of
    ``Tin tức > Trong tỉnh``.
    """
    known = with_ancestors(names)
    parts = [part.strip() for part in name.split(">")]
    for depth in range(len(parts), 0, -1):
        beginning = " > ".join(parts[:depth])
        if beginning not in known and (meant := closest_name(beginning, known)):
            return " > ".join([meant, *parts[depth:]])
    if name in known:
        return ""
    return next((one for one in known if bare(one.rpartition(">")[2]) == bare(name)), "")


def with_ancestors(names: Iterable[str]) -> dict[str, None]:
    """Return categories (``A > B``) and those above them, without duplicates."""
    trails = ([part.strip() for part in name.split(">")] for name in names)
    return dict.fromkeys(
        " > ".join(trail[:depth]) for trail in trails for depth in range(len(trail), 0, -1)
    )


def _keys(name: str) -> set[str]:
    text = bare(name)
    if len(text) > LONGEST:
        return {text}
    return {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}


def _is_one_edit(a: str, b: str) -> bool:
    """Return whether one letter more, less or different, or two swapped, make ``a`` into ``b``."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    start = next(
        (at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    mine, others = a[start:], b[start:]
    if len(a) != len(b):
        return mine[1:] == others if len(a) > len(b) else mine == others[1:]
    return mine[1:] == others[1:] or (mine[:2] == others[1::-1] and mine[2:] == others[2:])


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"\w+", normalize("NFC", text).casefold())


@lru_cache(maxsize=20_000)
def _numbers(name: str) -> list[str]:
    """Return what numbers a name: digits, Roman numerals, single letters (``Tổ A``, ``Khóa XI``)."""
    found = re.findall(r"\w+", normalize("NFC", name))
    return [
        bare(word)
        for word in found
        if len(word) == 1 or _ROMAN.fullmatch(word) or any(char.isdigit() for char in word)
    ]


def _marked(name: str) -> list[tuple[str, set[str]]]:
    """Return the letters and digits of a name, each with its accents; ``đ`` is a ``d`` with one."""
    found: list[tuple[str, set[str]]] = []
    for char in normalize("NFKD", name.casefold()):
        if combining(char):
            if found:
                found[-1][1].add(char)
        elif char.isalnum():
            plain = char.translate(_APART)
            found.append((plain, {char} - {plain}))
    return found
