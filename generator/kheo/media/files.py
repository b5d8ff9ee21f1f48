"""What is known of a file that is shown: plain data. Importing this is cheap, unlike what reads the file."""

from msgspec import Struct

from kheo.addresses import AUDIOS, CAPTIONS, PDF, VIDEOS, ending_of
from kheo.diagnostics import BrokenFile, Diagnostic
from kheo.messages.wording import Message


def is_media(path: str) -> bool:
    """Return whether a file is examined by ``media.examine``; others are pictures or tables."""
    return ending_of(path) in {CAPTIONS, PDF, *VIDEOS, *AUDIOS}


class PdfFile(Struct, frozen=True, tag=True):
    """A PDF document. ``title`` is that in its data, perhaps empty; ``pages`` is their number, or 0 if
    it cannot be read."""

    title: str
    pages: int


class VideoFile(Struct, frozen=True, tag=True):
    """A video. ``width`` and ``height`` are pixels, as it is shown: upright."""

    width: int
    height: int
    has_sound: bool


class AudioFile(Struct, frozen=True, tag=True):
    """A recording, with its length in seconds."""

    seconds: int


class CaptionsFile(Struct, frozen=True, tag=True):
    """A file of captions. ``found`` has what is wrong in it, each with its line."""

    found: tuple[Diagnostic, ...] = ()


MediaFile = PdfFile | VideoFile | AudioFile | CaptionsFile


def broken(reason: Message) -> BrokenFile:
    """Return that a video, a recording or a PDF cannot be shown, with the reason."""
    return BrokenFile("media-broken", {"reason": reason})
