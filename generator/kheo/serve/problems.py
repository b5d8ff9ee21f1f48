"""Make the problems that the overlay shows, with the lines of the file around them."""

from pathlib import Path

from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.reporting.catalogue import IN_ENGLISH, Words

AROUND = 2  # lines before and after
LINE_LIMIT = 200  # characters of a line
FILE_LIMIT = 2_000_000  # bytes: a larger file is not searched for a line


class Line(Struct, frozen=True):
    """A line of an excerpt. ``is_highlighted`` marks the line with the problem."""

    number: int
    text: str
    is_highlighted: bool = False


class Problem(Struct, frozen=True):
    """An error of a build. ``path`` is relative to the current folder; empty if no file is the cause."""

    message: str
    hint: str = ""
    code: str = ""
    path: str = ""
    line: int = 0
    column: int = 0
    excerpt: tuple[Line, ...] = ()


def problems_of(
    found: list[Diagnostic], roots: dict[str, Path], words: Words = IN_ENGLISH
) -> list[Problem]:
    """Return the errors among ``found``; ``roots`` has the folder of each ``Place.tree``."""
    return [_problem(d, roots.get(d.place.tree), words) for d in found if d.severity == "error"]


def _problem(d: Diagnostic, root: Path | None, words: Words) -> Problem:
    place = d.place
    file = root / place.path if root else Path(place.path)
    return Problem(
        message=words.message(d),
        hint=words.hint(d),
        code=d.code,
        path=file.as_posix(),
        line=place.line,
        column=place.column,
        excerpt=excerpt(file, place.line) if root and place.line else (),
    )


def excerpt(file: Path, number: int) -> tuple[Line, ...]:
    """Return the line ``number`` of a file and those around it; nothing if it cannot be read."""
    try:
        if file.stat().st_size > FILE_LIMIT:
            return ()
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except OSError:  # gone since
        return ()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = max(1, number - AROUND)
    return tuple(
        Line(first + offset, shorten(line), first + offset == number)
        for offset, line in enumerate(lines[first - 1 : number + AROUND])
    )


def shorten(line: str) -> str:
    return line if len(line) <= LINE_LIMIT else f"{line[:LINE_LIMIT]}…"
