"""The plan of a build: what to render and publish."""

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.library import Unlisted
from kheo.model import FileState, Moment
from kheo.routes import Route
from kheo.stages.memory import PublishedSource
from kheo.stages.new_names import SiteNames
from kheo.stages.rendering import Appearance, CurrentSite


class SitePlan(Struct, frozen=True, kw_only=True):
    """What a build renders and publishes.

    ``routes`` are rendered if they differ from ``current``. ``published`` has all published files;
    ``untouched`` has the paths of those that were not planned again and stay. ``pictures`` has the
    routes of all pictures, or ``None`` if only a part of the site was planned. The remaining fields
    are for the next build and for the summary.
    """

    routes: Iterable[Route]
    count: int
    appearance: Appearance
    current: CurrentSite
    published: Mapping[str, FileState]
    untouched: Collection[str] = ()
    pictures: dict[str, Route] | None = None
    found: list[Diagnostic]
    sources: Mapping[str, PublishedSource]
    until: int | None
    articles: int
    left_out: tuple[str, ...] = ()
    unlisted: Unlisted = Unlisted()
    next_publication: Moment | None = None
    names: SiteNames | None = None
