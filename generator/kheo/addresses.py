"""What an address in a source says: whether it leads elsewhere, and what kind of file it names."""

import posixpath
import re

PICTURES = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".svg")
VIDEOS, AUDIOS = (".mp4", ".webm"), (".mp3", ".ogg", ".m4a")
CAPTIONS, PDF = ".vtt", ".pdf"
DATA = (".csv", ".tsv")
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[/\\]{2}")


def is_elsewhere(address: str) -> bool:
    """Return whether an address has a scheme or a host. Browsers read ``/\\host`` as ``//host``."""
    return _ELSEWHERE.match(address) is not None


def is_outside(path: str) -> bool:
    """Return whether a normalised path leads out of ``content/``."""
    return path.startswith(("/", "../")) or path == ".."


def ending_of(name: str) -> str:
    """Return the ending of a file name in small letters: ``Film.MP4`` -> ``.mp4``."""
    return posixpath.splitext(name)[1].lower()
