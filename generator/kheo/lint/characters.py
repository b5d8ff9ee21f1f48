"""Find invisible mistakes: no-break spaces, zero-width characters, decomposed letters, double spaces."""

import re
from collections.abc import Iterator
from unicodedata import combining, is_normalized, normalize

from kheo.controls import CONTROL, control_name
from kheo.lint.source_text import Finding, Fix, SourceText
from kheo.messages.wording import message

_NO_BREAK = "\xa0\u2007\u202f"
_PICTURES = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"  # arrows, signs, emoji
# Correct uses: in numbers, before a number (`Go 1`, `Điều 5`) or a unit, before a dash, next to
# punctuation that is spaced in French, and beside emoji.
_WANTED = re.compile(
    rf"(?<=\d)[{_NO_BREAK}](?=[^\W_])|(?<=«)[{_NO_BREAK}]|[{_NO_BREAK}](?=[\d;:!?»%°–—{_PICTURES}])"
    rf"|(?<=[{_PICTURES}])[{_NO_BREAK}]"
)
_BLANKS = re.compile(rf"[ \t{_NO_BREAK}]+")
_MARKER = re.compile(r"[ \t>]*(?:[-+*#:=|~`•·–—]*|\d+[.)])[ \t]*")
_NOTE = re.compile(r"[ \t>]*\[\^[^\]]+\]:")
_OPENS_BLOCK = re.compile(r"[-+*>#:|`~=\s]|\d+[.)]")

_ZERO_WIDTH = "\xad\u200b\u2060\ufeff"
# As when sources are read: joiners are part of the spelling in these scripts, and join emoji.
_JOINED = (
    "\u0600-\u08ff\u0900-\u0dff\u0e80-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\uabff\ufb50-\ufdff"
    "\ufe0f\ufe70-\ufefc\u2190-\u2bff\U00010a00-\U00011fff\U0001f000-\U0001faff"
)
_INVISIBLE = re.compile(
    f"[{_ZERO_WIDTH}]+|(?<![{_JOINED}\u200c\u200d])[\u200c\u200d]+(?![{_JOINED}\u200c\u200d])"
)
_MARKS = "\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
# Letters that run from right to left, and marks that reverse the letters after them.
_TURNED = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u202d\u202e\U00010800-\U00010fff]")
_TCVN3 = re.compile(r"[^\W\d_][µ¶·¸¹¨©ª«®]|[µ¶·¸¹¨©ª«®][^\W\d_]")  # in TCVN3, ư is a soft hyphen
_SPACES = re.compile(r"(?<=[^\s]) {2,}(?=[^\s|])")
_SENTENCE_END = re.compile(r"[.!?…:][\"”’»)\]*_]*\Z")
_NAMES = {
    "\xad": message("soft hyphen"),
    "\u200b": message("zero-width space"),
    "\u2060": message("word joiner"),
    "\ufeff": message("byte order mark"),
    "\u200c": message("zero-width non-joiner"),
    "\u200d": message("zero-width joiner"),
}


def find_no_break_spaces(source: SourceText) -> Iterator[Finding]:
    """Find no-break spaces copied from web pages, as in ``cán\\xa0bộ``."""
    if not any(char in source.values for char in _NO_BREAK):
        return
    for match in _BLANKS.finditer(source.values):
        has_any = any(char in match[0] for char in _NO_BREAK)
        if has_any and not _WANTED.match(source.values, match.start()):
            yield Finding("no-break-space", match.start(), {}, tuple(_spaces(source, match)))


def _spaces(source: SourceText, match: re.Match[str]) -> Iterator[Fix]:
    """Yield the fix: a space between words, none at line ends; nothing if that would open a block."""
    start, end = match.span()
    before = source.before(start)
    after = source.values[end : end + 8].partition("\n")[0]
    if not after and source.text[end : end + 1] in {"", "\n"}:  # two spaces would be a line break
        yield Fix(start, end, "  " if match[0].endswith("  ") and before.strip() else "")
    elif not before:
        if not _OPENS_BLOCK.match(after) and "\t" not in match[0]:
            yield Fix(start, end, "")
    elif not _MARKER.fullmatch(before):
        yield Fix(start, end, " ")


