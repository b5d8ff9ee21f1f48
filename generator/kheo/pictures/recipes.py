"""Plain data about pictures: the properties of a file, and recipes for the published files."""

import posixpath

import msgspec
from msgspec import Struct

from kheo.addresses import PICTURES
from kheo.model import Document, Reference

WIDTHS = (320, 640, 960, 1280, 1920)  # pixels; none is wider than the picture itself
FALLBACK_WIDTH = 1280  # of the one file in the original format, for browsers without WebP
SHARE_SIZE = (1200, 630)  # what social networks show (Open Graph)
MAX_WEBP = 16_383  # pixels, the largest width and height of the format
NEARLY = 1.1  # a width is left out if the picture's own width is less than this times larger
MAX_IN_MEMORY = 80_000_000  # pixels of all frames together; each takes four bytes
SHOWN = frozenset({"image", "cover", "poster"})  # references that show a picture


class PictureFile(Struct, frozen=True, tag=True):
    """A valid picture. ``width`` and ``height`` are pixels, with the picture upright.

    ``format`` is that of its bytes, whatever its name says: JPEG, PNG, GIF, WEBP or SVG.
    ``clean_size`` is its size in bytes without metadata. ``frames`` is 1 unless it is animated. ``digest`` is that of its bytes.
    """

    digest: str
    format: str
    width: int
    height: int
    clean_size: int
    frames: int = 1

    @property
    def is_animated(self) -> bool:
        return self.frames > 1

    @property
    def is_too_long(self) -> bool:
        """Return whether an animation is published as it is: WebP would need all frames in memory."""
        return self.is_animated and self.width * self.height * self.frames > MAX_IN_MEMORY


class Scaled(Struct, frozen=True, tag=True):
    """Recipe: the picture in this format and size, upright, in sRGB and without metadata."""

    digest: str
    format: str
    width: int
    height: int


class Cropped(Struct, frozen=True, tag=True):
    """Recipe: the middle of the picture as JPEG, for Open Graph."""

    digest: str
    width: int
    height: int


class Cleaned(Struct, frozen=True, tag=True):
    """Recipe: the picture's own bytes without metadata; an SVG without anything active."""

    digest: str


class ShareCard(Struct, frozen=True, tag=True, omit_defaults=True):
    """Recipe: a card with text, 1200 × 630 pixels, as PNG; ``ground`` is its colour (#rrggbb)."""

    title: str
    category: str
    site: str
    ground: str = ""  # empty: that of the theme


Recipe = Scaled | Cropped | Cleaned | ShareCard

encode_recipe = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Recipe).decode


def decode_recipe(recipe: bytes) -> Recipe:
    """Decode the recipe of a route."""
    decoded: Recipe = _decode(recipe)
    return decoded


def referred_path(document: Document, reference: Reference) -> str:
    """Return the path, relative to ``content/``, that a reference means; it may begin with ``../``."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(document.path), reference.target))


def is_picture(reference: Reference) -> bool:
    """Return whether the file has to be opened: it is shown, or has the name of a picture.

    A picture that is only linked may have metadata to remove.
    """
    return reference.kind in SHOWN | {"figure"} or (
        reference.kind in {"link", "attachment"} and reference.target.lower().endswith(PICTURES)
    )


def widths(width: int) -> tuple[int, ...]:
    """Return the widths in which a picture of this width is published, smallest first."""
    largest = min(width, WIDTHS[-1])
    return (*(one for one in WIDTHS if one * NEARLY < largest), largest)


def webp_widths(file: PictureFile) -> tuple[int, ...]:
    """Return the widths in which a picture is published as WebP; none if it is far too long for that."""
    most = MAX_WEBP * file.width // file.height if file.height > MAX_WEBP else file.width
    if file.is_animated:
        return (file.width,) if max(file.width, file.height) <= MAX_WEBP else ()
    return widths(min(most, file.width)) if most else ()


def height_at(width: int, file: PictureFile) -> int:
    """Return the height at a width, rounded, at least 1."""
    return max(1, (file.height * width * 2 + file.width) // (2 * file.width))


def share_size(file: PictureFile) -> tuple[int, int]:
    """Return the size of the share crop: the shape of SHARE_SIZE, never enlarged."""
    wide, high = SHARE_SIZE
    width = min(wide, file.width, file.height * wide // high)
    return max(1, width), max(1, min(file.height, width * high // wide))
