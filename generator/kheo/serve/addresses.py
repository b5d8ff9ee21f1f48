"""Find the output file for a URL, as hosting does, and its media type."""

import os
from mimetypes import MimeTypes
from pathlib import Path

from msgspec import Struct

# Python's built-in table, not the system's; and the types for which hosting differs from it.
TYPES = MimeTypes()
TYPE_OVERRIDES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".xml": "application/xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".wasm": "application/wasm",
}
TEXTS = {
    "application/xml",
    "application/json",
    "application/manifest+json",
    "image/svg+xml",
}
HOST_FILES = {"_headers", "_redirects", "_nginx.conf"}  # read by hosting, not served


WELL_KNOWN = ".well-known"  # RFC 8615: the only folder with a dot that hosting serves


class Target(Struct, frozen=True):
    """What a URL leads to: a ``file``, or the URL to redirect to (``moved``), or neither."""

    file: Path | None = None
    moved: str = ""


def find(output: Path, path: str, prefix: str = "") -> Target:
    """Return what a decoded URL path leads to. ``prefix`` is the folder of the site (``/tin``)."""
    if prefix and path in {"", "/", prefix}:
        return Target(moved=f"{prefix}/")
    if not path.startswith(f"{prefix}/"):
        return Target()
    names = path.removeprefix(prefix).split("/")[1:]
    *folders, last = names
    shown = folders[1:] if folders[:1] == [WELL_KNOWN] else folders
    if not all(map(_is_served, shown)) or (last and not _is_served(last)):
        return Target()
    if not folders and last in HOST_FILES:
        return Target()
    file = output.joinpath(*folders, last or "index.html")
    if real := _inside(output, file):
        return Target(file=real)
    has_page = last and _inside(output, file / "index.html")
    return Target(moved=f"{path}/") if has_page else Target()


def media_type(name: str) -> str:
    """Return the ``Content-Type`` of a file with this name."""
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122  (``.htaccess`` has none)
    kind = (
        TYPE_OVERRIDES.get(suffix)
        or TYPES.guess_type(f"a{suffix}")[0]
        or "application/octet-stream"
    )
    is_text = kind.startswith("text/") or kind in TEXTS
    return f"{kind}; charset=utf-8" if is_text else kind


def _is_served(name: str) -> bool:
    """Return whether a published file can have this name.

    Names such as ``..`` and ``.kheo``, or with characters special to Windows, are refused.
    """
    return bool(name) and name[0] != "." and not any(char in "\\:\0" for char in name)


def _inside(output: Path, file: Path) -> Path | None:
    """Return the real path of ``file`` if it is a file in the output folder and has this very name."""
    try:
        real = file.resolve(strict=True)
        if real.is_file() and real == output.resolve() / file.relative_to(output):
            return real
    except (OSError, ValueError):  # a name that is too long, a loop of links
        pass
    return None
