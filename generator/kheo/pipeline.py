"""The build, from top to bottom: read, parse, index, plan, render, publish."""

import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial

from msgspec import Struct

from kheo.diagnostics import Diagnostic, in_order
from kheo.errors import StoreDamagedError
from kheo.index.alphabet import name_order
from kheo.index.indexing import index_documents
from kheo.library import Library
from kheo.messages.wording import Message, message
from kheo.pictures.recipes import Measured
from kheo.plan.planning import Plan, plan_routes
from kheo.publish import manifest, writer
from kheo.publish.lock import build_lock
from kheo.publish.staging import close_staging, open_staging
from kheo.render.theme import Theme, asset_routes
from kheo.search.parts import IndexJob
from kheo.stages.inputs import Inputs, read_inputs, theme_of
from kheo.stages.measuring import measure_pictures
from kheo.stages.parsing import ParsedSources, parse_sources
from kheo.stages.refusals import all_articles_gone, folder_mistakes, too_many_removed
from kheo.stages.rendering import (
    BUILD_FACT,
    Current,
    drop_unused_pictures,
    render_routes,
)
from kheo.stages.results import BuildOptions, Progress, Report
from kheo.stages.searching import drop_unused_indexes, make_index, stage_index
from kheo.stages.stopwatch import Stopwatch
from kheo.stages.tasks import ParseJob, RenderJob, remember_jobs
from kheo.stages.unchanged import (
    Seen,
    forget_result,
    read_seen,
    remember_files,
    remember_result,
)
from kheo.stages.workers import Workers
from kheo.store.connection import open_store
from kheo.store.store import Store


def build(
    options: BuildOptions,
    tell: Callable[[Message], None] = lambda text: None,
    progress: Progress = lambda stage, done, total: None,
    watch: Stopwatch | None = None,
    executor: Executor | None = None,
    seen: Seen | None = None,
) -> Report:
    """Builds the site. Nothing in the output folder changes unless all went well.

    ``executor`` takes the place of the program's own processes; ``seen`` is what the disk holds, if
    somebody has looked already. Raises OSError where the disk does
    not do its part, BusyError where another build does not end.
    """
    watch = watch or Stopwatch()
    with fewer_collections():
        try:
            return _build(options, tell, progress, watch, executor, seen)
        except StoreDamagedError as error:  # found in use; it is deleted by now
            tell(message("{file} is made anew: {reason}", file=error.filename, reason=error.reason))
            return _build(options, tell, progress, watch, executor, seen)


