"""Copies of files of the default theme: the first line of each says of which version it is a copy."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from kheo.diagnostics import Diagnostic, diagnostic
from kheo.layers import layers_of
from kheo.messages.wording import message

_COMMENTS = {
    ".css": ("/*", "*/"),
    ".js": ("/*", "*/"),
    ".po": ("#", ""),
    ".svg": ("<!--", "-->"),
    ".yaml": ("#", ""),
}
_JINJA = ("{#", "#}")  # it is not published, and neither is the end of its line
_RECORD = re.compile(rb"copy of kheo/(\S+) ([0-9a-f]{12})")
_LONGEST = 300  # bytes of a first line


def copy_of(name: str, data: bytes) -> bytes:
    """Return a copy of a file of the default theme, with the record in a line above it."""
    opening, closing = _COMMENTS.get(PurePosixPath(name).suffix, _JINJA)
    line = f"{opening} copy of kheo/{name} {_digest(data)} {closing}".rstrip()
    return f"{line}\n".encode() + data


def outdated_copies(templates: Path) -> Iterator[Diagnostic]:
    """Report copies in the site's own folder whose originals have changed since."""
    *own, default = layers_of(templates)
    originals = dict(default.files()) if own else {}
    for layer in own:
        for name, file in layer.files():
            with file.open("rb") as stream:
                record = _RECORD.search(stream.readline(_LONGEST))
            if record is None:
                continue
            original = originals.get(record[1].decode(errors="replace"))
            digest = _digest(original.read_bytes()) if original else ""
            if digest != record[2].decode():
                advice = (
                    message(
                        "compare this file with {original}, take over what you need, and write {digest} in "
                        "its first line",
                        original=original,
                        digest=digest,
                    )
                    if original
                    else message(
                        "the default theme no longer has that file: delete the first line here"
                    )
                )
                kept = record[1].decode(errors="replace")
                yield diagnostic("copy-outdated", layer.place(name).at(1), name=kept, advice=advice)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=6).hexdigest()
