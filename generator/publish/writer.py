"""Publish: pages are staged beside the site, then renamed into it in one phase.

A kill at any moment leaves every file either old or new, and whole; the journal in the store lets
the next build finish. An error (a full disk, a folder that may not be written) is answered by
putting every old file back. Pages are not synced to the disk one by one (an fsync costs 0.2 ms and
more): a file that a power cut has torn has not the size and time that the store recorded, and is
made again.

    output/.staging/kheo-<token>/   one folder for each build, so that a worker that outlives its
                                    killed build writes into nobody else's pages
    output/.kheo                    the manifest
"""

import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from generator.messages.wording import told
from generator.publish.errors import PublishError
from generator.publish.journal import (
    FOLDER_MODE,
    Move,
    Switch,
    begin_publication,
    drop_journal,
    end_publication,
    read_journal,
)
from generator.publish.manifest import (
    MANIFEST,
    STAGING,
    clearly,
    identity,
    intact,
    is_safe,
    manifest_text,
    manifest_with,
    ours,
    refuse_foreign,
    restore_times,
    told_of,
)
from generator.publish.store import Published, Store

__all__ = [
    "Counts", "Staged", "close_staging", "intact", "open_staging", "ours", "publish",
    "refuse_foreign", "replace", "restore_times", "resume", "stage",
]  # fmt: skip

FILE_MODE = 0o644
UNDER_WAY = "under-way"  # in the staging folder while files are renamed
FINAL, UNION = "manifest", "manifest-first"


class Staged(Struct, frozen=True):
    """An output that was rendered. ``name`` is its file below ``output/.staging``; empty where the
    published file already has these bytes."""

    path: str
    name: str
    fingerprint: bytes
    sha256: str
    size: int
    mtime_ns: int
    made: bytes


class Counts(Struct, frozen=True):
    """What a publication did, in files."""

    written: int
    unchanged: int
    removed: int


# --- staging ------------------------------------------------------------------------------------


def open_staging(output: Path) -> Path:
    """An empty folder of this build's own, on the file system of ``output``, which it may make."""
    with clearly(output):
        output.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        return _new_staging(output)


def _new_staging(output: Path) -> Path:
    staging = output / STAGING / f"kheo-{os.urandom(8).hex()}"
    (output / STAGING).mkdir(mode=FOLDER_MODE, exist_ok=True)
    staging.mkdir(mode=FOLDER_MODE)
    return staging


def close_staging(output: Path) -> None:
    """Removes what was staged, unless a publication is still to be finished."""
    if is_under_way(output):
        return
    for folder in (output / STAGING).glob("kheo-*"):
        with suppress(OSError):  # what is left here, the next build removes
            shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        (output / STAGING).rmdir()


def is_under_way(output: Path) -> bool:
    """Whether a build was interrupted while it renamed files: what is there is of two builds."""
    return any((output / STAGING).glob(f"kheo-*/{UNDER_WAY}"))


def stage(
    staging: Path, path: str, data: bytes, fingerprint: bytes, made: bytes, known_sha256: str
) -> Staged:
    """Writes one output to the staging folder, unless the published file has these bytes.

    ``known_sha256`` is that of the published file where it is intact, else empty. Raises
    PublishError, and ValueError for a path that leads out of the output folder.
    """
    if not is_safe(path):
        raise ValueError(f"not a path below the output folder: {path}")
    digest = sha256(data).hexdigest()
    final = staging.parent.parent / path
    with clearly(final):
        status = _same_file(final, data, digest == known_sha256)
        name = ""
        if status is None:
            name = f"{staging.name}/{sha256(path.encode()).hexdigest()[:32]}"
            status = write_file(f"{staging.parent}{os.sep}{name}", data)
    return Staged(path, name, fingerprint, digest, len(data), status.st_mtime_ns, made)


