"""A line that is read from left to right: indentation in columns, tabs to multiples of four."""

import re

_SPACES = re.compile(" *")


class Cursor:
    """A position in one line. ``next`` is the first character that is not blank, ``indent`` how many
    columns it stands to the right of the position."""

    __slots__ = ("blank", "column", "indent", "line", "next", "offset", "pad", "pos", "tabs")

    def __init__(self) -> None:
        self.begin("", 0)

    def begin(self, line: str, offset: int) -> None:
        """Start with a ``line`` that is at ``offset`` of the text."""
        self.line = line
        self.offset = offset
        self.tabs = "\t" in line
        self.pos = self.column = self.pad = 0
        self.measure()

    def measure(self) -> None:
        """Find the first character that is not blank."""
        if self.tabs:
            self._measure_tabs()
        else:
            self.next = _SPACES.match(self.line, self.pos).end()  # type: ignore[union-attr]
            self.indent = self.next - self.pos
        self.blank = self.next == len(self.line)

    def _measure_tabs(self) -> None:
        column, at = self.column + self.pad, self.pos
        while at < len(self.line) and (char := self.line[at]) in " \t":
            column += 1 if char == " " else 4 - column % 4
            at += 1
        self.next, self.indent = at, column - self.column

    def advance(self, columns: int) -> None:
        """Step over blanks; ``pad`` is what is left of a tab of which only a part was wanted."""
        if not self.tabs:
            self.pos += columns
            self.column += columns
        else:
            target = self.column + columns
            at = self.column + self.pad
            while at < target and self.pos < len(self.line):
                at += 1 if self.line[self.pos] == " " else 4 - at % 4
                self.pos += 1
            self.column, self.pad = target, max(0, at - target)
        self.measure()

    def skip_to(self, pos: int) -> None:
        """Go to ``pos``; only blanks and then no tab lie before it."""
        self.column += self.indent + pos - self.next
        self.pos, self.pad = pos, 0
        self.measure()

    @property
    def rest(self) -> str:
        """Return the rest of the line, with its indentation."""
        return " " * self.pad + self.line[self.pos :]

    @property
    def text(self) -> str:
        """Return the rest of the line, without its indentation."""
        return self.line[self.next :]
