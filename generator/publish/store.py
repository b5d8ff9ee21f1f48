"""What the program remembers between builds: parsed sources, bodies, what was published.

One SQLite file. It is a cache: what cannot be read, or was written by another version, is made
anew and never trusted. Only the record of published files outlives a change of version, for it
tells which files in the output folder are ours.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

STORE_FILE = "store.sqlite"
APPLICATION_ID = 0x4B68656F  # "Kheo"
LAYOUT = 1  # of the tables below
MAPPED = 1 << 30  # bytes of the file that are read without a system call each
BUSY_SECONDS = 60.0  # how long a worker waits for another's transaction

_TABLES = """
CREATE TABLE documents (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, digest TEXT,
                        blob BLOB) WITHOUT ROWID;
CREATE TABLE bodies (number INTEGER PRIMARY KEY, digest TEXT UNIQUE, html TEXT);
CREATE TABLE uses (path TEXT, digest TEXT, PRIMARY KEY (path, digest)) WITHOUT ROWID;
CREATE TABLE published (path TEXT PRIMARY KEY, fingerprint BLOB, sha256 TEXT, size INTEGER,
                        mtime_ns INTEGER, made BLOB) WITHOUT ROWID;
CREATE TABLE journal (path TEXT PRIMARY KEY, staged TEXT) WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
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


class Published(Struct, frozen=True):
    """One file of the output folder as the program left it. ``made`` is for ``explain``."""

    fingerprint: bytes
    sha256: str
    size: int
    mtime_ns: int
    made: bytes = b""


class Store:
    """An open store. Not to be shared with another process: each opens its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is done within, or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    # Parsed sources

    def remembered(self) -> dict[str, Remembered]:
        rows = self.connection.execute("SELECT path, size, mtime_ns, digest FROM documents")
        return {path: Remembered(size, mtime, digest) for path, size, mtime, digest in rows}

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """Path and blob of every source, by path."""
        return self.connection.execute("SELECT path, blob FROM documents ORDER BY path")

    def remember(
        self, rows: Iterable[ParsedRow], touched: Iterable[tuple[str, Remembered]]
    ) -> None:
        """Takes in parsed sources, and new times of sources whose bytes are as they were."""
        run = self.connection.executemany
        rows = list(rows)
        with self.transaction():
            run("DELETE FROM uses WHERE path = ?", [(row.path,) for row in rows])
            run(
                "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)",
                [(r.path, r.seen.size, r.seen.mtime_ns, r.seen.digest, r.blob) for r in rows],
            )
            run(
                "INSERT OR IGNORE INTO bodies (digest, html) VALUES (?, ?)",
                [body for row in rows for body in row.bodies.items()],
            )
            run(
                "INSERT OR IGNORE INTO uses VALUES (?, ?)",
                [(row.path, digest) for row in rows for digest in row.bodies],
            )
            run(
                "UPDATE documents SET size = ?, mtime_ns = ? WHERE path = ? AND digest = ?",
                [(seen.size, seen.mtime_ns, path, seen.digest) for path, seen in touched],
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
        """The HTML of parts of bodies, by digest."""
        marks = ", ".join("?" * len(digests))
        query = f"SELECT digest, html FROM bodies WHERE digest IN ({marks})"
        return dict(self.connection.execute(query, digests))

    # Published files

    def published(self) -> dict[str, Published]:
        rows = self.connection.execute("SELECT * FROM published")
        return {row[0]: Published(*row[1:]) for row in rows}

    def journal(self) -> dict[str, str]:
        """Outputs of an unfinished publication: staged file by path; an empty name is a removal."""
        return dict(self.connection.execute("SELECT path, staged FROM journal"))

    def begin_publication(self, journal: dict[str, str]) -> None:
        with self.transaction():
            self.connection.executemany("INSERT INTO journal VALUES (?, ?)", journal.items())

    def end_publication(self, written: dict[str, Published], removed: Iterable[str]) -> None:
        """The journal is done: what was written and removed becomes the record."""
        with self.transaction():
            self.connection.executemany(
                "DELETE FROM published WHERE path = ?", [(path,) for path in removed]
            )
            self.connection.executemany(
                "INSERT OR REPLACE INTO published VALUES (?, ?, ?, ?, ?, ?)",
                [(path, *msgspec.structs.astuple(record)) for path, record in written.items()],
            )
            self.connection.execute("DELETE FROM journal")

    def drop_publication(self) -> None:
        """Forgets a journal whose files were put back."""
        with self.transaction():
            self.connection.execute("DELETE FROM journal")

    # Facts

    def fact(self, name: str) -> bytes:
        row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return bytes(row[0]) if row else b""

    def set_fact(self, name: str, value: bytes) -> None:
        with self.transaction():
            self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


@contextmanager
def open_store(cache: Path, version: str) -> Iterator[tuple[Store, str]]:
    """The store in ``cache``, and a warning where it had to be made anew after damage.

    Sources parsed by another ``version`` are forgotten. Raises OSError where ``cache`` cannot be
    written.
    """
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / STORE_FILE
    warning = ""
    try:
        connection = _connect(file)
        _prepare(connection, version)
    except sqlite3.DatabaseError as error:
        if not isinstance(error, sqlite3.OperationalError) or _is_damage(error):
            warning = f"the store {file} was damaged ({error}) and is made anew"
            connection = _made_anew(file, version)
        else:
            raise OSError(None, str(error), str(file)) from error
    try:
        yield Store(connection), warning
    finally:
        # One file, for CI to keep: nothing stays behind in a write-ahead log.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


@contextmanager
def open_again(cache: Path) -> Iterator[Store]:
    """A worker's own connection to a store that the build has open."""
    with closing(_connect(cache / STORE_FILE)) as connection:
        yield Store(connection)


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA mmap_size = {MAPPED}")
    return connection


def _prepare(connection: sqlite3.Connection, version: str) -> None:
    """Raises DatabaseError where the file is not a sound store of this layout."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (layout,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if not tables:
        connection.executescript(
            f"BEGIN; {_TABLES} PRAGMA application_id = {APPLICATION_ID}; "
            f"PRAGMA user_version = {LAYOUT}; COMMIT;"
        )
    elif (application, layout) != (APPLICATION_ID, LAYOUT):
        raise sqlite3.DatabaseError("it is not a store of this version")
    (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if state != "ok":
        raise sqlite3.DatabaseError(state)
    store = Store(connection)
    if store.fact("version") != version.encode():
        with store.transaction():
            for table in ("documents", "bodies", "uses"):
                connection.execute(f"DELETE FROM {table}")
        store.set_fact("version", version.encode())


def _is_damage(error: sqlite3.OperationalError) -> bool:
    return any(
        word in str(error) for word in ("malformed", "no such", "disk I/O", "not a database")
    )


def _made_anew(file: Path, version: str) -> sqlite3.Connection:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        (file.parent / name).unlink(missing_ok=True)
    connection = _connect(file)
    _prepare(connection, version)
    return connection
