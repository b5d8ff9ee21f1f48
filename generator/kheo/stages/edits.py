"""An edit that shows on no page but its own: that page is made again, and nothing else is looked at.

Most edits change some words of a body. What other pages can show of an article (title, date, summary,
links, headings) are its facts: where they are as they were, a whole build would give every route the
view that it has, but for the digests of the edited bodies. So neither index nor plan are needed, and
an edit costs little more than a listing of the files. Whatever is not sure is left to a whole build.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic, in_order
from kheo.errors import StoreDamagedError
from kheo.messages.wording import Message
from kheo.model import Source
from kheo.publish import writer
from kheo.publish.lock import build_lock
from kheo.publish.manifest import identity
from kheo.publish.staging import Staged, close_staging, open_staging
from kheo.publish.writer import Counts
from kheo.read.sources import read_source
from kheo.stages.rendering import BUILD_FACT, PIECE, Made, decode_made, piece
from kheo.stages.results import BuildOptions, Report
from kheo.stages.stopwatch import Stopwatch
from kheo.stages.tasks import (
    ParsedBlob,
    ParseJob,
    RenderJob,
    RenderTask,
    encode_job,
    parse_entries,
    remembered_jobs,
    render_chunk,
)
from kheo.stages.unchanged import (
    LAST_FACT,
    LastBuild,
    SourceState,
    forget_result,
    manifest_state,
    note_result,
    remember_files,
)
from kheo.store.connection import open_again
from kheo.store.journal import recorded_output
from kheo.store.store import ParsedRow, Remembered, Store
from kheo.views import ArticleView, StandingView, decode_view, encode_view

FEW = 20  # more texts than that are parsed sooner by several processes


class MoreToDoError(Exception):
    """The change may show on other pages, or cannot be published: a matter for a whole build."""


def build_edited(
    last: LastBuild, options: BuildOptions, tell: Callable[[Message], None], watch: Stopwatch
) -> Report | None:
    """Builds a site of which only texts have changed since ``last``; ``None`` if there is more to it.

    Raises as ``build`` does.
    """
    try:
        with (
            build_lock(options.cache, tell, output=options.output),
            open_again(options.cache) as store,
        ):
            return _build_edited(store, last, options, watch)
    except (MoreToDoError, StoreDamagedError):  # what is damaged, a whole build tells and mends
        return None


def _build_edited(store: Store, last: LastBuild, options: BuildOptions, watch: Stopwatch) -> Report:
    jobs = remembered_jobs(store, options.content, options.cache)
    is_current = store.fact(LAST_FACT) == last.noted
    if not jobs or not is_current or recorded_output(store) != identity(options.output):
        raise MoreToDoError
    parse_job, render_job = jobs
    with watch.stage("parse") as items:
        edits = _parse(store, last, parse_job)
        items.append(len(edits.parsed))
    if edits.parsed and render_job.site.search:  # the index of a year changes too, under new names
        raise MoreToDoError
    if options.strict and edits.found:
        raise MoreToDoError
    build = int(store.fact(BUILD_FACT) or b"0") + 1
    pages = [page for path, blob in edits.parsed.items() for page in _pages(store, path, blob)]
    forget_result(store)
    staged, written = [], 0
    if pages:
        try:
            with watch.stage("render") as items:
                staged = _render(pages, render_job, build, options.output)
                items.append(len(staged))
            with watch.stage("publish") as items:
                written = writer.replace(store, options.output, staged)
                store.remember_views((page.path, page.source, page.view) for page in pages)
                store.set_fact(BUILD_FACT, str(build).encode())
                items.append(written)
        finally:
            close_staging(options.output)
    found = in_order([*last.result.found, *edits.found])
    _note(store, last, edits, staged, found, options.output)
    return Report(
        found=found,
        counts=Counts(written, len(last.files) - written, 0),
        articles=last.result.articles,
        parsed=len(edits.parsed),
        rendered=len(staged),
        next_publication=last.result.next_publication,
    )


# --- the sources --------------------------------------------------------------------------------


class Edits(Struct, frozen=True):
    """How the sources are now that have new times, and those of them that have another text."""

    states: dict[str, SourceState]
    parsed: dict[str, ParsedBlob]

    @property
    def found(self) -> list[Diagnostic]:
        return [one for blob in self.parsed.values() for one in blob.warnings]


def _parse(store: Store, last: LastBuild, job: ParseJob) -> Edits:
    """Raises MoreToDoError where a source has errors, or other facts."""
    known = last.sources
    touched, changed = [], []
    for entry in last.edited:
        source = read_source(job.content, entry)
        if isinstance(source, Source) and source.digest == known[entry.path].digest:
            touched.append(entry)
        else:
            changed.append(entry)
        if len(changed) > FEW:
            raise MoreToDoError
    states = {
        one.path: structs.replace(known[one.path], size=one.size, mtime_ns=one.mtime_ns)
        for one in touched
    }
    rows: list[ParsedRow] = []
    parsed: dict[str, ParsedBlob] = {}
    if changed:
        # Whatever digest the store has of them may be that of a build which failed: none counts.
        chunk = parse_entries(job, [(entry, "") for entry in changed])
        told_of = {one.place.path for one in last.result.found}
        for row in chunk.rows:
            blob = parsed[row.path] = msgspec.msgpack.decode(row.blob, type=ParsedBlob)
            if blob.facts != known[row.path].facts or row.path in told_of:
                raise MoreToDoError
            seen = row.seen
            states[row.path] = SourceState(seen.size, seen.mtime_ns, seen.digest, blob.facts)
        if chunk.failed:
            raise MoreToDoError
        rows = chunk.rows
    times = ((path, states[path]) for path in states.keys() - parsed.keys())
    store.remember(rows, [(path, Remembered(s.size, s.mtime_ns, s.digest)) for path, s in times])
    return Edits(states, parsed)


# --- the pages ----------------------------------------------------------------------------------


class EditedPage(Struct, frozen=True):
    """An output with its new view, and its record, of the one before."""

    path: str
    source: str
    template: str
    url: str
    view: bytes
    fingerprint: bytes
    known_sha256: str


def _pages(store: Store, source: str, blob: ParsedBlob) -> Iterator[EditedPage]:
    """The pages of a source. Raises MoreToDoError unless all of them are known."""
    bodies, views = blob.document.bodies, store.views(source)
    if len(views) != len(bodies):  # a draft has none
        raise MoreToDoError
    for path, known in views:
        record = store.record(path)
        if record is None or record.fingerprint[:PIECE] != piece(known):
            raise MoreToDoError
        made = decode_made(record.made)
        view = decode_view(known)
        assert isinstance(view, ArticleView | StandingView), "no other pages have sources"
        number = view.pager.number if view.pager else 1
        new = encode_view(structs.replace(view, body=bodies[number - 1]))
        fingerprint = piece(new) + record.fingerprint[PIECE:]
        yield EditedPage(path, source, made.template, made.url, new, fingerprint, record.sha256)


def _render(pages: list[EditedPage], job: RenderJob, build: int, output: Path) -> list[Staged]:
    """Raises MoreToDoError where a template fails."""
    job = structs.replace(job, staging=open_staging(output))
    tasks = [
        RenderTask(
            path=page.path,
            template=page.template,
            view=page.view,
            copy="",
            fingerprint=page.fingerprint,
            made=msgspec.msgpack.encode(
                Made(page.url, page.template, page.source, "its content changed", build)
            ),
            known_sha256=page.known_sha256,
        )
        for page in pages
    ]
    staged = []
    for answer in render_chunk(encode_job(job), tasks):
        if isinstance(answer, Diagnostic):
            raise MoreToDoError
        staged.append(answer)
    return staged


def _note(
    store: Store,
    last: LastBuild,
    edits: Edits,
    staged: list[Staged],
    found: list[Diagnostic],
    output: Path,
) -> None:
    """Notes for the next build what this one has left."""
    if staged:
        remember_files(store, staged, last.files)
    result = structs.replace(last.result, found=found, manifest=manifest_state(output))
    note_result(store, result, last.sources | edits.states)
