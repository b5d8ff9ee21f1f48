"""What the program remembers between builds: parsed sources, bodies, what was published.

One SQLite file. It is a cache: what cannot be read, or was written by another version, is made
anew and never trusted; every row carries a checksum. Only the record of published files outlives
a change of version, for it tells which files in the output folder are ours.

Measured with 10,000 reports of 3.7 KB, as tables with rowids and pages of 16 KB: 0.25 s to fill,
56 MB (without rowids 1.5 s and 121 MB), 9 ms to load what is remembered, 15 µs a body. Packing
bodies (zlib, level 1) would take 0.11 ms each to save four tenths of the room: not worth it, and
CI packs its caches anyway.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from errno import EACCES, EAGAIN, EIO, ENOSPC, EROFS
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

STORE_FILE = "store.sqlite"
FOREIGN_FILE = "store.sqlite.foreign"  # what stood in the store's place and is not ours to delete
APPLICATION_ID = 0x4B68656F  # "Kheo"
LAYOUT = 2  # of the tables below
BUSY_SECONDS = 60.0  # how long a worker waits for another's transaction
PAGE_SIZE = 16384
MAPPED = 1 << 30  # bytes of the file that are read without a system call each

_TABLES = """
CREATE TABLE documents (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, digest TEXT,
                        blob BLOB, checksum INTEGER);
CREATE TABLE bodies (digest TEXT PRIMARY KEY, html BLOB, checksum INTEGER);
CREATE TABLE uses (digest TEXT, path TEXT, PRIMARY KEY (digest, path)) WITHOUT ROWID;
CREATE INDEX uses_of_path ON uses (path);
CREATE TABLE published (path TEXT PRIMARY KEY, record BLOB, checksum INTEGER);
CREATE TABLE journal (path TEXT PRIMARY KEY, name TEXT, record BLOB, checksum INTEGER);
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB, checksum INTEGER);
"""
_VERSION = ".version"  # a fact of the store's own; the pipeline's have no dot


class PublishError(OSError):
    """The disk did not do its part. ``strerror`` says what happened, ``filename`` where."""


class StoreDamagedError(PublishError):
    """The store is not to be trusted. It is deleted when it is closed; a new build will do."""


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
            raise _clear(error, self.file) from error

    def damaged(self, what: str) -> StoreDamagedError:
        return StoreDamagedError(None, f"the store is damaged ({what})", str(self.file))

    # Parsed sources

    def remembered(self) -> dict[str, Remembered]:
        with self.clearly():
            rows = self.connection.execute("SELECT path, size, mtime_ns, digest FROM documents")
            return {path: Remembered(size, mtime, digest) for path, size, mtime, digest in rows}

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """Path and blob of every source, by path."""
        with self.clearly():
            for path, blob, checksum in self.connection.execute(
                "SELECT path, blob, checksum FROM documents ORDER BY path"
            ):
                if checksum != checksum_of(path, blob):
                    raise self.damaged(f"document {path}")
                yield path, blob

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
            run("DELETE FROM uses WHERE path = ?", [row[:1] for row in documents])
            run("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?, ?)", documents)
            run("INSERT OR IGNORE INTO bodies VALUES (?, ?, ?)", bodies)
            run("INSERT OR IGNORE INTO uses VALUES (?, ?)", uses)
            run(
                "UPDATE documents SET size = ?, mtime_ns = ? WHERE path = ? AND digest = ?",
                times,
            )

    def forget(self, paths: Iterable[str]) -> None:
        """Drops sources that are gone."""
        gone = [(path,) for path in paths]
        with self.transaction():
            self.connection.executemany("DELETE FROM documents WHERE path = ?", gone)
            self.connection.executemany("DELETE FROM uses WHERE path = ?", gone)

    def drop_unused_bodies(self) -> None:
        with self.transaction():
            self.connection.execute(
                "DELETE FROM bodies WHERE digest NOT IN (SELECT digest FROM uses)"
            )

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


@contextmanager
def open_store(cache: Path, version: str) -> Iterator[tuple[Store, str]]:
    """The store in ``cache``, and a warning (else empty) where it had to be made anew.

    Sources parsed by another ``version`` are forgotten. Raises PublishError where ``cache`` cannot
    be written. A store that turns out to be damaged in use (StoreDamagedError) is deleted.
    """
    file = cache / STORE_FILE
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _told(error, cache) from error
    store, warning = _sound_store(file, version)
    try:
        yield store, warning
        _shrink(store)
    except StoreDamagedError:
        store.connection.close()
        _delete(file)
        raise
    finally:
        _close(store)


@contextmanager
def open_again(cache: Path) -> Iterator[Store]:
    """A worker's own connection to a store that the build has open.

    The connection of the parent must be at rest (no rows half read) when workers are forked, for
    they inherit what SQLite knows of its locks.
    """
    file = cache / STORE_FILE
    with closing(_connect(file, must_exist=True)) as connection:
        yield Store(connection, file)


def _sound_store(file: Path, version: str) -> tuple[Store, str]:
    warning = ""
    try:
        return _prepared(file, version), warning
    except _OtherLayoutError:
        _delete(file)
    except _ForeignError:
        warning = f"{file} was not a store of this program: it is now {FOREIGN_FILE}"
        _set_aside(file)
    except StoreDamagedError as error:
        warning = f"{file} is made anew: {error.strerror}"
        _delete(file)
    return _prepared(file, version), warning


class _OtherLayoutError(Exception):
    """A sound store, but with the tables of another version of the program."""


class _ForeignError(Exception):
    """Another program's file."""


