"""The order of names in a language's own alphabet: a ă â b c d đ e ê …"""

from collections.abc import Callable
from functools import lru_cache
from unicodedata import combining, normalize

NameKey = tuple[tuple[int, ...], tuple[int, ...], tuple[bool, ...], str]

# Primary weights, in this order: space (0), punctuation, digits, the alphabet, all other letters.
_PUNCTUATION, _DIGITS, _LETTERS, _OTHERS = 1, 1000, 2000, 10_000
# Punctuation and symbols in the order of CLDR's root collation; all others come after these.
_SYMBOLS = {char: n for n, char in enumerate("_-–—,;:!?.…·'‘’\"“”«»()[]{}§@*/\\&#%`^°©+±×<=>|~$€")}
# Letters that Unicode does not decompose, and the letters they sort with unless the alphabet lists them.
_BUILT_ON = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i"}


def name_order(alphabet: str, tones: str) -> Callable[[str], NameKey]:
    """Return a sort key that compares the letters of two names, then their tones, then case (as ICU).

    ``alphabet`` lists the letters in order, separated by spaces: ``"a ă â b c d đ"``. ``tones`` lists,
    in order, the combining marks that are not part of a letter. A letter that is not listed sorts
    after its base letter. Names that are still equal are sorted by code point.
    """
    letters = {normalize("NFC", letter): number for number, letter in enumerate(alphabet.split())}
    marks = {mark: number + 1 for number, mark in enumerate(tones.split())}

    @lru_cache(maxsize=20_000)
    def key(name: str) -> NameKey:
        primary: list[int] = []
        secondary: list[int] = []
        case: list[bool] = []
        for char, tone in _letters(normalize("NFC", name), letters, marks):
            folded = char.lower()
            if folded in letters:
                primary.append(_LETTERS + letters[folded])
            else:
                primary.append(_weight(folded))
            secondary.append(tone)
            case.append(char != folded)
        return tuple(primary), tuple(secondary), tuple(case), name

    return key


def _letters(name: str, letters: dict[str, int], marks: dict[str, int]) -> list[tuple[str, int]]:
    """Return each letter of ``name`` with the number of its tone (0: none)."""
    unknown = len(marks) + 1
    found: list[tuple[str, int]] = []
    for char in name:
        folded = char.lower()
        if char.isascii() or folded in letters:
            found.append((char, 0))
        elif folded in _BUILT_ON:
            base = _BUILT_ON[folded]
            found += [(letter, unknown) for letter in (base if char == folded else base.upper())]
        elif combining(char) and found:  # a mark that no letter has taken up: m̀
            found[-1] = (found[-1][0], marks.get(char, unknown))
        else:
            found.append(_split_tone(char, letters, marks))
    return found


def _split_tone(char: str, letters: dict[str, int], marks: dict[str, int]) -> tuple[str, int]:
    """Split ``ấ`` into ``â`` and the number of its tone; into ``a`` if the alphabet has no
    ``â``."""
    base, *rest = list(normalize("NFD", char))
    if not all(map(combining, rest)):
        return char, 0  # a Korean syllable
    tone = 0
    for mark in rest:
        composed = normalize("NFC", base + mark)
        if composed.lower() in letters:
            base = composed
        else:
            tone = marks.get(mark, len(marks) + 1)
    return base, tone


def _weight(char: str) -> int:
    """Return the weight of a character that the alphabet does not list."""
    if char.isspace():
        return 0
    if char.isdecimal():
        return _DIGITS + int(char)
    if char.isalnum():
        return _OTHERS + ord(char)
    return _PUNCTUATION + _SYMBOLS.get(char, len(_SYMBOLS))
