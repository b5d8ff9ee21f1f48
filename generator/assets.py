"""The folder of files whose names change with their bytes: what browsers may keep for ever."""

import re

ASSETS = "assets"
LIFETIME = 31_536_000  # seconds; a year is the longest that RFC 9111's readers agree on
FINGERPRINTED = ASSETS + r"/[^/]+\.[0-9a-f]{8,}\.[a-z0-9]+"

_FINGERPRINTED = re.compile(FINGERPRINTED)


def is_fingerprinted(path: str) -> bool:
    """Whether the bytes at ``path`` never change: ``assets/style.d37f6ca8.css``."""
    return bool(_FINGERPRINTED.fullmatch(path))