def _check_head(file: Path) -> None:
    """A file that is neither a store nor what may be left of one is not ours to delete."""
    try:
        with file.open("rb") as stream:
            head = stream.read(72)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _told(error, file) from error
    own = APPLICATION_ID.to_bytes(4, "big")  # at byte 68, by SQLite's file format
    if len(head) == 72 and head[68:] not in {own, bytes(4)}:
        raise _ForeignError


def _prepared(file: Path, version: str) -> Store:
    """Raises StoreDamagedError, _OtherLayoutError, _ForeignError, or another PublishError."""
    _check_head(file)
    connection = _connect(file)
    store = Store(connection, file)
    try:
        with store.clearly():
            _check_tables(store)
        if store.fact(_VERSION) != version.encode():
            with store.transaction():
                for table in ("documents", "bodies", "uses"):
                    connection.execute(f"DELETE FROM {table}")
                store.put_facts({_VERSION: version.encode()})
    except BaseException:
        connection.close()
        raise
    return store


def _check_tables(store: Store) -> None:
    run = store.connection.execute
    tables = {name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        store.connection.executescript(
            f"BEGIN; {_TABLES} PRAGMA application_id = {APPLICATION_ID}; "
            f"PRAGMA user_version = {LAYOUT}; COMMIT;"
        )
        return
    if run("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        raise _ForeignError
    if run("PRAGMA user_version").fetchone() != (LAYOUT,):
        raise _OtherLayoutError
    (state,) = run("PRAGMA quick_check(1)").fetchone()  # 16 ms for 10,000 reports
    if state != "ok" or len(tables) != _TABLES.count("CREATE TABLE"):
        raise store.damaged(str(state).splitlines()[-1] if state != "ok" else "tables are missing")


def _connect(file: Path, must_exist: bool = False) -> sqlite3.Connection:
    mode = "rw" if must_exist else "rwc"
    try:
        connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?mode={mode}",
            timeout=BUSY_SECONDS, isolation_level=None, uri=True,
        )  # fmt: skip
    except sqlite3.DatabaseError as error:
        raise _clear(error, file) from error
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a file that is new
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA mmap_size = {MAPPED}")
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        connection.close()
        raise _clear(error, file) from error
    return connection


def _shrink(store: Store) -> None:
    """Gives room back to the disk once most of the file is empty: half of the site was deleted."""
    with store.clearly():
        (free,) = store.connection.execute("PRAGMA freelist_count").fetchone()
        (pages,) = store.connection.execute("PRAGMA page_count").fetchone()
        if free > 256 and free * 2 > pages:
            store.connection.execute("VACUUM")


def _close(store: Store) -> None:
    """Leaves one file, for CI to keep, and no write-ahead log beside it."""
    # Where the log cannot be taken in (a full disk), it stays: SQLite reads it at the next opening.
    with suppress(sqlite3.Error):
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.connection.close()


def _delete(file: Path) -> None:
    try:
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            file.with_name(name).unlink(missing_ok=True)
    except OSError as error:
        raise _told(error, file) from error


def _set_aside(file: Path) -> None:
    try:
        file.replace(file.with_name(FOREIGN_FILE))
    except OSError as error:
        raise _told(error, file) from error
    _delete(file)  # what the other program left beside its file


def _told(error: OSError, file: Path) -> PublishError:
    return PublishError(error.errno, error.strerror, str(file))


_MEANINGS = {
    sqlite3.SQLITE_FULL: (ENOSPC, "there is no space left on the disk"),
    sqlite3.SQLITE_READONLY: (EROFS, "the store cannot be written"),
    sqlite3.SQLITE_CANTOPEN: (EACCES, "the store cannot be opened"),
    sqlite3.SQLITE_PERM: (EACCES, "the store may not be opened"),
    sqlite3.SQLITE_BUSY: (EAGAIN, "the store is in use by another program"),
    sqlite3.SQLITE_LOCKED: (EAGAIN, "the store is in use by another program"),
    sqlite3.SQLITE_IOERR: (EIO, "the disk reports an error"),
}


def _clear(error: sqlite3.DatabaseError | UnicodeDecodeError, file: Path) -> Exception:
    """What SQLite says, as a PublishError; a mistake of the program stays what it is."""
    code = getattr(error, "sqlite_errorcode", None)
    # Names and text that are not UTF-8 any more have no code: Python's module trips over them.
    has_bad_text = code is None and isinstance(error, UnicodeDecodeError | sqlite3.OperationalError)
    if has_bad_text or code == sqlite3.SQLITE_IOERR_SHORT_READ or (code or 0) & 0xFF in _DAMAGE:
        return StoreDamagedError(None, f"the store is damaged ({error})", str(file))
    if code and code & 0xFF in _MEANINGS:
        number, meaning = _MEANINGS[code & 0xFF]
        return PublishError(number, f"{meaning} ({error})", str(file))
    return error


_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
