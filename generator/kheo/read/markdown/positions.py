"""Find where in the Markdown an address was written."""

import re
from bisect import bisect_right
from functools import cached_property

from kheo.diagnostics import Place
from kheo.model import Position
from kheo.read.markdown.mentions import Spot


class AddressFinder:
    """Finds addresses in ``text``, which begins at ``place``: each of ``spots`` once, in order."""

    def __init__(self, text: str, place: Place, spots: dict[str, list[Spot]] | None = None) -> None:
        self.text = text
        self.place = place
        self.spots = spots or {}
        self.used: dict[str, int] = {}

    def find(self, address: str) -> Position:
        """Return the position of the next occurrence of ``address``; the first line if there is none."""
        spot = self._next(address)
        self.used[address] = self.used.get(address, 0) + 1
        return self.position(spot.offset if spot else self.text.find(address))

    def picture(self, address: str, has_alternative: bool) -> Position | None:
        """Return the position of the picture that ``find`` will find next.

        Return ``None`` for ``<img alt="" …>``: its author has marked it as decorative.
        """
        spot = self._next(address)
        if spot is None:
            return None if has_alternative else self.position(self.text.find("<img"))
        if has_alternative and spot.is_html:
            return None
        return self.position(spot.picture if spot.picture >= 0 else spot.offset)

    def position(self, offset: int) -> Position:
        line = bisect_right(self._line_starts, max(0, offset)) - 1
        return Position(self.place.line + line, max(0, offset) - self._line_starts[line] + 1)

    def _next(self, address: str) -> Spot | None:
        spots = self.spots.get(address)
        # The last one again, if an address is shown more often than written.
        return spots[min(self.used.get(address, 0), len(spots) - 1)] if spots else None

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]
