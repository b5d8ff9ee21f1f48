"""Recognise texts in UTF-16 or old Vietnamese encodings, and texts garbled by a wrong conversion.

An old Vietnamese encoding is recognised by the decoded text: nearly every word with an accent must
be a Vietnamese syllable. The bytes alone say little, because French and Icelandic use the same ones.
"""

import re
from collections.abc import Callable
from unicodedata import normalize

from msgspec import Struct

from kheo.messages.wording import Message, message

WHOLE, LINE = 4, 8  # minimum number of matching words in a whole text, and in one line


class ForeignEncoding(Struct, frozen=True):
    """An encoding other than UTF-8, how to convert it, and the first line in this encoding."""

    encoding: str | Message
    how: Message
    line: int = 1


_SAVE = message("in VS Code, “Save with Encoding”, UTF-8")
_FROM_TCVN3 = message("with UniKey (Ctrl+Shift+F6), from TCVN3 (ABC) to Unicode")
_FROM_VNI = message("with UniKey (Ctrl+Shift+F6), from VNI Windows to Unicode")
_REOPEN = message("in VS Code, “Reopen with Encoding”, then “Save with Encoding”, UTF-8")
_GARBLED_NAME = message("garbled text (UTF-8 once read as Windows-1252)")
_TAKE_AGAIN = message("open the original as UTF-8 and copy the text again")

# Letters with marks, as each encoding looks when decoded as Latin-1. _STRANGE is not Vietnamese.
_STRANGE = "ŧ"
_TONES = ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_TCVN3 = dict.fromkeys(map(chr, range(0xC0, 0x100)), _STRANGE) | dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵăâêôơưđ",
        strict=True,
    )
)
_VNI = dict(zip("ôöñíìæóòî", "ơưđíìỉĩịỵ", strict=True))
_VNI |= {
    vowel + mark: normalize("NFC", _VNI.get(vowel, vowel) + tone)
    for vowel in "aeouyôö"
    for mark, tone in zip("ùøûõï", _TONES, strict=True)
}
_VNI |= {
    vowel + mark: normalize("NFC", vowel + accent + tone)
    for vowels, marks, accent in (("aeo", "âáàåãä", "\u0302"), ("a", "êéèúüë", "\u0306"))
    for vowel in vowels
    for mark, tone in zip(marks, ("", *_TONES), strict=True)
}
_VNI_LETTER = re.compile("|".join(sorted(_VNI, key=len, reverse=True)) + "|[À-ÿ]")
_TO_TCVN3 = str.maketrans(_TCVN3)

_UNICODE_LETTER = re.compile("[Ā-\u036f\u1e00-\u1eff]")  # not in any old encoding
_WORD = re.compile(r"[^\W\d_]{2,}")
_TONE = re.compile(f"[{''.join(_TONES)}]")
_SYLLABLE = re.compile(
    "(?:ngh?|nh|gh?|gi|kh?|ph|qu|th?|tr|ch?|[bdđhlmnprsvx])?"
    "(?:u?yê|iê|u[âêôơy]|uya|o[aăe]|ươ|[iyuư]a|[aăâeêioôơuưy])"
    "(?:ch|n[gh]?|[cmptiouy])?"
)

# UTF-8 of accented letters and quotation marks, decoded as cp1252 or Latin-1: «Tiáº¿ng Viá»‡t».
_NEXT = "".join(bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0))
_NEXT = f"[\x80-\xbf{_NEXT}]"
_GARBLED = re.compile(f"[ÂÃÄÅÆÎÏÐÑ]{_NEXT}|á[º»]{_NEXT}|â€{_NEXT}|Ã ")
_GARBLED_STARTS = ("Ã", "áº", "á»", "â€", "Ä", "Å", "Ð", "Ñ")  # any such text has at least one
_OTHER_LETTER = re.compile(r"[^\W\x00-\xbf]")


