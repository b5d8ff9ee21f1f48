"""What can go wrong with the disk, as errors that name the file and say what happened."""

import sqlite3
from errno import EACCES, EAGAIN, EIO, ENOSPC, EROFS
from pathlib import Path

from generator.messages.wording import told


class PublishError(OSError):
    """The disk did not do its part. ``strerror`` says what happened, ``filename`` where."""


class StoreDamagedError(PublishError):
    """The store is not to be trusted. It is deleted when it is closed; a new build will do."""


class BusyError(Exception):
    """Another build did not end in time; the text says which."""


_MEANINGS = {
    sqlite3.SQLITE_FULL: (ENOSPC, "there is no space left on the disk"),
    sqlite3.SQLITE_READONLY: (EROFS, "the store cannot be written"),
    sqlite3.SQLITE_CANTOPEN: (EACCES, "the store cannot be opened"),
    sqlite3.SQLITE_PERM: (EACCES, "the store may not be opened"),
    sqlite3.SQLITE_BUSY: (EAGAIN, "the store is in use by another program"),
    sqlite3.SQLITE_LOCKED: (EAGAIN, "the store is in use by another program"),
    sqlite3.SQLITE_IOERR: (EIO, "the disk reports an error"),
}


def clear(error: sqlite3.DatabaseError | UnicodeDecodeError, file: Path) -> Exception:
    """What SQLite says, as a PublishError; a mistake of the program stays what it is."""
    code = getattr(error, "sqlite_errorcode", None)
    # Names and text that are not UTF-8 any more have no code: Python's module trips over them.
    has_bad_text = code is None and isinstance(error, UnicodeDecodeError | sqlite3.OperationalError)
    if has_bad_text or code == sqlite3.SQLITE_IOERR_SHORT_READ or (code or 0) & 0xFF in _DAMAGE:
        return StoreDamagedError(
            None, told("the store is damaged ({error})", error=error), str(file)
        )
    if code and code & 0xFF in _MEANINGS:
        number, meaning = _MEANINGS[code & 0xFF]
        return PublishError(
            number, told("{meaning} ({error})", meaning=meaning, error=error), str(file)
        )
    return error


_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
