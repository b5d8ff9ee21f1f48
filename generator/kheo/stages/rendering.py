"""Render: write the routes whose fingerprint changed to the staging folder, in workers if many."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from kheo.assets import IMAGES
from kheo.diagnostics import BrokenFile, Diagnostic, Place, diagnostic
from kheo.errors import FileAccessError
from kheo.language import DatePatterns
from kheo.messages.system import reason_of
from kheo.model import FileState
from kheo.plan.shared import Shared
from kheo.publish.staging import StagedFile, stage, stage_file
from kheo.read.sources import content_digest_of, stamp_of
from kheo.render.theme import Theme
from kheo.routes import DIGEST_BYTES, Route, copy_inputs, digest
from kheo.stages.blame import blame_picture
from kheo.stages.limits import SECONDS
from kheo.stages.picture_tasks import (
    PictureJob,
    RenderTask,
    cache_name,
    drop_others,
    picture_chunk,
)
from kheo.stages.versions import pictures_digest
from kheo.stages.workers import Failure, Workers
from kheo.store.connection import open_existing
from kheo.store.search_tables import read_shard
from kheo.store.store import PlannedPage, PublishedFile, Store
from kheo.views import SiteView, View, decode_view, encode_view

if TYPE_CHECKING:
    from kheo.render.renderer import Renderer

FEW_PICTURES = 6  # up to this many are made in one worker; each has to import Pillow: 0.05 s
PICTURE_SECONDS = SECONDS
PICTURE_CHUNK = 8  # about one original in all its sizes
FEW_OUTPUTS = 200  # up to this many are rendered in this process; starting two workers takes 0.05 s
MANY_PAGES = 500  # rows in one transaction
PIECES = ("its content", "its template", "what all pages share", "the program")
BUILD = "build"  # the memo with the number of the last publication


class Appearance(Struct, frozen=True):
    """The data that all pages of a site are rendered with.

    ``program`` is the digest of the program and of the packages that affect its output.
    """

    theme: Theme
    site: SiteView
    shared: Shared
    patterns: DatePatterns
    program: str

    def frame(self) -> bytes:
        """Return the last part of every fingerprint: the digest of what all pages share."""
        return digest(_encode((self.site, self.shared, self.patterns))) + digest(
            self.program.encode()
        )


_encode = msgspec.msgpack.Encoder().encode


class RenderJob(Struct, frozen=True):
    """The data and the folders that a worker needs to render."""

    theme: Theme
    site: SiteView
    patterns: DatePatterns
    cache: str
    staging: str


class RenderNote(Struct, frozen=True):
    """What ``explain`` shows for an output. ``build`` is the number of the build that rendered it.

    ``own`` has the site's own templates among those that made it.
    """

    url: str
    template: str
    source: str
    reason: str
    build: int
    own: tuple[str, ...] = ()


decode_render_note = msgspec.msgpack.Decoder(RenderNote).decode


class CurrentSite(Struct, frozen=True):
    """The record of each published file, and the paths of files that still match their record."""

    published: dict[str, PublishedFile]
    intact: set[str]

    def files(self) -> dict[str, FileState]:
        return {
            path: FileState(one.size, one.mtime_ns, one.sha256)
            for path, one in self.published.items()
        }


class RenderResult(Struct, frozen=True):
    """The rendered outputs (``staged``), and the paths of outputs that are up to date (``kept``)."""

    staged: list[StagedFile]
    kept: set[str]
    found: list[Diagnostic]


class RenderPlace(Struct, frozen=True):
    """The folders of a build, and its number (``build``).

    ``roots`` has the folder of each tree from which files are copied.
    """

    cache: Path
    staging: Path
    roots: dict[str, Path]
    build: int


def render_routes(
    routes: Iterable[Route],
    appearance: Appearance,
    place: RenderPlace,
    current: CurrentSite,
    work: "RenderWork",
) -> RenderResult:
    """Render the routes whose fingerprint changed, and return the result.

    The planned pages of sources are saved in the store, so that an edit of a body does not require a
    new plan of the whole site.
    """
    kept: set[str] = set()
    staged: list[StagedFile] = []
    found: list[Diagnostic] = []
    pictures: list[RenderTask] = []
    changed = changed_tasks(routes, appearance, place, current, kept)
    pages = _remembered(changed, work.store, pictures)
    job = RenderJob(
        appearance.theme, appearance.site, appearance.patterns, str(place.cache), str(place.staging)
    )
    answered = chain(
        work.workers.run(render_chunk, _encode(job), pages, FEW_OUTPUTS),
        _made_pictures(pictures, place, work.workers),
    )
    for answers in answered:
        for answer in answers:
            if isinstance(answer, Diagnostic):
                found.append(answer)
            else:
                staged.append(answer)
        work.progress(len(staged))
    return RenderResult(staged, kept, found)


class RenderWork(Struct, frozen=True):
    """The workers, the store for planned pages, and a callback that gets the number of outputs."""

    workers: Workers
    store: Store
    progress: Callable[[int], None]


def changed_tasks(
    routes: Iterable[Route],
    appearance: Appearance,
    place: RenderPlace,
    current: CurrentSite,
    kept: set[str],
) -> Iterator[tuple[Route, RenderTask]]:
    """Yield what must be rendered; add the paths of everything else to ``kept``."""
    frame = appearance.frame()
    shapes = {name: digest(one.encode()) for name, one in appearance.theme.digests.items()}
    shapes[""] = digest(b"")
    published, intact = current.published, current.intact
    for route in routes:
        fingerprint = content_digest(route.inputs, route.body) + shapes[route.template] + frame
        known = published.get(route.path)
        is_intact = route.path in intact
        if known and is_intact and known.fingerprint == fingerprint:
            kept.add(route.path)
            continue
        reason = _reason(known, is_intact, fingerprint)
        own = appearance.theme.own.get(route.template, ())
        note = RenderNote(route.url, route.template, route.source, reason, place.build, own)
        yield (
            route,
            RenderTask(
                path=route.path,
                template=route.template,
                view=encode_view(route.view()) if route.view else b"",
                body=route.body,
                copy=str(place.roots[route.tree] / route.copy) if route.copy else "",
                fingerprint=fingerprint,
                note=_encode(note),
                known_sha256=known.sha256 if known and is_intact else "",
                recipe=route.recipe,
                source=route.source,
                original=Place(route.copy, tree=route.tree) if route.tree != "content" else None,
                stored=route.stored,
                data=route.data() if route.data else None,
            ),
        )


def _remembered(
    changed: Iterable[tuple[Route, RenderTask]], store: Store, pictures: list[RenderTask]
) -> Iterator[RenderTask]:
    """Save planned pages in the store and yield their tasks. Collect picture tasks in ``pictures``.

    Pictures are made separately: one takes as long as a hundred pages.
    """
    pages: list[tuple[str, int, PlannedPage]] = []
    for route, task in changed:
        if route.body:
            page = PlannedPage(
                route.path, route.url, route.template, route.inputs, route.body, task.view
            )
            pages.append((route.source, route.part, page))
        if len(pages) >= MANY_PAGES:
            store.remember_pages(pages)
            pages.clear()
        if task.recipe:
            pictures.append(task)
        else:
            yield task
    store.remember_pages(pages)


def _made_pictures(
    pictures: list[RenderTask], place: RenderPlace, workers: Workers
) -> Iterator[list[StagedFile | Diagnostic]]:
    """Make the pictures. Call this only after ``_remembered``, which collects them, is exhausted."""
    if pictures:
        job = PictureJob(place.cache, place.staging, pictures_digest())
        yield from make_pictures(pictures, job, workers)


def make_pictures(
    tasks: list[RenderTask], job: PictureJob, workers: Workers
) -> Iterator[list[StagedFile | Diagnostic]]:
    return workers.run(
        picture_chunk,
        job,
        tasks,
        FEW_PICTURES,
        PICTURE_CHUNK,
        give_up=_give_up,
        seconds=PICTURE_SECONDS,
    )


def _give_up(task: RenderTask, failure: Failure) -> list[StagedFile | Diagnostic]:
    broken = blame_picture(failure)
    return [diagnostic(broken.code, Place(task.source), target=task.source, **broken.values)]


def broken_pictures(found: Iterable[Diagnostic]) -> dict[str, BrokenFile]:
    """Return the pictures that could not be made, by path."""
    return {
        d.place.path: BrokenFile(d.code, {k: v for k, v in d.values.items() if k != "target"})
        for d in found
        if d.code in {"image-broken", "image-too-slow"} and not d.place.line
    }


def drop_unused_pictures(cache: Path, pictures: dict[str, Route], published: Iterable[str]) -> None:
    """Delete cached pictures that are no longer used. If the set is unchanged, do nothing."""
    before = {path for path in published if path.startswith(IMAGES)}
    if before != {path for path in pictures if path.startswith(IMAGES)}:
        version = pictures_digest()
        drop_others(cache, {cache_name(route.recipe, version) for route in pictures.values()})


def content_digest(inputs: bytes, body: str) -> bytes:
    """Return the first part of a fingerprint: the digest of a page's inputs and body."""
    return digest(inputs + body.encode()) if body else inputs


