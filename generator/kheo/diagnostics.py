"""Diagnostics: what is wrong in a file, and where."""

from difflib import get_close_matches
from typing import Literal

from msgspec import Struct

from kheo.messages.rules import RULES, Severity
from kheo.messages.wording import Fields, Texts, as_fields, fill

__all__ = ["Diagnostic", "Place", "Severity", "closest", "count_errors", "diagnostic", "in_order"]

SUGGESTION = "did you mean “{suggestion}”?"
Tree = Literal["content", "templates", "output", ""]


class Place(Struct, frozen=True, gc=False):
    """A file and a position in it, as editors count: from 1; 0 means no position.

    ``path`` is relative to the root of ``tree``, with ``/``. ``column`` counts characters, not bytes.
    """

    path: str
    line: int = 0
    column: int = 0
    tree: Tree = "content"

    def at(self, line: int, column: int = 1) -> "Place":
        return Place(self.path, line, column, self.tree)


class Diagnostic(Struct, frozen=True):
    """One finding. Its message is in ``RULES`` under ``code``; ``values`` are the fields.

    A value that is a ``Message`` is translated; a text is not.
    """

    code: str
    place: Place
    values: Fields = {}

    @property
    def severity(self) -> Severity:
        return RULES[self.code].severity

    @property
    def message(self) -> str:
        return self.message_in({})

    @property
    def hint(self) -> str:
        return self.hint_in({})

    def message_in(self, texts: Texts) -> str:
        """Return what is wrong, in the language of ``texts``; English if it is empty."""
        return fill(RULES[self.code].message, self.values, texts)

    def hint_in(self, texts: Texts) -> str:
        """Return what to write instead; may be empty."""
        template = SUGGESTION if self.values.get("suggestion") else RULES[self.code].hint
        return fill(template, self.values, texts) if template else ""


def diagnostic(code: str, place: Place, /, **values: object) -> Diagnostic:
    """Make a finding with a ``code`` of RULES; a ``suggestion`` that is not empty becomes the hint.

    A value to be translated must be a ``Message``: the text "a list" could be a category's name.
    """
    return Diagnostic(code, place, as_fields(values))


class Findings:
    """The findings of a stage, in the order in which they were reported.

    The functions of a stage report here; the stage itself returns ``list`` with its result.
    """

    def __init__(self) -> None:
        self.list: list[Diagnostic] = []

    def report(self, code: str, place: Place, /, **values: object) -> None:
        self.list.append(diagnostic(code, place, **values))


def closest(word: str, known: list[str]) -> str:
    """Return the known word that ``word`` was probably meant to be, or an empty string."""
    folded = {candidate.casefold(): candidate for candidate in known}
    matches = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else ""


def count_errors(found: list[Diagnostic]) -> int:
    return sum(d.severity == "error" for d in found)


def in_order(found: list[Diagnostic]) -> list[Diagnostic]:
    """Sort findings by path and position, without duplicates.

    A mistake in a template is found in every page that is made with it: only one page is reported.
    """
    by_place = {_place_of(d): d for d in sorted(found, key=_order, reverse=True)}
    return sorted(by_place.values(), key=_order)


def _order(d: Diagnostic) -> tuple[str, str, int, int, str, str]:
    place = d.place
    return (place.tree, place.path, place.line, place.column, d.code, d.message)


def _place_of(d: Diagnostic) -> tuple[object, ...]:
    return _order(d)[:-1] if d.place.tree == "templates" else _order(d)