def write_file(file: str, data: bytes, sync: bool = False) -> os.stat_result:
    """Writes a new file, with the mode of all published files; its status. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(file, flags, FILE_MODE)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        if sync:
            os.fsync(descriptor)
        status = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if status.st_mode & 0o777 != FILE_MODE:  # an unusual umask
        with suppress(PermissionError):  # a file system that keeps no modes
            Path(file).chmod(FILE_MODE)
    return status


def _same_file(file: Path, data: bytes, is_known: bool) -> os.stat_result | None:
    """The status of the file if it has these bytes (``is_known``, or compared), else ``None``."""
    try:
        status = os.lstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
            return None
        return status if is_known or file.read_bytes() == data else None
    except OSError:  # it is not there, or not readable: a new one takes its place
        return None


# --- the last phase -----------------------------------------------------------------------------


def publish(
    store: Store,
    output: Path,
    staged: list[Staged],
    published: dict[str, Published],
    kept: set[str],
) -> Counts:
    """Renames what was staged into place, removes what is neither staged nor kept.

    ``published`` is what ``ours`` gave. Raises PublishError after putting the old files back.
    """
    planned = kept.union(one.path for one in staged)
    removed = sorted(path for path in published if path not in planned)
    moves = [Move(one.path, one.name, _record(one)) for one in staged]
    moves += [Move(path, "", None) for path in removed]
    written = sum(bool(one.name) for one in staged)
    counts = Counts(written, len(planned) - written, len(removed))
    final = {path: published[path].sha256 for path in kept} | {o.path: o.sha256 for o in staged}
    has_manifest = os.path.lexists(output / MANIFEST)
    if not moves and has_manifest:
        return counts
    union = {}
    if not has_manifest or any(one.path not in published for one in staged):
        union = final | {path: one.sha256 for path, one in published.items()}
    with clearly(output):
        _publish(store, output, moves, kept, manifest_text(final), manifest_text(union))
    close_staging(output)
    return counts


def replace(store: Store, output: Path, staged: list[Staged]) -> int:
    """Renames new versions of files that are published and intact into place, and nothing else;
    how many of them have other bytes.

    Raises PublishError after putting the old files back.
    """
    moves = [Move(one.path, one.name, _record(one)) for one in staged]
    with clearly(output):
        text = manifest_with(output, {one.path: one.sha256 for one in staged})
        _publish(store, output, moves, (), text, b"")
    close_staging(output)
    return sum(bool(one.name) for one in staged)


def _record(one: Staged) -> Published:
    return Published(one.fingerprint, one.sha256, one.size, one.mtime_ns, one.made)


def _publish(
    store: Store, output: Path, moves: list[Move], kept: Iterable[str], final: bytes, union: bytes
) -> None:
    """All of it or nothing, as far as errors go; with the journal, as far as kills go."""
    staging = _new_staging(output)
    if union:
        write_file(str(staging / UNION), union, sync=True)
    if union or not _same_file(output / MANIFEST, final, is_known=False):
        write_file(str(staging / FINAL), final, sync=True)
    begin_publication(store, staging.name, identity(output), moves, kept)
    switch = Switch(output, staging)
    try:
        write_file(str(staging / UNDER_WAY), b"")
        _carry_out(switch, staging, moves)
        end_publication(store, moves, frozenset())
    except BaseException as error:
        if not (lost := switch.take_back()):
            _set_finished(store, staging)
        elif isinstance(error, OSError):
            failure = told_of(error, output)
            failure.strerror = told(
                "{reason}; {count} files could not be put back: build again",
                reason=failure.strerror,
                count=len(lost),
            )
            raise failure from (None if failure is error else error)
        raise
    _set_finished(store, staging)


def _set_finished(store: Store, staging: Path) -> None:
    """There is nothing to resume. One of the two is enough, should the disk be in a bad way."""
    with suppress(OSError):
        (staging / UNDER_WAY).unlink()
        return
    with suppress(PublishError):
        drop_journal(store)


def _carry_out(switch: Switch, staging: Path, moves: list[Move]) -> None:
    """The one phase that changes the site. What is done already, before a kill, is passed over."""
    if (staging / UNION).exists():
        switch.place(MANIFEST, f"{staging.name}/{UNION}")
    for move in _in_order(moves):
        if not move.record:
            switch.remove(move.path)
        elif move.name and os.path.lexists(f"{switch.staging}{move.name}"):
            switch.place(move.path, move.name)
    if (staging / FINAL).exists():
        switch.place(MANIFEST, f"{staging.name}/{FINAL}")


def _in_order(moves: list[Move]) -> list[Move]:
    """Removals come last, so that a page that moves is never missing; but first where a new file
    needs the place: as a folder (``a`` -> ``a/b``), as a file, or under a name that differs in
    case only, which some file systems take for the same."""
    if all(move.record for move in moves):
        return moves
    placed = {move.path.casefold() for move in moves if move.record}
    folders = {folder for path in placed for folder in _parents(path)}
    first: list[Move] = []
    last: list[Move] = []
    for move in moves:
        if not move.record:
            path = move.path.casefold()
            is_in_the_way = path in placed or path in folders or any(
                folder in placed for folder in _parents(path)
            )  # fmt: skip
            (first if is_in_the_way else last).append(move)
    return [*first, *(move for move in moves if move.record), *last]


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def resume(store: Store, output: Path) -> bool:
    """Finishes a publication that was killed; whether there was one. Raises PublishError."""
    token, moves = read_journal(store)
    staging = output / STAGING / token
    is_unfinished = bool(moves and token) and (staging / UNDER_WAY).is_file()
    with clearly(output):
        if is_unfinished:
            for old in staging.glob("old-*"):  # second names of files that were replaced
                old.unlink()
            _carry_out(Switch(output, staging), staging, moves)
            records = {move.path: move.record for move in moves if move.record}
            # One that is not as recorded was put back, or torn by a power cut: it is made again.
            end_publication(store, moves, frozenset(records.keys() - intact(output, records)))
        elif moves:
            drop_journal(store)
        for mark in (output / STAGING).glob(f"kheo-*/{UNDER_WAY}"):
            mark.unlink()
    close_staging(output)
    return is_unfinished
