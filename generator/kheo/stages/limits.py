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
LEAST_MEMORY = 1 << 28  # bytes for each worker where little memory is free
PATIENCE = 12  # times as long by the clock: a busy machine, or a file server that does not answer
HAS_TIMER = hasattr(signal, "setitimer")  # not on Windows, where only the clock counts
FREE = Path("/proc/meminfo")
GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container


class Limits(Struct, frozen=True):
    """The processor time in seconds and the memory in bytes that a worker may use for one chunk."""

    seconds: float
    memory: int

    @property
    def clock_seconds(self) -> float:
        """Return how long the parent waits for the chunk before it kills the worker."""
        return self.seconds * PATIENCE if HAS_TIMER else self.seconds


@contextmanager
def limited(limits: Limits | None) -> Iterator[None]:
    """Enforce limits on this process during the ``with`` block.

    A process that uses too much time is ended by SIGPROF, without a chance to clean up: call this only
    in a worker. Too much memory raises MemoryError, or ends the process if the code is not Python.
    """
    if limits is None:
        yield
        return
    if HAS_TIMER:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    before = _limit_memory(limits.memory)
    try:
        yield
    finally:
        _restore_memory(before)
        if HAS_TIMER:
            signal.setitimer(signal.ITIMER_PROF, 0)


def free_memory() -> int | None:
    """Return how many bytes new processes may use; ``None`` if the system does not tell."""
    with suppress(OSError, ValueError, StopIteration):
        lines = FREE.read_text(encoding="ascii").splitlines()
        free = int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1])
        with suppress(OSError, ValueError):  # no container, or one without a limit
            return min(free << 10, int(GROUP_LIMIT.read_text(encoding="ascii")))
        return free << 10
    return None


def memory_share(jobs: int) -> int:
    """Return the memory that each of ``jobs`` workers may use: together, half of what is free."""
    free = free_memory()
    return MEMORY if free is None else min(MEMORY, max(LEAST_MEMORY, free // 2 // jobs))


if sys.platform != "win32":
    import resource

    def _limit_memory(more: int) -> tuple[int, int]:
        """Limit the address space to what it is now and ``more`` bytes; return the old limits."""
        before = resource.getrlimit(resource.RLIMIT_AS)
        if used := _address_space():
            with suppress(OSError, ValueError):  # a lower limit holds already
                resource.setrlimit(resource.RLIMIT_AS, (used + more, before[1]))
        return before

    def _restore_memory(limits: tuple[int, int]) -> None:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, limits)

    def _address_space() -> int:
        """Return the size of this process in bytes; 0 if the system does not tell, as on macOS."""
        try:
            with open("/proc/self/statm", "rb", buffering=0) as file:  # noqa: PTH123 - for each chunk
                return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return 0

else:

    def _limit_memory(more: int) -> tuple[int, int]:
        return (0, 0)

    def _restore_memory(limits: tuple[int, int]) -> None:
        pass
