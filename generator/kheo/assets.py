"""Folders of fingerprinted files, whose names change with their content, so that browsers may keep them.

The name of a picture is made from the digest of the original and its width. After an update of Pillow
the same name may have other bytes, but it is the same picture.
"""

import re

ASSETS = "assets"
IMAGES = f"{ASSETS}/images"
SEARCH = f"{ASSETS}/search"  # the search index; the name of its entry file does not change
LIFETIME = 31_536_000  # seconds: one year, the longest lifetime in common use (RFC 9111)
FINGERPRINTED = (
    ASSETS
    + r"/(?:[^/]+\.[0-9a-f]{8,}|images/[0-9a-f]{16}(?:-[a-z0-9]+)?|search/[^/]+\.[0-9a-f]{8})\.[a-z0-9]+"
)

_FINGERPRINTED = re.compile(FINGERPRINTED)


def is_fingerprinted(path: str) -> bool:
    """Return whether the file at ``path`` never changes, such as ``assets/style.d37f6ca8.css``."""
    return bool(_FINGERPRINTED.fullmatch(path))