def _reason(known: PublishedFile | None, is_intact: bool, fingerprint: bytes) -> str:
    """Return why an output is rendered, as ``explain`` shows it."""
    if known is None:
        return "it was not there before"
    if not is_intact:
        return "its file was missing or had been changed by somebody else"
    pieces = [
        slice(number * DIGEST_BYTES, (number + 1) * DIGEST_BYTES) for number in range(len(PIECES))
    ]
    changed = [
        name
        for name, piece in zip(PIECES, pieces, strict=True)
        if known.fingerprint[piece] != fingerprint[piece]
    ]
    return f"{' and '.join(changed)} changed"


# --- in a worker --------------------------------------------------------------------------------


def render_chunk(job: bytes, tasks: list[RenderTask]) -> list[StagedFile | Diagnostic]:
    """Render outputs into the staging folder; return a diagnostic for each one that failed.

    ``job`` is a RenderJob as MessagePack: a worker keeps the renderer of the last job it saw.
    """
    decoded, renderer = renderer_of(job)
    with open_existing(Path(decoded.cache)) as store:
        bodies = store.bodies([task.body for task in tasks if task.body])
        shards = {task.stored: read_shard(store, task.stored) for task in tasks if task.stored}
    return [_render(task, decoded, renderer, bodies, shards) for task in tasks]


