"""The work that processes share: chunks of sources to parse, chunks of routes to render.

Each function takes plain data and answers plain data, small: bodies and pages go to the store and
to the staging folder, not through the parent.
"""

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct, structs

from kheo.config import ParseOptions
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.language import DatePatterns
from kheo.model import Document, Entry
from kheo.publish.staging import Staged, stage
from kheo.read.sources import read_source
from kheo.render.theme import Theme
from kheo.stages.time_limit import TooSlowError, time_limit
from kheo.store.connection import open_again
from kheo.store.store import ParsedRow, Remembered, Store
from kheo.views import ArticleView, SiteView, StandingView, View, decode_view

if TYPE_CHECKING:
    from kheo.render.renderer import Renderer


SOURCE_SECONDS = 5  # of processor time; an article of our users takes 0.0005
PARSE_FACT, RENDER_FACT = "parse-options", "render-job"  # under which the store keeps them


class ParseJob(Struct, frozen=True):
    """What all sources of a build are parsed with."""

    content: Path
    cache: Path
    options: ParseOptions


class ParsedBlob(Struct, frozen=True, array_like=True):
    """What the store keeps of a good source besides its bodies. ``facts`` is ``facts_of`` it."""

    document: Document
    warnings: tuple[Diagnostic, ...]
    facts: bytes


class ParseAnswer(Struct, frozen=True):
    """How many sources were looked at, and how many of them parsed.

    ``failed``: everything found in each source that has an error.
    """

    seen: int
    parsed: int
    failed: dict[str, tuple[Diagnostic, ...]]


class RenderJob(Struct, frozen=True):
    """What all pages of a build are rendered with."""

    theme: Theme
    site: SiteView
    patterns: DatePatterns
    cache: Path
    staging: Path


class RenderTask(Struct, frozen=True):
    """One output to make. ``copy`` is a file to take as it is, or to make a picture of by ``recipe``;
    or empty."""

    path: str
    template: str
    view: bytes
    copy: str
    fingerprint: bytes
    made: bytes
    known_sha256: str
    recipe: bytes = b""
    source: str = ""


class ParsedChunk(Struct, frozen=True):
    """What became of some sources: parsed, the same bytes with a new time, or in error."""

    rows: list[ParsedRow]
    touched: list[tuple[str, Remembered]]
    failed: dict[str, tuple[Diagnostic, ...]]


def parse_chunk(job: ParseJob, entries: list[tuple[Entry, str]]) -> ParseAnswer:
    """Parses sources into the store. Each comes with the digest that it had when last parsed."""
    chunk = parse_entries(job, entries)
    with open_again(job.cache) as store:
        store.remember(chunk.rows, chunk.touched)
    return ParseAnswer(len(entries), len(chunk.rows) + len(chunk.failed), chunk.failed)


def parse_entries(job: ParseJob, entries: list[tuple[Entry, str]]) -> ParsedChunk:
    """As ``parse_chunk``, but nothing goes to the store."""
    from kheo.read.documents import parse_source  # Markdown: 0.05 s that most builds can save

    rows: list[ParsedRow] = []
    touched: list[tuple[str, Remembered]] = []
    failed: dict[str, tuple[Diagnostic, ...]] = {}
    for entry, known_digest in entries:
        source = read_source(job.content, entry)
        if isinstance(source, Diagnostic):
            failed[entry.path] = (source,)
            continue
        seen = Remembered(entry.size, entry.mtime_ns, source.digest)
        if source.digest == known_digest:
            touched.append((entry.path, seen))
            continue
        try:
            with time_limit(SOURCE_SECONDS):
                parsed = parse_source(source, job.options)
        except TooSlowError:
            found = diagnostic("too-slow", Place(entry.path), seconds=SOURCE_SECONDS)
            failed[entry.path] = (found,)
            continue
        if isinstance(parsed, tuple):
            failed[entry.path] = parsed
        else:
            facts = facts_of(parsed.document)
            blob = msgspec.msgpack.encode(ParsedBlob(parsed.document, parsed.warnings, facts))
            rows.append(ParsedRow(entry.path, seen, blob, parsed.bodies))
    return ParsedChunk(rows, touched, failed)


def facts_of(document: Document) -> bytes:
    """Stands for all that a site can show of a document outside its bodies: 16 bytes."""
    bare = structs.replace(document, bodies=("",) * len(document.bodies), references=())
    references = [(one.kind, one.target, one.anchor) for one in document.references]
    return blake2b(msgspec.msgpack.encode((bare, references)), digest_size=16).digest()


def render_chunk(job: bytes, tasks: list[RenderTask]) -> list[Staged | Diagnostic]:
    """Renders outputs into the staging folder; a diagnostic in place of one that failed.

    ``job`` is a RenderJob as MessagePack, so that a worker can tell that it has its renderer.
    """
    decoded, renderer = _renderer(job)
    views = [None if task.copy else decode_view(task.view) for task in tasks]
    digests = [view.body for view in views if isinstance(view, ArticleView | StandingView)]
    with open_again(decoded.cache) as store:
        bodies = store.bodies(digests)
    return [
        _render(task, view, decoded, renderer, bodies)
        for task, view in zip(tasks, views, strict=True)
    ]


@lru_cache(maxsize=1)
def _renderer(job: bytes) -> "tuple[RenderJob, Renderer]":
    from kheo.render.renderer import Renderer  # Jinja and Babel: 0.08 s, as above

    decoded = decode_job(job)
    return decoded, Renderer(decoded.theme, decoded.site, decoded.patterns)


def encode_job(job: RenderJob) -> bytes:
    return msgspec.msgpack.encode(job, enc_hook=str)


def decode_job(job: bytes) -> RenderJob:
    return msgspec.msgpack.decode(job, type=RenderJob, dec_hook=lambda kind, text: kind(text))


def remember_jobs(store: Store, options: ParseOptions, job: RenderJob) -> None:
    """Notes how sources are parsed and pages rendered, for edits that leave that as it is."""
    with store.transaction():
        store.put_facts({PARSE_FACT: msgspec.msgpack.encode(options), RENDER_FACT: encode_job(job)})


def remembered_jobs(store: Store, content: Path, cache: Path) -> tuple[ParseJob, RenderJob] | None:
    """What ``remember_jobs`` noted, for another staging folder to be put in."""
    options, job = store.fact(PARSE_FACT), store.fact(RENDER_FACT)
    if not options or not job:
        return None
    parse_job = ParseJob(content, cache, msgspec.msgpack.decode(options, type=ParseOptions))
    return parse_job, structs.replace(decode_job(job), cache=cache)


def _render(
    task: RenderTask,
    view: View | None,
    job: RenderJob,
    renderer: "Renderer",
    bodies: dict[str, str],
) -> Staged | Diagnostic:
    if view is None:
        data = Path(task.copy).read_bytes()
    else:
        body = bodies[view.body] if isinstance(view, ArticleView | StandingView) else ""
        page = renderer.render(task.template, view, body)
        if isinstance(page, Diagnostic):
            return page
        data = page.encode()
    return stage(job.staging, task.path, data, task.fingerprint, task.made, task.known_sha256)
