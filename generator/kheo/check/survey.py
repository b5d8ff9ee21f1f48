"""Find all problems of a site, and remember them until something changes.

For an unchanged site the remembered result is returned without importing YAML, Markdown or Jinja.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from kheo.diagnostics import Diagnostic, Place
from kheo.errors import PublishError, StoreDamagedError
from kheo.lint.names import Renaming, find_variants, renaming
from kheo.lint.source_text import Facts, Habits
from kheo.messages.wording import told
from kheo.stages.results import BuildOptions, Progress
from kheo.stages.unchanged import Seen, read_seen
from kheo.store.connection import open_again
from kheo.store.store import STORE_FILE, Store

if TYPE_CHECKING:
    from kheo.check.lint_stage import LintedRow
    from kheo.config import SiteConfig
    from kheo.model import Document, Entry
    from kheo.stages.inputs import Inputs

FACT = "checked"
Tell = Callable[[str], None]
Link = tuple[str, int, int]  # URL, line, column


class SourceState(Struct, frozen=True, array_like=True):
    """What later steps need to fix one source and to check its links.

    ``file`` is its name on disk, relative to the content folder; ``digest`` is the hash of its bytes.
    """

    file: str
    digest: str
    fixable: int
    links: tuple[Link, ...]
    facts: Facts
    renamings: tuple[Renaming, ...]


class Examined(Struct, frozen=True):
    """The problems of all sources (``paths``), valid from ``since`` to ``until`` (Unix time).

    ``off`` are the codes that ``site.yaml`` switches off. ``sources`` has only the sources with
    something to fix or with links to other sites.
    """

    found: list[Diagnostic]
    paths: list[str]
    since: float
    until: float | None = None
    off: tuple[str, ...] = ()
    habits: Habits = Habits()
    sources: dict[str, SourceState] = {}


def examine(options: BuildOptions, tell: Tell, progress: Progress) -> Examined:
    """Return what a build would report, and what the linter finds in the texts.

    Only the cache is written. Raises OSError if the disk fails, BusyError if another build does not
    end.
    """
    seen = read_seen(options)
    if same := _same(options, seen):
        return same
    try:
        return _examine(options, seen, tell, progress)
    except StoreDamagedError as error:  # found while reading; the store is deleted by now
        tell(told("{file} is made anew: {reason}", file=error.filename, reason=error.strerror))
        return _examine(options, seen, tell, progress)


def _same(options: BuildOptions, seen: Seen) -> Examined | None:
    """Return the result of the last check if nothing has changed since."""
    if not (options.cache / STORE_FILE).is_file():
        return None
    try:
        with open_again(options.cache) as store:
            data = store.fact(FACT)
    except PublishError:  # reported and repaired when the store is opened for writing
        return None
    key = seen.whole_key
    if not data.startswith(key):
        return None
    last = msgspec.msgpack.decode(data[len(key) :], type=Examined)
    now = options.now.timestamp()
    return last if last.since <= now and (last.until is None or now < last.until) else None


def _examine(options: BuildOptions, seen: Seen, tell: Tell, progress: Progress) -> Examined:
    from kheo.pipeline import fewer_collections
    from kheo.publish.lock import build_lock
    from kheo.stages.inputs import read_inputs  # imports most of the program: 0.06 s
    from kheo.store.connection import open_store

    inputs, found = read_inputs(options, seen)
    if inputs.settings is None:
        paths = [entry.path for entry in inputs.listing.sources]
        return Examined(found, paths, options.now.timestamp())
    with (
        fewer_collections(),
        build_lock(options.cache, tell),
        open_store(options.cache, inputs.store_version) as (store, warning),
    ):
        if warning:
            tell(warning)
        examined = _examined(store, inputs, found, options, progress)
        # An unreadable file may become readable without a change of size or time.
        lasts = not any(d.code == "unreadable" for d in examined.found)
        store.set_fact(FACT, seen.whole_key + msgspec.msgpack.encode(examined) if lasts else b"")
    return examined


def _examined(
    store: Store,
    inputs: "Inputs",
    found: list[Diagnostic],
    options: BuildOptions,
    progress: Progress,
) -> Examined:
    from kheo.check.lint_stage import LintJob, habits_of, lint_sources
    from kheo.pipeline import prepare
    from kheo.stages.stopwatch import Stopwatch
    from kheo.stages.workers import Workers

    assert inputs.settings, "the caller has looked"
    habits = habits_of(inputs.settings)
    with Workers(options.jobs) as workers:
        _, parsed, site, more = prepare(store, inputs, options, workers, progress, Stopwatch())
        rows = lint_sources(
            store, LintJob(options.content, habits), inputs.program, inputs.listing.sources,
            parsed.documents, workers, lambda done, total: progress("lint", done, total),
        )  # fmt: skip
    off = inputs.config.check_off
    linted = (d for row in rows.values() for d in row.linted.found)
    names = _name_variants(parsed.documents, inputs.config)
    told = list(_switched_on([*found, *more, *names, *linted], rows, off))
    return Examined(
        found=told,
        paths=[entry.path for entry in inputs.listing.sources],
        since=options.now.timestamp(),
        until=site.library.next_change.seconds if site.library.next_change else None,
        off=off,
        habits=habits,
        sources=dict(_states(inputs.listing.sources, rows, off, told)),
    )


def _switched_on(
    found: Iterable[Diagnostic], rows: dict[str, "LintedRow"], off: tuple[str, ...]
) -> Iterator[Diagnostic]:
    """Drop the warnings that ``site.yaml`` or a comment switches off; errors always stay."""
    from kheo.lint.linting import is_off

    for d in found:
        row = rows.get(d.place.path) if d.place.tree == "content" else None
        here = row.linted.off.get(d.place.line, ()) if row else ()
        if d.severity == "error" or not (d.code in off or is_off(here, d.code)):
            yield d


def _states(
    entries: "Iterable[Entry]",
    rows: dict[str, "LintedRow"],
    off: tuple[str, ...],
    told: list[Diagnostic],
) -> Iterator[tuple[str, SourceState]]:
    renamings: dict[str, tuple[Renaming, ...]] = {}
    for d in told:
        if (one := renaming(d)) and d.place.tree == "content":
            renamings[d.place.path] = (*renamings.get(d.place.path, ()), one)
    for entry in entries:
        row = rows[entry.path]
        fixable = sum(code not in off for code in row.linted.fixable)
        links = tuple((one.url, one.line, one.column) for one in row.linted.outgoing)
        mine = renamings.get(entry.path, ())
        if fixable or links or mine:
            yield entry.path, SourceState(entry.file, row.digest, fixable, links, row.facts, mine)


def _name_variants(documents: "list[Document]", config: "SiteConfig") -> Iterator[Diagnostic]:
    from kheo.index.permalinks import place_of

    authors: list[tuple[str, Place]] = []
    campaigns: list[tuple[str, Place]] = []
    for document in documents:
        meta = document.meta
        authors += [(n, place_of(document, f"author.{i}")) for i, n in enumerate(meta.author)]
        campaigns += [(n, place_of(document, f"campaign.{i}")) for i, n in enumerate(meta.campaign)]
    yield from find_variants(authors, frozenset(one.name for one in config.authors))
    yield from find_variants(campaigns, frozenset(one.title for one in config.campaigns))
