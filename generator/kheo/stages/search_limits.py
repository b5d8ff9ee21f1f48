"""The words of a report that search does not find: those that are too long, or too many."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.search.terms import LONGEST, MOST, ReportWords
from kheo.search.words import split_words

Limits = Mapping[str, tuple[int, int]]  # by path: words that are too long, and beyond the most

_RUN = re.compile(rf"\w{{{LONGEST},}}")
_TARGET = re.compile(r"\]\([^()\s]*|=\"[^\"]*")  # an address, which is not a part of the text


def limits_of(path: str, table: ReportWords) -> dict[str, tuple[int, int]]:
    """Return what is not indexed of one report, by its path; empty if everything is."""
    if table.too_long or table.too_many:
        return {path: (table.too_long, table.too_many)}
    return {}


def limit_findings(limits: Limits, content: Path) -> Iterator[Diagnostic]:
    """Yield warnings for each report of which search does not find all words."""
    for path, (too_long, too_many) in limits.items():
        if too_long:
            place = _first_long_word(content, path)
            yield diagnostic("search-long-word", place, count=too_long, limit=LONGEST)
        if too_many:
            yield diagnostic("search-many-words", Place(path), count=too_many, limit=MOST)


def _first_long_word(content: Path, path: str) -> Place:
    """Return where the first word that is too long is written; the whole file if that is unclear."""
    try:
        text = (content / path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return Place(path)
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) <= LONGEST:
            continue
        for run in _RUN.finditer(_TARGET.sub(lambda match: " " * len(match[0]), line)):
            if any(len(word) > LONGEST for word in split_words(run[0])):
                return Place(path, number, run.start() + 1)
    return Place(path)
