"""Errors of the disk and the store. Each names the file and says what went wrong."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EAGAIN, EIO, ENOSPC, EROFS
from pathlib import Path

from kheo.messages.system import reason_of
from kheo.messages.wording import Message, message


class FileAccessError(OSError):
    """The file ``filename`` could not be read or written; ``reason`` says why."""

    def __init__(self, number: int | None, reason: str | Message, file: str) -> None:
        super().__init__(number, str(reason), file)
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.filename}: {self.reason}"


class StoreDamagedError(FileAccessError):
    """The store is damaged. It is deleted when it is closed, and the next build creates a new one."""


class WorkerLostError(FileAccessError):
    """A worker process ended each time that it was started, for example because memory is full."""

    def __init__(self, reason: Message) -> None:
        super().__init__(None, reason, "")


class SiteChangedError(Exception):
    """The settings or the theme changed after their digests were taken: look again."""


class LockTimeoutError(Exception):
    """Another build held the lock for too long. ``message`` names that build."""

    def __init__(self, text: Message) -> None:
        super().__init__(str(text))
        self.message = text


_MEANINGS = {
    sqlite3.SQLITE_FULL: (ENOSPC, message("there is no space left on the disk")),
    sqlite3.SQLITE_READONLY: (EROFS, message("the store cannot be written")),
    sqlite3.SQLITE_CANTOPEN: (EACCES, message("the store cannot be opened")),
    sqlite3.SQLITE_PERM: (EACCES, message("there is no permission to open the store")),
    sqlite3.SQLITE_BUSY: (EAGAIN, message("the store is in use by another program")),
    sqlite3.SQLITE_LOCKED: (EAGAIN, message("the store is in use by another program")),
    sqlite3.SQLITE_IOERR: (EIO, message("the disk reports an error")),
}


def convert_sqlite_error(
    error: sqlite3.DatabaseError | UnicodeDecodeError, file: Path
) -> Exception:
    """Return SQLite's error as a FileAccessError; return a programming error unchanged."""
    code = getattr(error, "sqlite_errorcode", None)
    # Text that is no longer UTF-8 is reported by Python's sqlite3 module itself, without a code.
    has_bad_text = code is None and isinstance(error, UnicodeDecodeError | sqlite3.OperationalError)
    if has_bad_text or code == sqlite3.SQLITE_IOERR_SHORT_READ or (code or 0) & 0xFF in _DAMAGE:
        return StoreDamagedError(
            None, message("the store is damaged ({error})", error=error), str(file)
        )
    if code and code & 0xFF in _MEANINGS:
        number, meaning = _MEANINGS[code & 0xFF]
        return FileAccessError(
            number, message("{meaning} ({error})", meaning=meaning, error=error), str(file)
        )
    return error


_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@contextmanager
def wrap_os_errors(place: Path) -> Iterator[None]:
    """Turn an OSError into a FileAccessError that names its file, or ``place`` if it names none."""
    try:
        yield
    except FileAccessError:
        raise
    except OSError as error:
        raise convert_os_error(error, place) from error


def convert_os_error(error: OSError, place: Path) -> FileAccessError:
    """Return ``error`` as a FileAccessError that names its file, or ``place`` if it names none."""
    if isinstance(error, FileAccessError):
        return error
    reason = _REASONS.get(error.errno or 0) or reason_of(error)
    file = error.filename2 or error.filename or place
    return FileAccessError(error.errno, reason, os.fsdecode(file))


def message_of(error: OSError | LockTimeoutError) -> Message:
    """Return the message to show the user for ``error``."""
    if isinstance(error, LockTimeoutError):
        return error.message
    reason = convert_os_error(error, Path()).reason
    if not error.filename:
        return message("{reason}", reason=reason)
    return message("{file}: {reason}", file=error.filename, reason=reason)


_REASONS = {
    errno.ENOSPC: message("there is no space left on the disk"),
    errno.EDQUOT: message("the disk quota is used up"),
    errno.EROFS: message("this file system is read-only"),
    errno.EACCES: message("there is no write permission"),
    errno.EPERM: message("there is no write permission"),
    errno.EIO: message("the disk reports an error"),
}
