"""When two texts say the same."""

import re
from unicodedata import normalize

_WORD = re.compile(r"\w+")


def folded(text: str) -> str:
    """The words of ``text``: without case, marks of Markdown and punctuation."""
    return " ".join(_WORD.findall(normalize("NFC", text.replace("_", " ")).casefold()))


def same_name(text: str, name: str) -> bool:
    """Whether ``text`` is ``name``, perhaps in bold, in brackets or after a dash."""
    return bool(name) and folded(text) == folded(name)


def same_words(before: str, after: str) -> bool:
    """Whether a fix left every word as it was: ``m2`` and ``m²`` are one."""
    return _letters(before) == _letters(after)


def _letters(text: str) -> str:
    return "".join(sign for sign in normalize("NFKC", text) if sign.isalnum())
