"""Opening the store: its tables, its version, and what to do with a file that is not sound.

Measured with 10,000 reports of 3.7 KB, as tables with rowids and pages of 16 KB: 0.25 s to fill,
56 MB (without rowids 1.5 s and 121 MB), 9 ms to load what is remembered, 15 µs a body. Packing
bodies (zlib, level 1) would take 0.11 ms each to save four tenths of the room: not worth it, and
CI packs its caches anyway.
"""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from kheo.errors import StoreDamagedError, clear, told_of
from kheo.messages.wording import Message, message
from kheo.store.store import STORE_FILE, Store

FOREIGN_FILE = "store.sqlite.foreign"  # what stood in the store's place and is not ours to delete
APPLICATION_ID = 0x4B68656F  # "Kheo"
LAYOUT = 4  # of the tables below
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
CREATE TABLE pages (path TEXT PRIMARY KEY, source TEXT, part INTEGER, page BLOB, checksum INTEGER);
CREATE INDEX pages_of_source ON pages (source);
CREATE TABLE memos (name TEXT PRIMARY KEY, version TEXT, value BLOB, checksum INTEGER);
"""


@contextmanager
def open_store(cache: Path, is_checked: bool = False) -> Iterator[tuple[Store, Message | None]]:
    """Open the store in ``cache``; the message is a warning where it had to be rebuilt.

    ``is_checked``: it has been read already in this run, so that its pages need not be checked one by
    one. Raises PublishError where ``cache`` cannot be written. A store that turns out to be damaged
    in use (StoreDamagedError) is deleted.
    """
    file = cache / STORE_FILE
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise told_of(error, cache) from error
    store, warning = _sound_store(file, is_checked)
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
    """A store that is there: a worker's own connection to that of the build, or one to look into.

    The connection of the parent must be at rest (no rows half read) when workers are forked, for
    they inherit what SQLite knows of its locks. Raises StoreDamagedError for what a build would
    make anew, such as a file without tables, left by one that was killed as it began.
    """
    file = cache / STORE_FILE
    with closing(_connect(file, must_exist=True)) as connection:
        store = Store(connection, file)
        with store.clearly():
            if connection.execute("PRAGMA user_version").fetchone() != (LAYOUT,):
                raise store.damaged("it has other tables")
        yield store


def _sound_store(file: Path, is_checked: bool) -> tuple[Store, Message | None]:
    warning: Message | None = None
    try:
        return _prepared(file, is_checked), warning
    except _OtherLayoutError:
        _delete(file)
    except _ForeignError:
        warning = message(
            "{file} was not a store of this program: it is now {new}", file=file, new=FOREIGN_FILE
        )
        _set_aside(file)
    except StoreDamagedError as error:
        warning = message("{file} is made anew: {reason}", file=file, reason=error.reason)
        _delete(file)
    return _prepared(file, is_checked=False), warning


class _OtherLayoutError(Exception):
    """A sound store, but with the tables of another version of the program."""


class _ForeignError(Exception):
    """Another program's file."""


def _check_head(file: Path) -> None:
    """A file that is neither a store nor what may be left of one is not ours to delete."""
    try:
        if not stat.S_ISREG(file.lstat().st_mode):  # a folder, a pipe; a link leads elsewhere
            raise _ForeignError
        with file.open("rb") as stream:
            head = stream.read(72)
    except FileNotFoundError:
        return
    except OSError as error:
        raise told_of(error, file) from error
    own = APPLICATION_ID.to_bytes(4, "big")  # at byte 68, by SQLite's file format
    if len(head) == 72 and head[68:] not in {own, bytes(4)}:
        raise _ForeignError


def _prepared(file: Path, is_checked: bool) -> Store:
    """Raises StoreDamagedError, _OtherLayoutError, _ForeignError, or another PublishError."""
    _check_head(file)
    connection = _connect(file)
    store = Store(connection, file)
    try:
        with store.clearly():
            _check_tables(store, is_checked)
    except BaseException:
        connection.close()
        raise
    return store


def _check_tables(store: Store, is_checked: bool) -> None:
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
    if is_checked:
        return
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
        raise clear(error, file) from error
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a file that is new
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA mmap_size = {MAPPED}")
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        connection.close()
        raise clear(error, file) from error
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
        raise told_of(error, file) from error


def _set_aside(file: Path) -> None:
    try:
        file.replace(file.with_name(FOREIGN_FILE))
    except OSError as error:
        raise told_of(error, file) from error
    _delete(file)  # what the other program left beside its file
