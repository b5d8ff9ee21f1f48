"""The render stage: what has another fingerprint is rendered, in workers where it pays."""

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from itertools import chain
from pathlib import Path

import msgspec
from msgspec import Struct

from kheo.assets import IMAGES
from kheo.diagnostics import Diagnostic
from kheo.model import Route
from kheo.publish.staging import Staged
from kheo.stages.picture_tasks import PictureJob, cache_name, drop_others, picture_chunk
from kheo.stages.tasks import RenderJob, RenderTask, encode_job, render_chunk
from kheo.stages.versions import pictures_digest
from kheo.stages.workers import Workers
from kheo.store.store import Published, Store

FEW_PICTURES = 6  # so many take about as long as starting processes and decoding twice
PICTURE_CHUNK = 8  # about one picture in all its sizes
FEW_OUTPUTS = 200  # up to so many are rendered here: two processes cost 0.05 s to start
MANY_VIEWS = 500  # so many go to the store at once
PIECE = 12  # bytes of each part of a fingerprint
PIECES = ("its content", "its template", "what all pages share", "the program")


BUILD_FACT = "build"  # under which the store keeps the number of the last publication


class Made(Struct, frozen=True):
    """What ``explain`` tells of an output. ``build`` is the number of the one that rendered it."""

    url: str
    template: str
    source: str
    reason: str
    build: int


def decode_made(made: bytes) -> Made:
    return msgspec.msgpack.decode(made, type=Made)


class Rendered(Struct, frozen=True):
    """``staged``: what was rendered; ``kept``: outputs that are right as they are."""

    staged: list[Staged]
    kept: set[str]
    found: list[Diagnostic]


class Current(Struct, frozen=True):
    """The published site: what is recorded of each file, and which files are still so."""

    published: dict[str, Published]
    intact: set[str]


def render_routes(
    routes: Iterable[Route],
    job: RenderJob,
    program: str,
    build: int,
    roots: dict[str, Path],
    current: Current,
    store: Store,
    workers: Workers,
    progress: Callable[[int], None],
) -> Rendered:
    """Renders the routes whose fingerprint changed into the staging folder.

    ``program`` stands for the program and the packages that shape output, ``build`` is the number of
    this build; ``roots`` are the folders that copied files come from. The views of articles and
    standing pages go to the store, for edits that change nothing else (see ``kheo.stages.edits``).
    """
    kept: set[str] = set()
    staged: list[Staged] = []
    found: list[Diagnostic] = []
    pictures: list[RenderTask] = []
    tasks = _tasks(routes, job, program, build, roots, current, kept)
    pages = _noting_views(_set_aside(tasks, pictures), store)
    answered = chain(
        workers.run(render_chunk, encode_job(job), pages, FEW_OUTPUTS),
        _made_pictures(pictures, job, workers),
    )
    for answers in answered:
        for answer in answers:
            if isinstance(answer, Diagnostic):
                found.append(answer)
            else:
                staged.append(answer)
        progress(len(staged))
    return Rendered(staged, kept, found)


def _noting_views(tasks: Iterable[RenderTask], store: Store) -> Iterator[RenderTask]:
    views: list[tuple[str, str, bytes]] = []
    for task in tasks:
        if task.view and task.source.endswith(".md"):
            views.append((task.path, task.source, task.view))
        if len(views) >= MANY_VIEWS:
            store.remember_views(views)
            views.clear()
        yield task
    store.remember_views(views)


def _set_aside(tasks: Iterable[RenderTask], pictures: list[RenderTask]) -> Iterator[RenderTask]:
    """The tasks that are no pictures; a picture takes as long as a hundred pages."""
    for task in tasks:
        if task.recipe:
            pictures.append(task)
        else:
            yield task


def _made_pictures(
    pictures: list[RenderTask], job: RenderJob, workers: Workers
) -> Iterator[list[Staged | Diagnostic]]:
    """Begun after the pages, when ``pictures`` is filled."""
    if pictures:
        how = PictureJob(job.cache, job.staging, pictures_digest())
        yield from workers.run(picture_chunk, how, pictures, FEW_PICTURES, PICTURE_CHUNK)


def drop_unused_pictures(cache: Path, pictures: dict[str, Route], published: Iterable[str]) -> None:
    """Bounds the cache of made pictures, when the site shows others than it did."""
    before = {path for path in published if path.startswith(IMAGES)}
    if before != {path for path in pictures if path.startswith(IMAGES)}:
        version = pictures_digest()
        drop_others(cache, {cache_name(route.recipe, version) for route in pictures.values()})


def _tasks(
    routes: Iterable[Route],
    job: RenderJob,
    program: str,
    build: int,
    roots: dict[str, Path],
    current: Current,
    kept: set[str],
) -> Iterator[RenderTask]:
    """What must be made; the paths that need not are noted in ``kept``."""
    frame = piece(msgspec.msgpack.encode((job.site, job.patterns))) + piece(program.encode())
    shapes = {name: piece(digest.encode()) for name, digest in job.theme.digests.items()}
    shapes[""] = piece(b"")
    for route in routes:
        source = route.view or route.recipe or route.version.encode()
        fingerprint = piece(source) + shapes[route.template] + frame
        known = current.published.get(route.path)
        is_intact = route.path in current.intact
        if known and is_intact and known.fingerprint == fingerprint:
            kept.add(route.path)
            continue
        reason = _reason(known, is_intact, fingerprint)
        yield RenderTask(
            path=route.path,
            template=route.template,
            view=route.view,
            copy=str(roots[route.tree] / route.copy) if route.copy else "",
            fingerprint=fingerprint,
            made=msgspec.msgpack.encode(
                Made(route.url, route.template, route.source, reason, build)
            ),
            known_sha256=known.sha256 if known and is_intact else "",
            recipe=route.recipe,
            source=route.source,
        )


def piece(data: bytes) -> bytes:
    """One of the four parts of a fingerprint; the first is that of the view."""
    return blake2b(data, digest_size=PIECE).digest()


def _reason(known: Published | None, is_intact: bool, fingerprint: bytes) -> str:
    """Why an output is made, in words."""
    if known is None:
        return "it was not there before"
    if not is_intact:
        return "its file was missing or had been changed by somebody else"
    pieces = [slice(number * PIECE, (number + 1) * PIECE) for number in range(len(PIECES))]
    changed = [
        name
        for name, piece in zip(PIECES, pieces, strict=True)
        if known.fingerprint[piece] != fingerprint[piece]
    ]
    return f"{' and '.join(changed)} changed"
