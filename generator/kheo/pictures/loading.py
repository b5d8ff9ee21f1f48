"""Opening a picture's bytes with Pillow, in the formats that the web shows and no other."""

import warnings
from io import BytesIO

from PIL import Image

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_ORIENTATION = 0x0112  # the tag of Exif

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip


def opened(data: bytes) -> Image.Image:
    """The picture, its pixels not decoded yet.

    Raises what Pillow's decoders raise, and DecompressionBombWarning for what is far too large.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of metadata that are damaged: they are not published
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(BytesIO(data), formats=FORMATS)


def kind_of(image: Image.Image) -> str:
    """JPEG, PNG, GIF or WEBP. An MPO is a JPEG of a phone with a second picture behind it."""
    return "JPEG" if image.format == "MPO" else str(image.format)


def frame_count(image: Image.Image) -> int:
    """How many pictures a moving one is made of; 1 for any other."""
    return 1 if kind_of(image) == "JPEG" else int(getattr(image, "n_frames", 1))


def orientation(image: Image.Image) -> int:
    """How the picture is to be turned (Exif): 1 not at all, up to 8."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = image.getexif().get(_ORIENTATION, 1)
    return found if found in range(1, 9) else 1


def turned(image: Image.Image, turn: int) -> Image.Image:
    """``image`` as it is to be seen, by its ``orientation``."""
    return image.transpose(_TURNS[turn]) if turn in _TURNS else image


def lies_on_its_side(image: Image.Image) -> bool:
    """Whether width and height are to be swapped."""
    return orientation(image) >= 5
