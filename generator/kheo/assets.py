"""The folder of files whose names change with what they hold: what browsers may keep for ever.

Pictures are named by the bytes of the original and their width: other bytes under the same name, as
after a change of Pillow, are the same picture."""

import re

ASSETS = "assets"
IMAGES = f"{ASSETS}/images"
SEARCH = "pagefind"  # the folder of the search index, whose names change too, but for its entry
LIFETIME = 31_536_000  # seconds; a year is the longest that RFC 9111's readers agree on
FINGERPRINTED = ASSETS + r"/(?:[^/]+\.[0-9a-f]{8,}|images/[0-9a-f]{16}(?:-[a-z0-9]+)?)\.[a-z0-9]+"

_FINGERPRINTED = re.compile(FINGERPRINTED)


def is_fingerprinted(path: str) -> bool:
    """Whether what is at ``path`` never changes: ``assets/style.d37f6ca8.css``."""
    return bool(_FINGERPRINTED.fullmatch(path))
