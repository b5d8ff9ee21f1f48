"""Disks that are full, and disks that fail at one write."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WRITES = (
    "open",
    "write",
    "close",
    "fsync",
    "mkdir",
    "link",
    "rename",
    "replace",
    "rmdir",
    "unlink",
)


@dataclass(frozen=True)
class Failure:
    """The ``nth`` call of ``os.name`` for a file below ``folders`` ends with the error ``number``."""

    name: str
    nth: int
    number: int
    folders: tuple[str, ...]


@contextmanager
def failing(failure: Failure) -> Iterator[Callable[[], bool]]:
    """Lets the failure come; whether it did is what is given."""
    real = getattr(os, failure.name)
    calls = 0

    def call(*args: object, **keywords: object) -> object:
        nonlocal calls
        calls += calls < failure.nth and _path(args[0]).startswith(failure.folders)
        if calls == failure.nth:
            calls += 1
            if failure.name == "close":
                real(*args, **keywords)  # it is closed; what was written is not all there
            name = None if isinstance(args[0], int) else str(args[0])
            raise OSError(failure.number, os.strerror(failure.number), name)
        return real(*args, **keywords)

    setattr(os, failure.name, call)
    try:
        yield lambda: calls > failure.nth
    finally:
        setattr(os, failure.name, real)


def _path(file: object) -> str:
    """Of a name, or of a descriptor that is written to; empty for others, and for a lock."""
    try:
        if isinstance(file, int):
            if fcntl.fcntl(file, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
                return ""
            file = Path(f"/proc/self/fd/{file}").readlink()
    except OSError:
        return ""
    path = Path(str(file))
    return "" if path.name == "lock" else str(path.absolute())


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A disk of its own for the site, where it may be had: Linux, and root."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "kheo-trials", str(folder)]
    is_there = (
        bool(shutil.which("mount"))
        and not subprocess.run(command, capture_output=True, check=False).returncode
    )
    try:
        yield is_there
    finally:
        if is_there:
            subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, room: int, megabytes: int) -> Path:
    """A file that leaves ``room`` bytes of a small disk; delete it to have them back."""
    free = shutil.disk_usage(disk).free
    assert free <= megabytes << 20, "this is not the small disk"
    with (disk / "ballast").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - room))
    return disk / "ballast"
