"""Bytes to clean text: what editors paste out of word processors, old systems and web pages."""

import re
from unicodedata import name as unicode_name
from unicodedata import normalize

from generator.diagnostics import Diagnostic, Place, diagnostic

# Nothing to clean in a text without these: the common case, decided by one search.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0300-\u036f\u200b-\u200d\u2028-\u202e\u2060\u2066-\u2069"
    "\ufeff]|\n[ \t\xa0]+(?=\n)|[ÃÄÆáºÐ]"
)
_LINE_END = re.compile("\r\n?|[\u2028\u2029\x85]")
_BLANK_LINE = re.compile("^[ \t\xa0\u2000-\u200a\u202f\u3000]+$", re.MULTILINE)
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\xad]")
_JOINER = re.compile(
    "(?<![^\x00-\u05ff\u1e00-\u206f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u05ff\u1e00-\u206f])"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_MAX_CONTROLS = 20  # told of one file; more would bury the other messages

# UTF-8 read as cp1252 and saved again: «Tiáº¿ng Viá»‡t».
_MOJIBAKE = re.compile("áº[\x80-\u2122]|á»[\x80-\u2122]|Æ°|Æ¡|Ä‘|Ã[\xa1-\xbf]|Ä\x90")
# TCVN3 letters as Latin-1 shows them, within words: «céng hßa x· héi chñ nghÜa».
_TCVN3 = re.compile(
    "(?<=[a-z])[µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô­õøö÷ùúýûüþ](?=[a-z ,.])"
)
_TCVN3_SIGNS = re.compile("[µ¸¶·¹¨»¾¼½©®ª«¬­]")
# Letters that only Unicode gives to Vietnamese; neither old encoding can show them.
_MODERN = re.compile("[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
# VNI writes a letter, then its mark as a letter of its own: «Coäng hoøa xaõ hoäi».
_VNI = re.compile("(?<=[aeiouyAEIOUY])[äøõûùïáàâéèêåãüúñ](?=[a-z ,.])")


def decode_source(data: bytes, place: Place, language: str) -> tuple[str, list[Diagnostic]]:
    """The text of a source, in NFC with ``\\n`` line ends; line numbers stay as editors see them.

    A byte order mark, invisible characters and the blanks of blank lines are dropped. Errors: not
    UTF-8 (old Vietnamese encodings are recognised and named), control characters, nothing in it.
    """
    if wide := _wide_encoding(data):
        return "", [_encoding(place, wide)]
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return "", [_undecodable(data, error, place)]
    if _SUSPECT.search(text):
        if garbled := _garbled(text):
            return "", [_encoding(place, garbled)]
        text = _clean(text, language)
        if found := _control_characters(text, place):
            return text, found
    else:
        text = normalize("NFC", text)
    if not text.strip():
        return "", [diagnostic("empty-file", place)]
    return text, []


def _clean(text: str, language: str) -> str:
    text = _LINE_END.sub("\n", text)
    text = _JOINER.sub("", _INVISIBLE.sub("", text))
    text = normalize("NFC", _BLANK_LINE.sub("", text))
    return text.replace("Ð", "Đ") if language.split("-", maxsplit=1)[0] == "vi" else text


def _control_characters(text: str, place: Place) -> list[Diagnostic]:
    found = []
    for match in _CONTROL.finditer(text):
        line, column = _position(text, match.start())
        sign = match.group()
        label = f"U+{ord(sign):04X} {unicode_name(sign, '')}".strip()
        found.append(diagnostic("control-character", place.at(line, column), character=label))
        if len(found) == _MAX_CONTROLS:
            break
    return found


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _wide_encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    half = len(data[:400]) // 2
    zeros = max(data[:400:2].count(0), data[1:400:2].count(0))
    return "UTF-16" if half > 2 and zeros > half * 0.4 and data.count(0) > 2 else ""


def _undecodable(data: bytes, error: UnicodeDecodeError, place: Place) -> Diagnostic:
    if legacy := _legacy(data.decode("cp1252", "replace")):
        return _encoding(place, legacy)
    before = data[: error.start].decode()
    line, column = _position(before, len(before))
    return diagnostic(
        "not-utf8", place.at(line, column), byte=f"0x{data[error.start]:02X}", offset=error.start
    )


def _garbled(text: str) -> str:
    """The encoding that valid UTF-8 was wrongly converted from, where the evidence is strong."""
    if len(_MOJIBAKE.findall(text)) >= 3 and _undone(text):
        return "UTF-8 that was read as Windows-1252"
    return _legacy(text)


def _undone(text: str) -> bool:
    """Whether reading the text back as cp1252 gives UTF-8 for the most part."""
    back = "".join(sign for sign in text if sign == "\n" or sign >= " ").encode("cp1252", "ignore")
    return back.decode("utf-8", "replace").count("\ufffd") * 10 < max(
        1, len(_MOJIBAKE.findall(text))
    )


def _legacy(text: str) -> str:
    """``TCVN3`` or ``VNI`` where the text can hardly be anything else."""
    if _MODERN.search(text):
        return ""
    words = len(text.split())
    if len(_TCVN3.findall(text)) > words / 4 and len(_TCVN3_SIGNS.findall(text)) > 3:
        return "TCVN3 (ABC)"
    vni = len(_VNI.findall(text))
    return "VNI" if vni > 5 and vni > words / 4 else ""


_HOW = {
    "UTF-16": "in Notepad, “Save as”, encoding UTF-8",
    "UTF-32": "in a text editor, “Save as”, encoding UTF-8",
    "TCVN3 (ABC)": "with UniKey (Ctrl+Shift+F6), from TCVN3 (ABC) to Unicode",
    "VNI": "with UniKey (Ctrl+Shift+F6), from VNI Windows to Unicode",
}


def _encoding(place: Place, encoding: str) -> Diagnostic:
    how = _HOW.get(encoding, "open the original file again as UTF-8 and save it")
    return diagnostic("encoding", place.at(1), encoding=encoding, how=how)
