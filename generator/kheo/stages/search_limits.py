"""What of a report search does not find: words that are too long, and too many."""

from collections.abc import Iterator, Mapping

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.search.terms import LONGEST, MOST

Limits = Mapping[str, tuple[int, int]]  # by path: words that are too long, and beyond the most


def limit_findings(limits: Limits) -> Iterator[Diagnostic]:
    """Yield a warning for each report of which search does not find all words."""
    for path, (too_long, too_many) in limits.items():
        if too_long:
            yield diagnostic("search-long-word", Place(path), count=too_long, limit=LONGEST)
        if too_many:
            yield diagnostic("search-many-words", Place(path), count=too_many, limit=MOST)
