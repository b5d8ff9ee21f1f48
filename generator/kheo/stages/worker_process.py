"""Processes that run chunks of work, and can be stopped at any moment.

On Linux they are forked, which takes 2 ms and needs no import. On other systems, where fork is unsafe
or missing, and while threads run, ``multiprocessing`` starts a new interpreter.
"""

import gc
import os
import pickle
import signal
import traceback
import warnings
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from msgspec import Struct

from kheo.stages.limits import address_space, limited

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

HEAD = 8  # bytes before a message: its length


class Channel(Protocol):
    """One end of a connection; those of ``multiprocessing`` have the same methods."""

    def send_bytes(self, buf: bytes, /) -> None: ...
    def recv_bytes(self) -> bytes: ...
    def fileno(self) -> int: ...
    def close(self) -> None: ...


class Outcome(Struct, frozen=True):
    """What a worker sends back: the value, or the error, or neither if memory was used up."""

    value: Any = None
    error: BaseException | None = None
    has_memory: bool = True


class Worker(Protocol):
    """A worker process, as its parent sees it."""

    @property
    def channel(self) -> Channel: ...

    def end(self) -> int:
        """End the process; return its exit status, or minus the signal that had already ended it."""


# --- in a worker --------------------------------------------------------------------------------


def work(channel: Channel) -> None:
    """Run what the parent sends until it closes the channel or is gone."""
    gc.freeze()  # what the parent has loaded: looking at it would copy it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    _be_silent()
    at_start = address_space()
    while True:
        try:
            channel.send_bytes(_outcome(channel.recv_bytes(), at_start))
        except (EOFError, OSError):
            return


def _outcome(request: bytes, at_start: int) -> bytes:
    function, job, chunk, limits = pickle.loads(request)
    try:
        with limited(limits, at_start):
            outcome = Outcome(function(job, chunk))
    except MemoryError:
        return pickle.dumps(Outcome(has_memory=False))
    except BaseException as error:  # noqa: BLE001 - the parent raises it again
        error.add_note(traceback.format_exc())
        outcome = Outcome(error=error)
    return pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL)


def _be_silent() -> None:
    """Drop what libraries print; the parent says how a worker ended."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


# --- forked -------------------------------------------------------------------------------------


class Pipe:
    """A pair of pipes: one to read from, one to write to."""

    def __init__(self, reading: int, writing: int) -> None:
        self.reading = reading
        self.writing = writing

    def send_bytes(self, buf: bytes, /) -> None:
        view = memoryview(len(buf).to_bytes(HEAD, "little") + buf)
        while view:
            view = view[os.write(self.writing, view) :]

    def recv_bytes(self) -> bytes:
        return self._read(int.from_bytes(self._read(HEAD), "little"))

    def _read(self, size: int) -> bytes:
        parts = []
        while size:
            part = os.read(self.reading, min(size, 1 << 20))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def fileno(self) -> int:
        return self.reading

    def close(self) -> None:
        for descriptor in (self.reading, self.writing):
            with suppress(OSError):
                os.close(descriptor)


class ForkedWorker(Struct, frozen=True):
    """A copy of this process, with all modules loaded."""

    process: int
    channel: Pipe

    def end(self) -> int:
        self.channel.close()
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        _, status = os.waitpid(self.process, 0)
        return os.waitstatus_to_exitcode(status)


def fork_worker(others: Iterable[Worker]) -> ForkedWorker:
    """Start a worker. It closes its copies of the channels of ``others``.

    The caller must have no query of SQLite in progress: a worker inherits its locks.
    """
    requests, answers = _pipe(), _pipe()
    with warnings.catch_warnings():
        # About threads, from Python 3.12 on. A build has none; that of a test runner only waits.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if process == 0:
        _become_worker(Pipe(requests[0], answers[1]), (requests[1], answers[0]), others)
    os.close(requests[0])
    os.close(answers[1])
    return ForkedWorker(process, Pipe(answers[0], requests[1]))


def _pipe() -> tuple[int, int]:
    """Return a pipe that is not a standard stream, even if those are closed (`2>&-`)."""
    ends = os.pipe()
    if min(ends) > 2:
        return ends
    other = _pipe()
    for end in ends:
        os.close(end)
    return other


def _become_worker(own: Pipe, parents: tuple[int, int], others: Iterable[Worker]) -> NoReturn:
    try:
        for other in others:
            other.channel.close()
        for descriptor in parents:
            os.close(descriptor)
        work(own)
    finally:
        os._exit(0)  # nothing of the parent's is flushed or cleaned up twice


# --- spawned ------------------------------------------------------------------------------------


class SpawnedWorker(Struct, frozen=True):
    """A new interpreter."""

    process: "SpawnProcess"
    channel: Channel

    def end(self) -> int:
        self.channel.close()
        self.process.kill()
        self.process.join()
        return self.process.exitcode or 0


def spawn_worker() -> SpawnedWorker:
    """Start a worker in a new interpreter; takes 0.2 s."""
    import multiprocessing  # 0.015 s, which a forked worker does not need

    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return SpawnedWorker(process, ours)
