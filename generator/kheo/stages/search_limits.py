"""The words of a report that search does not find: those that are too long, or too many."""

from collections.abc import Iterator, Mapping

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.search.terms import LONGEST, MOST, ReportWords

Limits = Mapping[str, tuple[int, int]]  # by path: words that are too long, and beyond the most


def limits_of(path: str, table: ReportWords) -> dict[str, tuple[int, int]]:
    """Return what is not indexed of one report, by its path; empty if everything is."""
    if table.too_long or table.too_many:
        return {path: (table.too_long, table.too_many)}
    return {}


def limit_findings(limits: Limits) -> Iterator[Diagnostic]:
    """Yield warnings for each report of which search does not find all words."""
    for path, (too_long, too_many) in limits.items():
        if too_long:
            yield diagnostic("search-long-word", Place(path), count=too_long, limit=LONGEST)
        if too_many:
            yield diagnostic("search-many-words", Place(path), count=too_many, limit=MOST)
