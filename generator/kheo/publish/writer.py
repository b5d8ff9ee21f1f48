"""Publish: rename staged files into the site in one phase.

If the process is killed, every file is complete, and either old or new; the next build finishes by
the journal in the store. After an error (a full disk, a missing permission), every old file is put
back. Pages are not synced to the disk one by one, because each fsync takes 0.2 ms or more. A file
that is damaged by a power cut does not have the recorded size and time, and is rebuilt.
"""

import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from kheo.errors import FileAccessError, convert_os_error, wrap_os_errors
from kheo.messages.wording import message
from kheo.publish.manifest import (
    MANIFEST,
    STAGING,
    find_intact,
    identity,
    manifest_text,
)
from kheo.publish.staging import UNDER_WAY, StagedFile, close_staging, new_staging, stat_if_equal
from kheo.publish.switch import Switch
from kheo.store.files import write_file
from kheo.store.journal import (
    Move,
    begin_publication,
    drop_journal,
    end_publication,
    read_journal,
    recorded_output,
)
from kheo.store.store import PublishedFile, Store

# Manifests in the staging folder. UNION lists the old and the new files; it is placed before any file
# changes. FINAL lists the new site only.
FINAL, UNION = "manifest", "manifest-first"


class NewSite(Struct, frozen=True):
    """The site to publish: rendered files, the paths of files that stay, and the URLs to list."""

    staged: list[StagedFile]
    kept: Collection[str]
    urls: bytes = b""


class Counts(Struct, frozen=True):
    """How many files a publication wrote, left unchanged and removed."""

    written: int
    unchanged: int
    removed: int


def publish(store: Store, output: Path, site: NewSite, published: Mapping[str, str]) -> Counts:
    """Rename staged files into place, and remove published ones that are neither staged nor kept.

    ``published`` is the SHA-256 of each file that the program wrote, by path. Raises FileAccessError
    after putting the old files back.
    """
    staged, kept = site.staged, site.kept
    known = {one.path for one in staged}
    removed = sorted(path for path in published if path not in known and path not in kept)
    moves = [Move(one.path, one.name, _record(one)) for one in staged]
    moves += [Move(path, "", None) for path in removed]
    written = sum(bool(one.name) for one in staged)
    counts = Counts(written, len(known) + len(kept) - written, len(removed))
    has_manifest = os.path.lexists(output / MANIFEST)
    # False after a build into another folder.
    is_recorded = recorded_output(store) == identity(output)
    final = {path: published[path] for path in kept} | {one.path: one.sha256 for one in staged}
    union: dict[str, str] = {}
    if not has_manifest or any(path not in published for path in known):
        union = final | dict(published)
    text = manifest_text(final) + site.urls
    if not moves and is_recorded and stat_if_equal(output / MANIFEST, text, is_known=False):
        return counts
    with wrap_os_errors(output):
        _publish(store, output, moves, kept, text, manifest_text(union))
    close_staging(output)
    return counts


def _record(one: StagedFile) -> PublishedFile:
    return PublishedFile(one.fingerprint, one.sha256, one.size, one.mtime_ns, one.note)


def _publish(
    store: Store, output: Path, moves: list[Move], kept: Iterable[str], final: bytes, union: bytes
) -> None:
    """Publish everything; after an error, put everything back. After a kill, ``resume`` finishes."""
    staging = new_staging(output)
    if union:
        write_file(str(staging / UNION), union, sync=True)
    if union or not stat_if_equal(output / MANIFEST, final, is_known=False):
        write_file(str(staging / FINAL), final, sync=True)
    begin_publication(store, staging.name, identity(output), moves, kept)
    switch = Switch(output, staging)
    try:
        write_file(str(staging / UNDER_WAY), b"")
        _apply_moves(switch, staging, moves)
        end_publication(store, moves, frozenset())
    except BaseException as error:
        if not (lost := switch.undo()):
            _mark_finished(store, staging)
        elif isinstance(error, OSError):
            failure = convert_os_error(error, output)
            failure.reason = message(
                "{reason}; {count} files could not be restored: build again",
                reason=failure.reason,
                count=len(lost),
            )
            raise failure from (None if failure is error else error)
        raise
    _mark_finished(store, staging)


def _mark_finished(store: Store, staging: Path) -> None:
    """Record that there is nothing to resume: delete the mark ``under-way``.

    If that fails, drop the journal instead; ``resume`` needs both.
    """
    with suppress(OSError):
        (staging / UNDER_WAY).unlink()
        return
    with suppress(FileAccessError):
        drop_journal(store)


def _apply_moves(switch: Switch, staging: Path, moves: list[Move]) -> None:
    """Apply the moves to the output folder. Moves that were done before a kill are skipped."""
    if (staging / UNION).exists():
        switch.place(MANIFEST, f"{staging.name}/{UNION}")
    for move in _order_moves(moves):
        if not move.record:
            switch.remove(move.path)
        elif move.name and os.path.lexists(f"{switch.staging}{move.name}"):
            switch.place(move.path, move.name)
    if (staging / FINAL).exists():
        switch.place(MANIFEST, f"{staging.name}/{FINAL}")


def _order_moves(moves: list[Move]) -> list[Move]:
    """Return the moves in the order in which to apply them.

    Removals come last, so that a page that moves is never missing. A removal comes first if the old
    file blocks a new one: as its folder (``a`` -> ``a/b``), as a folder in its place, or by a name
    that differs only in case, which is the same name on some file systems.
    """
    if all(move.record for move in moves):
        return moves
    placed = {move.path.casefold() for move in moves if move.record}
    folders = {folder for path in placed for folder in _parents(path)}
    first: list[Move] = []
    last: list[Move] = []
    for move in moves:
        if not move.record:
            path = move.path.casefold()
            is_in_the_way = not placed.isdisjoint([path, *_parents(path)]) or path in folders
            (first if is_in_the_way else last).append(move)
    return [*first, *(move for move in moves if move.record), *last]


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def resume(store: Store, output: Path) -> bool:
    """Finish a publication that was killed; return whether there was one. Raises FileAccessError."""
    token, moves = read_journal(store)
    staging = output / STAGING / token
    is_unfinished = bool(moves and token) and (staging / UNDER_WAY).is_file()
    with wrap_os_errors(output):
        if is_unfinished:
            for old in staging.glob("old-*"):  # second names of files that were replaced
                old.unlink()
            _apply_moves(Switch(output, staging), staging, moves)
            records = {move.path: move.record for move in moves if move.record}
            # A file that is not as recorded was put back, or damaged by a power cut: rebuild it.
            end_publication(store, moves, frozenset(records.keys() - find_intact(output, records)))
        elif moves:
            drop_journal(store)
        for mark in (output / STAGING).glob(f"kheo-*/{UNDER_WAY}"):
            mark.unlink()
    close_staging(output)
    return is_unfinished
