"""Compare texts by their words."""

import re
from unicodedata import normalize

_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """Return the words of ``text`` without case, Markdown markup and punctuation."""
    return " ".join(_WORD.findall(normalize("NFC", text.replace("_", " ")).casefold()))


def same_name(text: str, name: str) -> bool:
    """Return whether ``text`` is ``name``, even in bold, in brackets or after a dash."""
    return bool(name) and folded(text) == folded(name)


def same_words(before: str, after: str) -> bool:
    """Return whether two texts have the same letters and digits; ``m2`` and ``m²`` are the same."""
    return _letters(before) == _letters(after)


def _letters(text: str) -> str:
    return "".join(char for char in normalize("NFKC", text) if char.isalnum())
