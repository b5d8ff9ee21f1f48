"""Open the bytes of a picture with Pillow, but only in formats that browsers show."""

import warnings
from io import BytesIO

from PIL import Image

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_ORIENTATION = 0x0112  # the tag of Exif

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_image(data: bytes) -> Image.Image:
    """Open a picture without decoding its pixels.

    Raises what Pillow's decoders raise, and DecompressionBombWarning for one that is far too large.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about damaged metadata, which is not published
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(BytesIO(data), formats=FORMATS)


def kind_of(image: Image.Image) -> str:
    """Return JPEG, PNG, GIF or WEBP. An MPO is a JPEG of a phone, followed by a second picture."""
    return "JPEG" if image.format == "MPO" else str(image.format)


def frame_count(image: Image.Image) -> int:
    """Return the number of frames of an animation; 1 for any other picture."""
    return 1 if kind_of(image) == "JPEG" else int(getattr(image, "n_frames", 1))


def orientation(image: Image.Image) -> int:
    """Return the Exif orientation, 1 to 8; 1 means that the picture is upright."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = image.getexif().get(_ORIENTATION, 1)
    return found if found in range(1, 9) else 1


def apply_orientation(image: Image.Image, turn: int) -> Image.Image:
    """Turn ``image`` upright, given its ``orientation``."""
    return image.transpose(_TURNS[turn]) if turn in _TURNS else image


def is_rotated(image: Image.Image) -> bool:
    """Return whether the picture lies on its side, so that width and height are swapped."""
    return orientation(image) >= 5
