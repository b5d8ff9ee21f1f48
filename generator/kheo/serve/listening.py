"""The port: taken before anything else is done, so that a mistake is told at once."""

import errno
import os
import socket
from ipaddress import ip_address

BACKLOG = 128
TRIED = 50  # ports after the one asked for


class PortTakenError(Exception):
    """Another program listens there. ``free``: the next port that is free, or 0."""

    def __init__(self, port: int, free: int) -> None:
        super().__init__(port, free)
        self.port = port
        self.free = free


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at ``host``; port 0 is any that is free.

    Raises PortTakenError, and OSError where there is no such host or it may not be listened at.
    """
    try:
        return _listening(host, port)
    except OSError as error:
        if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise
        if error.errno == errno.EACCES and os.name != "nt":  # Windows says so of a port in use
            raise
        raise PortTakenError(port, _next_free(host, port)) from None


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def names_of(host: str) -> frozenset[str]:
    """The names by which browsers may ask for this server."""
    own = {"localhost"}
    if not is_loopback(host):
        own |= {host.lower(), socket.gethostname().lower()}
    return frozenset(own)


def url_of(host: str, port: int) -> str:
    """What to open in a browser of this machine."""
    if host in {"0.0.0.0", "::", ""}:  # all addresses: none of them can be opened
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _next_free(host: str, port: int) -> int:
    for other in range(port + 1, min(port + TRIED, 65_535) + 1):
        try:
            _listening(host, other).close()
        except OSError:
            continue
        return other
    return 0


def _listening(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name != "nt":  # there, it would let two programs have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
