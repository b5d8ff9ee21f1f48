"""Worker processes: they receive work in chunks, and can be stopped while they do it.

What editors wrote is always processed in a worker, with limits for each chunk. A worker that uses too
much, or that ends for another reason, is replaced. The items of its chunk are then processed one by
one, so that the one to blame is known and all others are not affected.
"""

import math
import os
import pickle
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from itertools import chain, islice
from types import TracebackType
from typing import Any, Literal, TypeVar

from msgspec import Struct

from kheo.errors import WorkerLostError
from kheo.messages.wording import Message, message
from kheo.stages.limits import HAS_TIMER, SECONDS, Limits, affordable
from kheo.stages.worker_process import (
    Channel,
    Outcome,
    Worker,
    fork_worker,
    spawn_worker,
)

Item = TypeVar("Item")
Answer = TypeVar("Answer")

LOST = message("a worker process ended unexpectedly; perhaps memory was used up")
CHUNK = 64  # items per chunk: some tenths of a second of work, so that all cores finish together
WAITING = 2  # chunks per process that are ready to be sent: enough to keep it busy
# How workers are started; set the variable to test another system's way.
METHOD = os.environ.get("KHEO_WORKERS") or ("fork" if sys.platform == "linux" else "spawn")


class Failure(Struct, frozen=True):
    """Why an item could not be processed: it took too long or too much memory, or its worker ended."""

    reason: Literal["slow", "memory", "ended"]


class Call(Struct, frozen=True):
    """What all chunks of a run have in common."""

    function: Callable[[Any, list[Any]], Any]
    job: object
    limits: Limits | None

    def request(self, chunk: list[Any]) -> bytes:
        parts = (self.function, self.job, chunk, self.limits)
        return pickle.dumps(parts, pickle.HIGHEST_PROTOCOL)


class Busy(Struct, frozen=True):
    """A worker with the chunk that it processes, and when to stop it (``time.monotonic``)."""

    worker: Worker
    chunk: list[Any]
    deadline: float


def _nothing() -> None:
    pass