def wide_encoding(data: bytes) -> ForeignEncoding | None:
    """Recognise UTF-16 and UTF-32, with or without a byte order mark."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return ForeignEncoding("UTF-32", _SAVE)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ForeignEncoding("UTF-16", _SAVE)
    if b"\0" not in data or len(data) < 8:
        return None
    quarters = (data[place:4000:4] for place in range(4))
    zeros = [part.count(0) / len(part) for part in quarters]  # by place in a group of four bytes
    if min(zeros[:2]) > 0.9 > zeros[3] or min(zeros[2:]) > 0.9 > zeros[0]:
        return ForeignEncoding("UTF-32", _SAVE)
    few, many = sorted((zeros[0] + zeros[2], zeros[1] + zeros[3]))
    return ForeignEncoding("UTF-16", _SAVE) if many > 0.8 and few < 0.1 else None


def legacy_encoding(data: bytes) -> ForeignEncoding | None:
    """Return the old Vietnamese encoding of ``data``, which is not UTF-8."""
    mixed = data.decode("utf-8", "replace")
    wrong = mixed.count("\ufffd")
    if sum(char >= "\x80" for char in mixed) > 2 * wrong:
        return None  # UTF-8, with a few wrong bytes
    if foreign := _vietnamese(data.decode("latin-1")):
        return foreign
    windows = normalize("NFC", data.decode("cp1258", "replace"))
    if _is_proof(_syllables(windows), WHOLE):
        return ForeignEncoding("Windows-1258", _REOPEN)
    return None


def former_encoding(text: str) -> ForeignEncoding | None:
    """Return the encoding that ``text``, now valid UTF-8, had before it was converted wrongly."""
    if any(char in text for char in _GARBLED_STARTS) and (line := _first_line(text, _garbled)):
        return ForeignEncoding(_GARBLED_NAME, _TAKE_AGAIN, line)
    return _vietnamese(text)


def _vietnamese(text: str) -> ForeignEncoding | None:
    # The bytes for à and á (TCVN3), or à and ạ (VNI), are in every such text and rare elsewhere.
    if "µ" in text and "¸" in text and (line := _first_line(text, _as_tcvn3)):
        return ForeignEncoding("TCVN3 (ABC)", _FROM_TCVN3, line)
    if (
        ("ø" in text or "Ø" in text)
        and ("ï" in text or "Ï" in text)
        and (line := _first_line(text, _as_vni))
    ):
        return ForeignEncoding("VNI", _FROM_VNI, line)
    return None


def _first_line(text: str, weigh: Callable[[str], tuple[int, int]]) -> int:
    """Return the first line that ``weigh`` recognises: 1 for the whole text, 0 for none.

    Lines are also weighed one by one, because only the body of a report may be in an old encoding.
    """
    whole = weigh(text)
    if _is_proof(whole, WHOLE):
        return 1
    if whole[0] < LINE:
        return 0
    lines = enumerate(text.split("\n"), start=1)
    return next((number for number, line in lines if _is_proof(weigh(line), LINE)), 0)


def _is_proof(evidence: tuple[int, int], least: int) -> bool:
    count_for, count_against = evidence
    return count_for >= max(least, 4 * count_against)


def _garbled(text: str) -> tuple[int, int]:
    """Count the letters that look like garbled UTF-8, and the accented letters that do not."""
    rest, count = _GARBLED.subn("", text)
    return count, len(_OTHER_LETTER.findall(rest)) if count else 0


def _as_tcvn3(text: str) -> tuple[int, int]:
    return _syllables(_UNICODE_LETTER.sub(_STRANGE, text).translate(_TO_TCVN3))


def _as_vni(text: str) -> tuple[int, int]:
    text = _UNICODE_LETTER.sub(_STRANGE, text.lower())
    return _syllables(_VNI_LETTER.sub(lambda letter: _VNI.get(letter[0], _STRANGE), text))


def _syllables(text: str) -> tuple[int, int]:
    """Count the words with accents that are Vietnamese syllables, and those that are not."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    good = sum(map(_is_syllable, words))
    return good, len(words) - good


def _is_syllable(word: str) -> bool:
    toneless, tones = _TONE.subn("", normalize("NFD", word.lower()))
    return tones < 2 and bool(_SYLLABLE.fullmatch(normalize("NFC", toneless)))
