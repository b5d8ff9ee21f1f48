"""The store: parsed sources, bodies and records of published files, kept between builds.

It is one SQLite file, and a cache: data that cannot be read, or was written by another version, is
not trusted but rebuilt. Every blob has a checksum. The other columns, such as sizes and times of
sources, have none: SQLite's own check finds most damage there. Only the records of published files
survive a change of version, because they say which files in the output folder this program wrote.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import msgspec
from msgspec import Struct

from kheo.errors import StoreDamagedError, convert_sqlite_error
from kheo.messages.wording import message
from kheo.model import FileState

STORE_FILE = "store.sqlite"
T = TypeVar("T")
_SOURCES_VERSION = ".version"  # the store's own memos begin with a dot

_DROP_IF_UNUSED = """
DELETE FROM bodies
WHERE digest = ? AND NOT EXISTS (SELECT 1 FROM uses WHERE uses.digest = bodies.digest)
"""


class ParsedRow(Struct, frozen=True):
    """A parsed source to be stored. ``blob`` is opaque here; ``bodies`` is HTML by digest."""

    path: str
    state: FileState
    blob: bytes
    bodies: dict[str, str]


class PublishedFile(Struct, frozen=True, array_like=True, gc=False):
    """One file of the output folder as the program left it. ``note`` is what ``explain`` shows."""

    fingerprint: bytes
    sha256: str
    size: int
    mtime_ns: int
    note: bytes = b""


class PlannedPage(Struct, frozen=True, array_like=True):
    """The plan of a page as it was last rendered; reused when only the body of the source changes.

    ``inputs`` and ``body`` are the digests in its route; ``view`` is its view as MessagePack.
    """

    path: str
    url: str
    template: str
    inputs: bytes
    body: str
    view: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode_page = msgspec.msgpack.Decoder(PlannedPage).decode


class Store:
    """An open store. Each process opens its own, because a connection does not survive a fork."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self.connection = connection
        self.file = file

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the body of the ``with`` in one transaction."""
        with self.wrap_sqlite_errors():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.OperationalError):  # SQLite has already rolled back
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def wrap_sqlite_errors(self) -> Iterator[None]:
        """Turn an error of SQLite into a FileAccessError that names the file."""
        try:
            yield
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise convert_sqlite_error(error, self.file) from error

    def damaged(self, what: str) -> StoreDamagedError:
        """Return the error for a damaged value."""
        reason = message("the store is damaged ({error})", error=what)
        return StoreDamagedError(None, reason, str(self.file))

    # Parsed sources

    def keep_sources_of(self, version: str) -> None:
        """Forget all sources that were parsed under another version."""
        if self.memo(_SOURCES_VERSION, "", str) == version:
            return
        with self.transaction():
            for table in ("documents", "bodies", "uses"):
                self.connection.execute(f"DELETE FROM {table}")
            self.put_memo(_SOURCES_VERSION, "", version)

    def sources(self, paths: Collection[str] | None = None) -> dict[str, FileState]:
        """Return the state of all sources, or of those at ``paths``, when last parsed without error."""
        query = "SELECT path, size, mtime_ns, digest FROM documents"
        with self.wrap_sqlite_errors():
            rows: Iterable[tuple[str, int, int, str]] = self.connection.execute(query)
            if paths is not None:
                run, query = self.connection.execute, f"{query} WHERE path = ?"
                rows = (row for path in paths for row in run(query, (path,)))
            return {path: FileState(size, mtime, digest) for path, size, mtime, digest in rows}

    def documents(self, path: str = "") -> Iterator[tuple[str, str, bytes]]:
        """Yield path, digest and blob of every source, sorted by path; or of the one at ``path``."""
        which = "WHERE path = ?" if path else "ORDER BY path"
        query = f"SELECT path, digest, blob, checksum FROM documents {which}"
        with self.wrap_sqlite_errors():
            for name, digest, blob, checksum in self.connection.execute(
                query, (path,) * bool(path)
            ):
                if checksum != checksum_of(name, blob):
                    raise self.damaged(f"document {name}")
                yield name, digest, blob

    def remember(self, rows: Iterable[ParsedRow], touched: Iterable[tuple[str, FileState]]) -> None:
        """Store parsed sources, and new times of sources whose bytes did not change."""
        run = self.connection.executemany
        documents, bodies, uses = [], [], []
        for row in rows:
            state = (row.state.size, row.state.mtime_ns, row.state.digest)
            documents.append((row.path, *state, row.blob, checksum_of(row.path, row.blob)))
            for digest, text in row.bodies.items():
                html = text.encode()
                bodies.append((digest, html, checksum_of(digest, html)))
                uses.append((digest, row.path))
        times = [(state.size, state.mtime_ns, path, state.digest) for path, state in touched]
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
        """Delete sources that are gone, and the bodies that only they used."""
        gone = [(path,) for path in paths]
        with self.transaction():
            self.connection.executemany("DELETE FROM documents WHERE path = ?", gone)
            self.connection.executemany(_DROP_IF_UNUSED, self._forget_bodies(gone))

    def _forget_bodies(self, paths: Iterable[tuple[str]]) -> list[tuple[str]]:
        """Delete the records of which bodies these sources use; return the digests of those bodies."""
        run = self.connection.execute
        found: list[tuple[str]] = []
        for path in paths:
            if used := run("SELECT digest FROM uses WHERE path = ?", path).fetchall():
                run("DELETE FROM uses WHERE path = ?", path)
                found += used
        return found

    def bodies(self, digests: list[str]) -> dict[str, str]:
        """Return the HTML of parts of bodies, by digest. Raises StoreDamagedError if one is missing."""
        marks = ", ".join("?" * len(digests))
        query = f"SELECT digest, html, checksum FROM bodies WHERE digest IN ({marks})"
        found = {}
        with self.wrap_sqlite_errors():
            for digest, html, checksum in self.connection.execute(query, digests):
                if checksum != checksum_of(digest, html):
                    raise self.damaged(f"body {digest}")
                found[digest] = bytes(html).decode()
        if missing := set(digests) - found.keys():
            raise self.damaged(f"body {min(missing)}")
        return found

    # Published files

    def published(self) -> dict[str, PublishedFile]:
        """Return the record of every published file, by its path below the output folder."""
        decode = msgspec.msgpack.Decoder(PublishedFile).decode
        with self.wrap_sqlite_errors():
            rows = self.connection.execute("SELECT path, record, checksum FROM published")
            found = {}
            for path, record, checksum in rows:
                if checksum != checksum_of(path, record):
                    raise self.damaged(f"record of {path}")
                found[path] = decode(record)
        return found

    def record(self, path: str) -> PublishedFile | None:
        """Return the record of the file at ``path``; ``None`` if there is none, or it is damaged."""
        with self.wrap_sqlite_errors():
            row = self.connection.execute(
                "SELECT record, checksum FROM published WHERE path = ?", (path,)
            ).fetchone()
        if row is None or row[1] != checksum_of(path, row[0]):
            return None
        return msgspec.msgpack.decode(row[0], type=PublishedFile)

    def pages(self, source: str) -> list[PlannedPage]:
        """Return the pages of a source, in order, as planned when they were last rendered."""
        query = "SELECT page, checksum FROM pages WHERE source = ? ORDER BY part"
        with self.wrap_sqlite_errors():
            rows = self.connection.execute(query, (source,)).fetchall()
        if any(checksum != checksum_of(source, page) for page, checksum in rows):
            raise self.damaged(f"pages of {source}")
        return [_decode_page(page) for page, _ in rows]

    def remember_pages(self, rows: Iterable[tuple[str, int, PlannedPage]]) -> None:
        """Store pages of sources, each as source, number of the part, page."""
        with self.transaction():
            self.connection.executemany(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)",
                [
                    (one.path, source, part, page := _encode(one), checksum_of(source, page))
                    for source, part, one in rows
                ],
            )

    def drop_unused_pages(self) -> None:
        """Forget pages that are no longer published."""
        with self.transaction():
            self.connection.execute(
                "DELETE FROM pages WHERE path NOT IN (SELECT path FROM published)"
            )

    # Memos

    def memo(self, name: str, version: str, kind: type[T]) -> T | None:
        """Return what ``set_memo`` was given under this version.

        Return ``None`` if there is nothing, another version wrote it, or it is damaged.
        """
        with self.wrap_sqlite_errors():
            row = self.connection.execute(
                "SELECT version, value, checksum FROM memos WHERE name = ?", (name,)
            ).fetchone()
        if row is None or row[0] != version or row[2] != checksum_of(name, row[1]):
            return None
        try:
            return msgspec.msgpack.decode(row[1], type=kind)
        except msgspec.DecodeError:  # another version of the program wrote it
            return None

    def set_memo(self, name: str, version: str, value: object) -> None:
        """Store ``value``, which MessagePack can encode, under ``name`` and ``version``."""
        with self.transaction():
            self.put_memo(name, version, value)

    def put_memo(self, name: str, version: str, value: object) -> None:
        """Do what ``set_memo`` does, within a transaction that is open."""
        data = _encode(value)
        self.connection.execute(
            "INSERT OR REPLACE INTO memos VALUES (?, ?, ?, ?)",
            (name, version, data, checksum_of(name, data)),
        )

    def drop_memo(self, name: str) -> None:
        with self.transaction():
            self.connection.execute("DELETE FROM memos WHERE name = ?", (name,))


def checksum_of(key: object, data: object) -> int:
    """Return the CRC-32 of a value and its key; -1, which never matches, for values of other types.

    Damage can change the type of a value too.
    """
    if isinstance(key, str) and isinstance(data, bytes):
        return crc32(data, crc32(key.encode(errors="replace")))
    return -1