@lru_cache(maxsize=1)
def renderer_of(job: bytes) -> "tuple[RenderJob, Renderer]":
    from kheo.render.renderer import Renderer  # imports Jinja and Babel: 0.08 s

    decoded = msgspec.msgpack.decode(job, type=RenderJob)
    return decoded, Renderer(decoded.theme, decoded.site, decoded.patterns)


def _render(
    task: RenderTask,
    job: RenderJob,
    renderer: "Renderer",
    bodies: dict[str, str],
    shards: dict[str, bytes],
) -> StagedFile | Diagnostic:
    if task.data is not None:
        data = task.data
    elif task.stored:
        data = shards[task.stored]
    elif task.copy:
        return _copy(task, job)
    else:
        view: View = decode_view(task.view)
        page = renderer.render(task.template, view, bodies.get(task.body, ""))
        if isinstance(page, Diagnostic):
            return page
        data = page.encode()
    return stage(Path(job.staging), task.path, data, task.fingerprint, task.note, task.known_sha256)


def _copy(task: RenderTask, job: RenderJob) -> StagedFile | Diagnostic:
    """Stage a file of the theme or an attachment, if it is still the one that was planned."""
    place, planned = task.original or Place(task.source), task.fingerprint[:DIGEST_BYTES]
    try:
        with Path(task.copy).open("rb") as file:
            status = os.fstat(file.fileno())
            inputs = copy_inputs(status.st_size, stamp_of(status))
            if planned != inputs and planned != digest(content_digest_of(file).encode()):
                return diagnostic("file-changed", place)
            return stage_file(
                Path(job.staging), task.path, file, task.fingerprint, task.note, task.known_sha256
            )
    except FileAccessError:  # of the output folder
        raise
    except OSError as error:
        return diagnostic("unreadable", place, reason=reason_of(error))
