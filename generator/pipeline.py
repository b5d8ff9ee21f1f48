"""The build, from top to bottom: read, parse, index, plan, render, publish."""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from generator.diagnostics import Diagnostic, Place, diagnostic, in_order
from generator.index.alphabet import name_order
from generator.index.indexing import index_documents
from generator.library import Library
from generator.model import Document, Entry, Moment, Route
from generator.publish import writer
from generator.publish.lock import build_lock
from generator.publish.store import Published, Remembered, Store, open_store
from generator.read.sources import Listing, read_listing
from generator.render.plan import Plan, plan_routes
from generator.render.theme import Theme, asset_routes, read_theme
from generator.settings import Settings, program_digest, read_settings
from generator.tasks import (
    ParsedBlob,
    ParseJob,
    RenderJob,
    RenderTask,
    encode_job,
    parse_into,
    render_chunk,
)

Progress = Callable[[str, int, int], None]  # stage, done, total


class BuildOptions(Struct, frozen=True, kw_only=True):
    """One run's choices. ``now`` is aware: it decides what is published yet."""

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


class Report(Struct, frozen=True, kw_only=True):
    """What a build found and did. ``counts`` is ``None`` where nothing was published."""

    found: list[Diagnostic]
    counts: writer.Counts | None = None
    articles: int = 0
    left_out: tuple[str, ...] = ()
    next_publication: Moment | None = None
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        return sum(d.severity == "error" for d in self.found)

    @property
    def warnings(self) -> int:
        return len(self.found) - self.errors


def build(
    options: BuildOptions,
    tell: Callable[[str], None] = lambda text: None,
    progress: Progress = lambda stage, done, total: None,
) -> Report:
    """Builds the site. Nothing in the output folder changes unless all went well.

    Raises OSError where the disk does not do its part, BusyError where another build does not end.
    """
    found = list(_folder_mistakes(options))
    if found:
        return Report(found=found)
    settings, found = read_settings(options.content, options.templates, options.base_url)
    theme, more = read_theme(options.templates, settings.config.language if settings else "en")
    listing = read_listing(options.content)
    found += more
    if settings is None or _failed(found, options):
        return _report(found + list(listing.found))
    version = f"{program_digest()} {msgspec.json.encode(settings.parse_options).decode()}"
    with (
        build_lock(options.cache, tell),
        open_store(options.cache, version) as (store, warning),
    ):
        if warning:
            tell(warning)
        writer.resume(store, options.output)
        parsed = parse_sources(store, listing, settings, options, progress)
        site = arrange(parsed, listing, settings, options)
        found += [*listing.found, *parsed.found, *site.found]
        if _failed(found, options) and not (options.keep_going and site.is_sound):
            return _report(found)
        return publish_site(store, site, theme, settings, options, found, progress)


def _failed(found: Iterable[Diagnostic], options: BuildOptions) -> bool:
    return any(d.severity == "error" or options.strict for d in found)


def _report(found: list[Diagnostic]) -> Report:
    return Report(found=in_order(found))


def _folder_mistakes(options: BuildOptions) -> Iterable[Diagnostic]:
    output = options.output.resolve()
    for name, folder in (("content", options.content), ("templates", options.templates)):
        other = folder.resolve()
        if output == other or other in output.parents or output in other.parents:
            yield diagnostic("output-overlap", Place(str(options.output), tree=""), other=name)
    if output.exists() and not output.is_dir():
        yield diagnostic("output-foreign", Place(".", tree="output"), path=str(options.output))


# --- parse --------------------------------------------------------------------------------------


class ParsedSources(Struct, frozen=True):
    """Every good document, and what was found in the sources. ``stale`` ones have errors now and
    are here as they last were good."""

    documents: list[Document]
    found: list[Diagnostic]
    failed: frozenset[str]


def parse_sources(
    store: Store, listing: Listing, settings: Settings, options: BuildOptions, progress: Progress
) -> ParsedSources:
    """Parses what is new or changed, forgets what is gone, and gives all documents."""
    remembered = store.remembered()
    present = {entry.path for entry in listing.sources}
    if gone := [path for path in remembered if path not in present]:
        store.forget(gone)
    stale = list(_changed(listing.sources, remembered))
    job = ParseJob(options.content, options.cache, settings.parse_options)
    answer = parse_into(store, job, stale)
    progress("parse", len(stale), len(stale))
    if gone or answer.parsed:
        store.drop_unused_bodies()
    documents, found = [], [d for failed in answer.failed.values() for d in failed]
    decode = msgspec.msgpack.Decoder(ParsedBlob).decode
    for path, data in store.documents():
        if path in answer.failed and not options.keep_going:
            continue
        blob = decode(data)
        documents.append(blob.document)
        if path not in answer.failed:
            found += blob.warnings
    return ParsedSources(documents, found, frozenset(answer.failed))


def _changed(
    entries: Iterable[Entry], remembered: dict[str, Remembered]
) -> Iterable[tuple[Entry, str]]:
    """Entries whose size or time is not as it was, with the digest that they had."""
    for entry in entries:
        known = remembered.get(entry.path)
        if known is None:
            yield entry, ""
        elif (known.size, known.mtime_ns) != (entry.size, entry.mtime_ns):
            yield entry, known.digest


# --- index and plan -----------------------------------------------------------------------------


class Arranged(Struct, frozen=True):
    """The site in order, ready to be rendered. ``is_sound``: what has errors was left out."""

    library: Library
    plan: Plan
    found: list[Diagnostic]
    left_out: frozenset[str]
    is_sound: bool


