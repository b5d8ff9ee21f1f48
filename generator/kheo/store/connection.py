"""Open the store: create its tables, check its version, and replace a file that is not valid.

Measured with 10,000 reports of 3.7 KB: with rowids and pages of 16 KB, filling the store takes 0.25 s
and 56 MB (without rowids 1.5 s and 121 MB), loading everything except the bodies takes 9 ms, and
loading a body 15 µs. Compressing a body (zlib, level 1) would take 0.11 ms and save 40% of the space:
not worth it, and CI compresses its caches anyway.
"""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from kheo import __version__
from kheo.errors import StoreDamagedError, convert_os_error, convert_sqlite_error
from kheo.messages.wording import Message, message
from kheo.store.store import STORE_FILE, Store

FOREIGN_FILE = "store.sqlite.foreign"  # what a file of another program is renamed to
APPLICATION_ID = 0x4B68656F  # "Kheo"
LAYOUT = 5  # version of the tables below
_PROGRAM = ".program"  # memo: the version of the program that last used the store
BUSY_SECONDS = 60.0  # how long a worker waits for another's transaction
PAGE_SIZE = 16384
MAPPED_BYTES = 1 << 30  # memory-mapped, so that reading a page needs no system call

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
CREATE TABLE search_reports (path TEXT PRIMARY KEY, number INTEGER, inputs BLOB, words BLOB,
                             checksum INTEGER);
CREATE TABLE search_shards (name TEXT PRIMARY KEY, data BLOB, checksum INTEGER);
CREATE TABLE search_vocabulary (word TEXT PRIMARY KEY, reports INTEGER, checksum INTEGER);
"""


@contextmanager
def open_store(cache: Path, is_checked: bool = False) -> Iterator[tuple[Store, Message | None]]:
    """Open the store in ``cache``, with a warning if it had to be rebuilt, or will be.

    What another version of the program made is not used: memos and sources have versions too.

    ``is_checked`` means that this run has already checked the file. Raises FileAccessError if ``cache``
    cannot be written. If the body of the ``with`` raises StoreDamagedError, the store is deleted.
    """
    file = cache / STORE_FILE
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise convert_os_error(error, cache) from error
    store, warning = _open_or_rebuild(file, is_checked)
    try:
        warning = _note_version(store) or warning
        yield store, warning
        _shrink(store)
    except StoreDamagedError:
        store.connection.close()
        _delete(file)
        raise
    finally:
        _close(store)


@contextmanager
def open_existing(cache: Path) -> Iterator[Store]:
    """Open an existing store, in a worker or to look something up.

    When workers are forked, the parent's connection must have no query in progress: the workers
    inherit SQLite's lock state. Raises StoreDamagedError for a file that a build would replace, such
    as one without tables, from a build that was killed at its start.
    """
    file = cache / STORE_FILE
    with closing(_connect(file, must_exist=True)) as connection:
        store = Store(connection, file)
        with store.wrap_sqlite_errors():
            if connection.execute("PRAGMA user_version").fetchone() != (LAYOUT,):
                raise store.damaged("it has other tables")
        yield store


def _open_or_rebuild(file: Path, is_checked: bool) -> tuple[Store, Message | None]:
    warning: Message | None = None
    try:
        return _prepare(file, is_checked), warning
    except _OtherLayoutError:
        warning = _other_version(file)
        _delete(file)
    except _ForeignError:
        warning = message(
            "{file} was not a store of this program; it was renamed to {new}",
            file=file,
            new=FOREIGN_FILE,
        )
        _set_aside(file)
    except StoreDamagedError as error:
        warning = message("rebuilding {file}: {reason}", file=file, reason=error.reason)
        _delete(file)
    return _prepare(file, is_checked=False), warning


def _note_version(store: Store) -> Message | None:
    """Record the running version in the store; return a note if another one was there."""
    recorded = store.memo(_PROGRAM, "", str)
    if recorded == __version__:
        return None
    store.set_memo(_PROGRAM, "", __version__)
    return _other_version(store.file) if recorded else None


def _other_version(file: Path) -> Message:
    reason = message("another version of Khéo made it; this is {version}", version=__version__)
    return message("rebuilding {file}: {reason}", file=file, reason=reason)


class _OtherLayoutError(Exception):
    """The store is valid, but has the tables of another version of the program."""


class _ForeignError(Exception):
    """The file belongs to another program."""


def _check_head(file: Path) -> None:
    """Raise _ForeignError if the file is neither a store nor the remains of one."""
    try:
        if not stat.S_ISREG(file.lstat().st_mode):  # a folder, a pipe, a link
            raise _ForeignError
        with file.open("rb") as stream:
            head = stream.read(72)
    except FileNotFoundError:
        return
    except OSError as error:
        raise convert_os_error(error, file) from error
    application_id = APPLICATION_ID.to_bytes(4, "big")  # at byte 68, by SQLite's file format
    if len(head) == 72 and head[68:] not in {application_id, bytes(4)}:
        raise _ForeignError


def _prepare(file: Path, is_checked: bool) -> Store:
    """Open and check the store; create its tables in an empty file.

    Raises StoreDamagedError, _OtherLayoutError, _ForeignError, or FileAccessError.
    """
    _check_head(file)
    connection = _connect(file)
    store = Store(connection, file)
    try:
        with store.wrap_sqlite_errors():
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
    uri = f"{file.absolute().as_uri()}?mode={'rw' if must_exist else 'rwc'}"
    try:
        connection = sqlite3.connect(uri, timeout=BUSY_SECONDS, isolation_level=None, uri=True)
    except sqlite3.DatabaseError as error:
        raise convert_sqlite_error(error, file) from error
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # has an effect only on a new file
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        connection.close()
        raise convert_sqlite_error(error, file) from error
    return connection


def _shrink(store: Store) -> None:
    """Compact the file if more than half of it is free, for example after many deletions."""
    with store.wrap_sqlite_errors():
        (free,) = store.connection.execute("PRAGMA freelist_count").fetchone()
        (pages,) = store.connection.execute("PRAGMA page_count").fetchone()
        if free > 256 and free * 2 > pages:
            store.connection.execute("VACUUM")


def _close(store: Store) -> None:
    """Close the store, leaving one file for CI to cache and no write-ahead log beside it."""
    # If the log cannot be merged (a full disk), it stays, and SQLite reads it the next time.
    with suppress(sqlite3.Error):
        store.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.connection.close()


def _delete(file: Path) -> None:
    try:
        for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
            file.with_name(name).unlink(missing_ok=True)
    except OSError as error:
        raise convert_os_error(error, file) from error


def _set_aside(file: Path) -> None:
    try:
        file.replace(file.with_name(FOREIGN_FILE))
    except OSError as error:
        raise convert_os_error(error, file) from error
    _delete(file)  # the other program's log and shared memory beside its file
