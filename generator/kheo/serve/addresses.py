"""Which file of the output an address means, as hosting has it, and what kind of file that is."""

import os
from mimetypes import MimeTypes
from pathlib import Path

from msgspec import Struct

# What hosts say; the built-in table is that of Python, never that of the machine.
TYPES = MimeTypes()
OURS = {
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
OF_HOSTS = {"_headers", "_redirects", "_nginx.conf"}  # read by hosting, not served


class Found(Struct, frozen=True):
    """``file`` to send, or ``moved``: where the address should have led. Neither: there is nothing."""

    file: Path | None = None
    moved: str = ""


def find(output: Path, path: str, prefix: str = "") -> Found:
    """What a decoded URL path leads to. ``prefix``: the folder that the site lies in (``/tin``)."""
    if prefix and path in {"", "/", prefix}:
        return Found(moved=f"{prefix}/")
    if not path.startswith(f"{prefix}/"):
        return Found()
    names = path.removeprefix(prefix).split("/")[1:]
    *folders, last = names
    if not all(map(_is_served, folders)) or (last and not _is_served(last)):
        return Found()
    if not folders and last in OF_HOSTS:
        return Found()
    file = output.joinpath(*folders, last or "index.html")
    if real := _inside(output, file):
        return Found(file=real)
    has_page = last and _inside(output, file / "index.html")
    return Found(moved=f"{path}/") if has_page else Found()


def media_type(name: str) -> str:
    """``Content-Type`` of a file with this name."""
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122  (``.htaccess`` has none)
    kind = OURS.get(suffix) or TYPES.guess_type(f"a{suffix}")[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind in TEXTS
    return f"{kind}; charset=utf-8" if is_text else kind


def _is_served(name: str) -> bool:
    """A name that a published file can have; ``..``, ``.kheo`` and what Windows reads otherwise
    are none."""
    return bool(name) and name[0] != "." and not any(sign in "\\:\0" for sign in name)


def _inside(output: Path, file: Path) -> Path | None:
    """The file, if it is one, and really lies in the output folder, under this very name."""
    try:
        real = file.resolve(strict=True)
        if real.is_file() and real == output.resolve() / file.relative_to(output):
            return real
    except (OSError, ValueError):  # too long a name, a loop of links
        pass
    return None
