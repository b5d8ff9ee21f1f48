"""What the browser is told: how often the site was built, and what is wrong with it now."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import msgspec
from msgspec import Struct

from kheo.serve.problems import Problem

SHOWN = 20  # problems in the overlay; the terminal has all
BEAT_SECONDS = 15.0  # a sign of life, so that a connection that broke is noticed


class Style(Struct, frozen=True):
    """A stylesheet of the theme as it is on the disk: newer than the site that is being built."""

    name: str
    url: str


class State(Struct, frozen=True):
    """``version`` grows with everything that happens; ``more``: problems that are not listed."""

    version: int = 0
    title: str = ""
    problems: tuple[Problem, ...] = ()
    more: int = 0
    styles: tuple[Style, ...] = ()

    def encode(self) -> str:
        """JSON in one line, as an event wants it."""
        return msgspec.json.encode(self).decode()


def after_build(state: State, problems: list[Problem], title: str) -> State:
    """A build has ended: what it found takes the place of what was wrong before."""
    return State(
        version=state.version + 1,
        title=title,
        problems=tuple(problems[:SHOWN]),
        more=max(0, len(problems) - SHOWN),
    )


def with_styles(state: State, names: list[str], folder: str) -> State:
    """Stylesheets were saved; ``folder`` is the address that has them as they are."""
    version = state.version + 1
    fresh = {name: Style(name, f"{folder}{name}?{version}") for name in names}
    kept = [style for style in state.styles if style.name not in fresh]
    return msgspec.structs.replace(state, version=version, styles=(*kept, *fresh.values()))


class Session:
    """The state, and those who wait for the next. Waiting is for one event loop; every thread may
    change the state."""

    def __init__(self) -> None:
        self.state = State()
        self.is_over = False
        self._turn = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    def belong_to(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def change(self, step: Callable[[State], State]) -> None:
        with self._lock:
            self.state = step(self.state)
        self._wake()

    def end(self) -> None:
        """Lets everybody go who waits."""
        self.is_over = True
        self._wake()

    async def events(self, beat: float = BEAT_SECONDS) -> AsyncIterator[str]:
        """Server-sent events (WHATWG HTML, 9.2): the state now, then each that follows."""
        yield "retry: 500\n\n"
        sent = -1
        while not self.is_over:
            turn, state = self._turn, self.state
            if state.version != sent:
                sent = state.version
                yield f"data: {state.encode()}\n\n"
                continue
            try:
                async with asyncio.timeout(beat):
                    await turn.wait()
            except TimeoutError:
                yield ": still here\n\n"

    def _wake(self) -> None:
        """Nobody waits before there is a loop, or after it has ended."""
        if self._loop and not self._loop.is_closed():
            with suppress(RuntimeError):  # it has ended just now
                self._loop.call_soon_threadsafe(self._turn_over)

    def _turn_over(self) -> None:
        self._turn.set()
        self._turn = asyncio.Event()
