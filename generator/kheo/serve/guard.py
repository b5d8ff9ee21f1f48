"""Refuse requests that another web site makes through the editor's browser.

A page of another site can make the browser send requests here. If its own name is pointed at 127.0.0.1
(DNS rebinding), it could even read the answers; so the ``Host`` must be a name of this server. A
request from a script of another site has that site as its ``Origin``.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = {"GET", "HEAD"}
ALWAYS = {
    b"cache-control": b"no-store",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"strict-origin-when-cross-origin",
    b"cross-origin-resource-policy": b"same-origin",  # other sites cannot embed drafts
}


class Guard:
    """ASGI middleware that refuses methods, hosts and origins, and forbids caching of the rest.

    ``names`` are this server's host names. With ``any_address`` any IP address is accepted too: the
    server listens for other machines, and DNS rebinding needs a name.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str], any_address: bool) -> None:
        self.app = app
        self.names = names
        self.any_address = any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # web sockets are refused
        refused = self._refused(scope["method"], Headers(scope=scope))

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", []) if pair[0] not in ALWAYS]
                message["headers"] = [*kept, *ALWAYS.items()]
            await send(message)

        await (refused or self.app)(scope, receive, send_safely)

    def _refused(self, method: str, headers: Headers) -> PlainTextResponse | None:
        if method not in SAFE_METHODS:
            return PlainTextResponse("Only GET and HEAD.\n", 405, {"allow": "GET, HEAD"})
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self.is_own_host(hosts[0]):
            return PlainTextResponse(
                "This preview is not for that host name. Start it with --host NAME.\n", 403
            )
        origins = headers.getlist("origin")
        if any(origin not in {f"http://{hosts[0]}", f"https://{hosts[0]}"} for origin in origins):
            return PlainTextResponse("This preview is not for other sites.\n", 403)
        return None

    def is_own_host(self, host: str) -> bool:
        """Return whether a ``Host`` header names this server; the port may be that of a tunnel."""
        try:
            parts = urlsplit(f"//{host}")
            name, _ = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.netloc != host or "@" in host or parts.path or parts.query:
            return False
        if name in self.names:
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return False
        return self.any_address or address.is_loopback
