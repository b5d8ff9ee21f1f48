"""Publish: pages are staged beside the site, then renamed into it in one phase.

A kill at any moment leaves every file either old or new, and whole; the journal in the store lets
the next build finish. An error (a full disk, a folder that may not be written) is answered by
putting every old file back. Pages are not synced to the disk one by one (an fsync costs 0.2 ms and
more): a file that a power cut has torn has not the size and time that the store recorded, and is
made again.
"""

import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from kheo.errors import PublishError, clearly, told_of
from kheo.messages.wording import message
from kheo.publish.manifest import MANIFEST, STAGING, identity, intact, manifest_text
from kheo.publish.staging import UNDER_WAY, Staged, close_staging, new_staging, same_file
from kheo.publish.switch import Switch
from kheo.store.files import write_file
from kheo.store.journal import Move, begin_publication, drop_journal, end_publication, read_journal
from kheo.store.store import Published, Store

FINAL, UNION = "manifest", "manifest-first"


class Counts(Struct, frozen=True):
    """What a publication did, in files."""

    written: int
    unchanged: int
    removed: int


# --- the last phase -----------------------------------------------------------------------------


def publish(
    store: Store,
    output: Path,
    staged: list[Staged],
    published: Mapping[str, str],
    kept: Collection[str],
) -> Counts:
    """Rename what was staged into place, remove what is neither staged nor kept.

    ``published`` is what ``ours`` gave: the SHA-256 of each file, by path. Raises PublishError after
    putting the old files back.
    """
    known = {one.path for one in staged}
    removed = sorted(path for path in published if path not in known and path not in kept)
    moves = [Move(one.path, one.name, _record(one)) for one in staged]
    moves += [Move(path, "", None) for path in removed]
    written = sum(bool(one.name) for one in staged)
    counts = Counts(written, len(known) + len(kept) - written, len(removed))
    has_manifest = os.path.lexists(output / MANIFEST)
    if not moves and has_manifest:
        return counts
    final = {path: published[path] for path in kept} | {one.path: one.sha256 for one in staged}
    union: dict[str, str] = {}
    if not has_manifest or any(path not in published for path in known):
        union = final | dict(published)
    with clearly(output):
        _publish(store, output, moves, kept, manifest_text(final), manifest_text(union))
    close_staging(output)
    return counts


def _record(one: Staged) -> Published:
    return Published(one.fingerprint, one.sha256, one.size, one.mtime_ns, one.made)


def _publish(
    store: Store, output: Path, moves: list[Move], kept: Iterable[str], final: bytes, union: bytes
) -> None:
    """All of it or nothing, as far as errors go; with the journal, as far as kills go."""
    staging = new_staging(output)
    if union:
        write_file(str(staging / UNION), union, sync=True)
    if union or not same_file(output / MANIFEST, final, is_known=False):
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
            failure.reason = message(
                "{reason}; {count} files could not be put back: build again",
                reason=failure.reason,
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
