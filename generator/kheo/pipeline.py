"""The build, from top to bottom: look, parse, index, plan, render, publish."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from msgspec import structs

from kheo.diagnostics import in_order
from kheo.errors import FileAccessError, SiteChangedError, StoreDamagedError
from kheo.layers import roots_of
from kheo.messages.wording import Message, message
from kheo.stages.delivery import deliver
from kheo.stages.looking import Snapshot, look
from kheo.stages.memory import (
    LastBuild,
    PublishedState,
    published_sources,
    recall,
    remember,
    still_holds,
)
from kheo.stages.results import BuildOptions, BuildResult, Notify, Run
from kheo.stages.work import Work, index_work, open_work

if TYPE_CHECKING:
    from kheo.stages.parsing import Changed
    from kheo.stages.site_plan import SitePlan


def build(options: BuildOptions, run: Run | None = None) -> BuildResult:
    """Build the site and return the result. If the build fails, the output folder is unchanged.

    Raises OSError on disk failure, LockTimeoutError if another build holds the lock for too long.
    """
    run = run or Run()
    with run.watch.stage("look") as items:
        snapshot = look(options)
        items.append(len(snapshot.listing.sources))
    with run.watch.stage("recall"):
        last = recall(snapshot, options)
    if last and last.is_current:
        return deliver(last.build_result(), options, run.notify)
    result = _build(options, run, snapshot, last)
    return deliver(result, options, run.notify)


def _build(
    options: BuildOptions, run: Run, snapshot: Snapshot, last: LastBuild | None
) -> BuildResult:
    from kheo.publish.lock import build_lock
    from kheo.stages.refusals import folder_mistakes
    from kheo.stages.setup import missing_site

    if found := list(folder_mistakes(options)):
        return BuildResult(found=found)
    if missing := missing_site(snapshot, options):
        return BuildResult(found=in_order(missing))
    waits: list[Message] = []

    def notify(text: Message) -> None:
        waits.append(text)
        run.notify(text)

    with fewer_collections(), build_lock(options.cache, notify, output=options.output):
        if waits:  # for another build: much can have happened since the first look
            snapshot, last = look(options), None
        return look_again(options, run.notify, snapshot, partial(_build_locked, options, run), last)


T = TypeVar("T")


def look_again(
    options: BuildOptions,
    notify: Notify,
    snapshot: Snapshot,
    do: Callable[[Snapshot, LastBuild | None], T],
    last: LastBuild | None = None,
) -> T:
    """Return ``do(snapshot, last)``; once more if the store is damaged or the site changes meanwhile."""
    for is_last in (False, False, True):
        try:
            return do(snapshot, last)
        except StoreDamagedError as error:
            # The damage was found during the build; open_store has deleted the store.
            if is_last:
                raise
            notify(message("rebuilding {file}: {reason}", file=error.filename, reason=error.reason))
            last = None
        except SiteChangedError as error:
            if is_last:
                reason = message("it keeps changing while the site is being built")
                raise FileAccessError(None, reason, str(options.templates)) from error
            snapshot, last = look(options), None
    raise AssertionError("not reached")


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Make the garbage collector run less often during the ``with`` block.

    The objects of a build live until its end. Searching them for cycles takes a third of the time.
    """
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _build_locked(
    options: BuildOptions, run: Run, snapshot: Snapshot, last: LastBuild | None
) -> BuildResult:
    """Build what is out of date. If ``last`` is given, only sources have changed since that build."""
    with open_work(options, run, snapshot, is_checked=last is not None) as work:
        if not isinstance(work, Work):
            return BuildResult(found=in_order(work))
        if last and not still_holds(last, work.store, options):
            last = None
        changed = parse(work, last)
        plan = replan(work, last, changed) or plan_all(work, last, changed)
        if isinstance(plan, BuildResult):
            return plan
        result = render_and_publish(work, plan, changed)
        if result.counts is None and (work := without_broken_pictures(work, result)).broken:
            plan = plan_all(work, last, changed)
            return (
                plan if isinstance(plan, BuildResult) else render_and_publish(work, plan, changed)
            )
        return result


def without_broken_pictures(work: "Work", result: BuildResult) -> "Work":
    """Return ``work`` with the pictures that could not be made.

    The next plan reports them where they are used and, with ``--keep-going``, leaves out what uses
    them.
    """
    from kheo.stages.rendering import broken_pictures

    return structs.replace(work, broken=broken_pictures(result.found))


# --- parse --------------------------------------------------------------------------------------


def parse(work: Work, last: LastBuild | None = None) -> "Changed":
    """Parse new and changed sources, and save the documents in the store."""
    from kheo.stages.parsing import ParseJob, parse_sources, stale_sources

    work.store.keep_sources_of(work.setup.sources_version)
    job = ParseJob(work.options.content, work.options.cache, work.setup.parse_options)
    with work.run.watch.stage("parse") as items:
        stale = stale_sources(work.store, work.snapshot.listing.sources, last)
        changed = parse_sources(
            work.store, job, stale, work.workers, partial(work.run.progress, message("parse"))
        )
        items.append(changed.parsed)
    return changed


# --- index and plan -----------------------------------------------------------------------------


