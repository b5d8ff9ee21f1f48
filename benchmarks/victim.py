"""One build in a process of its own, which can be killed.

It is forked from a process that has the program loaded already: a moment chosen at random is then a
moment of the build, and not of Python's start.
"""

import contextlib
import multiprocessing
import os
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


def build(
    folder: Path, arguments: list[str], said: Path, after: float | None = None,
    failure: Failure | None = None,
) -> Fate:  # fmt: skip
    """Runs ``build.py`` in ``folder``; with ``after``, kills it and its workers so many seconds later.

    What it says goes to the file ``said``.
    """
    process = CONTEXT.Process(target=_build, args=(str(folder), arguments, str(said), failure))
    process.start()
    started = time.perf_counter()
    process.join(after)
    seconds = time.perf_counter() - started
    if is_killed := process.is_alive():
        assert process.pid
        with contextlib.suppress(ProcessLookupError):  # it has only just been made
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.join()
    text = said.read_text(encoding="utf-8", errors="replace") if said.exists() else ""
    return Fate(None if is_killed else process.exitcode, text, seconds)


def _build(folder: str, arguments: list[str], said: str, failure: Failure | None) -> None:
    os.setsid()  # a group of its own, workers included
    to = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(to, 1)
    os.dup2(to, 2)
    os.chdir(folder)
    from kheo.cli import main

    with failing(failure) if failure else contextlib.nullcontext():
        main(arguments)