class Workers:
    """Runs chunks of work in up to ``jobs`` processes, which are started when first needed.

    ``executor`` may be any ``concurrent.futures.Executor`` (from Dask, Ray or loky). It then does all
    the work, without limits, and the caller must shut it down.
    """

    def __init__(
        self,
        jobs: int,
        executor: Executor | None = None,
        notify: Callable[[Message], None] = lambda text: None,
    ) -> None:
        self.jobs = jobs
        self.executor = executor
        self.notify = notify
        self.method = METHOD
        self.idle: list[Worker] = []
        self.busy: list[Busy] = []

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end_busy()
        self._end_idle()

    def prepare_for_threads(self) -> None:
        """Start a worker for later builds, and fork no more: that is not safe while threads run.

        From now on, one worker does what has limits, and this process all the rest. No store may be
        open: a worker inherits SQLite's state, which is that of the store of one build.
        """
        self._end_idle()
        self.idle.append(self._start())
        self.method = "spawn"
        self.jobs = 1

    def run(
        self,
        function: Callable[[Any, list[Item]], Answer],
        job: object,
        items: Iterable[Item],
        few: int,
        size: int = CHUNK,
        *,
        give_up: Callable[[Item, Failure], Answer] | None = None,
        seconds: float = SECONDS,
        meanwhile: Callable[[], None] = _nothing,
    ) -> Iterator[Answer]:
        """Yield the results of ``function(job, chunk)`` as they arrive, in any order.

        With ``give_up``, the work is limited: up to ``few`` items are processed in one worker, and
        ``give_up`` returns the result for an item that takes more than ``seconds`` of processor time,
        too much memory, or ends its worker. Without it, up to ``few`` items are processed in this
        process. ``size`` is the number of items in a chunk. ``meanwhile`` is called once while workers
        are busy. Raises WorkerLostError.
        """
        items = iter(items)
        if self.executor:
            yield from _submit(self.executor, self.jobs, (function, job), _chunks(items, size))
            return
        first = list(islice(items, few + 1))
        jobs = 1 if len(first) <= few else self.jobs
        chunks = _chunks(chain(first, items), size)
        if not give_up and jobs == 1:
            for chunk in chunks:
                yield function(job, chunk)
            return
        limits = None
        if give_up and first:
            jobs, memory = affordable(jobs)
            limits = Limits(seconds, memory)
        failed: list[list[Item]] = []
        for chunk, result in self._results(Call(function, job, limits), chunks, jobs, meanwhile):
            if not isinstance(result, Failure):
                yield result
            elif give_up and result.reason == "slow" and len(chunk) == 1:
                yield give_up(chunk[0], result)
            else:
                failed.append(chunk)
        for item in chain.from_iterable(failed):
            yield self._run_alone(function, job, item, give_up, seconds)

    def _run_alone(
        self,
        function: Callable[[Any, list[Item]], Answer],
        job: object,
        item: Item,
        give_up: Callable[[Item, Failure], Answer] | None,
        seconds: float,
    ) -> Answer:
        """Process an item while nothing else runs, with all the memory that an item may use."""
        limits = Limits(seconds, affordable(1)[1]) if give_up else None
        ((_, result),) = self._results(Call(function, job, limits), iter([[item]]), 1)
        if not isinstance(result, Failure):
            answer: Answer = result
            return answer
        if give_up is None:
            raise WorkerLostError(LOST)
        return give_up(item, result)

    def _results(
        self,
        call: Call,
        chunks: Iterator[list[Item]],
        jobs: int,
        meanwhile: Callable[[], None] = _nothing,
    ) -> Iterator[tuple[list[Item], Any]]:
        """Yield each chunk with its result, or with a Failure.

        The next requests are prepared while the workers are busy, so that none has to wait.
        """
        ready: deque[tuple[list[Item], bytes]] = deque()
        try:
            while True:
                while ready and len(self.busy) < jobs:
                    self._give(*ready.popleft(), call.limits)
                chunk = next(chunks, None) if len(ready) < jobs * WAITING else None
                if chunk:
                    ready.append((chunk, call.request(chunk)))
                    if len(self.busy) < jobs:
                        continue
                elif not self.busy:
                    return
                meanwhile()
                meanwhile = _nothing
                for done in self._wait(0 if chunk else None):
                    result = self._receive(done)
                    if ready:  # before the caller uses the result, which may take a while
                        self._give(*ready.popleft(), call.limits)
                    yield done.chunk, result
        finally:
            self._end_busy()

    def _give(self, chunk: list[Any], request: bytes, limits: Limits | None) -> None:
        worker = self.idle.pop() if self.idle else self._start()
        seconds = limits.clock_seconds if limits else math.inf
        self.busy.append(Busy(worker, chunk, time.monotonic() + seconds))
        with suppress(OSError):  # it has ended: `_receive` finds out how
            worker.channel.send_bytes(request)

    def _start(self) -> Worker:
        if self.method == "spawn":
            return spawn_worker()
        return fork_worker([*self.idle, *(one.worker for one in self.busy)])

    def _wait(self, seconds: float | None) -> list[Busy]:
        """Return the workers that have answered, ended, or run out of time; wait for the first one."""
        if seconds is None:
            seconds = max(0, min(one.deadline for one in self.busy) - time.monotonic())
        ready = _wait_for([one.worker.channel for one in self.busy], seconds)
        now = time.monotonic()
        return [one for one in self.busy if one.worker.channel in ready or one.deadline <= now]

    def _receive(self, one: Busy) -> Any:
        """Return the answer of a worker, or a Failure; raise the error that it has sent."""
        worker = one.worker
        self.busy.remove(one)
        if one.deadline <= time.monotonic() and not _wait_for([worker.channel], 0):
            worker.end()
            return Failure("slow")
        try:
            outcome: Outcome = pickle.loads(worker.channel.recv_bytes())
        except (EOFError, OSError):
            return self._failure(worker.end())
        if not outcome.has_memory:
            worker.end()
            return Failure("memory")
        self.idle.append(worker)
        if outcome.error:
            raise outcome.error
        return outcome.value

    def _failure(self, status: int) -> Failure:
        """Return why a worker ended."""
        if HAS_TIMER and status == -signal.SIGPROF:
            return Failure("slow")
        if status == -signal.SIGABRT:  # code that is not Python, without memory
            return Failure("memory")
        self.notify(
            message(
                "a worker process ended unexpectedly ({status}); its files are processed one by one",
                status=status,
            )
        )
        return Failure("ended")

    def _end_idle(self) -> None:
        while self.idle:
            self.idle.pop().end()

    def _end_busy(self) -> None:
        """Stop the workers whose answers nobody waits for."""
        while self.busy:
            self.busy.pop().worker.end()


def _wait_for(channels: Sequence[Channel], seconds: float) -> list[Channel]:
    """Return the channels that can be read; wait for the first one, at most so long."""
    if sys.platform == "win32":
        from multiprocessing.connection import wait as wait_for_pipes

        return wait_for_pipes(channels, None if seconds == math.inf else seconds)
    poll = select.poll()
    for channel in channels:
        poll.register(channel.fileno(), select.POLLIN)
    ready = {number for number, _ in poll.poll(None if seconds == math.inf else seconds * 1000)}
    return [channel for channel in channels if channel.fileno() in ready]


def _submit(
    executor: Executor, jobs: int, call: tuple[Callable[..., Answer], object], chunks: Iterator[Any]
) -> Iterator[Answer]:
    """Let an executor that was given process all chunks."""
    function, job = call
    waiting: set[Future[Answer]] = set()
    try:
        for chunk in chunks:
            waiting.add(executor.submit(function, job, chunk))
            if len(waiting) >= jobs * WAITING:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        for future in waiting:
            yield future.result()
    except BrokenExecutor as error:
        raise WorkerLostError(LOST) from error


def _chunks(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    while chunk := list(islice(items, size)):
        yield chunk
