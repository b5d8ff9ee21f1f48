"""Texts that are not UTF-8, or once were not: old Vietnamese encodings, UTF-16, garbled UTF-8.

Old Vietnamese encodings are told by what a text says: read so, nearly every word with an accent must
be a Vietnamese syllable. Bytes alone say little, for French and Icelandic use the same ones.
"""

import re
from collections.abc import Callable
from unicodedata import normalize

from msgspec import Struct

from kheo.messages.wording import Message, message

WHOLE, LINE = 4, 8  # findings that convict a text as a whole, and one line of it


class Foreign(Struct, frozen=True):
    """An encoding that was recognised, what to do about it, and the first line that is in it."""

    encoding: str | Message
    how: Message
    line: int = 1


_SAVE = message("in VS Code, “Save with Encoding”, UTF-8")
_FROM_TCVN3 = message("with UniKey (Ctrl+Shift+F6), from TCVN3 (ABC) to Unicode")
_FROM_VNI = message("with UniKey (Ctrl+Shift+F6), from VNI Windows to Unicode")
_REOPEN = message("in VS Code, “Reopen with Encoding”, then “Save with Encoding”, UTF-8")
_GARBLED_NAME = message("garbled text (UTF-8 once read as Windows-1252)")
_TAKE_AGAIN = message("copy the text again from where it came, opened as UTF-8")

# Letters and their marks in Latin-1's reading of each encoding. _STRANGE is no Vietnamese letter.
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
_VNI |= {vowel + mark: normalize("NFC", vowel + sign + tone)
         for vowels, marks, sign in (("aeo", "âáàåãä", "\u0302"), ("a", "êéèúüë", "\u0306"))
         for vowel in vowels for mark, tone in zip(marks, ("", *_TONES), strict=True)}  # fmt: skip
_VNI_LETTER = re.compile("|".join(sorted(_VNI, key=len, reverse=True)) + "|[À-ÿ]")
_TO_TCVN3 = str.maketrans(_TCVN3)

_UNICODE_LETTER = re.compile("[Ā-\u036f\u1e00-\u1eff]")  # what no old encoding can have
_WORD = re.compile(r"[^\W\d_]{2,}")
_TONE = re.compile(f"[{''.join(_TONES)}]")
_SYLLABLE = re.compile(
    "(?:ngh?|nh|gh?|gi|kh?|ph|qu|th?|tr|ch?|[bdđhlmnprsvx])?"
    "(?:u?yê|iê|u[âêôơy]|uya|o[aăe]|ươ|[iyuư]a|[aăâeêioôơuưy])"
    "(?:ch|n[gh]?|[cmptiouy])?"
)

# UTF-8 of accented letters and quotation marks as cp1252 or Latin-1 shows it: «Tiáº¿ng Viá»‡t».
_NEXT = "".join(bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0))
_NEXT = f"[\x80-\xbf{_NEXT}]"
_GARBLED = re.compile(f"[ÂÃÄÅÆÎÏÐÑ]{_NEXT}|á[º»]{_NEXT}|â€{_NEXT}|Ã ")
_GARBLED_SIGNS = ("Ã", "áº", "á»", "â€", "Ä", "Å", "Ð", "Ñ")  # one at least is in any such text
_OTHER_LETTER = re.compile(r"[^\W\x00-\xbf]")


def wide_encoding(data: bytes) -> Foreign | None:
    """UTF-16 or UTF-32, with or without a byte order mark."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return Foreign("UTF-32", _SAVE)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Foreign("UTF-16", _SAVE)
    if b"\0" not in data or len(data) < 8:
        return None
    quarters = (data[place:4000:4] for place in range(4))
    zeros = [part.count(0) / len(part) for part in quarters]  # by place in a group of four bytes
    if min(zeros[:2]) > 0.9 > zeros[3] or min(zeros[2:]) > 0.9 > zeros[0]:
        return Foreign("UTF-32", _SAVE)
    few, many = sorted((zeros[0] + zeros[2], zeros[1] + zeros[3]))
    return Foreign("UTF-16", _SAVE) if many > 0.8 and few < 0.1 else None


def legacy_encoding(data: bytes) -> Foreign | None:
    """The old Vietnamese encoding of ``data``, which is not UTF-8."""
    mixed = data.decode("utf-8", "replace")
    wrong = mixed.count("\ufffd")
    if sum(sign >= "\x80" for sign in mixed) > 2 * wrong:
        return None  # UTF-8 all the same, with a few bytes that are not
    if foreign := _vietnamese(data.decode("latin-1")):
        return foreign
    windows = normalize("NFC", data.decode("cp1258", "replace"))
    if _convicts(_syllables(windows), WHOLE):
        return Foreign("Windows-1258", _REOPEN)
    return None


def former_encoding(text: str) -> Foreign | None:
    """What ``text``, good UTF-8 by now, was in before somebody converted it in a wrong way."""
    if any(sign in text for sign in _GARBLED_SIGNS) and (line := _first_line(text, _garbled)):
        return Foreign(_GARBLED_NAME, _TAKE_AGAIN, line)
    return _vietnamese(text)


def _vietnamese(text: str) -> Foreign | None:
    # Each has signs for à and á (TCVN3), à and ạ (VNI): rare elsewhere, and on every page of theirs.
    if "µ" in text and "¸" in text and (line := _first_line(text, _as_tcvn3)):
        return Foreign("TCVN3 (ABC)", _FROM_TCVN3, line)
    if (
        ("ø" in text or "Ø" in text)
        and ("ï" in text or "Ï" in text)
        and (line := _first_line(text, _as_vni))
    ):
        return Foreign("VNI", _FROM_VNI, line)
    return None


def _first_line(text: str, weigh: Callable[[str], tuple[int, int]]) -> int:
    """The line where what ``weigh`` finds begins: 1 for the whole text, 0 for no line at all.

    Line by line too, for a report in an old encoding may have its front matter in UTF-8.
    """
    whole = weigh(text)
    if _convicts(whole, WHOLE):
        return 1
    if whole[0] < LINE:
        return 0
    lines = enumerate(text.split("\n"), start=1)
    return next((number for number, line in lines if _convicts(weigh(line), LINE)), 0)


def _convicts(evidence: tuple[int, int], least: int) -> bool:
    speaks_for, speaks_against = evidence
    return speaks_for >= max(least, 4 * speaks_against)


def _garbled(text: str) -> tuple[int, int]:
    """How many letters look like garbled UTF-8, and how many accented letters do not."""
    rest, count = _GARBLED.subn("", text)
    return count, len(_OTHER_LETTER.findall(rest)) if count else 0


def _as_tcvn3(text: str) -> tuple[int, int]:
    return _syllables(_UNICODE_LETTER.sub(_STRANGE, text).translate(_TO_TCVN3))


def _as_vni(text: str) -> tuple[int, int]:
    text = _UNICODE_LETTER.sub(_STRANGE, text.lower())
    return _syllables(_VNI_LETTER.sub(lambda letter: _VNI.get(letter[0], _STRANGE), text))


def _syllables(text: str) -> tuple[int, int]:
    """How many of the words with accents are Vietnamese syllables, and how many are not."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    good = sum(map(_is_syllable, words))
    return good, len(words) - good


def _is_syllable(word: str) -> bool:
    toneless, tones = _TONE.subn("", normalize("NFD", word.lower()))
    return tones < 2 and bool(_SYLLABLE.fullmatch(normalize("NFC", toneless)))
