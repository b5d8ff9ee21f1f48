"""The journal of a publication: written to the store before it begins, so that it can be finished.

``Move`` is one entry; ``Switch`` applies entries and can undo them. Applying them again is safe:
after a kill -9, what is already done is skipped.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from kheo.store.store import PublishedFile, Store, checksum_of

# Names of memos: the output folder that the records describe, and its staging folder.
_OUTPUT, _TOKEN = ".output", ".token"


class Move(Struct, frozen=True):
    """One entry of the journal: the file at ``path`` is replaced, recorded again or removed.

    ``name`` is the staged file; it is empty if the published file has the right bytes. Without a
    ``record``, the file is removed.
    """

    path: str
    name: str
    record: PublishedFile | None


def recorded_output(store: Store) -> str:
    """Return the output folder whose files ``store.published()`` describes."""
    return store.memo(_OUTPUT, "", str) or ""


def read_journal(store: Store) -> tuple[str, list[Move]]:
    """Return the name of the staging folder of an unfinished publication, and its moves."""
    decode = msgspec.msgpack.Decoder(PublishedFile).decode
    moves = []
    with store.wrap_sqlite_errors():
        rows = store.connection.execute("SELECT path, name, record, checksum FROM journal")
        for path, name, record, checksum in rows:
            if checksum != checksum_of(f"{path}\0{name}", record):
                raise store.damaged(f"journal of {path}")
            moves.append(Move(path, name, decode(record) if record else None))
    return store.memo(_TOKEN, "", str) or "", moves


def begin_publication(
    store: Store, token: str, output: str, moves: Iterable[Move], kept: Iterable[str]
) -> None:
    """Write the journal. Records of another output folder are dropped, except those of ``kept``."""
    encode = msgspec.msgpack.Encoder().encode
    rows = []
    for move in moves:
        record = encode(move.record) if move.record else b""
        key = f"{move.path}\0{move.name}"
        rows.append((move.path, move.name, record, checksum_of(key, record)))
    is_other_output = recorded_output(store) != output
    run = store.connection.execute
    with store.transaction():
        if is_other_output:
            run("CREATE TEMP TABLE kept (path TEXT PRIMARY KEY)")
            store.connection.executemany("INSERT INTO kept VALUES (?)", [(path,) for path in kept])
            run("DELETE FROM published WHERE path NOT IN (SELECT path FROM kept)")
            run("DROP TABLE kept")
        run("DELETE FROM journal")
        store.connection.executemany("INSERT INTO journal VALUES (?, ?, ?, ?)", rows)
        store.put_memo(_OUTPUT, "", output)
        store.put_memo(_TOKEN, "", token)


def end_publication(store: Store, moves: Iterable[Move], lost: frozenset[str]) -> None:
    """Record the moves as done and drop the journal. ``lost`` paths get no record: they are rebuilt."""
    encode = msgspec.msgpack.Encoder().encode
    gone, rows = [], []
    for move in moves:
        if move.record and move.path not in lost:
            record = encode(move.record)
            rows.append((move.path, record, checksum_of(move.path, record)))
        else:
            gone.append((move.path,))
    with store.transaction():
        store.connection.executemany("DELETE FROM published WHERE path = ?", gone)
        store.connection.executemany("INSERT OR REPLACE INTO published VALUES (?, ?, ?)", rows)
        store.connection.execute("DELETE FROM journal")


def drop_journal(store: Store) -> None:
    """Forget a publication that was undone, or whose staging folder is gone."""
    with store.transaction():
        store.connection.execute("DELETE FROM journal")
