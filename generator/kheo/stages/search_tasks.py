"""The work of the search stage that processes share: inverting, merging and patching."""

import zlib
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Struct

from kheo.errors import wrap_os_errors
from kheo.search.inversion import IndexShape, Inverted, count_ranges, merge_pairs, merge_words
from kheo.search.postings import ListChange
from kheo.search.shards import digest_of, patch_pairs, patch_words
from kheo.search.terms import SearchReport, pack, unpack, words_of_report
from kheo.stages.search_limits import limits_of
from kheo.store.connection import open_existing
from kheo.store.files import write_file
from kheo.store.search_tables import IndexedReport, read_reports, read_shard

FOLDER = "search"  # below the cache
LEVEL = 6  # of zlib


class IndexJob(Struct, frozen=True):
    """What all shards are made with."""

    cache: Path
    shape: IndexShape
    version: str

    @property
    def folder(self) -> Path:
        return self.cache / FOLDER


class InvertTask(Struct, frozen=True):
    """A report to invert, with the digests of what its words are made from. ``is_known``: the store
    has them."""

    report: SearchReport
    inputs: bytes
    is_known: bool


class Piece(Struct, frozen=True, array_like=True):
    """A part of a file: a range of lists, or tables of reports."""

    file: str
    at: int
    size: int

    def read(self) -> bytes:
        with Path(self.file).open("rb") as file:
            file.seek(self.at)
            return file.read(self.size)


class InvertedChunk(Struct, frozen=True):
    """The lists of some reports by range, and their tables, in a file."""

    newest: int
    reports: int
    tables: Piece
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


def compressed(data: bytes) -> bytes:
    """Compress a file of the index; clients use ``DecompressionStream("deflate")``."""
    return zlib.compress(data, LEVEL)


def invert_chunk(job: IndexJob, tasks: list[InvertTask]) -> InvertedChunk:
    """Make the tables of reports, and write them with their lists to a file. Raises FileAccessError."""
    inverted = Inverted(job.shape)
    new: list[IndexedReport] = []
    renumbered: list[IndexedReport] = []
    limits: dict[str, tuple[int, int]] = {}
    with open_existing(job.cache) as store:
        bodies = store.bodies(
            list({one: None for task in tasks if not task.is_known for one in task.report.bodies})
        )
        known = read_reports(store, [task.report.path for task in tasks if task.is_known])
        for task in tasks:
            report = task.report
            if task.is_known:
                row = next(known)
                table = unpack(row.words)
                if row.number != report.number:
                    renumbered.append(msgspec.structs.replace(row, number=report.number))
            else:
                html = " ".join(bodies[one] for one in report.bodies)
                table = words_of_report(report.title, report.names, html, job.shape.language)
                new.append(IndexedReport(report.path, report.number, task.inputs, pack(table)))
            limits |= limits_of(report.path, table)
            inverted.add(table, report.number)
    file = job.folder / f"{tasks[0].report.number:x}"
    parts = [msgspec.msgpack.encode((new, renumbered)), *inverted.pieces()]
    with wrap_os_errors(file):
        write_file(str(file), b"".join(parts))
    pieces, at = [], 0
    for part in parts:
        pieces.append(Piece(str(file), at, len(part)))
        at += len(part)
    return InvertedChunk(tasks[0].report.number, len(tasks), pieces[0], pieces[1:], limits)


def read_tables(piece: Piece) -> tuple[list[IndexedReport], list[IndexedReport]]:
    """Return the new tables, and those of which only the number is new."""
    kind = tuple[list[IndexedReport], list[IndexedReport]]
    new, renumbered = msgspec.msgpack.decode(piece.read(), type=kind)
    return new, renumbered


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
