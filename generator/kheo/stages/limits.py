"""What one source or picture may use, and how a worker process enforces it.

The kernel enforces both limits, so they hold whatever code is running: a regular expression, Pillow,
libyaml, the sanitiser. Python's own signal handlers would wait until such code returns.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

SECONDS = 5  # of processor time for one source or picture; a typical report takes 0.0005 s
MEMORY = 1 << 30  # bytes for one source or picture
LEAST_MEMORY = 1 << 28  # bytes for a worker: with less, fewer of them work at once
PATIENCE = 12  # times as long by the clock: a busy machine, or a file server that does not answer
HAS_TIMER = hasattr(signal, "setitimer")  # not on Windows, where only the clock counts
FREE = Path("/proc/meminfo")
GROUP = Path("/sys/fs/cgroup")  # of a container


class Limits(Struct, frozen=True):
    """The processor time in seconds and the memory in bytes that a worker may use for one chunk."""

    seconds: float
    memory: int

    @property
    def clock_seconds(self) -> float:
        """Return how long the parent waits for the chunk before it kills the worker."""
        return self.seconds * PATIENCE if HAS_TIMER else self.seconds


@contextmanager
def limited(limits: Limits | None, at_start: int) -> Iterator[None]:
    """Enforce limits on this process during the ``with`` block.

    ``at_start`` is the ``address_space`` when the process started to work: what earlier chunks left
    behind counts too. A process that uses too much time is ended by SIGPROF, without a chance to clean
    up, so call this only in a worker. Too much memory raises MemoryError, or ends the process if the
    code is not Python.
    """
    if limits is None:
        yield
        return
    if HAS_TIMER:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    before = _limit_memory(limits.memory, at_start)
    try:
        yield
    finally:
        _restore_memory(before)
        if HAS_TIMER:
            signal.setitimer(signal.ITIMER_PROF, 0)


def free_memory() -> int | None:
    """Return how many bytes new processes may use; ``None`` if the system does not tell."""
    with suppress(OSError, ValueError, KeyError):
        free = _numbers(FREE)["MemAvailable:"] << 10
        return min(free, _free_in_group(free))
    return None


def _free_in_group(free: int) -> int:
    """Return the free memory of this container; ``free`` if this is none, or it has no limit."""
    with suppress(OSError, ValueError, KeyError):
        limit = int((GROUP / "memory.max").read_text(encoding="ascii"))
        used = int((GROUP / "memory.current").read_text(encoding="ascii"))
        return max(0, limit - used + _numbers(GROUP / "memory.stat")["inactive_file"])
    return free


def _numbers(file: Path) -> dict[str, int]:
    """Return the numbers in a file of the kernel, by the word before each."""
    lines = file.read_text(encoding="ascii").splitlines()
    return {words[0]: int(words[1]) for words in map(str.split, lines)}


def affordable(jobs: int) -> tuple[int, int]:
    """Return how many of ``jobs`` workers may work at once, and the memory that each may use.

    Together they use half of what is free. Only a single worker may get more: the least that it needs.
    """
    free = free_memory()
    if free is None:
        return jobs, MEMORY
    jobs = max(1, min(jobs, free // 2 // LEAST_MEMORY))
    return jobs, min(MEMORY, max(LEAST_MEMORY, free // 2 // jobs))


if sys.platform != "win32":
    import resource

    def _limit_memory(more: int, at_start: int) -> tuple[int, int]:
        """Limit the address space to ``at_start`` and ``more`` bytes; return the old limits."""
        before = resource.getrlimit(resource.RLIMIT_AS)
        if at_start:
            with suppress(OSError, ValueError):  # a lower limit holds already
                resource.setrlimit(resource.RLIMIT_AS, (at_start + more, before[1]))
        return before

    def _restore_memory(limits: tuple[int, int]) -> None:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, limits)

    def address_space() -> int:
        """Return the size of this process in bytes; 0 if the system does not tell, as on macOS."""
        try:
            pages = int(Path("/proc/self/statm").read_bytes().split()[0])
        except OSError:
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")

else:

    def address_space() -> int:
        return 0

    def _limit_memory(more: int, at_start: int) -> tuple[int, int]:
        return (0, 0)

    def _restore_memory(limits: tuple[int, int]) -> None:
        pass
