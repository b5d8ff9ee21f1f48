"""The journal of a publication: noted in the store before it begins, so that it can be finished.

``Move`` is one entry; ``Switch`` carries entries out and can put everything back. All of it may be
done again: after a kill -9, what is found already done is passed over.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from kheo.store.store import Published, Store, checksum_of

_OUTPUT, _TOKEN = ".output", ".token"  # memos: whose files the records describe; its staging


class Move(Struct, frozen=True):
    """One entry of the journal. ``name`` is the staged file; empty where the bytes stay.

    Without a ``record`` the file at ``path`` is removed.
    """

    path: str
    name: str
    record: Published | None


# --- in the store -------------------------------------------------------------------------------


def recorded_output(store: Store) -> str:
    """The output folder whose files ``store.published()`` describes."""
    return store.memo(_OUTPUT, "", str) or ""


def read_journal(store: Store) -> tuple[str, list[Move]]:
    """The name of the staging folder of an unfinished publication, and its moves."""
    decode = msgspec.msgpack.Decoder(Published).decode
    moves = []
    with store.clearly():
        rows = store.connection.execute("SELECT path, name, record, checksum FROM journal")
        for path, name, record, checksum in rows:
            if checksum != checksum_of(f"{path}\0{name}", record):
                raise store.damaged(f"journal of {path}")
            moves.append(Move(path, name, decode(record) if record else None))
    return store.memo(_TOKEN, "", str) or "", moves


def begin_publication(
    store: Store, token: str, output: str, moves: Iterable[Move], kept: Iterable[str]
) -> None:
    """Notes what is about to happen. Records of another folder go, but those of ``kept``."""
    encode = msgspec.msgpack.Encoder().encode
    rows = []
    for move in moves:
        record = encode(move.record) if move.record else b""
        key = f"{move.path}\0{move.name}"
        rows.append((move.path, move.name, record, checksum_of(key, record)))
    moved = recorded_output(store) != output
    run = store.connection.execute
    with store.transaction():
        if moved:
            run("CREATE TEMP TABLE kept (path TEXT PRIMARY KEY)")
            store.connection.executemany("INSERT INTO kept VALUES (?)", [(one,) for one in kept])
            run("DELETE FROM published WHERE path NOT IN (SELECT path FROM kept)")
            run("DROP TABLE kept")
        run("DELETE FROM journal")
        store.connection.executemany("INSERT INTO journal VALUES (?, ?, ?, ?)", rows)
        store.put_memo(_OUTPUT, "", output)
        store.put_memo(_TOKEN, "", token)


def end_publication(store: Store, moves: Iterable[Move], lost: frozenset[str]) -> None:
    """What was moved becomes the record; ``lost`` paths have none, and will be made again."""
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
    """Forgets a publication that was put back, or whose staging folder is gone."""
    with store.transaction():
        store.connection.execute("DELETE FROM journal")
