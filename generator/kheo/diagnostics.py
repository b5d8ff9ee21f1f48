"""Diagnostics: what is wrong in a file, and where."""

from difflib import get_close_matches
from typing import Literal

from msgspec import Struct, structs

from kheo.messages.rules import RULES, Severity
from kheo.messages.wording import Fields, Texts, as_fields, fill

__all__ = [
    "BrokenFile",
    "Diagnostic",
    "Place",
    "Severity",
    "closest",
    "count_errors",
    "diagnostic",
    "in_order",
    "soften",
]

SUGGESTION = "did you mean “{suggestion}”?"
Tree = Literal["content", "templates", "theme", "output", ""]


class Place(Struct, frozen=True, gc=False):
    """A file and a position in it. Lines and columns start at 1; 0 means no position.

    ``path`` is relative to the root of ``tree`` and uses ``/``. ``column`` counts characters, not
    bytes.
    """

    path: str
    line: int = 0
    column: int = 0
    tree: Tree = "content"

    def at(self, line: int, column: int = 1) -> "Place":
        return Place(self.path, line, column, self.tree)


class BrokenFile(Struct, frozen=True, tag=True):
    """A file that cannot be published: the code of a diagnostic and the values of its message."""

    code: str
    values: Fields


class Diagnostic(Struct, frozen=True):
    """One problem in a file. ``RULES[code]`` has its message; ``values`` fill in the message's fields.

    A value of type ``Message`` is translated; a ``str`` is not. A problem ``in_draft`` is only a
    warning: nobody publishes the draft as it is.
    """

    code: str
    place: Place
    values: Fields = {}
    in_draft: bool = False

    @property
    def severity(self) -> Severity:
        return "warning" if self.in_draft else RULES[self.code].severity

    @property
    def message(self) -> str:
        return self.message_in({})

    @property
    def hint(self) -> str:
        return self.hint_in({})

    def message_in(self, texts: Texts) -> str:
        """Return what is wrong, translated by ``texts``; in English if ``texts`` is empty."""
        return fill(RULES[self.code].message, self.values, texts)

    def hint_in(self, texts: Texts) -> str:
        """Return what to write instead, translated by ``texts``; empty if there is no hint."""
        template = SUGGESTION if self.values.get("suggestion") else RULES[self.code].hint
        return fill(template, self.values, texts) if template else ""


def diagnostic(code: str, place: Place, /, **values: object) -> Diagnostic:
    """Return a diagnostic with this ``code`` of RULES. A non-empty ``suggestion`` becomes the hint.

    A value to be translated must be a ``Message``: the ``str`` "a list" could be a category's name.
    """
    return Diagnostic(code, place, as_fields(values))


def soften(found: Diagnostic) -> Diagnostic:
    """Return a problem of a draft, which is only a warning."""
    return structs.replace(found, in_draft=True)


class Findings:
    """Collects the diagnostics of a stage, in the order in which they are reported.

    The functions of a stage call ``report``; the stage returns ``list`` with its result.
    """

    def __init__(self) -> None:
        self.list: list[Diagnostic] = []

    def report(self, code: str, place: Place, /, **values: object) -> None:
        self.list.append(diagnostic(code, place, **values))


def closest(word: str, known: list[str]) -> str:
    """Return the known word that is most similar to ``word``, or an empty string if none is."""
    folded = {candidate.casefold(): candidate for candidate in known}
    matches = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else ""


def count_errors(found: list[Diagnostic]) -> int:
    return sum(d.severity == "error" for d in found)


def in_order(found: list[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics sorted by path and position, without duplicates.

    Every page made with a wrong template reports the same mistake: only one of them is kept.
    """
    by_place = {_place_of(d): d for d in sorted(found, key=_order, reverse=True)}
    return sorted(by_place.values(), key=_order)


def _order(d: Diagnostic) -> tuple[str, str, int, int, str, str]:
    place = d.place
    return (place.tree, place.path, place.line, place.column, d.code, d.message)


def _place_of(d: Diagnostic) -> tuple[object, ...]:
    return _order(d)[:-1] if d.place.tree in ("templates", "theme") else _order(d)
