"""Routes: the planned outputs of a site, one for each file that a build publishes."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Literal

from msgspec import Struct

from kheo.views import View, encode_view

DIGEST_BYTES = 12  # 96 bits: a collision within one site is practically impossible


class Route(Struct, frozen=True, gc=False):
    """One planned output file.

    ``url`` is site-relative and ends with ``/`` for pages; ``path`` is relative to ``output/``.
    ``inputs`` is the digest of everything that the output is made from, except the template and what
    all pages share. ``source`` tells users what the output was made from.

    For a page, ``template`` is set and ``view`` is called when the page is rendered. ``body`` is the
    digest of its HTML in the store, or empty; ``part`` is the number of that part, from 1. For other
    files, ``copy`` is the path of the original below the root of ``tree``. It is copied, or a picture
    is made from it by ``recipe``.

    The bytes of a search shard are in the store: ``stored`` is its name there. Those of other files come
    from ``data``, which is called when they are needed.
    """

    url: str
    path: str
    inputs: bytes
    source: str
    template: str = ""
    view: Callable[[], View] | None = None
    body: str = ""
    part: int = 1
    copy: str = ""
    tree: Literal["content", "templates", "theme"] = "content"
    recipe: bytes = b""
    stored: str = ""
    data: Callable[[], bytes] | None = None


def digest(data: bytes) -> bytes:
    """Return the digest of one input, or of the joined digests of several."""
    return blake2b(data, digest_size=DIGEST_BYTES).digest()


def output_path(url: str) -> str:
    """Return the path of a URL: ``/tin-tuc/`` -> ``tin-tuc/index.html``, ``/feed.xml`` -> ``feed.xml``."""
    path = url.lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def page_route(url: str, template: str, view: View, source: str, path: str = "") -> Route:
    """Return the route of a page of a kind with few pages: ``inputs`` is the digest of its whole view.

    ``path``, if given, replaces the output path of the URL.
    """
    return Route(
        url=url,
        path=path or output_path(url),
        inputs=digest(encode_view(view)),
        source=source,
        template=template,
        view=lambda: view,
    )


def copy_inputs(size: int, stamp: int) -> bytes:
    """Return the digest of the inputs of a file that is copied: its size, and its stamp."""
    return digest(f"{size} {stamp}".encode())
