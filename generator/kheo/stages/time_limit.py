"""Limit the time that parsing one source may take.

For some texts Python-Markdown takes quadratic time or worse. The limit is in processor time of this
process, so a busy or sleeping machine does not matter. Python's regular expressions check for
signals while they search, so they are interrupted too.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType


class TooSlowError(BaseException):
    """The time limit was exceeded. This is not an Exception, so that no library catches it."""


@contextmanager
def time_limits() -> Iterator[Callable[[float], object]]:
    """Yield a function that sets the limit in seconds, after which TooSlowError is raised.

    0 removes the limit. Use one ``with`` block for many sources: setting and resetting the signal
    handler for each one takes 1 % of a cold build. The function does nothing outside the main thread
    or on Windows, which has no such signal.
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
