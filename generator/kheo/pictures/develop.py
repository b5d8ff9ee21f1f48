"""Makes published pictures: upright, in sRGB, smaller, without metadata. Same bytes in, same out."""

import math
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

from kheo.pictures.loading import (
    frame_count,
    kind_of,
    lies_on_its_side,
    opened,
    orientation,
    turned,
)
from kheo.pictures.recipes import SHARE_SIZE, WIDTHS, Cleaned, Cropped, Scaled
from kheo.pictures.strip import stripped
from kheo.pictures.svg import is_svg, read_svg

QUALITY = {"WEBP": 80, "JPEG": 82}
PAPER = (255, 255, 255)  # what shows through a picture that must be without transparency
CENTRE = (0.5, 0.4)  # of a crop: people's heads are above the middle
_WIDE_MODES = {"I", "F", "I;16", "I;16B", "I;16L", "I;16N"}


def develop(recipe: Scaled | Cropped | Cleaned, data: bytes, image: Image.Image | None) -> bytes:
    """The bytes that ``recipe`` makes of a picture file. ``image`` is ``upright(data)``, needed for
    all but ``Cleaned``."""
    if isinstance(recipe, Cleaned):
        return cleaned(data)
    if image is None:
        raise ValueError("there is nothing to scale")
    size = (recipe.width, recipe.height)
    if isinstance(recipe, Cropped):
        part = ImageOps.fit(_opaque(image), size, Image.Resampling.LANCZOS, centering=CENTRE)
        return _saved(part, "JPEG")
    if recipe.format == "WEBP" and (moving := _animation(data, size)):
        return moving
    scaled = image
    if image.size != size:
        scaled = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _saved(scaled, recipe.format)


def cleaned(data: bytes) -> bytes:
    """The file's own bytes without metadata or anything active."""
    if is_svg(data):
        return read_svg(data).data
    with opened(data) as image:
        return stripped(data, kind_of(image), orientation(image))


def upright(data: bytes) -> Image.Image:
    """The picture (its first frame) as L, RGB or RGBA in sRGB, turned as it is to be seen.

    A JPEG is decoded no larger than is needed. What came with it besides pixels is gone.
    """
    with opened(data) as image:
        image.draft(None, _needed(image.size, lies_on_its_side(image)))
        profile = image.info.get("icc_profile", b"")
        seen = turned(image, orientation(image))
        plain = _in_srgb(seen, profile) if profile else _plain(seen)
    plain.info = {}
    return plain


def _needed(size: tuple[int, int], is_turned: bool) -> tuple[int, int]:
    """The least size, as it lies in the file, that all widths and the share crop can be made of."""
    width, height = reversed(size) if is_turned else size
    scale = min(1.0, max(WIDTHS[-1] / width, SHARE_SIZE[1] / height))
    return math.ceil(size[0] * scale), math.ceil(size[1] * scale)


def _plain(image: Image.Image) -> Image.Image:
    if image.mode in _WIDE_MODES:  # 16 bits: Pillow's own conversion would cut off what is bright
        wide = image.convert("I") if image.mode != "F" else image
        return wide.point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in {"L", "RGB", "RGBA"} and "transparency" not in image.info:
        return image.copy()
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as they were meant: the profile is not published, so they are computed."""
    alpha = None
    if image.has_transparency_data or image.mode == "P":
        image = _plain(image)
        if image.mode == "RGBA":
            alpha = image.getchannel("A")
            image = image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        found = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (
        ImageCms.PyCMSError,
        OSError,
        ValueError,
    ):  # a profile that is damaged, or of another mode
        found = None
    plain = _plain(image) if found is None else found
    if alpha is not None:
        plain.putalpha(alpha)
    return plain


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _saved(image: Image.Image, kind: str) -> bytes:
    file = BytesIO()
    choices: dict[str, Any] = {"quality": QUALITY.get(kind)}
    if kind == "JPEG":
        image = _opaque(image) if image.mode == "RGBA" else image
        choices |= {"optimize": True, "progressive": True}
    elif kind == "WEBP":
        choices |= {"method": 4}
    else:
        choices = {"optimize": True}
        if kind == "GIF":
            image = image.quantize(255, Image.Quantize.FASTOCTREE)
    image.save(file, kind, **choices)
    return file.getvalue()


def _animation(data: bytes, size: tuple[int, int]) -> bytes:
    """A moving picture as WebP; empty for one that stands still."""
    with opened(data) as image:
        if image.format not in {"GIF", "PNG"} or frame_count(image) < 2:
            return b""
        frames, durations = [], []
        loop = image.info.get("loop", 1 if image.format == "GIF" else 0)
        for frame in ImageSequence.Iterator(image):
            durations.append(int(frame.info.get("duration", 100)))
            frames.append(frame.convert("RGBA").resize(size, Image.Resampling.LANCZOS))
    file = BytesIO()
    first, *others = frames
    first.info = {}
    first.save(
        file, "WEBP", save_all=True, append_images=others, duration=durations, loop=loop,
        quality=QUALITY["WEBP"], method=4,
    )  # fmt: skip
    return file.getvalue()
