"""Who is answered: a browser that this machine's editor uses, and nobody who only borrows it.

A page of another site can make a browser send requests here. Its own name, pointed at 127.0.0.1 (DNS
rebinding), would even let it read the answers: hence the name in ``Host`` must be one of ours. What a
script of another site sends has its ``Origin``.
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
    """ASGI: refuses methods, hosts and origins; what passes is never kept by a cache.

    ``names`` are the host names that are ours; ``any_address``: an IP address is ours too, whichever
    it is (the server listens for other machines, and no name can be rebound to a literal).
    """

    def __init__(self, app: ASGIApp, names: frozenset[str], any_address: bool) -> None:
        self.app = app
        self.names = names
        self.any_address = any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return  # no web sockets here: the connection is refused
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
        if len(hosts) != 1 or not self.is_ours(hosts[0]):
            return PlainTextResponse(
                "This preview is not for that host name. Start it with --host NAME.\n", 403
            )
        origins = headers.getlist("origin")
        if any(origin not in {f"http://{hosts[0]}", f"https://{hosts[0]}"} for origin in origins):
            return PlainTextResponse("This preview is not for other sites.\n", 403)
        return None

    def is_ours(self, host: str) -> bool:
        """Whether a ``Host`` header names this server; the port may be that of a tunnel."""
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
