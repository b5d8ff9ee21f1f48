"""One build at a time for one cache and one output folder."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

LOCK_FILE = "lock"
WAIT_SECONDS = 600.0


class BusyError(Exception):
    """Another build did not end in time; the text says which."""


@contextmanager
def build_lock(
    cache: Path, tell: Callable[[str], None], wait_seconds: float = WAIT_SECONDS
) -> Iterator[None]:
    """Holds the build lock of ``cache``; waits for another build, telling whose it is.

    Raises BusyError after ``wait_seconds``.
    """
    cache.mkdir(parents=True, exist_ok=True)
    file = cache / LOCK_FILE
    lock = FileLock(file)
    owner = cache / "building"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell(f"waiting for another build: {_read(owner)}")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout:
            raise BusyError(f"another build is still running: {_read(owner)}") from None
    try:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        owner.write_text(f"process {os.getpid()}, since {started}", encoding="utf-8")
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def _read(owner: Path) -> str:
    for _ in range(5):
        try:
            return owner.read_text(encoding="utf-8")
        except OSError:  # it has only just begun, or has just ended
            time.sleep(0.05)
    return "unknown process"
