"""Measure and make pictures in worker processes."""

import warnings
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from kheo.addresses import DATA
from kheo.config import TableOptions
from kheo.diagnostics import BrokenFile, Diagnostic, Place, diagnostic
from kheo.errors import wrap_os_errors
from kheo.media.files import is_media
from kheo.messages.system import reason_of
from kheo.messages.wording import message
from kheo.model import Entry, FileState
from kheo.pictures.recipes import (
    Cleaned,
    ShareCard,
    decode_recipe,
)
from kheo.plan.measured import Measured
from kheo.publish.staging import StagedFile, stage
from kheo.read.sources import content_digest
from kheo.store.cache_folder import list_cache_files, make_cache_folder
from kheo.store.files import write_file

if TYPE_CHECKING:
    from PIL.Image import Image

FOLDER = "pictures"  # in the cache folder
UNREAD = FileState(-1, -1, "")  # a state that no file has: the picture is measured again next time
MAX_BYTES = 100_000_000  # of a picture file; it is in memory several times while it is made
CHECKED = 16  # bytes: the digest at the start of a cache file, before the picture


class RenderTask(Struct, frozen=True):
    """One output to render.

    For a page, ``view`` is its view as MessagePack and ``body`` the digest of its HTML in the store.
    For a file, ``copy`` is the file to copy, or to make a picture from by ``recipe``.
    ``original`` is its place if that is not ``source``, which is relative to ``content/``.
    ``stored`` names a search shard in the store; ``data`` are the bytes of another file.
    """

    path: str
    template: str
    view: bytes
    body: str
    copy: str
    fingerprint: bytes
    note: bytes
    known_sha256: str
    recipe: bytes = b""
    source: str = ""
    original: Place | None = None
    stored: str = ""
    data: bytes | None = None


class KnownFile(Struct, frozen=True, array_like=True):
    """What was found in a file when it was last measured, and its state then."""

    state: FileState
    measured: Measured


class PictureJob(Struct, frozen=True):
    """The folders for pictures. ``version`` is the digest of the code that makes pictures.

    Without a ``staging`` folder, pictures are made only for the cache.
    """

    cache: Path
    staging: Path | None
    version: str


class MeasureJob(Struct, frozen=True):
    """The content folder, and how tables of data are read."""

    content: Path
    tables: TableOptions


