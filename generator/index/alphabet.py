"""The order of names in a language's own alphabet: a ă â b c d đ e ê …"""

from collections.abc import Callable
from functools import lru_cache
from unicodedata import combining, normalize

NameKey = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
_DIGITS_FIRST = 1000  # letters of the alphabet come after every other sign below this


def name_order(alphabet: str, tones: str) -> Callable[[str], NameKey]:
    """A sorting key: letters first, then tones, then case, each over the whole name (as ICU does).

    ``alphabet`` lists the letters in order, with spaces between: ``"a ă â b c d đ"``; ``tones`` the
    combining marks that are no part of a letter, in order. Letters that are not listed are taken
    for the letter that they are built on, and come after it.
    """
    letters = {normalize("NFC", letter): number for number, letter in enumerate(alphabet.split())}
    marks = {mark: number + 1 for number, mark in enumerate(tones.split())}

    @lru_cache(maxsize=20_000)
    def key(name: str) -> NameKey:
        primary: list[int] = []
        tone: list[int] = []
        case: list[int] = []
        for letter, own in _letters(normalize("NFC", name), letters, marks):
            folded = letter.lower()
            if folded.isspace() or folded.isalnum():
                primary.append(
                    _DIGITS_FIRST + letters[folded] if folded in letters else _weight(folded)
                )
                tone.append(own)
                case.append(letter != folded)
        return tuple(primary), tuple(tone), tuple(case)

    return key


def _letters(name: str, letters: dict[str, int], marks: dict[str, int]) -> list[tuple[str, int]]:
    """Each letter of the alphabet in ``name`` with the number of its tone (0: none)."""
    found: list[tuple[str, int]] = []
    for sign in name:
        if sign.lower() in letters:
            found.append((sign, 0))
            continue
        base, *rest = list(normalize("NFD", sign))
        tone = 0
        for mark in rest:
            composed = normalize("NFC", base + mark)
            if mark in marks:
                tone = marks[mark]
            elif len(composed) == 1 and composed.lower() in letters:
                base = composed
            else:
                tone = len(marks) + 1
        if combining(base) and found:  # a mark that no letter takes up
            found[-1] = (found[-1][0], marks.get(base, len(marks) + 1))
        else:
            found.append((base, tone))
    return found


def _weight(sign: str) -> int:
    """Spaces before digits before letters of no alphabet."""
    if sign.isspace():
        return 0
    if sign.isdigit():
        return 1 + int(sign) if sign.isdecimal() else 11
    return 2 * _DIGITS_FIRST + ord(sign)
