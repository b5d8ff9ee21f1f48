"""Find out what a file is, and what readers should know of it, from its bytes."""

from collections.abc import Callable
from typing import BinaryIO

from kheo.addresses import ending_of
from kheo.diagnostics import BrokenFile
from kheo.media.bytes import DamagedError
from kheo.media.files import (
    AudioFile,
    CaptionsFile,
    MediaFile,
    PdfFile,
    VideoFile,
    broken,
)
from kheo.media.mp4 import is_mp4, read_mp4
from kheo.media.webm import is_webm, read_webm
from kheo.messages.wording import message

MAX_SIDE = 16_384  # pixels of a video
_START = 1024  # bytes; `%PDF-` stands within them (ISO 32000-2, 7.5.2)

Found = MediaFile | BrokenFile | None
Examine = Callable[[BinaryIO, bytes, str], Found]


def examine(file: BinaryIO, path: str) -> MediaFile | BrokenFile:
    """Return what the open ``file`` is, or that it is not what the name in ``path`` says.

    A file may be large, so only what is needed is read of it.
    """
    ending = ending_of(path)
    start = file.read(_START)
    file.seek(0)
    try:
        found = _EXAMINERS[ending](file, start, path)
    except DamagedError:
        return broken(message("it is damaged or incomplete"))
    return found or BrokenFile("file-content", {"format": ending.lstrip(".").upper()})


# Each returns ``None`` for a file of another type, and may raise DamagedError.


def _pdf(file: BinaryIO, start: bytes, path: str) -> PdfFile | BrokenFile | None:
    if b"%PDF-" not in start:
        return None
    from kheo.media.pdf import read_pdf  # imports pypdf: 0.2 s

    return read_pdf(file)


def _mp4(file: BinaryIO, start: bytes, path: str) -> VideoFile | BrokenFile | None:
    if not is_mp4(start):
        return None
    movie = read_mp4(file)
    return _video(movie.size, movie.has_sound)


def _webm(file: BinaryIO, start: bytes, path: str) -> VideoFile | BrokenFile | None:
    web = read_webm(file) if is_webm(start) else None
    return _video(web.size, web.has_sound) if web else None


def _video(size: tuple[int, int] | None, has_sound: bool) -> VideoFile | BrokenFile:
    if size is None:
        return broken(message("it has no picture, only sound: save it as an audio file"))
    if not all(0 < side <= MAX_SIDE for side in size):
        return broken(message("the size of its picture is not readable"))
    return VideoFile(*size, has_sound)


def _mp3(file: BinaryIO, start: bytes, path: str) -> AudioFile | BrokenFile | None:
    is_frame = start[:1] == b"\xff" and start[1:2] >= b"\xe0"
    return _tagged(file, ".mp3") if is_frame or start.startswith(b"ID3") else None


def _ogg(file: BinaryIO, start: bytes, path: str) -> AudioFile | BrokenFile | None:
    return _tagged(file, ".ogg") if start.startswith(b"OggS") else None


def _tagged(file: BinaryIO, name: str) -> AudioFile | BrokenFile:
    from kheo.media.audio import read_length

    return _recording(read_length(file, name))


def _m4a(file: BinaryIO, start: bytes, path: str) -> AudioFile | BrokenFile | None:
    if not is_mp4(start):
        return None
    movie = read_mp4(file)
    return _recording(movie.seconds if movie.has_sound else 0)


def _recording(seconds: float) -> AudioFile | BrokenFile:
    if not 0 < seconds < 1_000_000:
        return broken(message("it has no sound"))
    return AudioFile(max(1, round(seconds)))


def _captions(file: BinaryIO, start: bytes, path: str) -> CaptionsFile:
    from kheo.media.captions import read_captions

    return read_captions(file, path)


_EXAMINERS: dict[str, Examine] = {
    ".pdf": _pdf,
    ".mp4": _mp4,
    ".webm": _webm,
    ".mp3": _mp3,
    ".ogg": _ogg,
    ".m4a": _m4a,
    ".vtt": _captions,
}
