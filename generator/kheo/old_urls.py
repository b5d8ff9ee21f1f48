"""Old URLs as sites of all kinds have them, and the output paths of the pages that stand for them.

``/Tin-Tuc/123.aspx``, ``/tin/123.html`` and ``/Default.aspx?tabid=123&id=456`` are old URLs. A host
sends HTML only for files that it knows to be HTML, so the page of ``/a/123.aspx`` is
``a/123.aspx/index.html``. No host finds a file by a query: ``?tabid=123&id=456`` has a page in a
folder of its own, which web servers and a script look up.
"""

import re

from msgspec import Struct

from kheo.slugs import is_reserved

OLD = "_old"  # the folder of the pages for URLs with a query
EVERYTHING_BELOW = "/*"

_HTML = (".html", ".htm")
# A name must be part of a variable of nginx (``$arg_tabid``), a value part of a file name.
_QUERY = re.compile(r"[A-Za-z0-9_]+=[A-Za-z0-9._~,-]+(?:&[A-Za-z0-9_]+=[A-Za-z0-9._~,-]+)*")
MAX_NAME_BYTES = 255


class OldUrl(Struct, frozen=True):
    """An old URL, site-relative: ``path`` as hosts see it, ``query`` as names and values."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names in the query in lower case, sorted."""
        return tuple(sorted(name.lower() for name, _ in self.query))

    @property
    def page(self) -> str:
        """Return the output path of the page that redirects from this URL."""
        if not self.query:
            return page_path(self.path)
        pairs = sorted((name.lower(), value) for name, value in self.query)
        file = "&".join(f"{name}={value}" for name, value in pairs)
        return f"{query_folder(self.path)}{file}.html"

    def __str__(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self.query)
        return f"{self.path}?{query}" if query else self.path


def parse_old_url(text: str) -> OldUrl | None:
    """Return the parts of an old URL; ``None`` unless it has the form of one on this site.

    ``/tin/123`` means ``/tin/123/``. The home page is an old URL only with a query (``/?p=123``).
    """
    path, mark, query = text.partition("?")
    if not mark:
        return OldUrl(_with_slash(path)) if is_site_path(path) else None
    # nginx has no way to write a `$` where it looks for variables.
    if not (path == "/" or is_site_path(path)) or "$" in path or not _QUERY.fullmatch(query):
        return None
    pairs = tuple(tuple(pair.split("=", 1)) for pair in query.split("&"))
    url = OldUrl(_with_slash(path), pairs)  # type: ignore[arg-type]
    is_long = len(url.page.rpartition("/")[2].encode()) > MAX_NAME_BYTES
    return None if is_long or len(set(url.names)) < len(pairs) else url


def is_site_path(text: str) -> bool:
    """Return whether ``text`` is a path on this site, such as ``/a/b/`` or ``/a/b.html``.

    Names that begin with a dot belong to the program (``.kheo``) and to servers (``.htaccess``).
    Windows allows no folder ``con``, and none that ends in a dot.
    """
    parts = text.strip("/").split("/")
    return (
        text.startswith("/")
        and not text.startswith("//")
        and all(part and not part.startswith(".") and not part.endswith(".") for part in parts)
        and not any(map(is_reserved, parts))
        and not any(char in text for char in "\\?#<>\"'`%:*| ")
        and all(len(part.encode()) <= MAX_NAME_BYTES for part in parts)
    )


def page_path(url: str) -> str:
    """Return the output path of a page: ``/a/`` -> ``a/index.html``, ``/a.aspx`` -> ``a.aspx/index.html``."""
    path = url.strip("/")
    if not path:
        return "index.html"
    return path if path.lower().endswith(_HTML) and not url.endswith("/") else f"{path}/index.html"


def query_folder(path: str) -> str:
    """Return the folder of the pages for ``path`` with a query, with a final slash."""
    below = path.strip("/")
    return f"{OLD}/{below}/" if below else f"{OLD}/"


def _with_slash(path: str) -> str:
    is_file = "." in path.rpartition("/")[2]
    return path if is_file or path.endswith("/") else f"{path}/"