def measure_chunk(
    job: MeasureJob, items: list[tuple[Entry, KnownFile | None]]
) -> list[tuple[str, KnownFile]]:
    """Return the measurement of each file. A file whose bytes did not change is not decoded again."""
    answers = []
    for entry, known in items:
        if is_media(entry.path):
            answers.append((entry.path, _examine(job.content, entry)))
            continue
        if entry.size > MAX_BYTES:
            large = message("it has more than {limit} MB", limit=MAX_BYTES // 1_000_000)
            broken = BrokenFile("image-broken", {"reason": large})
            answers.append((entry.path, KnownFile(UNREAD, broken)))
            continue
        try:
            data = (job.content / entry.file).read_bytes()
        except OSError as error:
            broken = BrokenFile("image-broken", {"reason": reason_of(error)})
            answers.append((entry.path, KnownFile(UNREAD, broken)))
            continue
        digest = content_digest(data)
        measured = (
            known.measured
            if known and known.state.digest == digest
            else _measure(data, digest, entry.path, job.tables)
        )
        state = FileState(entry.size, entry.mtime_ns, digest)
        answers.append((entry.path, KnownFile(state, measured)))
    return answers


def _examine(content: Path, entry: Entry) -> KnownFile:
    """Return what is known of a file that is not read as a whole, so that it has no digest."""
    from kheo.media.examine import examine

    try:
        with (content / entry.file).open("rb") as file:
            found = examine(file, entry.path)
    except OSError as error:
        return KnownFile(UNREAD, BrokenFile("media-broken", {"reason": reason_of(error)}))
    return KnownFile(FileState(entry.size, entry.mtime_ns, ""), found)


def _measure(data: bytes, digest: str, path: str, tables: TableOptions) -> Measured:
    if path.lower().endswith(DATA):
        from kheo.read.data.table import examine_table  # Babel: 0.05 s

        return examine_table(data, path, tables)
    # Imports Pillow: 0.05 s, which most builds do not need.
    from kheo.pictures.measure import measure

    return measure(data, digest)


def cache_name(recipe: bytes, version: str) -> str:
    """Return the name of a picture in the cache: a digest of its recipe and the version."""
    return blake2b(recipe + version.encode(), digest_size=16).hexdigest()


def picture_chunk(job: PictureJob, tasks: list[RenderTask]) -> list[StagedFile | Diagnostic]:
    """Make pictures in the staging folder, or copy them from the cache; return a result for each.

    Tasks for the same file must be consecutive, so that it is decoded only once.
    """
    answers: list[StagedFile | Diagnostic] = []
    source = _Original("")
    for task in tasks:
        file = job.cache / FOLDER / cache_name(task.recipe, job.version)
        data = _read_cached(file)
        if not data:
            if task.copy != source.file:
                source = _Original(task.copy)
            made = _make_picture(task, source)
            if isinstance(made, Diagnostic):
                answers.append(made)
                continue
            data = made
            _write_cached(file, data)
        if job.staging:
            answers.append(
                stage(job.staging, task.path, data, task.fingerprint, task.note, task.known_sha256)
            )
    return answers


class _Original:
    """A picture file that is read and decoded when it is first used."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._data: bytes | None = None
        self._image: Image | None = None

    @property
    def data(self) -> bytes:
        if self._data is None:
            self._data = Path(self.file).read_bytes()
        return self._data

    @property
    def image(self) -> "Image":
        from kheo.pictures.develop import load_upright

        if self._image is None:
            self._image = load_upright(self.data)
        return self._image


def _make_picture(task: RenderTask, source: _Original) -> bytes | Diagnostic:
    recipe = decode_recipe(task.recipe)
    if isinstance(recipe, ShareCard):
        from kheo.pictures.card import draw_card

        return draw_card(recipe)
    from kheo.pictures.develop import develop

    if content_digest(source.data) != recipe.digest:
        reason = message("it changed while the site was being built")
        return diagnostic("image-broken", Place(task.source), target=task.source, reason=reason)

    def make() -> bytes:
        return develop(recipe, source.data, None if isinstance(recipe, Cleaned) else source.image)

    if data := made_or_broken(make):
        return data
    reason = message("it is damaged or incomplete")
    return diagnostic("image-broken", Place(task.source), target=task.source, reason=reason)


def made_or_broken(make: Callable[[], bytes]) -> bytes | None:
    """Return what ``make`` returns; ``None`` for damage that was not found when it was measured."""
    from kheo.pictures.measure import DAMAGE

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about damaged metadata, which is not published
        try:
            return make()
        except DAMAGE:
            return None


def _read_cached(file: Path) -> bytes:
    """Return a picture from the cache; empty if there is none or it is damaged."""
    try:
        stored = file.read_bytes()
    except OSError:
        return b""
    data = stored[CHECKED:]
    return data if blake2b(data, digest_size=CHECKED).digest() == stored[:CHECKED] else b""


def is_cached(cache: Path, recipe: bytes, version: str) -> bool:
    """Return whether the cache has a picture, without reading it."""
    return (cache / FOLDER / cache_name(recipe, version)).is_file()


def _write_cached(file: Path, data: bytes) -> None:
    with wrap_os_errors(file):
        make_cache_folder(file.parent)
        write_file(str(file), blake2b(data, digest_size=CHECKED).digest() + data)


def drop_others(cache: Path, names: set[str]) -> None:
    """Delete cached pictures that no page shows any more."""
    for file in list_cache_files(cache / FOLDER):
        if file.name not in names:
            file.unlink(missing_ok=True)
