"""Find out what a file is, and what readers should know of it, from its bytes."""

from collections.abc import Callable
from posixpath import splitext

from kheo.diagnostics import BrokenFile
from kheo.media.files import MediaFile, PdfFile

Examine = Callable[[bytes, str], MediaFile | None]


def is_media(path: str) -> bool:
    """Return whether a file with this name is examined here; others are taken for pictures."""
    return _ending(path) in _EXAMINERS


def examine(data: bytes, digest: str, path: str) -> MediaFile | BrokenFile:
    """Return what the file is, or that it is not what its name says."""
    ending = _ending(path)
    file = _EXAMINERS[ending](data, digest)
    return file or BrokenFile("file-content", {"format": ending.lstrip(".").upper()})


def _ending(path: str) -> str:
    return splitext(path)[1].lower()


def _pdf(data: bytes, digest: str) -> PdfFile | None:
    """ISO 32000, 7.5.2: readers accept the header within the first 1,024 bytes."""
    return PdfFile(digest) if b"%PDF-" in data[:1_024] else None


_EXAMINERS: dict[str, Examine] = {".pdf": _pdf}
