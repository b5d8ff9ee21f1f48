"""What the program tells people about their files: one finding, with its place."""

from difflib import get_close_matches
from typing import Literal

from msgspec import Struct

from kheo.messages.rules import RULES, Severity
from kheo.messages.wording import Fields, Texts, as_fields, fill

__all__ = ["Diagnostic", "Place", "Severity", "closest", "count_errors", "diagnostic", "in_order"]

SUGGESTION = "did you mean “{suggestion}”?"
Tree = Literal["content", "templates", "output", ""]


class Place(Struct, frozen=True, gc=False):
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
    """One finding. Its words are in ``messages.RULES`` under ``code``; ``values`` fill them.

    A value that is a ``Message`` is said in the reader's language; text stays as it is.
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
        """What is wrong, in the language of a catalogue; none is English."""
        return fill(RULES[self.code].message, self.values, texts)

    def hint_in(self, texts: Texts) -> str:
        """What to write instead; may be empty."""
        template = SUGGESTION if self.values.get("suggestion") else RULES[self.code].hint
        return fill(template, self.values, texts) if template else ""


def diagnostic(code: str, place: Place, /, **values: object) -> Diagnostic:
    """A finding of a known ``code``; ``suggestion``, where given and not empty, becomes the hint.

    Whatever is to be translated in it is a ``Message``: "a list" as a value is a category's name.
    """
    return Diagnostic(code, place, as_fields(values))


class Findings:
    """Gathers what is found inside a stage, in the order in which it is found.

    A stage returns its value and ``list``; what it is made of reports here.
    """

    def __init__(self) -> None:
        self.list: list[Diagnostic] = []

    def report(self, code: str, place: Place, /, **values: object) -> None:
        self.list.append(diagnostic(code, place, **values))


def closest(word: str, known: list[str]) -> str:
    """The known word that ``word`` was probably meant to be, or an empty string."""
    folded = {candidate.casefold(): candidate for candidate in known}
    matches = get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else ""


def count_errors(found: list[Diagnostic]) -> int:
    return sum(d.severity == "error" for d in found)


def in_order(found: list[Diagnostic]) -> list[Diagnostic]:
    """Sorted as a person reads files: by path, then by position; each finding once.

    A mistake in a template is found again in every page that it makes: the first page is told.
    """
    by_place = {_place_of(d): d for d in sorted(found, key=_order, reverse=True)}
    return sorted(by_place.values(), key=_order)


def _order(d: Diagnostic) -> tuple[str, str, int, int, str, str]:
    place = d.place
    return (place.tree, place.path, place.line, place.column, d.code, d.message)


def _place_of(d: Diagnostic) -> tuple[object, ...]:
    return _order(d)[:-1] if d.place.tree == "templates" else _order(d)
