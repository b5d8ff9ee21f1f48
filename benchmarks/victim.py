"""One build in a process of its own, which can be killed.

It is forked from a process that has the program loaded already: a moment chosen at random is then a
moment of the build, and not of Python's start.
"""

import contextlib
import multiprocessing
import os
import resource
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.disks import Failure, failing

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["benchmarks.victim", "kheo.cli", "kheo.pipeline",
                                "kheo.read.documents", "kheo.render.renderer"])  # fmt: skip


@dataclass(frozen=True)
class Fate:
    """What became of a build. ``status`` is ``None`` if it was killed in time."""

    status: int | None
    said: str
    seconds: float


@dataclass(frozen=True)
class Trouble:
    """What a build meets: a write that fails, files of at most ``file_size`` bytes, or that it is
    another version of the program than the last one."""

    failure: Failure | None = None
    file_size: int = 0
    version: str = ""


class Build:
    """A build that runs; what it says goes to the file ``said``."""

    def __init__(
        self, folder: Path, arguments: list[str], said: Path, trouble: Trouble | None = None
    ) -> None:
        given = (str(folder), arguments, str(said), trouble or Trouble())
        self.said = said
        self.process = CONTEXT.Process(target=_build, args=given)
        self.process.start()
        self.started = time.perf_counter()

    def kill_a_worker(self) -> bool:
        """Kills one of its workers, if it has any now."""
        file = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        with contextlib.suppress(OSError):
            for worker in file.read_text().split()[:1]:
                os.kill(int(worker), signal.SIGKILL)
                return True
        return False

    def end(self, after: float | None = None) -> Fate:
        """Waits for it; with ``after``, kills it and its workers so many seconds later."""
        self.process.join(after)
        seconds = time.perf_counter() - self.started
        if is_killed := self.process.is_alive():
            assert self.process.pid
            with contextlib.suppress(ProcessLookupError):  # it has only just been made
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
            self.process.join()
        said = self.said.read_text(encoding="utf-8", errors="replace") if self.said.exists() else ""
        return Fate(None if is_killed else self.process.exitcode, said, seconds)


def _build(folder: str, arguments: list[str], said: str, trouble: Trouble) -> None:
    os.setsid()  # a group of its own, workers included
    to = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(to, 1)
    os.dup2(to, 2)
    os.chdir(folder)
    from kheo.cli import main
    from kheo.stages import looking

    if trouble.file_size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (trouble.file_size, trouble.file_size))
    if trouble.version:
        looking.program_digest = lambda: trouble.version
    with failing(trouble.failure) if trouble.failure else contextlib.nullcontext():
        main(arguments)
