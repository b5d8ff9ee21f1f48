"""The options of a build, how it runs, and its result."""

from collections.abc import Callable
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from kheo.diagnostics import Diagnostic, count_errors
from kheo.known_urls import PublishedSite
from kheo.library import Unlisted
from kheo.messages.wording import Message
from kheo.model import Moment
from kheo.publish.writer import Counts
from kheo.stages.new_names import NewName
from kheo.stages.stopwatch import Stopwatch

if TYPE_CHECKING:
    from kheo.stages.workers import Workers

Notify = Callable[[Message], None]
Progress = Callable[[Message, int, int], None]  # stage, done, total


class BuildOptions(Struct, frozen=True, kw_only=True):
    """The options of one build. ``now`` is an aware ``datetime``; later articles are scheduled."""

    content: Path
    templates: Path
    output: Path
    cache: Path
    now: datetime
    base_url: str = ""
    drafts: bool = False
    future: bool = False
    strict: bool = False
    keep_going: bool = False
    force: bool = False
    max_removed: int = 20
    allow_empty: bool = False
    search: bool = True
    jobs: int = 1
    changes: Path | None = None  # file for the list of changes since ``since``
    since: PublishedSite | None = None  # for ``changes``, and for lost URLs
    check_urls: bool = True  # report published URLs that would be lost
    release_dir: Path | None = None
    keep: int = 5  # number of releases


class Run(Struct, frozen=True):
    """Callbacks and services of a run.

    ``notify`` receives messages about the run, ``progress`` the progress of a stage. ``executor``
    replaces the program's own worker processes; ``workers`` are used instead of new ones, and kept.
    """

    notify: Notify = lambda text: None
    progress: Progress = lambda stage, done, total: None
    watch: Stopwatch = field(default_factory=Stopwatch)
    executor: Executor | None = None
    workers: "Workers | None" = None


class BuildResult(Struct, frozen=True, kw_only=True):
    """The result of a build. ``counts`` is ``None`` if nothing was published.

    ``left_out`` has the sources with errors: the site shows their last valid version, or nothing.
    ``unlisted`` counts drafts, scheduled and expired sources. ``parsed`` and ``rendered`` count the
    sources and outputs that were processed. ``new_names`` are the categories, campaigns and authors
    that the last build did not have.
    """

    found: list[Diagnostic]
    counts: Counts | None = None
    articles: int = 0
    parsed: int = 0
    rendered: int = 0
    left_out: tuple[str, ...] = ()
    unlisted: Unlisted = Unlisted()
    next_publication: Moment | None = None
    new_names: tuple[NewName, ...] = ()

    @property
    def errors(self) -> int:
        return count_errors(self.found)

    @property
    def warnings(self) -> int:
        return len(self.found) - self.errors
