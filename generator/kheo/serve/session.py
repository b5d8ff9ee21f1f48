"""The events for the browser: how often the site was built, and what is wrong with it now."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import msgspec
from msgspec import Struct

from kheo.serve.problems import Problem

SHOWN = 20  # problems in the overlay; the terminal has all
BEAT_SECONDS = 15.0  # between keep-alive comments, by which a broken connection is noticed


class Style(Struct, frozen=True):
    """A stylesheet of the theme as it is on the disk, newer than the last build."""

    name: str
    url: str


class State(Struct, frozen=True):
    """What the browser shows. ``version`` grows with each change; ``more`` problems are not listed."""

    version: int = 0
    title: str = ""
    problems: tuple[Problem, ...] = ()
    more: int = 0
    styles: tuple[Style, ...] = ()

    def encode(self) -> str:
        """Return JSON on one line, as an event needs it."""
        return msgspec.json.encode(self).decode()


def after_build(state: State, problems: list[Problem], title: str) -> State:
    """Return the state after a build, whose problems replace those of the last one."""
    return State(
        version=state.version + 1,
        title=title,
        problems=tuple(problems[:SHOWN]),
        more=max(0, len(problems) - SHOWN),
    )


def with_styles(state: State, names: list[str], folder: str) -> State:
    """Return the state after stylesheets were saved; ``folder`` is the URL where they are served."""
    version = state.version + 1
    fresh = {name: Style(name, f"{folder}{name}?{version}") for name in names}
    kept = [style for style in state.styles if style.name not in fresh]
    return msgspec.structs.replace(state, version=version, styles=(*kept, *fresh.values()))


class Session:
    """The state of the preview, and the requests that wait for the next one.

    The requests wait in one event loop; any thread may change the state.
    """

    def __init__(self) -> None:
        self.state = State()
        self.is_over = False
        self._turn = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def change(self, step: Callable[[State], State]) -> None:
        with self._lock:
            self.state = step(self.state)
        self._wake()

    def end(self) -> None:
        """End all requests that wait."""
        self.is_over = True
        self._wake()

    async def events(self, beat: float = BEAT_SECONDS) -> AsyncIterator[str]:
        """Yield server-sent events (WHATWG HTML, 9.2): the current state, then each new one."""
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
        """Wake all requests that wait; there are none before the loop starts or after it ends."""
        if self._loop and not self._loop.is_closed():
            with suppress(RuntimeError):  # it has just ended
                self._loop.call_soon_threadsafe(self._next_turn)

    def _next_turn(self) -> None:
        self._turn.set()
        self._turn = asyncio.Event()
