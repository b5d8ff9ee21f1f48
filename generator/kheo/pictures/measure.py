"""Decode and measure a picture file, or return why it cannot be published."""

import struct
import warnings

from PIL import Image, UnidentifiedImageError

from kheo.diagnostics import BrokenFile
from kheo.messages.wording import Message, message
from kheo.pictures.loading import frame_count, is_rotated, kind_of, open_image, orientation
from kheo.pictures.recipes import PictureFile
from kheo.pictures.strip import strip_metadata
from kheo.pictures.svg import SvgError, is_svg, read_svg

MAX_PIXELS = 80_000_000  # of a picture, or of one frame; decoded, each takes four bytes
MAX_MOVING = 1_000_000_000  # of all frames of an animation; decoding takes about 10 s
# What Pillow's decoders raise for damaged files.
DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    struct.error,
    ArithmeticError,
)


def measure(data: bytes, digest: str) -> PictureFile | BrokenFile:
    """Measure a picture, or return why it is broken. All of it is decoded, to find truncated files."""
    if is_svg(data):
        try:
            svg = read_svg(data)
        except SvgError as error:
            return _broken(error.reason)
        return PictureFile(digest, "SVG", svg.width, svg.height, len(svg.data))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _measure(data, digest)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            return _too_large()
        except UnidentifiedImageError:
            return _broken(message("it is not a JPEG, PNG, GIF, WebP or SVG file"))
        except DAMAGE:
            return _broken(message("it is damaged or incomplete"))


def _measure(data: bytes, digest: str) -> PictureFile | BrokenFile:
    with open_image(data) as image:
        kind, frames = kind_of(image), frame_count(image)
        pixels = image.width * image.height
        if pixels > MAX_PIXELS:
            return _too_large()
        if pixels * frames > MAX_MOVING:
            limit = str(MAX_MOVING // 1_000_000)
            return BrokenFile("animation-too-long", {"limit": limit})
        turn = orientation(image)  # of a PNG, this decodes the pixels: Exif may follow them
        width, height = reversed(image.size) if is_rotated(image) else image.size
        image.draft(None, (1, 1))  # reads a JPEG to its end, but faster
        for number in range(frames):
            image.seek(number)
            image.load()
    size = len(strip_metadata(data, kind, turn))
    return PictureFile(digest, kind, width, height, size, frames)


def _broken(reason: Message) -> BrokenFile:
    return BrokenFile("image-broken", {"reason": reason})


def _too_large() -> BrokenFile:
    return BrokenFile("image-too-large", {"limit": str(MAX_PIXELS // 1_000_000)})
