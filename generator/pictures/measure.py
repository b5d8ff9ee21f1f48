"""What a picture file is: opened, decoded to its end, measured; or why it cannot be published."""

import struct
import warnings
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from generator.pictures.strip import stripped
from generator.pictures.svg import SvgError, is_svg, read_svg
from generator.recipes import BrokenPicture, Measured, PictureFile

FORMATS = ("JPEG", "MPO", "PNG", "GIF", "WEBP")  # MPO: a JPEG of a phone, with a second picture
MAX_PIXELS = 80_000_000  # of all frames together; decoded, they take four bytes each
ORIENTATION = 0x0112  # the tag of Exif
# What Pillow's decoders raise for bytes that are not what they seem to be.
DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, struct.error,
          ArithmeticError)  # fmt: skip


def measure(data: bytes, digest: str) -> Measured:
    """The picture in ``data``, or why it is broken. Decodes it whole: half a file is found out."""
    if is_svg(data):
        try:
            svg = read_svg(data)
        except SvgError as error:
            return _broken(str(error))
        return PictureFile(digest, "SVG", svg.width, svg.height, len(svg.data))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _measure(data, digest)
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            return _too_large()
        except UnidentifiedImageError:
            return _broken("it is no JPEG, PNG, GIF, WebP or SVG file")
        except DAMAGE:
            return _broken("it is damaged or cut off")


def _measure(data: bytes, digest: str) -> Measured:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        kind = "JPEG" if image.format == "MPO" else str(image.format)
        frames = int(getattr(image, "n_frames", 1)) if kind != "JPEG" else 1
        width, height = image.size
        if width * height * frames > MAX_PIXELS:
            return _too_large()
        orientation = image.getexif().get(ORIENTATION, 1)
        image.draft(None, (width // 8, height // 8))  # a JPEG: read to its end, faster
        for number in range(frames):
            image.seek(number)
            image.load()
    if orientation in {5, 6, 7, 8}:
        width, height = height, width
    size = len(stripped(data, kind, orientation))
    is_upright = orientation not in range(2, 9)
    return PictureFile(digest, kind, width, height, size, is_upright, frames > 1)


def _broken(reason: str) -> BrokenPicture:
    return BrokenPicture("image-broken", {"reason": reason})


def _too_large() -> BrokenPicture:
    return BrokenPicture("image-too-large", {"limit": str(MAX_PIXELS // 1_000_000)})
