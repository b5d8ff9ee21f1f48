"""Routes: the planned outputs of a site, one for each file that a build publishes."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Literal

from msgspec import Struct

from kheo.views import View, encode_view

DIGEST_BYTES = 12  # 96 bits: a collision within one site is practically impossible


class Route(Struct, frozen=True, gc=False):
    """One planned output file.

    ``url`` is site-relative and ends with ``/`` for pages; ``path`` is below ``output/``.
    ``inputs`` is the digest of everything that the output is made from, apart from the template and
    what all pages share. ``source`` tells people what the output comes from.

    A page has a ``template``, and a ``view`` that is called when the page is rendered; ``body`` is the
    digest of its HTML in the store, or empty, and ``part`` is the number of that part of its source,
    from 1. A file is copied: ``copy`` is its name below the root of ``tree``; with a ``recipe``, a
    picture is made from it.

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
    tree: Literal["content", "templates"] = "content"
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
    """Plan a page of a kind that has few: its input is the encoded view itself.

    ``path``, if given, is used instead of that of the URL.
    """
    return Route(
        url=url,
        path=path or output_path(url),
        inputs=digest(encode_view(view)),
        source=source,
        template=template,
        view=lambda: view,
    )
