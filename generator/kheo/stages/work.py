"""What every stage of one build works with: options, settings, store and workers."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.messages.wording import message
from kheo.stages.looking import Snapshot
from kheo.stages.results import BuildOptions, Run

if TYPE_CHECKING:
    from kheo.diagnostics import BrokenFile
    from kheo.stages.search_tasks import IndexWork
    from kheo.stages.setup import Setup
    from kheo.stages.workers import Workers
    from kheo.store.store import Store


class Work(Struct, frozen=True):
    """The context of one build. ``found`` has the problems in the settings and in file names.

    ``broken`` has the pictures that could not be made.
    """

    options: BuildOptions
    run: Run
    snapshot: Snapshot
    setup: "Setup"
    store: "Store"
    workers: "Workers"
    found: list[Diagnostic]
    broken: "dict[str, BrokenFile]" = {}


@contextmanager
def open_work(
    options: BuildOptions, run: Run, snapshot: Snapshot, is_checked: bool = False
) -> Iterator[Work | list[Diagnostic]]:
    """Open the store, read the settings and start the workers; yield them as ``Work``.

    If the settings are wrong, yield the diagnostics instead. ``is_checked`` says that this run has
    already checked the store. The caller must hold the build lock.
    """
    from kheo.stages.setup import read_setup
    from kheo.store.connection import open_store

    with (
        open_store(options.cache, is_checked=is_checked) as (store, warning),
        _workers(options, run) as workers,
    ):
        if warning:
            run.notify(warning)
        setup, found = read_setup(store, snapshot, options)
        found = [*found, *snapshot.listing.found, *snapshot.public.found]
        yield Work(options, run, snapshot, setup, store, workers, found) if setup else found


def _workers(options: BuildOptions, run: Run) -> AbstractContextManager["Workers"]:
    """Return the workers of a build: those of the run, which outlive it, or new ones."""
    from kheo.stages.workers import Workers

    return (
        nullcontext(run.workers) if run.workers else Workers(options.jobs, run.executor, run.notify)
    )


def index_work(work: Work) -> "IndexWork":
    """Return what the search stage works with."""
    from kheo.stages.search_tasks import IndexWork

    return IndexWork(
        work.options.cache,
        work.setup.config.language,
        work.snapshot.program,
        work.workers,
        partial(work.run.progress, message("search")),
    )
