"""Make published pictures: upright, in sRGB, scaled, without metadata. The output is deterministic."""

import math
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, ImageSequence

from kheo.pictures.loading import (
    apply_orientation,
    frame_count,
    is_rotated,
    kind_of,
    open_image,
    orientation,
)
from kheo.pictures.recipes import SHARE_SIZE, WIDTHS, Cleaned, Cropped, Scaled
from kheo.pictures.strip import strip_metadata
from kheo.pictures.svg import is_svg, read_svg

QUALITY = {"WEBP": 80, "JPEG": 82}
PAPER = (255, 255, 255)  # behind a picture that must not be transparent
CENTRE = (0.5, 0.4)  # of a crop: people's heads are above the middle
_WIDE_MODES = {"I", "F", "I;16", "I;16B", "I;16L", "I;16N"}


def develop(recipe: Scaled | Cropped | Cleaned, data: bytes, image: Image.Image | None) -> bytes:
    """Make a picture by a recipe and return its bytes.

    ``image`` is ``load_upright(data)``, which all recipes but ``Cleaned`` need.
    """
    if isinstance(recipe, Cleaned):
        return clean_picture(data)
    if image is None:
        raise ValueError("there is nothing to scale")
    size = (recipe.width, recipe.height)
    if isinstance(recipe, Cropped):
        part = ImageOps.fit(_flatten(image), size, Image.Resampling.LANCZOS, centering=CENTRE)
        return _encode(part, "JPEG")
    if recipe.format == "WEBP" and (moving := _animation(data, size)):
        return moving
    scaled = image
    if image.size != size:
        scaled = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _encode(scaled, recipe.format)


def clean_picture(data: bytes) -> bytes:
    """Return the file's own bytes without metadata or anything active."""
    if is_svg(data):
        return read_svg(data).data
    with open_image(data) as image:
        return strip_metadata(data, kind_of(image), orientation(image))


def load_upright(data: bytes) -> Image.Image:
    """Return the picture (its first frame) upright, as L, RGB or RGBA in sRGB, without metadata.

    A JPEG is decoded at the smallest size that is sufficient.
    """
    with open_image(data) as image:
        image.draft(None, _needed_size(image.size, is_rotated(image)))
        profile = image.info.get("icc_profile", b"")
        seen = apply_orientation(image, orientation(image))
        plain = _convert_to_srgb(seen, profile) if profile else _reduce_mode(seen)
    plain.info = {}
    return plain


def _needed_size(size: tuple[int, int], is_turned: bool) -> tuple[int, int]:
    """Return the smallest size from which all widths and the share crop can be made.

    The result is for the pixels as stored in the file, before rotation.
    """
    width, height = reversed(size) if is_turned else size
    scale = min(1.0, max(WIDTHS[-1] / width, SHARE_SIZE[1] / height))
    return math.ceil(size[0] * scale), math.ceil(size[1] * scale)


def _reduce_mode(image: Image.Image) -> Image.Image:
    if image.mode in _WIDE_MODES:  # 16 bits: Pillow's own conversion would clip bright values
        wide = image.convert("I") if image.mode != "F" else image
        return wide.point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in {"L", "RGB", "RGBA"} and "transparency" not in image.info:
        return image.copy()
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode == "1" else "RGB")


def _convert_to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert the colours to sRGB, because the picture is published without its profile."""
    alpha = None
    if image.has_transparency_data or image.mode == "P":
        image = _reduce_mode(image)
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
    plain = _reduce_mode(image) if found is None else found
    if alpha is not None:
        plain.putalpha(alpha)
    return plain


def _flatten(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.convert("RGB")
    paper = Image.new("RGB", image.size, PAPER)
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _encode(image: Image.Image, kind: str) -> bytes:
    file = BytesIO()
    choices: dict[str, Any] = {"quality": QUALITY.get(kind)}
    if kind == "JPEG":
        image = _flatten(image) if image.mode == "RGBA" else image
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
    """Return an animation as WebP; empty for a picture with one frame."""
    with open_image(data) as image:
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
        file,
        "WEBP",
        save_all=True,
        append_images=others,
        duration=durations,
        loop=loop,
        quality=QUALITY["WEBP"],
        method=4,
    )
    return file.getvalue()
