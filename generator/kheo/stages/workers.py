"""Worker processes, which get work in chunks, and only if there is enough of it."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import chain, islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

Item = TypeVar("Item")
Answer = TypeVar("Answer")

CHUNK = 64  # items in a chunk: some tenths of a second of work, so that all cores finish together
WATCH_SECONDS = 0.5
WAITING = 2  # chunks in flight for each process: enough to keep it busy, few to hold in memory


class Workers:
    """Runs chunks of work in ``jobs`` processes, which start when they first pay off.

    Pass another engine with the interface of ``concurrent.futures.Executor`` (Dask, Ray, loky) as
    ``executor``: it then does all the work, and is not shut down here.
    """

    def __init__(self, jobs: int, executor: Executor | None = None) -> None:
        self.jobs = jobs
        self.given = executor
        self.own: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.own:
            self.own.shutdown(cancel_futures=True)

    def run(
        self,
        function: Callable[[Any, list[Item]], Answer],
        job: object,
        items: Iterable[Item],
        few: int,
        size: int = CHUNK,
    ) -> Iterator[Answer]:
        """Yield the results of ``function(job, chunk)`` as they come.

        Up to ``few`` items are done in this process. ``size`` is the number of items in a chunk.
        """
        items = iter(items)
        first = list(islice(items, few + 1))
        if self.given is None and (len(first) <= few or self.jobs <= 1):
            for chunk in _chunks(chain(first, items), size):
                yield function(job, chunk)
            return
        yield from self._spread(function, job, _chunks(chain(first, items), size))

    def _spread(
        self,
        function: Callable[[Any, list[Item]], Answer],
        job: object,
        chunks: Iterator[list[Item]],
    ) -> Iterator[Answer]:
        executor = self._executor()
        waiting: set[Future[Answer]] = set()
        for chunk in chunks:
            waiting.add(executor.submit(function, job, chunk))
            if len(waiting) >= self.jobs * WAITING:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        for future in waiting:
            yield future.result()

    def _executor(self) -> Executor:
        if self.given:
            return self.given
        if self.own is None:
            import multiprocessing  # 0.015 s that small builds save
            from concurrent.futures import ProcessPoolExecutor

            # A fork has the program loaded already; elsewhere it is not safe, or not there.
            method = "fork" if sys.platform == "linux" else None
            context = multiprocessing.get_context(method)
            self.own = ProcessPoolExecutor(
                self.jobs, context, initializer=_end_with, initargs=(os.getpid(),)
            )
        return self.own


def _end_with(parent: int) -> None:
    """Make a worker end when its build is killed, and leave Ctrl-C to the build."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    if hasattr(os, "fork"):  # elsewhere a process keeps its parent's number
        threading.Thread(target=watch, daemon=True).start()


def _chunks(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while chunk := list(islice(items, size)):
        yield chunk
