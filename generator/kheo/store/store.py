"""What the program remembers between builds: parsed sources, bodies, what was published.

One SQLite file. It is a cache: what cannot be read, or was written by another version, is made
anew and never trusted; every row carries a checksum. Only the record of published files outlives
a change of version, for it tells which files in the output folder are ours.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

from kheo.errors import StoreDamagedError, clear
from kheo.messages.wording import message

STORE_FILE = "store.sqlite"

_DROP_IF_UNUSED = """
DELETE FROM bodies WHERE digest = ?1 AND NOT EXISTS (SELECT 1 FROM uses WHERE digest = ?1)
"""


class Remembered(Struct, frozen=True):
    """How a source looked when it was last parsed without error."""

    size: int
    mtime_ns: int
    digest: str


class ParsedRow(Struct, frozen=True):
    """A parsed source on its way into the store. ``blob`` is opaque here."""

    path: str
    seen: Remembered
    blob: bytes
    bodies: dict[str, str]


class Published(Struct, frozen=True, array_like=True):
    """One file of the output folder as the program left it. ``made`` is for ``explain``."""

    fingerprint: bytes
    sha256: str
    size: int
    mtime_ns: int
    made: bytes = b""


class Store:
    """An open store. Each process opens its own: a connection does not outlive a fork."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self.connection = connection
        self.file = file

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done within, or nothing."""
        with self.clearly():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.OperationalError):  # SQLite has rolled back by itself
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def clearly(self) -> Iterator[None]:
        """Whatever SQLite finds is told as a PublishError."""
        try:
            yield
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise clear(error, self.file) from error

    def damaged(self, what: str) -> StoreDamagedError:
        reason = message("the store is damaged ({error})", error=what)
        return StoreDamagedError(None, reason, str(self.file))

    # Parsed sources

    def remembered(self) -> dict[str, Remembered]:
        with self.clearly():
            rows = self.connection.execute("SELECT path, size, mtime_ns, digest FROM documents")
            return {path: Remembered(size, mtime, digest) for path, size, mtime, digest in rows}

    def documents(self, path: str = "") -> Iterator[tuple[str, str, bytes]]:
        """Path, digest and blob of every source, by path; or of the one at ``path``."""
        which = "WHERE path = ?" if path else "ORDER BY path"
        query = f"SELECT path, digest, blob, checksum FROM documents {which}"
        with self.clearly():
            for name, digest, blob, checksum in self.connection.execute(
                query, (path,) * bool(path)
            ):
                if checksum != checksum_of(name, blob):
                    raise self.damaged(f"document {name}")
                yield name, digest, blob

    def remember(
        self, rows: Iterable[ParsedRow], touched: Iterable[tuple[str, Remembered]]
    ) -> None:
        """Takes in parsed sources, and new times of sources whose bytes are as they were."""
        run = self.connection.executemany
        documents, bodies, uses = [], [], []
        for row in rows:
            seen = (row.seen.size, row.seen.mtime_ns, row.seen.digest)
            documents.append((row.path, *seen, row.blob, checksum_of(row.path, row.blob)))
            for digest, text in row.bodies.items():
                html = text.encode()
                bodies.append((digest, html, checksum_of(digest, html)))
                uses.append((digest, row.path))
        times = [(seen.size, seen.mtime_ns, path, seen.digest) for path, seen in touched]
        if not documents and not times:
            return
        with self.transaction():
            replaced = self._forget_bodies(row[:1] for row in documents)
            run("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)", documents)
            run("INSERT OR IGNORE INTO bodies VALUES (?, ?, ?)", bodies)
            run("INSERT OR IGNORE INTO uses VALUES (?, ?)", uses)
            run(_DROP_IF_UNUSED, replaced)
            run(
                "UPDATE documents SET size = ?, mtime_ns = ? WHERE path = ? AND digest = ?",
                times,
            )

    def forget(self, paths: Iterable[str]) -> None:
        """Drops sources that are gone."""
        gone = [(path,) for path in paths]
        with self.transaction():
            self.connection.executemany("DELETE FROM documents WHERE path = ?", gone)
            self.connection.executemany(_DROP_IF_UNUSED, self._forget_bodies(gone))

    def _forget_bodies(self, paths: Iterable[tuple[str]]) -> list[tuple[str]]:
        """Forgets which bodies these sources use; the digests of those bodies."""
        run = self.connection.execute
        found: list[tuple[str]] = []
        for path in paths:
            if used := run("SELECT digest FROM uses WHERE path = ?", path).fetchall():
                run("DELETE FROM uses WHERE path = ?", path)
                found += used
        return found

    def bodies(self, digests: list[str]) -> dict[str, str]:
        """The HTML of parts of bodies, by digest. Raises StoreDamagedError where one is lost."""
        marks = ", ".join("?" * len(digests))
        query = f"SELECT digest, html, checksum FROM bodies WHERE digest IN ({marks})"
        found = {}
        with self.clearly():
            for digest, html, checksum in self.connection.execute(query, digests):
                if checksum != checksum_of(digest, html):
                    raise self.damaged(f"body {digest}")
                found[digest] = bytes(html).decode()
        if lost := set(digests) - found.keys():
            raise self.damaged(f"body {min(lost)}")
        return found

    # Published files

    def published(self) -> dict[str, Published]:
        """Every file that was published, by its path below the output folder."""
        decode = msgspec.msgpack.Decoder(Published).decode
        with self.clearly():
            rows = self.connection.execute("SELECT path, record, checksum FROM published")
            found = {}
            for path, record, checksum in rows:
                if checksum != checksum_of(path, record):
                    raise self.damaged(f"record of {path}")
                found[path] = decode(record)
        return found

    def record(self, path: str) -> Published | None:
        """What ``published`` has of one path."""
        with self.clearly():
            row = self.connection.execute(
                "SELECT record, checksum FROM published WHERE path = ?", (path,)
            ).fetchone()
        if row is None or row[1] != checksum_of(path, row[0]):
            return None
        return msgspec.msgpack.decode(row[0], type=Published)

    def views(self, source: str) -> list[tuple[str, bytes]]:
        """Path and view of the outputs that a source has made. May be out of date or damaged: the
        fingerprint in an output's record tells."""
        with self.clearly():
            return self.connection.execute(
                "SELECT path, view FROM views WHERE source = ? ORDER BY path", (source,)
            ).fetchall()

    def remember_views(self, rows: Iterable[tuple[str, str, bytes]]) -> None:
        """Takes in path, source and view of outputs."""
        with self.transaction():
            self.connection.executemany("INSERT OR REPLACE INTO views VALUES (?, ?, ?)", rows)

    def drop_unused_views(self) -> None:
        """Of outputs that are no more."""
        with self.transaction():
            self.connection.execute(
                "DELETE FROM views WHERE path NOT IN (SELECT path FROM published)"
            )

    # Facts

    def fact(self, name: str) -> bytes:
        """What ``set_fact`` was given; empty where there was nothing, or it is damaged."""
        with self.clearly():
            row = self.connection.execute(
                "SELECT value, checksum FROM facts WHERE name = ?", (name,)
            ).fetchone()
        return row[0] if row and row[1] == checksum_of(name, row[0]) else b""

    def set_fact(self, name: str, value: bytes) -> None:
        with self.transaction():
            self.put_facts({name: value})

    def put_facts(self, facts: dict[str, bytes]) -> None:
        self.connection.executemany(
            "INSERT OR REPLACE INTO facts VALUES (?, ?, ?)",
            [(name, value, checksum_of(name, value)) for name, value in facts.items()],
        )


def checksum_of(key: object, data: object) -> int:
    """Damage can change the type of a value too, so nothing is taken for granted here."""
    if not isinstance(data, bytes):
        return -1
    return crc32(data, crc32(str(key).encode(errors="replace")))
