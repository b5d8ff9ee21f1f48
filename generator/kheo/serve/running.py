"""Run the preview: builds in the main thread, the server and the file watcher in another.

Ctrl-C interrupts only the main thread.
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
from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.reporting.reporter import Reporter
from kheo.serve.app import STYLES, ServedSite, make_app
from kheo.serve.listening import is_loopback, names_of, url_of
from kheo.serve.problems import Problem
from kheo.serve.rebuilding import Clock, Result, prefix_of, rebuild
from kheo.serve.session import Session, after_build, with_styles
from kheo.serve.watching import changed_styles, changes
from kheo.stages.results import BuildOptions
from kheo.stages.workers import Workers
from kheo.theme import default_theme

SETTLE_SECONDS = 0.3  # after that, the watcher sees everything
WAKE_SECONDS = 1.0  # Windows sees Ctrl-C only between two waits


class Preview(Struct, frozen=True):
    """What to serve, and where. ``listener`` is already bound."""

    options: BuildOptions
    listener: socket.socket
    host: str
    opens: bool
    clock: Clock
    reporter: Reporter

    @property
    def theme(self) -> tuple[Path, Path]:
        """Return the folders of the theme; the site's own may not exist, or be the default theme."""
        return self.options.templates, default_theme()

    @property
    def assets(self) -> tuple[Path, ...]:
        return tuple(folder / "assets" for folder in self.theme)


def run_preview(preview: Preview) -> None:
    """Build, then serve until KeyboardInterrupt, which SIGTERM raises too."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Workers(preview.options.jobs, notify=preview.reporter.notify) as workers:
        first = rebuild(preview.options, preview.clock, preview.reporter, workers)
        gc.freeze()  # what is loaded stays, so the collector need not look at it again
        # Forking is not safe while threads run: later builds use the workers that there are.
        workers.prepare_for_threads()
        _serve_builds(preview, workers, first)


def _serve_builds(preview: Preview, workers: Workers, first: Result) -> None:
    loop = _PreviewLoop(preview, workers, first)
    with _run_server(loop):
        url = f"{url_of(preview.host, preview.listener.getsockname()[1])}{loop.prefix}/"
        preview.reporter.lines(
            [preview.reporter.words.say("Preview at {url} (press Ctrl+C to stop)", url=url)]
        )
        if preview.opens:
            webbrowser.open_new_tab(url)
        loop.work()


class _PreviewLoop:
    """The build loop and its state. Only this thread writes the state; the server's thread reads it."""

    def __init__(self, preview: Preview, workers: Workers, first: Result) -> None:
        self.preview = preview
        self.workers = workers
        self.session = Session()
        self.saved: Queue[set[Path] | None] = Queue()  # None: the server has ended
        self.prefix = prefix_of(preview.options.content, preview.options.templates)
        self.problems: list[Problem] = []
        self.reported: list[Diagnostic] = []
        self._record(first)

    def work(self) -> None:
        """Build whatever is saved, until the server ends."""
        while True:
            try:
                saves = [self.saved.get(timeout=WAKE_SECONDS)]
            except Empty:
                continue
            while not self.saved.empty():  # saved during the last build
                saves.append(self.saved.get())
            paths: set[Path] = set()
            for one in saves:
                if one is None:
                    return
                paths |= one
            self._build(paths)

    def _build(self, paths: set[Path]) -> None:
        preview = self.preview
        result = rebuild(
            preview.options, preview.clock, preview.reporter, self.workers, self.reported
        )
        # Read after the build, which may have seen a later save of site.yaml. No paths: all may have
        # changed.
        if not paths or any(path.name == "site.yaml" for path in paths):
            self.prefix = prefix_of(preview.options.content, preview.options.templates)
        self._record(result)

    def _record(self, result: Result) -> None:
        self.reported = result.found
        self._show(result.problems)

    def _show(self, problems: list[Problem]) -> None:
        self.problems = problems
        counted = self.preview.reporter.words.counted
        title = counted(len(problems), "{count} mistake", "{count} mistakes") if problems else ""
        self.session.change(lambda state: after_build(state, problems, title))


@contextmanager
def _run_server(loop: _PreviewLoop) -> Iterator[None]:
    """Run the server in a thread of its own; an error in it is raised at the end."""
    preview = loop.preview
    served = ServedSite(
        output=preview.options.output,
        assets=preview.assets,
        prefix=lambda: loop.prefix,
        names=names_of(preview.host),
        any_address=not is_loopback(preview.host),
    )
    config = uvicorn.Config(
        make_app(served, loop.session),
        log_level="error",  # its warnings are about requests, such as those for a web socket
        ws="none",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(asyncio.run, _serve(server, loop))
        try:
            yield
        finally:
            server.should_exit = True
            loop.session.end()
        running.result()


async def _serve(server: uvicorn.Server, loop: _PreviewLoop) -> None:
    try:
        loop.session.attach(asyncio.get_running_loop())
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(_watch(loop))
            await server.serve(sockets=[loop.preview.listener])
            watch.cancel()
    finally:
        loop.saved.put(None)


async def _watch(loop: _PreviewLoop) -> None:
    content, own = loop.preview.options.content, loop.preview.options.output.parent
    # Somebody may have saved before the watcher began: build once more.
    asyncio.get_running_loop().call_later(SETTLE_SECONDS, loop.saved.put, set())
    async for paths in changes((content, *loop.preview.theme), own):
        if styles := changed_styles(paths, loop.preview.assets):
            # A stylesheet's new name changes every page; browsers need not wait for that.
            loop.session.change(partial(with_styles, names=styles, folder=STYLES))
        loop.saved.put(paths)