@contextmanager
def fewer_collections() -> Iterator[None]:
    """A build makes many objects that live to its end: looking for cycles costs a third of it."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _build(
    options: BuildOptions,
    tell: Callable[[Message], None],
    progress: Progress,
    watch: Stopwatch,
    executor: Executor | None,
    seen: Seen | None,
) -> Report:
    if found := list(folder_mistakes(options)):
        return Report(found=found)
    with watch.stage("read") as items:
        seen = seen or read_seen(options)
        inputs, found = read_inputs(options, seen)
        items.append(len(inputs.listing.sources))
    if inputs.settings is None:
        return Report(found=in_order(found))
    with (
        build_lock(options.cache, tell, output=options.output),
        open_store(options.cache, inputs.store_version) as (store, warning),
        Workers(options.jobs, executor) as workers,
    ):
        if warning:
            tell(warning)
        with watch.stage("compare") as items:
            writer.resume(store, options.output)
            published = manifest.ours(store, options.output)
            intact = manifest.intact(options.output, published)
            intact |= manifest.restore_times(options.output, published, intact)
            current = Current(published, intact)
            items.append(len(published))
        theme, parsed, site, more = prepare(store, inputs, options, workers, progress, watch)
        found += more
        if not theme.digests or (_failed(found, options) and not site.is_sound):
            return Report(found=in_order(found), parsed=parsed.parsed)
        report = _publish(store, site, theme, inputs, current, options, found, parsed.parsed,
                          workers, progress, watch)  # fmt: skip
        remember_result(store, seen, options, report, site.library.next_change, parsed.digests)
        return report


def prepare(
    store: Store,
    inputs: Inputs,
    options: BuildOptions,
    workers: Workers,
    progress: Progress,
    watch: Stopwatch,
) -> tuple[Theme, ParsedSources, "Arranged", list[Diagnostic]]:
    """All that comes before the first page is rendered, and everything found in it."""
    with watch.stage("theme"):
        theme, found = theme_of(store, inputs, options)
    with watch.stage("parse") as items:
        job = ParseJob(options.content, options.cache, inputs.parse_options)
        parsed = parse_sources(
            store,
            job,
            inputs.listing,
            workers,
            options.keep_going,
            partial(progress, message("parse")),
        )
        items.append(parsed.parsed)
    with watch.stage("measure") as items:
        measured = measure_pictures(
            store, inputs.program, options.content, parsed.documents, inputs.listing.files, workers
        )
        items.append(len(measured))
    site = _arrange(parsed, inputs, measured, options, watch)
    return theme, parsed, site, [*found, *parsed.found, *site.found]


def _failed(found: Iterable[Diagnostic], options: BuildOptions) -> bool:
    return any(d.severity == "error" or options.strict for d in found)


# --- index and plan -----------------------------------------------------------------------------


class Arranged(Struct, frozen=True):
    """The site in order, ready to be rendered.

    ``is_sound``: it may be published, because ``keep_going`` was asked for and all that has errors
    was left out.
    """

    library: Library
    plan: Plan
    found: list[Diagnostic]
    left_out: frozenset[str]
    is_sound: bool


def _arrange(
    parsed: ParsedSources, inputs: Inputs, measured: dict[str, Measured], options: BuildOptions,
    watch: Stopwatch,
) -> Arranged:  # fmt: skip
    """Index and plan. With ``keep_going``, again without the sources that have errors."""
    left_out: frozenset[str] = frozenset()
    found: list[Diagnostic] = []
    while True:
        documents = [one for one in parsed.documents if one.path not in left_out]
        with watch.stage("index") as items:
            library, errors = index_documents(
                documents, inputs.config, inputs.language.url_words,
                name_order(inputs.language.alphabet, inputs.language.tones),
                options.now, options.drafts, options.future,
            )  # fmt: skip
            items.append(len(documents))
        with watch.stage("plan") as items:
            plan, more = plan_routes(
                library, inputs.config, inputs.language, inputs.listing.files, measured,
                left_out | parsed.failed, options.now,
            )  # fmt: skip
            items.append(plan.count)
        found += [*errors, *more]
        bad = {d.place.path for d in (*errors, *more) if d.severity == "error"}
        blamed = {path for path in bad if path.endswith(".md")} - left_out
        if not options.keep_going or not blamed:
            is_sound = options.keep_going and not bad
            return Arranged(library, plan, found, left_out | parsed.failed, is_sound)
        left_out |= blamed


# --- render and publish -------------------------------------------------------------------------


def _publish(
    store: Store,
    site: Arranged,
    theme: Theme,
    inputs: Inputs,
    current: Current,
    options: BuildOptions,
    found: list[Diagnostic],
    parsed: int,
    workers: Workers,
    progress: Progress,
    watch: Stopwatch,
) -> Report:
    """Renders what changed into the staging folder, then renames it into the site."""
    with watch.stage("search") as items:
        search = IndexJob(options.cache, inputs.config.language, inputs.language.dates)
        index = make_index(
            store, site.plan.search, search, current, workers, partial(progress, message("search"))
        )
        found = [*found, *index.found]
        items.append(len(index.parts))
    planned = {*site.plan.paths, *index.paths, *(route.path for route in asset_routes(theme))}
    obstacles = [
        *manifest.refuse_foreign(
            options.output, current.published, planned - current.intact, options.force
        ),
        *too_many_removed(current.published, planned, options),
        *all_articles_gone(current.published, site.library, options),
    ]
    if obstacles:
        return Report(found=in_order([*found, *obstacles]), parsed=parsed)
    try:
        with watch.stage("render") as items:
            number = int(store.fact(BUILD_FACT) or b"0") + 1
            staging = open_staging(options.output)
            job = RenderJob(theme, site.plan.site, inputs.language.dates, options.cache, staging)
            rendered = render_routes(
                site.plan.routes(asset_routes(theme)), job, inputs.program, number,
                {"content": options.content, "templates": options.templates},
                current, store, workers, lambda done: progress(message("render"), done, site.plan.count),
            )  # fmt: skip
            rendered.staged.extend(
                stage_index(index, options.cache, staging, number, current, rendered.kept)
            )
            items.append(len(rendered.staged))
        if rendered.found:
            return Report(found=in_order([*found, *rendered.found]), parsed=parsed)
        with watch.stage("publish") as items:
            forget_result(store)
            counts = writer.publish(
                store, options.output, rendered.staged, current.published, rendered.kept
            )
            if counts.removed:
                store.drop_unused_views()
            store.set_fact(BUILD_FACT, str(number).encode())
            remember_jobs(store, inputs.parse_options, job)
            kept = {path: current.published[path] for path in rendered.kept}
            remember_files(store, rendered.staged, kept)
            drop_unused_indexes(options.cache, index)
            drop_unused_pictures(options.cache, site.plan.pictures, current.published)
            items.append(counts.written + counts.removed)
    finally:
        close_staging(options.output)
    return Report(
        found=in_order(found),
        counts=counts,
        articles=len(site.library.articles),
        parsed=parsed,
        rendered=len(rendered.staged),
        left_out=tuple(sorted(site.left_out)),
        next_publication=site.library.next_publication,
    )
