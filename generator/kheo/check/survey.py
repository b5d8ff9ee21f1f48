"""Find all problems of a site, and remember them until something changes.

For an unchanged site the remembered result is returned without importing YAML, Markdown or Jinja.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic, Place
from kheo.errors import FileAccessError
from kheo.lint.aliases import lost_url
from kheo.lint.front_edits import NO_EDITS, FrontEdits
from kheo.lint.names import SITE, find_variants, renaming
from kheo.lint.source_text import Facts, LintSettings
from kheo.messages.wording import Message, message
from kheo.pipeline import look_again
from kheo.stages.looking import Snapshot, look
from kheo.stages.results import BuildOptions, Progress, Run
from kheo.stages.work import Work, open_work
from kheo.store.connection import open_existing
from kheo.store.store import STORE_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from kheo.check.lint_stage import LintedRow
    from kheo.config import SiteConfig
    from kheo.model import Document, Entry
    from kheo.render.theme import Theme
    from kheo.stages.parsing import Changed
    from kheo.stages.preparing import PreparedSite
    from kheo.store.store import Store

CHECKED = "checked"  # the name of the memo
PASSING = {"unreadable", "too-slow", "too-large", "image-too-slow", "worker-ended"}  # perhaps
Notify = Callable[[Message], None]
Link = tuple[str, int, int]  # address, line, column


class SourceState(Struct, frozen=True, array_like=True):
    """The data for fixing one source and for checking its links.

    ``file`` is its name on disk, relative to the content folder; ``digest`` is the hash of its bytes.
    """

    file: str
    digest: str
    fixable: int
    links: tuple[Link, ...]
    facts: Facts
    edits: FrontEdits


class Survey(Struct, frozen=True):
    """The problems of all sources (``paths``), valid from ``since`` to ``until`` (Unix time).

    ``off`` are the codes that ``site.yaml`` switches off. ``sources`` has only the sources with
    something to fix or with links to other sites.
    """

    found: list[Diagnostic]
    paths: list[str]
    since: float
    until: float | None = None
    off: tuple[str, ...] = ()
    settings: LintSettings = LintSettings()
    sources: dict[str, SourceState] = {}


def examine(options: BuildOptions, notify: Notify, progress: Progress) -> Survey:
    """Return what a build would report, and what the linter finds in the texts.

    Only the cache is written. Raises OSError on disk failure, LockTimeoutError if another build holds
    the lock for too long.
    """
    snapshot = look(options)
    if same := _same(options, snapshot):
        return same
    return look_again(
        options, notify, snapshot, lambda now, last: _examine(options, now, notify, progress)
    )


def _same(options: BuildOptions, snapshot: Snapshot) -> Survey | None:
    """Return the result of the last check if nothing has changed since."""
    if not (options.cache / STORE_FILE).is_file():
        return None
    try:
        with open_existing(options.cache) as store:
            last = store.memo(CHECKED, _version(store, options, snapshot), Survey)
    except FileAccessError:  # reported and repaired when the store is opened for writing
        return None
    if last is None:
        return None
    now = options.now.timestamp()
    return last if last.since <= now and (last.until is None or now < last.until) else None


def _version(store: "Store", options: BuildOptions, snapshot: Snapshot) -> str:
    """Return the digest of everything that a check depends on, except the time."""
    from kheo.stages.lost_urls import urls_state

    return f"{snapshot.whole_key} {urls_state(store, options)}"


def _examine(
    options: BuildOptions, snapshot: Snapshot, notify: Notify, progress: Progress
) -> Survey:
    from kheo.pipeline import fewer_collections
    from kheo.publish.lock import build_lock
    from kheo.stages.setup import missing_site  # most of the program: 0.06 s

    paths = [entry.path for entry in snapshot.listing.sources]
    if missing := missing_site(snapshot, options):
        return Survey(missing, paths, options.now.timestamp())
    with (
        fewer_collections(),
        build_lock(options.cache, notify),
        open_work(options, Run(notify, progress), snapshot) as work,
    ):
        if not isinstance(work, Work):
            return Survey(work, paths, options.now.timestamp())
        survey = _survey_site(work)
        # An unreadable file may become readable without a change of size or time.
        if any(d.code in PASSING for d in survey.found):
            work.store.drop_memo(CHECKED)
        else:
            work.store.set_memo(CHECKED, _version(work.store, options, snapshot), survey)
    return survey


def _survey_site(work: Work) -> Survey:
    from kheo.check.expiries import expiring_links, next_change
    from kheo.check.lint_stage import LintJob, lint_settings_of, lint_sources
    from kheo.pipeline import parse
    from kheo.stages.preparing import compare_with_published, prepare, unindexed
    from kheo.stages.rendering import broken_pictures
    from kheo.stages.trying import try_pictures

    options, entries = work.options, work.snapshot.listing.sources
    settings = lint_settings_of(work.setup)
    changed = parse(work)
    site = prepare(work, changed)
    pictures = site.planned.plan.pictures.values()
    if unmade := try_pictures(pictures, options.content, options.cache, work.workers):
        # Reported where they are used, as in a build.
        site = prepare(structs.replace(work, broken=broken_pictures(unmade)), changed)
    _, lost = compare_with_published(work, site, changed)
    documents = site.documents.documents
    rows = lint_sources(
        work.store,
        LintJob(options.content, settings),
        work.snapshot.program,
        entries,
        documents,
        work.workers,
        lambda done, total: work.run.progress(message("lint"), done, total),
    )
    off = work.setup.config.check_off
    linted = (d for row in rows.values() for d in row.linted.found)
    names = _name_variants(documents, work.setup.config)
    search = site.planned.plan.search
    left = unindexed(work, [*search.reports, *search.coming] if search else [])
    soon = expiring_links(site.planned.plan.ahead, work.setup.config, options.now)
    own = [*_own_theme(options.templates, site.theme), *_unused(work, site, changed)]
    found = [*work.found, *site.found, *lost, *names, *linted, *left, *soon, *own]
    if not any(d.severity == "error" for d in found):  # otherwise, a build renders nothing either
        found += _try_pages(work, site)
    kept = list(_switched_on(found, rows, off))
    return Survey(
        found=kept,
        paths=[entry.path for entry in entries],
        since=options.now.timestamp(),
        until=next_change(site.planned.library, documents, options.now),
        off=off,
        settings=settings,
        sources=dict(_states(entries, rows, off, kept)),
    )


def _own_theme(templates: "Path", theme: "Theme") -> Iterator[Diagnostic]:
    """Report copies whose originals have changed, and other files that nothing uses."""
    from kheo.check.idle_templates import idle_templates
    from kheo.check.originals import outdated_copies

    copies = {d.place.path: d for d in outdated_copies(templates)}
    yield from copies.values()
    yield from (d for d in idle_templates(templates, theme) if d.place.path not in copies)


def _unused(work: Work, site: "PreparedSite", changed: "Changed") -> Iterator[Diagnostic]:
    """Report unused files, unless a source has errors: what it refers to may not be known."""
    from kheo.check.unused import unused_files

    if not changed.failed:
        snapshot = work.snapshot
        documents = site.documents.documents
        yield from unused_files(snapshot.listing.files, documents, snapshot.site_file or b"")


def _try_pages(work: Work, site: "PreparedSite") -> list[Diagnostic]:
    from kheo.stages.preparing import appearance_of
    from kheo.stages.trying import try_pages

    routes, appearance = site.planned.plan.routes([]), appearance_of(work, site)
    return try_pages(work.store, routes, appearance, work.options.cache, work.workers)


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
    kept: list[Diagnostic],
) -> Iterator[tuple[str, SourceState]]:
    edits: dict[str, FrontEdits] = {}
    for d in kept:
        if d.place.tree != "content":
            continue
        renamed, alias = renaming(d), lost_url(d)
        if renamed or alias:
            so_far = edits.get(d.place.path, NO_EDITS)
            edits[d.place.path] = FrontEdits(
                (*so_far.renamings, renamed) if renamed else so_far.renamings,
                (*so_far.aliases, alias) if alias else so_far.aliases,
            )
    for entry in entries:
        row = rows[entry.path]
        fixable = sum(code not in off for code in row.linted.fixable)
        links = tuple((one.url, one.line, one.column) for one in row.linted.outgoing)
        mine = edits.get(entry.path, NO_EDITS)
        if fixable or links or mine.count:
            yield (
                entry.path,
                SourceState(entry.file, row.state.digest, fixable, links, row.facts, mine),
            )


def _name_variants(documents: "list[Document]", config: "SiteConfig") -> Iterator[Diagnostic]:
    from kheo.index.permalinks import place_of

    authors: list[tuple[str, Place]] = []
    campaigns: list[tuple[str, Place]] = []
    known_authors = {one.name: SITE for one in config.authors}
    known_campaigns = {one.title: SITE for one in config.campaigns}
    for document in documents:
        meta = document.meta
        if document.term:
            place = place_of(document, "name")
            known_authors |= dict.fromkeys(meta.author, place)
            known_campaigns |= dict.fromkeys(meta.campaign, place)
            continue
        authors += [(n, place_of(document, f"author.{i}")) for i, n in enumerate(meta.author)]
        campaigns += [(n, place_of(document, f"campaign.{i}")) for i, n in enumerate(meta.campaign)]
    yield from find_variants(authors, known_authors)
    yield from find_variants(campaigns, known_campaigns)
