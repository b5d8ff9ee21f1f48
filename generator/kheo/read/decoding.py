"""Decode a source to clean text: remove invisible characters left by other programs."""

import re
from unicodedata import normalize

from kheo.controls import CONTROL, control_name
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.read.encodings import ForeignEncoding, former_encoding, legacy_encoding, wide_encoding

MAX_CONTROLS = 20  # per file; more would hide the other messages

# Most texts contain none of these. They only need NFC, and blank lines without spaces.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200d\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
# Bytes that are not the first byte of a suspect character in UTF-8. A text of only such bytes need not
# be searched with the pattern: this check takes 4 µs per report, the pattern 46 µs.
_ORDINARY = bytes({*range(256)} - {*range(0x20), 0x7F, 0xC2, 0xE2, 0xEF} | {*b"\t\n"})
_LINE_END = re.compile("\r\n?|[\u2028\u2029\x85]")
_BLANK_LINE = re.compile("\n[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+(?![^\n])")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\xad]")
# Joiners are part of the spelling in Arabic, Mongolian and the scripts of South and South-East Asia,
# and they join emoji; elsewhere they are removed. See Unicode 16, chapters 9, 12 and 23.
_JOINED = (
    "\u0600-\u08ff\u0900-\u0dff\u0e80-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff"
    "\ufe0f\ufe70-\ufefc\u2190-\u2bff\U00010a00-\U00011fff\U0001f000-\U0001faff"
)
_JOINER = re.compile(f"(?<![{_JOINED}\u200c\u200d])[\u200c\u200d]+(?![{_JOINED}\u200c\u200d])")


def decode_source(data: bytes, place: Place, language: str) -> tuple[str, list[Diagnostic]]:
    """Return the text of a source in NFC, with ``\\n`` line ends, and what is wrong with it.

    A byte order mark, invisible characters and the spaces of blank lines are removed; line numbers
    stay as editors see them. Errors are: not UTF-8 (old encodings are recognised and named), text
    garbled by a wrong conversion, an empty file, control characters. With one of the latter, spaces
    take their place, so that all other problems can be found too; with another error, the text is empty.
    """
    found: list[Diagnostic] = []
    if foreign := wide_encoding(data):
        return "", [_encoding(place, foreign)]
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        return "", [_undecodable(data, error.start, place)]
    if not text.isascii() and (foreign := former_encoding(text)):
        return "", [_encoding(place, foreign)]
    if data.translate(None, _ORDINARY) and _SUSPECT.search(text):
        text = _LINE_END.sub("\n", text)
        if found := _control_characters(text, place):
            text = CONTROL.sub(" ", text)
        text = _JOINER.sub("", _INVISIBLE.sub("", text))
    text = _BLANK_LINE.sub("\n", f"\n{text}")[1:]
    text = normalize("NFC", text)
    if language.partition("-")[0].lower() == "vi":
        text = text.replace("Ð", "Đ")  # U+00D0, an Icelandic letter that old keyboards wrote
    return text, found if text.strip() else [*found, diagnostic("empty-file", place)]


def _encoding(place: Place, foreign: ForeignEncoding) -> Diagnostic:
    at = place.at(foreign.line)
    return diagnostic("encoding", at, encoding=foreign.encoding, how=foreign.how)


def _undecodable(data: bytes, offset: int, place: Place) -> Diagnostic:
    if foreign := legacy_encoding(data):
        return _encoding(place, foreign)
    before = _LINE_END.sub("\n", data[:offset].decode().removeprefix("\ufeff"))
    at = _position(place, before, len(before))
    return diagnostic("not-utf8", at, byte=f"0x{data[offset]:02X}", offset=offset)


def _control_characters(text: str, place: Place) -> list[Diagnostic]:
    return [
        diagnostic(
            "control-character",
            _position(place, text, match.start()),
            character=control_name(match[0]),
        )
        for match, _ in zip(CONTROL.finditer(text), range(MAX_CONTROLS), strict=False)
    ]


def _position(place: Place, text: str, offset: int) -> Place:
    return place.at(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
