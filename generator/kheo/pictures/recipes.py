"""Pictures as plain data: what a file is, and how each published file is made of it."""

import posixpath

import msgspec
from msgspec import Struct

from kheo.messages.wording import Fields
from kheo.model import Document, Reference

WIDTHS = (320, 640, 960, 1280, 1920)  # pixels; none is wider than the picture itself
FALLBACK_WIDTH = 1280  # of the one file in the original format, for browsers without WebP
SHARE_SIZE = (1200, 630)  # what social networks show (Open Graph)
NEARLY = 1.1  # a width that is this near to the picture's own is left out
SHOWN = frozenset({"image", "cover", "poster"})  # references that show a picture
# References to a file of these names may carry metadata, though they only lead to it.
ENDINGS = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".svg")


class PictureFile(Struct, frozen=True, tag=True):
    """A sound picture. ``width`` and ``height`` are pixels as it is shown, upright.

    ``format`` is that of its bytes, whatever its name says: JPEG, PNG, GIF, WEBP or SVG.
    ``clean_size`` is how many bytes it has without metadata. ``digest`` stands for its bytes.
    """

    digest: str
    format: str
    width: int
    height: int
    clean_size: int
    is_animated: bool = False


class BrokenPicture(Struct, frozen=True, tag=True):
    """A picture that cannot be published: a code of ``messages`` and the values of its wording."""

    code: str
    values: Fields


Measured = PictureFile | BrokenPicture


class Scaled(Struct, frozen=True, tag=True):
    """The picture, upright, in sRGB and without metadata, in this format and size."""

    digest: str
    format: str
    width: int
    height: int


class Cropped(Struct, frozen=True, tag=True):
    """The middle of the picture as JPEG, for Open Graph."""

    digest: str
    width: int
    height: int


class Cleaned(Struct, frozen=True, tag=True):
    """The picture's own bytes without metadata; an SVG without all that is active."""

    digest: str


class ShareCard(Struct, frozen=True, tag=True):
    """A card drawn of words, 1200 × 630, as PNG."""

    title: str
    category: str
    site: str


Recipe = Scaled | Cropped | Cleaned | ShareCard

encode_recipe = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Recipe).decode


def decode_recipe(recipe: bytes) -> Recipe:
    """A recipe as a route carries it."""
    decoded: Recipe = _decode(recipe)
    return decoded


def referred_path(document: Document, reference: Reference) -> str:
    """The path below ``content/`` that a reference means; it may lead out (``../``)."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(document.path), reference.target))


def is_picture(reference: Reference) -> bool:
    """Whether what it refers to is opened: it is shown, or its name is that of a picture."""
    return reference.kind in SHOWN or (
        reference.kind in {"link", "attachment"} and reference.target.lower().endswith(ENDINGS)
    )


def widths(width: int) -> tuple[int, ...]:
    """The widths that a picture of this width is published in, smallest first."""
    largest = min(width, WIDTHS[-1])
    return (*(one for one in WIDTHS if one * NEARLY < largest), largest)


def height_at(width: int, file: PictureFile) -> int:
    """The height at a width, rounded, at least 1."""
    return max(1, (file.height * width * 2 + file.width) // (2 * file.width))


def share_size(file: PictureFile) -> tuple[int, int]:
    """The largest part of the picture that has the shape of a share card, never enlarged."""
    wide, high = SHARE_SIZE
    width = min(wide, file.width, file.height * wide // high)
    return max(1, width), max(1, min(file.height, width * high // wide))
