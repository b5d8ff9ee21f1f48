"""The work of the search stage that processes share: inverting, merging and patching."""

import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import cast

from msgspec import Struct, structs

from kheo.errors import wrap_os_errors
from kheo.search.inversion import IndexShape, Inverted, count_ranges, merge_pairs, merge_words
from kheo.search.postings import ListChange
from kheo.search.shards import digest_of, patch_pairs, patch_words
from kheo.search.terms import ReportWords, SearchReport, pack, unpack, words_of_report
from kheo.stages.search_limits import limits_of
from kheo.stages.workers import Workers
from kheo.store.connection import open_existing
from kheo.store.search_tables import (
    IndexedReport,
    put_reports,
    read_reports,
    read_shard,
    renumber_reports,
)
from kheo.store.store import Store

FOLDER = "search"  # below the cache
LEVEL = 3  # of zlib: 0.5% larger than with 6, in half the time where lists are long


class IndexJob(Struct, frozen=True):
    """What all shards are made with."""

    cache: Path
    shape: IndexShape
    version: str

    @property
    def folder(self) -> Path:
        return self.cache / FOLDER


class IndexWork(Struct, frozen=True):
    """The cache, the language, the program's digest and the workers that the index is made with."""

    cache: Path
    language: str
    program: str
    workers: Workers
    progress: Callable[[int, int], None]


class InvertTask(Struct, frozen=True):
    """A report to invert, with the digests of what its words are made from. ``is_known``: the store
    has them."""

    report: SearchReport
    inputs: bytes
    is_known: bool


class Piece(Struct, frozen=True, array_like=True):
    """A part of a file: the lists of some reports in one range."""

    file: str
    at: int
    size: int

    def read(self) -> bytes:
        with Path(self.file).open("rb") as file:
            file.seek(self.at)
            return file.read(self.size)


class InvertedChunk(Struct, frozen=True):
    """The lists of some reports by range, in a file. ``newest`` is the number of the newest report."""

    newest: int
    reports: int
    pieces: list[Piece]
    limits: dict[str, tuple[int, int]]


class MergeTask(Struct, frozen=True):
    """A range of shards to make, those of words first, from pieces in the order of the reports."""

    number: int
    pieces: list[Piece]


class PackedShard(Struct, frozen=True):
    """A shard as it is published; ``data`` is empty where nothing is left of it."""

    name: str
    digest: str
    data: bytes


class MergedShards(Struct, frozen=True):
    """The shards of some ranges, and in how many reports the folded words in them are."""

    shards: list[PackedShard]
    vocabulary: dict[str, int]


def clean_folder(cache: Path) -> None:
    """Remove the files of the search stage, also those of a build that was killed."""
    folder = cache / FOLDER
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def compressed(data: bytes) -> bytes:
    """Compress a file of the index; clients use ``DecompressionStream("deflate")``."""
    return zlib.compress(data, LEVEL)


def invert_chunk(job: IndexJob, tasks: list[InvertTask]) -> InvertedChunk:
    """Make the tables of reports and store them, and write their lists to a file.

    The reports must come newest first. Raises FileAccessError.
    """
    inverted = Inverted(job.shape)
    limits: dict[str, tuple[int, int]] = {}
    with open_existing(job.cache) as store:
        rows = []
        for task, row, table in _tables(store, job, tasks):
            limits |= limits_of(row.path, table)
            inverted.add(table, task.report.number)
            rows.append((task, row))
        with store.transaction():
            put_reports(store, (row for task, row in rows if not task.is_known))
            renumber_reports(
                store,
                (
                    structs.replace(row, number=task.report.number)
                    for task, row in rows
                    if row.number != task.report.number
                ),
            )
    newest = tasks[0].report.number
    return InvertedChunk(
        newest, len(tasks), _written(job.folder / f"{newest:x}", inverted.pieces()), limits
    )


def _tables(
    store: Store, job: IndexJob, tasks: list[InvertTask]
) -> Iterator[tuple[InvertTask, IndexedReport, ReportWords]]:
    """Yield each report as it is in the store, or as it is to be stored, with its table."""
    digests = {one for task in tasks if not task.is_known for one in task.report.bodies}
    bodies = store.bodies(sorted(digests))
    known = read_reports(store, [task.report.path for task in tasks if task.is_known])
    for task in tasks:
        report = task.report
        if task.is_known:
            row = next(known)
            yield task, row, unpack(row.words)
            continue
        html = " ".join(bodies[one] for one in report.bodies)
        language = job.shape.language
        table = words_of_report(report.title, report.names, html, language, report.lead)
        yield task, IndexedReport(report.path, report.number, task.inputs, pack(table)), table


def _written(file: Path, parts: Iterable[bytes]) -> list[Piece]:
    """Write parts to a file one behind the other, and return where they are."""
    pieces: list[Piece] = []
    at = 0
    with wrap_os_errors(file), file.open("wb") as stream:
        for part in parts:
            stream.write(part)
            pieces.append(Piece(str(file), at, len(part)))
            at += len(part)
    return pieces


def merge_chunk(job: IndexJob, tasks: list[MergeTask]) -> MergedShards:
    """Make the shards of some ranges."""
    shards: list[PackedShard] = []
    vocabulary: dict[str, int] = {}
    words, _ = count_ranges(job.shape)
    for task in tasks:
        pieces = map(Piece.read, task.pieces)
        if task.number < words:
            made, frequency = merge_words(pieces, job.shape)
            vocabulary |= frequency
        else:
            made = merge_pairs(pieces, job.shape, task.number - words)
        shards += (_packed(one.name, one.data) for one in made)
    return MergedShards(shards, vocabulary)


PatchTask = tuple[str, bool, dict[str, ListChange] | dict[int, ListChange]]


def patch_chunk(job: IndexJob, tasks: list[PatchTask]) -> list[PackedShard]:
    """Patch shards. A task has the name of a shard, whether it exists, and what changes in it.

    Raises StoreDamagedError, and ShardError where a change does not fit.
    """
    made = []
    with open_existing(job.cache) as store:
        for name, exists, changes in tasks:
            data = zlib.decompress(read_shard(store, name)) if exists else b""
            if name.startswith("w"):
                patched = patch_words(data, cast(dict[str, ListChange], changes))
            else:
                bits = job.shape.list_bits
                patched = patch_pairs(data, cast(dict[int, ListChange], changes), bits)
            made.append(_packed(name, patched))
    return made


def _packed(name: str, data: bytes) -> PackedShard:
    return PackedShard(name, digest_of(data), compressed(data) if data else b"")