def replan(work: Work, last: LastBuild | None, changed: "Changed") -> "SitePlan | None":
    """Return the plan of the last build with new bodies, if nothing else has changed since."""
    if last is None:
        return None
    from kheo.stages.lost_urls import edited_list
    from kheo.stages.replanning import remembered_appearance, replan_bodies, replan_search
    from kheo.stages.site_plan import SitePlan

    appearance = remembered_appearance(work.store, work.snapshot, work.setup)
    with work.run.watch.stage("replan") as items:
        again = appearance and replan_bodies(work.store, last, changed)
        if not appearance or not again:
            return None
        items.append(len(again.routes))
    gone: set[str] = set()
    if work.setup.config.search:
        with work.run.watch.stage("search") as items:
            searched = replan_search(
                work.store, again, index_work(work), work.options.content, last.files
            )
            if searched is None:
                return None
            again, gone = searched
            items.append(len(again.routes))
    if work.options.strict and again.found:
        return None
    return SitePlan(
        routes=again.routes,
        count=len(again.routes),
        appearance=appearance,
        current=again.current,
        published=last.files,
        untouched=last.files.keys() - again.current.intact - gone,
        urls=edited_list(work.store, again.bodies),
        found=in_order([*last.result.found, *again.found]),
        sources=again.sources,
        until=last.result.until,
        articles=last.result.articles,
        unlisted=last.result.unlisted,
        next_publication=last.result.next_publication,
    )


def plan_all(work: Work, last: LastBuild | None, changed: "Changed") -> "SitePlan | BuildResult":
    """Index and plan the whole site, or return why it cannot be published."""
    from kheo.render.theme import asset_routes
    from kheo.stages.cataloguing import update_catalogue
    from kheo.stages.new_names import find_new_names
    from kheo.stages.preparing import appearance_of, compare_with_published, prepare, unindexed
    from kheo.stages.publishing import compare
    from kheo.stages.refusals import refusals
    from kheo.stages.replanning import remember_appearance
    from kheo.stages.search_limits import limit_findings
    from kheo.stages.searching import update_index
    from kheo.stages.site_plan import SitePlan

    with work.run.watch.stage("compare") as items:
        current = compare(work.store, work.options, last)
        items.append(len(current.published))
    site = prepare(work, changed)
    urls, lost = compare_with_published(work, site, changed)
    found = [*work.found, *site.found, *lost]
    if site.planned.plan.search:
        found += unindexed(work, site.planned.plan.search.coming)
    failed = any(d.severity == "error" or work.options.strict for d in found)
    if not site.theme.digests or (failed and not site.planned.is_publishable):
        return BuildResult(found=in_order(found), parsed=changed.parsed)
    plan, library = site.planned.plan, site.planned.library
    appearance = appearance_of(work, site)
    assets = asset_routes(appearance.theme)
    if plan.search is not None:
        with work.run.watch.stage("search") as items:
            catalogue, routes = update_catalogue(
                work.store, plan.search.catalogue, work.snapshot.program
            )
            index = update_index(work.store, plan.search.reports, index_work(work))
            assets += [*routes, *index.routes(catalogue)]
            found += limit_findings(index.state.limits, work.options.content)
            items.append(index.state.reports)
    planned = {*plan.paths, *(route.path for route in assets)}
    outdated = plan.ahead.past_paths
    if refused := refusals(current, planned, library, outdated, work.options):
        return BuildResult(found=in_order([*found, *refused]), parsed=changed.parsed)
    remember_appearance(work.store, work.snapshot, appearance, plan.dress)
    known = site.documents.known
    return SitePlan(
        routes=plan.routes(assets),
        count=plan.count,
        appearance=appearance,
        current=current,
        published=last.files if last else current.files(),
        pictures=plan.pictures,
        urls=urls,
        found=in_order(found),
        sources=published_sources(work.snapshot.listing.sources, known),
        until=library.next_change.seconds if library.next_change else None,
        articles=len(library.articles),
        left_out=tuple(sorted(site.planned.left_out)),
        unlisted=library.unlisted,
        next_publication=library.next_publication,
        names=find_new_names(work.store, library),
    )


# --- render and publish -------------------------------------------------------------------------


def render_and_publish(work: Work, plan: "SitePlan", changed: "Changed") -> BuildResult:
    """Render what changed into the staging folder, then rename it into the output folder."""
    from kheo.publish.staging import close_staging, open_staging
    from kheo.stages.new_names import remember_names
    from kheo.stages.publishing import publish
    from kheo.stages.rendering import BUILD, RenderPlace, RenderWork, render_routes

    options, store, watch = work.options, work.store, work.run.watch
    build = (store.memo(BUILD, "", int) or 0) + 1
    roots = roots_of(options.content, options.templates)
    render_work = RenderWork(
        work.workers, store, lambda done: work.run.progress(message("render"), done, plan.count)
    )
    try:
        with watch.stage("render") as items:
            place = RenderPlace(options.cache, open_staging(options.output), roots, build)
            rendered = render_routes(plan.routes, plan.appearance, place, plan.current, render_work)
            items.append(len(rendered.staged))
        if rendered.found:
            found = in_order([*plan.found, *rendered.found])
            return BuildResult(found=found, parsed=changed.parsed)
        with watch.stage("publish") as items:
            counts = publish(store, options, plan, rendered, build)
            items.append(counts.written + counts.removed)
    finally:
        close_staging(options.output)
    result = BuildResult(
        found=plan.found,
        counts=counts,
        articles=plan.articles,
        parsed=changed.parsed,
        rendered=len(rendered.staged),
        left_out=plan.left_out,
        unlisted=plan.unlisted,
        next_publication=plan.next_publication,
        new_names=plan.names.new if plan.names else (),
    )
    remember_names(store, plan.names)
    remember(
        work.store, work.snapshot, work.options, result, PublishedState(plan.sources, plan.until)
    )
    return result
