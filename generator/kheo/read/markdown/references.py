"""Link labels, destinations and titles, and the definitions `[label]: address "title"`."""

import re
from html.entities import html5
from urllib.parse import quote

from msgspec import Struct

from kheo.read.markdown.nodes import Leaf

MAX_LABEL = 999
_MAX_PARENTHESES = 32

_ESCAPED = re.compile(
    r"\\([!-/:-@\[-`{-~])|&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));"
)
LABEL = re.compile(rf"\[((?>[^\\\[\]]|\\.){{1,{MAX_LABEL}}}+)\]", re.DOTALL)
_ANGLES = re.compile(r"<((?>[^<>\n\\]|\\.)*+)>")
_BARE = re.compile(r"(?>[^\\()\x00-\x20\x7f]|\\(?:[!-/:-@\[-`{-~]|(?![\x00-\x20\x7f])))++")
_TITLES = {
    '"': re.compile(r'"((?>[^"\\]|\\.)*+)"', re.DOTALL),
    "'": re.compile(r"'((?>[^'\\]|\\.)*+)'", re.DOTALL),
    "(": re.compile(r"\(((?>[^()\\]|\\.)*+)\)", re.DOTALL),
}
_GAP = re.compile(r"[ \t]*+\n?[ \t]*+")  # spaces with at most one line break
_LINE_END = re.compile(r"[ \t]*+(?:\n|\Z)")
_SAFE = "!#$%&'()*+,-./:;=?@_~"
_SAFE_URL = re.compile(r"[\w!#$%&'()*+,\-./:;=?@~]*", re.ASCII)


class Target(Struct, frozen=True):
    """Where a reference leads. ``offset`` is the place of the address in the whole text."""

    address: str
    title: str
    offset: int


def plain(text: str) -> str:
    """Return ``text`` with backslash escapes and character references replaced."""
    return _ESCAPED.sub(_character, text) if "\\" in text or "&" in text else text


def _character(match: re.Match[str]) -> str:
    escaped, decimal, hexadecimal, name = match.groups()
    if escaped:
        return escaped
    if name:
        return html5.get(f"{name};", match[0])
    return character(int(decimal) if decimal else int(hexadecimal, 16))


def character(number: int) -> str:
    """Return the character of a numeric reference; U+FFFD for what is none and for our own marks."""
    if number in {0, 2, 3} or 0xD800 <= number < 0xE000 or number > 0x10FFFF:
        return "\ufffd"
    return chr(number)


def address(written: str) -> str:
    """Return a destination as a URL: without escapes, percent-encoded."""
    return encode(plain(written))


def encode(url: str) -> str:
    """Return ``url`` with percent-encoding where it is needed."""
    return url if _SAFE_URL.fullmatch(url) else quote(url, safe=_SAFE)


def fold(label: str) -> str:
    """Return a label as labels are compared: without case and extra spaces."""
    return " ".join(label.split()).casefold()


def read_destination(text: str, at: int) -> tuple[str, int] | None:
    """Return the destination at ``at`` as it is written, and its end."""
    if text.startswith("<", at):
        match = _ANGLES.match(text, at)
        return (match[1], match.end()) if match else None
    depth, end = 0, at
    while end < len(text):
        if match := _BARE.match(text, end):
            end = match.end()
        elif text[end] == "(" and depth < _MAX_PARENTHESES:
            depth, end = depth + 1, end + 1
        elif text[end] == ")" and depth:
            depth, end = depth - 1, end + 1
        else:
            break
    return None if depth else (text[at:end], end)


class TitleReader:
    """Reads the titles of one text. It remembers that a kind of quote does not occur again: without
    that, `[a](b "` many times would be read to the end each time."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open: set[str] = set()

    def read(self, at: int) -> tuple[str, int] | None:
        """Return the title at ``at``, as it is written, and its end."""
        quote_mark = self.text[at : at + 1]
        if quote_mark not in _TITLES or quote_mark in self.open:
            return None
        if match := _TITLES[quote_mark].match(self.text, at):
            return match[1], match.end()
        if quote_mark != "(":  # `(` also ends at another `(`
            self.open.add(quote_mark)
        return None


def skip_gap(text: str, at: int) -> int:
    """Return the end of the spaces at ``at``, which may include one line break."""
    return _GAP.match(text, at).end()  # type: ignore[union-attr]


def take_definitions(leaf: Leaf, known: dict[str, Target]) -> None:
    """Move the definitions at the beginning of a paragraph to ``known``, where the first of a name counts."""
    if not leaf.lines[0].startswith("["):
        return
    text = "\n".join(leaf.lines)
    titles = TitleReader(text)
    at = line = 0
    while text.startswith("[", at) and (found := _definition(text, at, titles)):
        label, written, title, place, end = found
        number = line + text.count("\n", at, place)
        column = place - text.rfind("\n", 0, place) - 1
        known.setdefault(
            fold(label), Target(address(written), plain(title), leaf.offsets[number] + column)
        )
        line += text.count("\n", at, end)
        at = end
    if at:
        rest = len(leaf.lines) if at >= len(text) else line
        del leaf.lines[:rest], leaf.offsets[:rest]
        if not leaf.lines:
            leaf.kind = "nothing"


def _definition(text: str, at: int, titles: TitleReader) -> tuple[str, str, str, int, int] | None:
    """Return label, address, title, the place of the address, and the end of the definition's line."""
    label = LABEL.match(text, at)
    if not label or not label[1].strip() or not text.startswith(":", label.end()):
        return None
    start = skip_gap(text, label.end() + 1)
    target = read_destination(text, start)
    if target is None or (not target[0] and not text.startswith("<", start)):
        return None
    written, end = target
    place = start + text.startswith("<", start)
    after = skip_gap(text, end)
    if after > end and (title := titles.read(after)) and (stop := _LINE_END.match(text, title[1])):
        return label[1], written, title[0], place, stop.end()
    stop = _LINE_END.match(text, end)
    return (label[1], written, "", place, stop.end()) if stop else None
