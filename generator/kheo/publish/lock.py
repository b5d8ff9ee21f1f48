"""One build at a time for one cache and one output folder."""

import errno
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kheo.errors import LockTimeoutError, convert_os_error
from kheo.messages.wording import Message, message
from kheo.store.files import FOLDER_MODE

LOCK_FILE = "lock"
OWNER_FILE = "building"  # says who holds the lock
WAIT_SECONDS = 600.0
POLL_SECONDS = 0.1

Notify = Callable[[Message], None]


@contextmanager
def build_lock(
    cache: Path, notify: Notify, wait_seconds: float = WAIT_SECONDS, output: Path | None = None
) -> Iterator[None]:
    """Hold the build locks of ``cache`` and ``output``.

    If another build holds a lock, notify the user and wait. The lock of ``output`` is for builds that
    share it but use different caches; the folder is created if needed, and removed at the end if it
    is empty. Raises LockTimeoutError after ``wait_seconds``, FileAccessError if a folder cannot be used.
    """
    with ExitStack() as locks:
        locks.enter_context(_cache_lock(cache, notify, wait_seconds))
        if output and sys.platform != "win32":
            locks.enter_context(_folder_lock(output, notify, wait_seconds))
        yield


@contextmanager
def _cache_lock(cache: Path, notify: Notify, wait_seconds: float) -> Iterator[None]:
    owner = cache / OWNER_FILE
    try:
        cache.mkdir(parents=True, exist_ok=True)
        lock = FileLock(cache / LOCK_FILE)
        _acquire(lock, owner, notify, wait_seconds)
    except OSError as error:
        raise convert_os_error(error, cache) from error
    try:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        with suppress(OSError):  # a full disk: only the other build's message suffers
            owner.unlink(missing_ok=True)  # left by a killed build, or a link
            with owner.open("x", encoding="utf-8") as stream:
                stream.write(f"process {os.getpid()}, since {started}")
        yield
    finally:
        with suppress(OSError):
            owner.unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, owner: Path, notify: Notify, wait_seconds: float) -> None:
    # Timeout is an OSError, which the caller would report as an error of the disk: catch it here.
    try:
        lock.acquire(timeout=0)
    except Timeout:
        notify(message("waiting for another build: {owner}", owner=_read_owner(owner)))
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise LockTimeoutError(
                message("another build is still running: {owner}", owner=_read_owner(owner))
            ) from None


def _read_owner(owner: Path) -> str | Message:
    """Return a text that says which process holds the lock."""
    for _ in range(5):
        try:
            if text := owner.read_text(encoding="utf-8"):
                match = re.fullmatch(r"process (\d+), since (\S+)", text)
                return (
                    message("process {pid}, since {time}", pid=match[1], time=match[2])
                    if match
                    else text
                )
        except OSError:  # that build has only just begun, or has just ended
            pass
        time.sleep(0.05)
    return message("unknown process")


# --- the output folder --------------------------------------------------------------------------


@contextmanager
def _folder_lock(folder: Path, notify: Notify, wait_seconds: float) -> Iterator[None]:
    """Lock the folder itself, so that no lock file is published with the site."""
    was_there = folder.exists()
    try:
        descriptor = _lock_when_free(folder, notify, wait_seconds)
    except OSError as error:
        raise convert_os_error(error, folder) from error
    held = [descriptor]

    def release() -> None:
        while held:
            os.close(held.pop())

    # A worker that outlives its killed build must not keep the lock.
    os.register_at_fork(after_in_child=release)
    try:
        yield
    finally:
        if not was_there:
            with suppress(OSError):  # not empty: the build was a success
                folder.rmdir()
        held.clear()
        _unlock(descriptor)


def _lock_when_free(folder: Path, notify: Notify, wait_seconds: float) -> int:
    """Wait for the lock of ``folder``, creating the folder; return its descriptor."""
    deadline = time.monotonic() + wait_seconds
    has_notified = False
    while True:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            with suppress(PermissionError):  # a file system that keeps no modes
                folder.chmod(FOLDER_MODE)  # whatever the umask
        descriptor = os.open(folder, os.O_RDONLY)
        # Another build may have removed the folder: the lock counts if the name still leads to it.
        if _try_lock(descriptor) and _is_same(descriptor, folder):
            return descriptor
        os.close(descriptor)
        if not has_notified:
            notify(message("waiting for another build that writes to {folder}", folder=folder))
            has_notified = True
        if time.monotonic() > deadline:
            raise LockTimeoutError(
                message("another build is still writing to {folder}", folder=folder)
            )
        time.sleep(POLL_SECONDS)


def _is_same(descriptor: int, folder: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), folder.stat())
    except FileNotFoundError:
        return False


if sys.platform != "win32":
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:  # some network file systems lock no folders
            if error.errno not in {errno.EBADF, errno.ENOTSUP, errno.EINVAL, errno.ENOLCK}:
                raise
        return True

    def _unlock(descriptor: int) -> None:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)

else:  # only the cache is locked on Windows: these are never called

    def _try_lock(descriptor: int) -> bool:
        return True

    def _unlock(descriptor: int) -> None:
        os.close(descriptor)
