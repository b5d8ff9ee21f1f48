"""The preview as a whole: the server, the watch, the builds."""

import asyncio
import gc
import socket
import webbrowser
from pathlib import Path
from types import FrameType

import uvicorn
from anyio import to_thread
from msgspec import Struct, structs

from generator.diagnostics import Diagnostic
from generator.report import BuildOptions
from generator.reporting import Reporter
from generator.serve.app import STYLES, Served, make_app
from generator.serve.listening import is_loopback, names_of, url_of
from generator.serve.problems import problems_of
from generator.serve.quick import glance
from generator.serve.rebuilding import Clock, Result, prefix_of, rebuild
from generator.serve.session import Session, after_build, with_styles
from generator.serve.watching import changed_styles, changes

SETTLE_SECONDS = 0.3  # after that, the watch sees everything


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
    """Builds, then serves until somebody ends it."""
    first = rebuild(preview.options, preview.clock, preview.reporter)
    gc.freeze()  # what is loaded stays: later builds need not look through it
    # Processes are not made while threads run: later builds do their work here.
    rest = structs.replace(preview, options=structs.replace(preview.options, jobs=1))
    asyncio.run(_Running(rest, first).run())


class _Server(uvicorn.Server):
    """Ends at a signal as at any other end; lets the pages' open connections go, or it would wait
    for them."""

    session: Session

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit  # the second time
        self.should_exit = True
        asyncio.get_running_loop().call_soon_threadsafe(self.session.end)


class _Running:
    """What changes while the preview runs: all in one event loop."""

    def __init__(self, preview: Preview, first: Result) -> None:
        self.preview = preview
        self.session = Session()
        self.told: list[Diagnostic] = []
        self.building = asyncio.Lock()
        self.prefix = self._read_prefix()
        self.fresh: dict[str, bytes] = {}  # pages that are newer than the site
        self.unread: set[str] = set()  # sources that could not be read when they were saved
        self._take(first)

    async def run(self) -> None:
        preview = self.preview
        served = Served(
            output=preview.options.output,
            assets=preview.assets,
            prefix=lambda: self.prefix,
            fresh=lambda path: self.fresh.get(path),
            names=names_of(preview.host),
            any_address=not is_loopback(preview.host),
        )
        config = uvicorn.Config(
            make_app(served, self.session), log_level="warning", access_log=False, lifespan="off",
            server_header=False, timeout_graceful_shutdown=2,
        )  # fmt: skip
        server = _Server(config)
        server.session = self.session
        async with asyncio.TaskGroup() as tasks:
            others = [tasks.create_task(self._watch()), tasks.create_task(self._begin())]
            await server.serve(sockets=[preview.listener])
            for task in others:
                task.cancel()

    async def _begin(self) -> None:
        """Looks once more: somebody may have saved before the watch began."""
        url = f"{url_of(self.preview.host, self.preview.listener.getsockname()[1])}{self.prefix}/"
        self.preview.reporter.lines([f"Preview at {url} (Ctrl-C ends it)"])
        if self.preview.opens:
            await to_thread.run_sync(webbrowser.open, url, abandon_on_cancel=True)
        await asyncio.sleep(SETTLE_SECONDS)
        await self._build()

    async def _watch(self) -> None:
        options = self.preview.options
        async for paths in changes([options.content, options.templates], options.output.parent):
            if styles := changed_styles(paths, self.preview.assets):
                # Its new name changes every page; browsers need not wait for those.
                self.session.put(with_styles(self.session.state, styles, STYLES))
            if any(path.name == "site.yaml" for path in paths):
                self.prefix = self._read_prefix()
            await self._look(paths)
            await self._build()

    async def _look(self, paths: set[Path]) -> None:
        """Shows at once what can be shown without a build."""
        async with self.building:
            seen = await to_thread.run_sync(
                glance, self.preview.options, paths, abandon_on_cancel=True
            )
        mended = seen.good & self.unread
        self.unread = (self.unread | seen.failed.keys()) - seen.good
        if not (seen.failed or seen.pages or mended):
            return
        touched = {(self.preview.options.content / path).as_posix() for path in mended}
        touched |= {(self.preview.options.content / path).as_posix() for path in seen.failed}
        others = [one for one in self.session.state.problems if one.path not in touched]
        found = [d for one in seen.failed.values() for d in one]
        self.fresh = seen.pages
        self.session.put(
            after_build(self.session.state, [*problems_of(found, self.preview.roots), *others])
        )

    async def _build(self) -> None:
        preview = self.preview
        async with self.building:
            result = await to_thread.run_sync(
                rebuild, preview.options, preview.clock, preview.reporter, self.told,
                abandon_on_cancel=True,  # a build that is cut off is finished by the next
            )  # fmt: skip
            self.fresh = {}
            self._take(result)

    def _take(self, result: Result) -> None:
        self.told = result.found
        self.session.put(after_build(self.session.state, result.problems))

    def _read_prefix(self) -> str:
        return prefix_of(self.preview.options.content, self.preview.options.templates)
