"""A limit to the time that one source may take: some texts make Python-Markdown quadratic, or worse.

By the processor time of this process, so that a busy or sleeping machine harms nobody. The regular
expressions of Python look for signals while they search, so that they, too, are interrupted.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooSlowError(BaseException):
    """The time is over. No Exception, so that no library takes it for one of its own."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TooSlowError where what is within takes longer.

    Without effect outside of a main thread, and where the system has no such signal (Windows).
    """
    if (
        not hasattr(signal, "SIGVTALRM")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooSlowError
