"""Folders of fingerprinted files. Their names change with their content, so browsers may cache them.

The name of a picture contains the digest of the original and the width. After an update of Pillow, a
file may have different bytes under the same name, but it still shows the same picture.
"""

import re

ASSETS = "assets"
IMAGES = f"{ASSETS}/images"
SEARCH = f"{ASSETS}/search"  # the search index; the name of its entry file does not change
LIFETIME = 31_536_000  # seconds: one year, the longest lifetime in common use (RFC 9111)
FINGERPRINTED = (
    ASSETS + r"(?:(?:/[^/]+)+\.[0-9a-f]{8,}|/images/[0-9a-f]{16}(?:-[a-z0-9]+)?)\.[a-z0-9]+"
)

_FINGERPRINTED = re.compile(FINGERPRINTED)


def is_fingerprinted(path: str) -> bool:
    """Return whether the file at ``path`` never changes, such as ``assets/style.d37f6ca8.css``."""
    return bool(_FINGERPRINTED.fullmatch(path))
