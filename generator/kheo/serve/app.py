"""Serve the site over HTTP as hosting does, with one more script."""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from urllib.parse import quote

from anyio import to_thread
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from kheo.serve.addresses import Target, find, media_type
from kheo.serve.guard import Guard
from kheo.serve.session import Session

OWN = "/.kheo/"  # the name of the manifest, so no published file is there
EVENTS, SCRIPT, STYLES = f"{OWN}events", f"{OWN}preview.js", f"{OWN}styles/"
SCRIPT_FILE = Path(__file__).parent / "preview.js"
HTML = "text/html; charset=utf-8"
NOTHING_YET = b"<!doctype html><html><head><meta charset=utf-8><title>404</title></head><body><p>404</p></body></html>"


class ServedSite(Struct, frozen=True):
    """What is served. ``prefix`` returns the folder of the site in URLs, as site.yaml has it now.

    ``assets`` are the folders of the theme's files, the site's own first.
    """

    output: Path
    assets: tuple[Path, ...]
    prefix: Callable[[], str]
    names: frozenset[str]
    any_address: bool


def make_app(served: ServedSite, session: Session) -> ASGIApp:
    """Return the server as an ASGI application."""

    async def page(request: Request) -> Response:
        path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
        return await to_thread.run_sync(_answer, served, path, query, request.method == "HEAD")

    async def style(request: Request) -> Response:
        for folder in served.assets:
            if file := find(folder, f"/{request.path_params['name']}").file:
                return _send_file(file)
        return _missing(served, request.method == "HEAD")

    async def script(request: Request) -> Response:
        return _send_file(SCRIPT_FILE)

    async def events(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        return StreamingResponse(session.events(), media_type="text/event-stream")

    routes = [
        Route(SCRIPT, script),
        Route(EVENTS, events),
        Route(STYLES + "{name}", style),
        Route("/{path:path}", page),
    ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    return Guard(app, served.names, served.any_address)


def _answer(served: ServedSite, path: str, query: str, is_head: bool) -> Response:
    found: Target = find(served.output, path, served.prefix())
    if found.moved:
        return RedirectResponse(quote(found.moved) + (f"?{query}" if query else ""), 301)
    if found.file is None:
        return _missing(served, is_head)
    if found.file.suffix != ".html":
        return _send_file(found.file)
    try:
        return _page(found.file.read_bytes(), 200, is_head)
    except FileNotFoundError:  # a build has just removed it
        return _missing(served, is_head)


def _missing(served: ServedSite, is_head: bool) -> Response:
    file = find(served.output, "/404.html").file
    if file is None:
        return _page(NOTHING_YET, 404, is_head)
    return _page(file.read_bytes(), 404, is_head)


def _send_file(file: Path) -> Response:
    return FileResponse(file, headers={"content-type": media_type(file.name)})


def _page(data: bytes, status: int, is_head: bool) -> Response:
    state = blake2b(data, digest_size=8).hexdigest()
    return _html(with_script(data, state), status, is_head)


def _html(data: bytes, status: int, is_head: bool) -> Response:
    headers = {"content-type": HTML, "content-length": str(len(data))}
    return Response(b"" if is_head else data, status, headers)


def with_script(data: bytes, state: str) -> bytes:
    """Add the preview's script at the end of a page; ``state`` is the digest of its bytes."""
    tag = f'<script src="{SCRIPT}" data-page="{state}" defer></script>'.encode()
    head, found, tail = data.rpartition(b"</body>")
    return head + tag + found + tail if found else data + tag
