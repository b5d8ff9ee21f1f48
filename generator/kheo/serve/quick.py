"""What an editor waits for, before the build: the page of the report that was saved, or its mistakes.

A build of a large site looks at everything that may show a new title. The page that the browser has
open need not wait for that: it is the page that it was, with other words. Nothing of this is written
anywhere; the build that follows makes the same page, and has the last word.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from unicodedata import normalize

import msgspec
from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic
from kheo.errors import PublishError
from kheo.model import Document, Entry
from kheo.plan.context import shortened
from kheo.render.renderer import Renderer
from kheo.stages.rendering import decode_made
from kheo.stages.results import BuildOptions
from kheo.stages.tasks import (
    ParsedBlob,
    ParseJob,
    RenderJob,
    decode_job,
    encode_job,
    parse_entries,
    remembered_jobs,
)
from kheo.store.connection import open_again
from kheo.store.store import STORE_FILE, ParsedRow, Store
from kheo.views import (
    ArticleView,
    ContentsEntry,
    Crumb,
    StandingView,
    decode_view,
)

FEW = 5  # saved at once: more is a checkout, not an editor


class Glance(Struct, frozen=True):
    """``failed``: what is wrong in sources that cannot be read; ``good``: those that can;
    ``pages``: output path to bytes."""

    failed: dict[str, tuple[Diagnostic, ...]] = {}
    good: frozenset[str] = frozenset()
    pages: dict[str, bytes] = {}


def glance(options: BuildOptions, files: Iterable[Path]) -> Glance:
    """A first look at files that were saved; empty where it takes a build to say anything."""
    entries = list(_entries(options.content, files))
    if not 0 < len(entries) <= FEW or not (options.cache / STORE_FILE).is_file():
        return Glance()
    try:
        with open_again(options.cache) as store:
            jobs = remembered_jobs(store, options.content, options.cache)
            return _glance(store, *jobs, entries) if jobs else Glance()
    except PublishError:  # a matter for the build: it tells, and mends
        return Glance()


def _glance(store: Store, parse_job: ParseJob, job: RenderJob, entries: list[Entry]) -> Glance:
    chunk = parse_entries(parse_job, [(entry, "") for entry in entries])
    pages = {path: data for row in chunk.rows for path, data in _pages(store, job, row)}
    return Glance(chunk.failed, frozenset(row.path for row in chunk.rows), pages)


def _entries(content: Path, files: Iterable[Path]) -> Iterator[Entry]:
    """The reports among files that were saved, as a listing would have them."""
    root = content.resolve()
    for file in files:
        if file.suffix != ".md" or not file.is_relative_to(root) or not file.is_file():
            continue
        name = file.relative_to(root).as_posix()
        if file.is_symlink() or any(part.startswith(".") for part in name.split("/")):
            continue
        status = file.stat()
        yield Entry(normalize("NFC", name), name, status.st_size, status.st_mtime_ns)


def _pages(store: Store, job: RenderJob, row: ParsedRow) -> Iterator[tuple[str, bytes]]:
    """The pages of a report, if they are where they were and show the same things."""
    new = msgspec.msgpack.decode(row.blob, type=ParsedBlob).document
    known = [data for _, _, data in store.documents(row.path)]
    if not known or not _is_alike(msgspec.msgpack.decode(known[0], type=ParsedBlob).document, new):
        return
    views = store.views(row.path)
    if len(views) != len(new.bodies):
        return
    renderer = _renderer(encode_job(job))
    for path, data in views:
        record, view = store.record(path), decode_view(data)
        if record is None or not isinstance(view, ArticleView | StandingView):
            return
        number = view.pager.number if view.pager else 1
        body = row.bodies.get(new.bodies[number - 1], "")
        page = renderer.render(
            decode_made(record.made).template, _with_words(view, new, number), body
        )
        if isinstance(page, Diagnostic):  # the build will tell
            return
        yield path, page.encode()


def _is_alike(old: Document, new: Document) -> bool:
    """Whether the two differ in words alone: title, summary, text, headings.

    The title of a standing page is in the footer of all.
    """

    def bones(document: Document) -> object:
        references = [(one.kind, one.target, one.anchor) for one in document.references]
        meta = structs.replace(document.meta, summary="")
        if meta.kind == "article":
            meta = structs.replace(meta, title="")
        return document.path, document.slug, meta, len(document.bodies), references

    return bones(old) == bones(new)


def _with_words(
    view: ArticleView | StandingView, new: Document, number: int
) -> ArticleView | StandingView:
    title = new.meta.title
    crumb = Crumb(title, shortened(title), view.breadcrumb[-1].url)
    headings = view.headings
    if len(new.bodies) == 1:
        headings = tuple(ContentsEntry(h.level, h.title, f"#{h.anchor}") for h in new.headings)
    view = structs.replace(
        view,
        title=title,
        description=new.summary,
        breadcrumb=(*view.breadcrumb[:-1], crumb),
        body=new.bodies[number - 1],
        headings=headings,
    )
    if isinstance(view, ArticleView) and number == 1:
        return structs.replace(view, summary=new.meta.summary)
    return view


@lru_cache(maxsize=1)
def _renderer(job: bytes) -> Renderer:
    decoded = decode_job(job)
    return Renderer(decoded.theme, decoded.site, decoded.patterns)
