"""Find where in the Markdown an address was written, which Python-Markdown does not keep."""

import re
from bisect import bisect_right
from functools import cached_property
from html import unescape
from urllib.parse import unquote

from kheo.diagnostics import Place
from kheo.model import Position

# What comes before an address: `](a.md)`, `](<a b.md>)`, `[a]: a.md`, `href="a.md"`.
_OPENING = re.compile(r"\]\(\s*<?|\]:[ ]*\n?[ ]*<?|=\s*[\"']?")
# The beginning of an address, up to what is written differently in Markdown and HTML.
_BEGINNING = re.compile(r"[^\s<>\"'()]*")


class AddressFinder:
    """Finds addresses in ``text``, which begins at ``place``: each occurrence once, in order."""

    def __init__(self, text: str, place: Place) -> None:
        self.text = text
        self.place = place
        self.used: dict[str, int] = {}

    def find(self, address: str) -> Position:
        """Return the position of the next occurrence of ``address``; the first line if there is none."""
        return self.position(self._next(address, use=True))

    def picture(self, address: str, has_alternative: bool) -> Position | None:
        """Return the position of the picture that ``find`` will find next.

        Return ``None`` for ``<img alt="" …>``: its author has marked it as decorative.
        """
        offset = self._next(address, use=False)
        begin = max(0, self.text.rfind("\n\n", 0, offset))
        start = max(self.text.rfind(mark, begin, offset) for mark in ("![", "<img"))
        if start < 0:
            return self.position(offset)
        if has_alternative and self.text.startswith("<img", start):
            return None
        return self.position(start)

    def position(self, offset: int) -> Position:
        line = bisect_right(self._line_starts, max(0, offset)) - 1
        return Position(self.place.line + line, max(0, offset) - self._line_starts[line] + 1)

    def _next(self, address: str, use: bool) -> int:
        key = _key(address)
        offsets = self._written.get(key) or [self.text.find(address)]
        number = self.used.get(key, 0)
        if use:
            self.used[key] = number + 1
        return offsets[min(number, len(offsets) - 1)]  # one definition `[a]: a.md` serves many

    @cached_property
    def _written(self) -> dict[str, list[int]]:
        offsets: dict[str, list[int]] = {}
        for match in _OPENING.finditer(self.text):
            offsets.setdefault(_key(self.text, match.end()), []).append(match.end())
        return offsets

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]


def _key(text: str, start: int = 0) -> str:
    match = _BEGINNING.match(text, start)
    return unquote(unescape(match.group() if match else "").replace("\\", ""))
