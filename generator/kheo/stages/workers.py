"""Worker processes. They receive work in chunks, and are started only if there is enough work."""

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

CHUNK = 64  # items per chunk: some tenths of a second of work, so that all cores finish together
WATCH_SECONDS = 0.5
WAITING = 2  # submitted chunks per process: enough to keep it busy, few enough for memory


class Workers:
    """Runs chunks of work in ``jobs`` processes, which are started when first needed.

    ``executor`` may be any ``concurrent.futures.Executor`` (from Dask, Ray or loky). It then does all
    the work, and the caller must shut it down.
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
        """Yield the results of ``function(job, chunk)`` as they arrive, in any order.

        Up to ``few`` items are processed in this process. ``size`` is the number of items in a chunk.
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
            import multiprocessing  # takes 0.015 s, which small builds do not need
            from concurrent.futures import ProcessPoolExecutor

            # A forked process has all modules loaded. On other systems, fork is unsafe or missing.
            method = "fork" if sys.platform == "linux" else None
            context = multiprocessing.get_context(method)
            self.own = ProcessPoolExecutor(
                self.jobs, context, initializer=_end_with, initargs=(os.getpid(),)
            )
        return self.own


def _end_with(parent: int) -> None:
    """Make a worker exit when the ``parent`` process is killed, and ignore Ctrl-C in the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    if hasattr(os, "fork"):  # on Windows, getppid() does not change when the parent ends
        threading.Thread(target=watch, daemon=True).start()


def _chunks(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while chunk := list(islice(items, size)):
        yield chunk
