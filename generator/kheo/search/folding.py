"""Spellings that readers take for one word: with accents, without, and with the tone mark elsewhere.

docs/search.md tells the rules; ``find.js`` has the same ones for what a reader types.
"""

import re
from unicodedata import normalize

# Vietnamese has two schools for the place of a tone mark, and both are everyday usage: `hòa` and
# `hoà`, `khỏe` and `khoẻ`, `ủy` and `uỷ`. The mark goes to the first vowel, here also in `hoàn`,
# which has only one spelling: that does no harm, because what is indexed is never shown.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_MOVED = {
    normalize("NFC", f"{first}{second}{tone}"): normalize("NFC", f"{first}{tone}{second}")
    for first, second in ("oa", "oe", "uy")
    for tone in _TONES
}
_TO_MOVE = re.compile("|".join(_MOVED))

# Letters with a stroke or a joint, which Unicode does not take apart.
_LETTERS = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ł": "l",
        "ŋ": "n",
        "ø": "o",
        "ŧ": "t",
        "ſ": "s",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ς": "σ",
        "ـ": "",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ى": "ي",
        "ة": "ه",
    }
)
# Accents of Latin, Greek and Cyrillic letters, Hebrew points, Arabic vowels. Marks of other scripts
# are letters like any other: Devanagari and Thai write vowels with them.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]")


def one_spelling(word: str) -> str:
    """Return a word in small letters as it is indexed: ``hoà`` -> ``hòa``, ``ð`` -> ``đ``, ``02`` -> ``2``.

    Eth is what many type for the capital Đ, which looks the same.
    """
    if word.isascii():
        return (word.lstrip("0") or "0") if word.isdigit() else word
    return _TO_MOVE.sub(_move, word.replace("ð", "đ"))


def fold(word: str) -> str:
    """Return a word without accents: ``đường`` -> ``duong``."""
    if word.isascii():
        return word
    return normalize("NFC", _MARKS.sub("", normalize("NFD", word.translate(_LETTERS))))


def _move(found: re.Match[str]) -> str:
    return _MOVED[found[0]]
