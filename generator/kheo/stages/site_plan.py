"""A site that may be published: what to render, and what is there already."""

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.model import FileState, Moment
from kheo.routes import Route
from kheo.stages.memory import PublishedSource
from kheo.stages.rendering import Appearance, Current
from kheo.stages.searching import NO_INDEX, SearchIndex


class SitePlan(Struct, frozen=True, kw_only=True):
    """What a build renders and publishes.

    ``routes`` are compared with ``current``; the files at ``untouched`` stay without being planned.
    ``published`` has every file of the site as it was published. ``pictures`` are the routes of all
    pictures, if all were planned. The last fields are for the next build and for the summary.
    """

    routes: Iterable[Route]
    count: int
    appearance: Appearance
    current: Current
    published: Mapping[str, FileState]
    untouched: Collection[str] = ()
    index: SearchIndex = NO_INDEX
    pictures: dict[str, Route] | None = None
    found: list[Diagnostic]
    sources: Mapping[str, PublishedSource]
    until: int | None
    articles: int
    left_out: tuple[str, ...] = ()
    next_publication: Moment | None = None