def arrange(
    parsed: ParsedSources, listing: Listing, settings: Settings, options: BuildOptions
) -> Arranged:
    """Index and plan. With ``keep_going``, again without the sources that have errors."""
    left_out: frozenset[str] = frozenset()
    found: list[Diagnostic] = []
    config, language = settings.config, settings.language
    while True:
        library, more = index_documents(
            [document for document in parsed.documents if document.path not in left_out],
            config,
            language.url_words,
            name_order(language.alphabet, language.tones),
            options.now,
            options.drafts,
            options.future,
        )
        unknown = left_out | parsed.failed
        plan, broken = plan_routes(library, config, language, listing.files, unknown, options.now)
        more += broken
        found += more
        errors = [d.place.path for d in more if d.severity == "error"]
        blamed = {path for path in errors if path.endswith(".md")} - left_out
        if not options.keep_going or not errors or not blamed:
            return Arranged(library, plan, found, left_out | parsed.failed, not errors)
        left_out |= blamed


# --- render and publish -------------------------------------------------------------------------


def publish_site(
    store: Store,
    site: Arranged,
    theme: Theme,
    settings: Settings,
    options: BuildOptions,
    found: list[Diagnostic],
    progress: Progress,
) -> Report:
    """Renders what changed into the staging folder, then renames it into the site."""
    published = writer.ours(store, options.output)
    intact = writer.intact(options.output, published)
    routes = [*site.plan.routes(), *asset_routes(theme)]
    planned = {route.path for route in routes}
    found += writer.refuse_foreign(
        options.output,
        published,
        (path for path in planned if path not in published),
        options.force,
    )
    found += _too_many_removed(published, planned, options)
    if _failed([d for d in found if d.place.tree == "output" or not options.keep_going], options):
        return _report(found)
    job = RenderJob(
        theme,
        site.plan.site,
        settings.language.dates,
        options.cache,
        writer.open_staging(options.output),
    )
    kept: set[str] = set()
    staged: list[writer.Staged] = []
    try:
        tasks = list(_tasks(routes, job, theme, options, published, intact, kept))
        encoded = encode_job(job)
        for start in range(0, len(tasks), CHUNK):
            for answer in render_chunk(encoded, tasks[start : start + CHUNK]):
                if isinstance(answer, Diagnostic):
                    found.append(answer)
                else:
                    staged.append(answer)
            progress("render", min(start + CHUNK, len(tasks)), len(tasks))
        if any(d.place.tree == "templates" for d in found):
            return _report(found)
        counts = writer.publish(store, options.output, staged, published, kept)
    finally:
        writer.close_staging(options.output)
    return Report(
        found=in_order(found),
        counts=counts,
        articles=len(site.library.articles),
        left_out=tuple(sorted(site.left_out)),
        next_publication=site.library.next_publication,
    )


CHUNK = 64  # outputs that a worker renders at a time


def _tasks(
    routes: Iterable[Route],
    job: RenderJob,
    theme: Theme,
    options: BuildOptions,
    published: dict[str, Published],
    intact: set[str],
    kept: set[str],
) -> Iterable[RenderTask]:
    """What must be made; the paths that need not are noted in ``kept``."""
    site = _digest(msgspec.msgpack.encode((job.site, job.patterns)))
    program = _digest(program_digest().encode())
    roots = {"content": options.content, "templates": options.templates}
    for route in routes:
        own = _digest(route.view or route.version.encode())
        shape = _digest(theme.digests.get(route.template, "").encode())
        fingerprint = own + shape + site + program
        known = published.get(route.path)
        is_intact = known is not None and route.path in intact
        if known and is_intact and known.fingerprint == fingerprint:
            kept.add(route.path)
            continue
        copy = str(roots[route.tree] / route.copy) if route.copy else ""
        made = msgspec.msgpack.encode(
            Made(route.url, route.template, route.source, _reason(known, is_intact, fingerprint))
        )
        yield RenderTask(
            route.path,
            route.template,
            route.view,
            copy,
            fingerprint,
            made,
            known.sha256 if known and is_intact else "",
        )


class Made(Struct, frozen=True):
    """What ``explain`` tells of an output."""

    url: str
    template: str
    source: str
    reason: str


PIECE = 12  # bytes of each part of a fingerprint: view, template, site, program
PIECES = ("its content", "its template", "what all pages share", "the program")


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=PIECE).digest()


def _reason(known: Published | None, is_intact: bool, fingerprint: bytes) -> str:
    if known is None:
        return "it was not there before"
    if not is_intact:
        return "the file was missing or changed by somebody else"
    changed = [
        name
        for number, name in enumerate(PIECES)
        if known.fingerprint[number * PIECE : (number + 1) * PIECE]
        != fingerprint[number * PIECE : (number + 1) * PIECE]
    ]
    return f"{' and '.join(changed)} changed"


def _too_many_removed(
    published: dict[str, Published], planned: set[str], options: BuildOptions
) -> Iterable[Diagnostic]:
    pages = [path for path in published if path.endswith(".html")]
    gone = sorted(path for path in pages if path not in planned)
    if len(pages) >= MANY_PAGES and len(gone) * 100 > options.max_removed * len(pages):
        shown = ", ".join(gone[:10]) + (", …" if len(gone) > 10 else "")
        yield diagnostic(
            "max-removed", Place(".", tree="output"), count=len(gone), total=len(pages), pages=shown
        )


MANY_PAGES = 20  # a smaller site may change as a whole