def find_invisible(source: SourceText) -> Iterator[Finding]:
    """Find zero-width spaces and soft hyphens. They are not published, but break text searches."""
    if not any(char in source.values for char in _NAMES):
        return
    is_old = "\xad" in source.values and _TCVN3.search(source.values)
    for match in _INVISIBLE.finditer(source.values):
        name = _NAMES[match[0][0]]
        fixes = () if is_old and "\xad" in match[0] else (Fix(*match.span(), ""),)
        yield Finding("invisible-character", match.start(), {"name": name}, fixes)


def find_controls(source: SourceText) -> Iterator[Finding]:
    """Find control characters. Two kinds mean nothing in our texts, and can be deleted.

    Form feeds are page breaks of a PDF. Marks of the direction of text (U+202C) mean nothing unless
    the text has letters that run from right to left, or another mark reverses it.
    """
    text = source.text
    if text.isascii() and not any(char in text for char in "\f\v"):
        return
    for match in CONTROL.finditer(text):
        fixes: tuple[Fix, ...] = ()
        if match[0] in "\f\v":
            is_between = (
                text[match.start() - 1 : match.start()].strip() and text[match.end() :][:1].strip()
            )
            fixes = (Fix(*match.span(), " " if is_between else ""),)
        elif match[0] in _MARKS and not _TURNED.search(text):
            fixes = (Fix(*match.span(), ""),)
        if fixes:
            yield Finding(
                "control-character", match.start(), {"character": control_name(match[0])}, fixes
            )


def find_decomposed(source: SourceText) -> Iterator[Finding]:
    """Find decomposed letters (NFD), as copied from macOS and some PDFs: one finding per line."""
    if is_normalized("NFC", source.values):
        return
    start = 0
    for line in source.values.split("\n"):
        if fixes := tuple(_composed(line, start)):
            yield Finding("decomposed", fixes[0].start, {}, fixes)
        start += len(line) + 1


def _composed(line: str, offset: int) -> Iterator[Fix]:
    """Yield a fix for every letter with combining marks that composes: ``o + ̂ + ́`` -> ``ố``."""
    if is_normalized("NFC", line):
        return
    start = 0
    for end in range(1, len(line) + 1):
        if end < len(line) and (combining(line[end]) or _joins(line[end - 1 : end + 1])):
            continue
        cluster = line[start:end]
        # Some letters (Bengali য়) have no composed form in NFC, and marks may only change places.
        if len(whole := normalize("NFC", cluster)) < len(cluster):
            yield Fix(offset + start, offset + end, whole)
        start = end


def _joins(pair: str) -> bool:
    """Return whether two characters compose although the second is not a mark, as in Korean."""
    return not pair.isascii() and len(normalize("NFC", pair)) < len(pair)


def find_spaces(source: SourceText) -> Iterator[Finding]:
    """Find two or more spaces between words, except after a list marker and in tables.

    Two spaces after a sentence are a habit of typists, and readers do not see them.
    """
    if "  " not in source.prose:
        return
    end, is_row = 0, False
    for match in _SPACES.finditer(source.prose):
        if match.start() >= end:  # another line
            start = source.text.rfind("\n", 0, match.start()) + 1
            end = source.text.find("\n", start)
            end = len(source.text) if end < 0 else end
            line = source.text[start:end]
            is_row = "|" in line or "<td" in line or "<th" in line
        before = source.before(match.start())
        if source.text[match.start() - 1] == ">" and source.text[match.end()] == "<":
            continue  # between two tags
        if _SENTENCE_END.search(before) and (len(match[0]) == 2 or before.endswith(":")):
            continue
        if before[-1:].isdigit() and source.text[match.end()].isdigit():  # columns of numbers
            continue
        if not (is_row or _MARKER.fullmatch(before) or _NOTE.fullmatch(before)):
            yield Finding("spaces", match.start(), {}, (Fix(*match.span(), " "),))
