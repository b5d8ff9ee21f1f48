"""The preview as a whole: builds in the main thread, the server and the watch in another.

The main thread is the one that Ctrl-C interrupts, and the one in which the time limit of sources
works.
"""

import asyncio
import gc
import signal
import socket
import webbrowser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import Empty, Queue

import uvicorn
from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic
from kheo.reporting.reporter import Reporter
from kheo.serve.app import STYLES, Served, make_app
from kheo.serve.listening import is_loopback, names_of, url_of
from kheo.serve.problems import Problem
from kheo.serve.rebuilding import Clock, Result, prefix_of, rebuild
from kheo.serve.session import Session, after_build, with_styles
from kheo.serve.watching import changed_styles, changes
from kheo.stages.results import BuildOptions

SETTLE_SECONDS = 0.3  # after that, the watch sees everything
WAKE_SECONDS = 1.0  # Windows sees Ctrl-C only between two waits


class Preview(Struct, frozen=True):
    """What to serve, and where. ``listener`` is bound already."""

    options: BuildOptions
    listener: socket.socket
    host: str
    opens: bool
    clock: Clock
    reporter: Reporter

    @property
    def roots(self) -> dict[str, Path]:
        return {"content": self.options.content, "templates": self.options.templates}

    @property
    def assets(self) -> Path:
        return self.options.templates / "assets"


def run_preview(preview: Preview) -> None:
    """Builds, then serves until KeyboardInterrupt, which SIGTERM brings too."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    first = rebuild(preview.options, preview.clock, preview.reporter)
    gc.freeze()  # what is loaded stays: later builds need not look through it
    # Processes are not made while threads run: later builds do their work here.
    desk = _Desk(structs.replace(preview, options=structs.replace(preview.options, jobs=1)), first)
    with _served(desk):
        url = f"{url_of(preview.host, preview.listener.getsockname()[1])}{desk.prefix}/"
        preview.reporter.lines(
            [preview.reporter.words.say("Preview at {url} (Ctrl-C ends it)", url=url)]
        )
        if preview.opens:
            webbrowser.open_new_tab(url)
        desk.work()


class _Desk:
    """What changes while the preview runs. Written by the main thread, read by the server's."""

    def __init__(self, preview: Preview, first: Result) -> None:
        self.preview = preview
        self.session = Session()
        self.saved: Queue[set[Path] | None] = Queue()  # None: the server has ended
        self.prefix = prefix_of(preview.options.content, preview.options.templates)
        self.problems: list[Problem] = []
        self.told: list[Diagnostic] = []
        self._take(first)

    def work(self) -> None:
        """Builds whatever is saved, until the server ends."""
        while True:
            try:
                saves = [self.saved.get(timeout=WAKE_SECONDS)]
            except Empty:
                continue
            while not self.saved.empty():  # while the last build was at work
                saves.append(self.saved.get())
            paths: set[Path] = set()
            for one in saves:
                if one is None:
                    return
                paths |= one
            self._build(paths)

    def _build(self, paths: set[Path]) -> None:
        preview = self.preview
        if not paths or any(
            path.name == "site.yaml" for path in paths
        ):  # none: all may have changed
            self.prefix = prefix_of(preview.options.content, preview.options.templates)
        result = rebuild(preview.options, preview.clock, preview.reporter, self.told)
        self._take(result)

    def _take(self, result: Result) -> None:
        self.told = result.found
        self._tell(result.problems)

    def _tell(self, problems: list[Problem]) -> None:
        self.problems = problems
        counted = self.preview.reporter.words.counted
        title = counted(len(problems), "{count} mistake", "{count} mistakes") if problems else ""
        self.session.change(lambda state: after_build(state, problems, title))


@contextmanager
def _served(desk: _Desk) -> Iterator[None]:
    """The server, in a thread of its own; a mistake of its own comes out at the end."""
    preview = desk.preview
    served = Served(
        output=preview.options.output,
        assets=preview.assets,
        prefix=lambda: desk.prefix,
        names=names_of(preview.host),
        any_address=not is_loopback(preview.host),
    )
    config = uvicorn.Config(
        make_app(served, desk.session), log_level="warning", access_log=False, lifespan="off",
        server_header=False, timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = uvicorn.Server(config)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(asyncio.run, _serve(server, desk))
        try:
            yield
        finally:
            server.should_exit = True
            desk.session.end()
        running.result()


async def _serve(server: uvicorn.Server, desk: _Desk) -> None:
    try:
        desk.session.belong_to(asyncio.get_running_loop())
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_watch(desk))
            await server.serve(sockets=[desk.preview.listener])
            watch.cancel()
    finally:
        desk.saved.put(None)


async def _watch(desk: _Desk) -> None:
    options = desk.preview.options
    # Somebody may have saved before the watch began: one more look.
    asyncio.get_running_loop().call_later(SETTLE_SECONDS, desk.saved.put, set())
    async for paths in changes([options.content, options.templates], options.output.parent):
        if styles := changed_styles(paths, desk.preview.assets):
            # Its new name changes every page; browsers need not wait for those.
            desk.session.change(partial(with_styles, names=styles, folder=STYLES))
        desk.saved.put(paths)
