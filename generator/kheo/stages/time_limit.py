"""A limit on the time that one source may take: some texts take Python-Markdown quadratic time or
worse.

The limit is on the processor time of this process, so a busy or sleeping machine does not matter.
Python's regular expressions check for signals while they search, so they are interrupted too.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType


class TooSlowError(BaseException):
    """The time is over. Not an Exception, so that no library catches it."""


@contextmanager
def time_limits() -> Iterator[Callable[[float], object]]:
    """Yield a function that restarts the clock: TooSlowError is raised after so many seconds.

    With 0 it stops the clock. One block serves many sources: to set and reset the signal for each
    took 1 % of a cold build. The function has no effect outside the main thread, nor on Windows,
    which has no such signal.
    """
    if (
        not hasattr(signal, "SIGVTALRM")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield lambda seconds: None
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    try:
        yield partial(signal.setitimer, signal.ITIMER_VIRTUAL)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooSlowError
