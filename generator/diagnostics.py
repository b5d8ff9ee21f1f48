"""What the program tells people about their files: one finding, with its place."""

from difflib import get_close_matches
from typing import Literal

from msgspec import Struct

from generator.messages import RULES, Severity

__all__ = ["Diagnostic", "Place", "Severity", "closest", "diagnostic", "in_order"]

Tree = Literal["content", "templates", "output", ""]


class Place(Struct, frozen=True):
    """Where a finding is: a file, and a position in it as editors count (from 1; 0 is «no position»).

    ``path`` is relative to the tree's root, with ``/``. ``column`` counts characters, not bytes.
    """

    path: str
    line: int = 0
    column: int = 0
    tree: Tree = "content"

    def at(self, line: int, column: int = 1) -> "Place":
        return Place(self.path, line, column, self.tree)


class Diagnostic(Struct, frozen=True):
    """One finding. Its words are in ``messages.RULES`` under ``code``; ``values`` fill them."""

    code: str
    place: Place
    values: dict[str, str] = {}

    @property
    def severity(self) -> Severity:
        return RULES[self.code].severity

    @property
    def message(self) -> str:
        return RULES[self.code].message.format(**self.values)

    @property
    def hint(self) -> str:
        if self.values.get("suggestion"):
            return "did you mean “{suggestion}”?".format(**self.values)
        return RULES[self.code].hint.format(**self.values)


def diagnostic(code: str, place: Place, /, **values: object) -> Diagnostic:
    """A finding of a known ``code``; ``suggestion``, where given and not empty, becomes the hint."""
    return Diagnostic(code, place, {name: str(value) for name, value in values.items()})


def closest(word: str, known: list[str]) -> str:
    """The known word that ``word`` was probably meant to be, or an empty string."""
    folded = {candidate.casefold(): candidate for candidate in known}
    matches = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else ""


def in_order(found: list[Diagnostic]) -> list[Diagnostic]:
    """Sorted as a person reads files: by path, then by position; each finding once."""
    by_place = {
        (d.place.tree, d.place.path, d.place.line, d.place.column, d.code, d.message): d
        for d in found
    }
    return [by_place[key] for key in sorted(by_place)]
