"""Open the port. This is done first, so that a mistake is reported at once."""

import errno
import os
import socket
from ipaddress import ip_address

BACKLOG = 128
TRIED = 50  # number of ports to try after the requested one


class PortTakenError(Exception):
    """Another program uses the port. ``free`` is the next free port, or 0."""

    def __init__(self, port: int, free: int) -> None:
        super().__init__(port, free)
        self.port = port
        self.free = free


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at ``host``; port 0 means any free port.

    Raises PortTakenError, or OSError if there is no such host or listening is not permitted.
    """
    try:
        return _bind(host, port)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        if error.errno == errno.EACCES and os.name != "nt":  # on Windows it means a port in use
            raise
        raise PortTakenError(port, _next_free(host, port)) from None


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def names_of(host: str) -> frozenset[str]:
    """Return the names by which browsers may address this server."""
    own = {"localhost"}
    if not is_loopback(host):
        own |= {host.lower(), socket.gethostname().lower()}
    return frozenset(own)


def url_of(host: str, port: int) -> str:
    """Return the URL to open in a browser on this machine."""
    if host in {"0.0.0.0", "::", ""}:  # these mean all addresses, and cannot be opened
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _next_free(host: str, port: int) -> int:
    for other in range(port + 1, min(port + TRIED, 65_535) + 1):
        try:
            _bind(host, other).close()
        except OSError:
            continue
        return other
    return 0


def _bind(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name != "nt":  # on Windows it would let two programs share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
