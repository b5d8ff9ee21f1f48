"""Pictures, bytes to bytes: measured, developed, stripped, drawn; and files that are none."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms, features
from support import picture

from kheo.diagnostics import BrokenFile
from kheo.pictures.card import draw_card
from kheo.pictures.develop import clean_picture, develop, load_upright
from kheo.pictures.measure import measure
from kheo.pictures.recipes import (
    Cleaned,
    Cropped,
    PictureFile,
    Scaled,
    ShareCard,
    height_at,
    share_size,
    widths,
)
from kheo.pictures.svg import SvgError, is_svg, read_svg

RED = (148, 37, 27)


def exif(orientation: int = 1) -> Image.Exif:
    """With a place, a camera, an author and an orientation."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F], tags[0x013B] = "SecretCamera", "SecretAuthor"
    tags.get_ifd(0x8825).update({1: "N", 2: (13.0, 59.0, 0.0), 3: "E", 4: (108.0, 0.0, 0.0)})
    return tags


def good(data: bytes) -> PictureFile:
    found = measure(data, "d")
    assert isinstance(found, PictureFile), found
    return found


def broken(data: bytes) -> BrokenFile:
    found = measure(data, "d")
    assert isinstance(found, BrokenFile), found
    return found


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def scaled(data: bytes, kind: str = "WEBP", width: int = 200, height: int = 150) -> Image.Image:
    return opened(develop(Scaled("d", kind, width, height), data, load_upright(data)))


def near(found: object, wanted: tuple[int, ...]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) <= 12 for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_is_measured_by_its_bytes_not_its_name(kind: str) -> None:
    data = picture(401, 299, kind)
    assert good(data) == PictureFile("d", kind, 401, 299, len(clean_picture(data)))


@pytest.mark.parametrize("turn", range(1, 9))
def test_orientation_is_applied(turn: int) -> None:
    turned = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how the camera held it
    image = opened(picture(400, 300))
    stored = image
    if (method := turned[turn]) is not None:
        stored = image.transpose(Image.Transpose(method))
    file = BytesIO()
    stored.save(file, "JPEG", quality=95, exif=exif(turn))
    data = file.getvalue()
    assert (good(data).width, good(data).height) == (400, 300)
    whole = load_upright(data)
    assert whole.size == (400, 300)
    assert near(whole.getpixel((20, 20)), RED), turn
    kept = opened(clean_picture(data))
    assert kept.getexif().get(0x0112, 1) == turn
    assert near(load_upright(clean_picture(data)).getpixel((20, 20)), RED)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_metadata_are_never_published(kind: str) -> None:
    choices = {"xmp": b"<x:xmpmeta>Secret</x:xmpmeta>"} if kind != "PNG" else {}
    data = picture(600, 400, kind, exif=exif(), **choices)
    assert b"SecretCamera" in data
    recipes = (Scaled("d", kind, 320, 213), Scaled("d", "WEBP", 320, 213), Cropped("d", 600, 315),
               Cleaned("d"))  # fmt: skip
    for recipe in recipes:
        made = develop(recipe, data, load_upright(data))
        assert b"Secret" not in made
        assert b"xmpmeta" not in made
        image = opened(made)
        assert not image.getexif().get_ifd(0x8825), recipe
        assert not dict(image.getexif()), recipe
    assert len(clean_picture(data)) == good(data).clean_size < len(data)
    assert opened(clean_picture(data)).tobytes() == opened(data).tobytes()


def test_what_else_files_carry_is_left_out() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "Secret")
    info.add_itxt("Comment", "Secret")
    gif = picture(kind="GIF", comment=b"Secret")
    jpeg = picture(kind="JPEG", comment=b"Secret") + b"Secret trailer of a phone"
    for data in (picture(pnginfo=info), gif, jpeg):
        assert b"Secret" in data
        assert b"Secret" not in clean_picture(data)
        assert opened(clean_picture(data)).tobytes() == opened(data).tobytes()


def test_a_progressive_jpeg_keeps_all_its_scans() -> None:
    data = picture(900, 700, "JPEG", progressive=True, restart_marker_blocks=3)
    assert opened(clean_picture(data)).tobytes() == opened(data).tobytes()


def test_nothing_is_enlarged() -> None:
    assert widths(100) == (100,)
    assert widths(640) == (320, 640)
    assert widths(650) == (320, 650)
    assert widths(1200) == (320, 640, 960, 1200)
    assert widths(6000) == (320, 640, 960, 1280, 1920)
    small = PictureFile("d", "JPEG", 400, 300, 1)
    assert share_size(small) == (400, 210)
    assert share_size(PictureFile("d", "JPEG", 3000, 400, 1)) == (761, 399)
    assert share_size(PictureFile("d", "JPEG", 4000, 3000, 1)) == (1200, 630)
    assert share_size(PictureFile("d", "PNG", 1, 1, 1)) == (1, 1)
    assert height_at(320, small) == 240
    assert height_at(320, PictureFile("d", "PNG", 4000, 1, 1)) == 1


@pytest.mark.parametrize("size", [(1, 1), (3000, 2), (2, 3000), (5000, 700), (700, 5000)])
def test_odd_shapes(size: tuple[int, int]) -> None:
    data = picture(*size, kind="JPEG")
    file, image = good(data), load_upright(data)
    for width in widths(file.width):
        recipe = Scaled("d", "WEBP", width, height_at(width, file))
        assert opened(develop(recipe, data, image)).size == (recipe.width, recipe.height)
    width, height = share_size(file)
    assert opened(develop(Cropped("d", width, height), data, image)).size == (width, height)


def test_a_large_jpeg_is_decoded_no_larger_than_needed() -> None:
    assert load_upright(picture(8000, 6000, "JPEG")).size == (2000, 1500)


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size, with nothing in it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_000, 8_001), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_not_opened(size: tuple[int, int]) -> None:
    assert broken(bomb(*size)).code == "image-too-large"


def moving(frames: int, width: int, height: int) -> bytes:
    """A GIF of plain frames, each of another colour."""
    images = [Image.new("P", (width, height), number % 256) for number in range(frames)]
    images[0].putpalette([value for number in range(256) for value in (number, 255 - number, 0)])
    for one in images[1:]:
        one.putpalette(images[0].getpalette() or [])
    file = BytesIO()
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=50)
    return file.getvalue()


def test_the_size_of_an_animation_is_that_of_a_frame() -> None:
    """90 million pixels in 100 frames: too many for one picture, and to make WebP of, but no mistake."""
    found = good(moving(100, 1000, 900))
    assert (found.width, found.height, found.frames) == (1000, 900, 100)
    assert found.is_animated
    assert found.is_too_long
    assert not good(moving(3, 100, 90)).is_too_long


def test_an_animation_has_a_limit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kheo.pictures.measure.MAX_MOVING", 10_000_000)
    assert broken(moving(12, 1000, 900)).code == "animation-too-long"
    assert good(moving(11, 1000, 900)).frames == 11


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7])
def test_a_file_that_is_cut_off(kind: str, part: float) -> None:
    data = picture(800, 600, kind)
    assert broken(data[: int(len(data) * part)]).code == "image-broken"


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"<html></html>", b"%PDF-1.7", b"\xff\xd8\xff", b"GIF89a", b"BM" + bytes(99)],
)
def test_what_is_no_picture(data: bytes) -> None:
    assert broken(data).code == "image-broken"


def test_no_flipped_byte_ends_the_build() -> None:
    for kind in ("JPEG", "PNG", "GIF", "WEBP"):
        data = picture(60, 40, kind, **({"exif": exif()} if kind != "GIF" else {}))
        for at in range(0, len(data), 3):
            damaged = bytearray(data)
            damaged[at] ^= 0xFF
            found = measure(bytes(damaged), "d")
            if isinstance(found, PictureFile):  # what is measured can be made
                image = load_upright(bytes(damaged))
                develop(Scaled("d", "WEBP", 20, 20), bytes(damaged), image)
                clean_picture(bytes(damaged))


def test_colours_of_print_become_those_of_screens() -> None:
    data = picture(kind="JPEG", mode="CMYK")
    assert opened(data).mode == "CMYK"
    assert near(scaled(data, "JPEG").convert("RGB").getpixel((10, 10)), RED)


@pytest.mark.skipif(not features.check("littlecms2"), reason="Pillow without colour profiles")
def test_a_colour_profile_is_applied_and_not_published() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = picture(kind="JPEG", icc_profile=profile)
    made = scaled(data, "JPEG")
    assert "icc_profile" not in made.info
    assert near(made.getpixel((10, 10)), RED)
    assert near(
        scaled(picture(kind="JPEG", icc_profile=b"x" * 200), "JPEG").getpixel((10, 10)), RED
    )


def transparent() -> Image.Image:
    image = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 200, 150))
    return image


@pytest.mark.parametrize("mode", ["RGBA", "P"])
def test_transparency_stays_and_is_paper_in_a_crop(mode: str) -> None:
    image = transparent()
    file = BytesIO()
    (image.quantize(16) if mode == "P" else image).save(file, "PNG")
    data = file.getvalue()
    assert opened(data).mode == mode
    for kind in ("WEBP", "PNG"):
        made = scaled(data, kind).convert("RGBA")
        assert near(made.getpixel((20, 20)), (*RED, 255))
        assert made.getpixel((180, 130))[3] == 0
    crop = opened(develop(Cropped("d", 400, 210), data, load_upright(data)))
    assert near(crop.getpixel((390, 200)), (255, 255, 255))


def test_grey_of_sixteen_bits_is_not_cut_off() -> None:
    image = Image.new("I;16", (64, 64), 32768)
    file = BytesIO()
    image.save(file, "PNG")
    assert scaled(file.getvalue(), "PNG", 32, 32).convert("L").getpixel((9, 9)) in range(124, 132)


def animation(kind: str = "GIF") -> bytes:
    frames = [Image.new("RGB", (120, 80), colour) for colour in ("red", "green", "blue")]
    file = BytesIO()
    frames[0].save(
        file, kind, save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0
    )
    return file.getvalue()


@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_a_moving_picture_keeps_moving(kind: str) -> None:
    data = animation(kind)
    assert good(data).is_animated
    made = opened(develop(Scaled("d", "WEBP", 120, 80), data, load_upright(data)))
    assert (made.format, made.n_frames, made.size) == ("WEBP", 3, (120, 80))
    kept = opened(clean_picture(data))
    assert (kept.format, kept.n_frames) == (kind, 3)
    assert kept.info.get("loop") == 0
    assert opened(clean_picture(animation("WEBP"))).n_frames == 3


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_a_moving_picture_is_read_to_its_last_frame(kind: str) -> None:
    chance = random.Random(1)
    frames = [Image.frombytes("L", (64, 64), chance.randbytes(64 * 64)) for _ in range(3)]
    file = BytesIO()
    frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=100)
    data = file.getvalue()
    good(data)
    broken(data[: len(data) * 5 // 6])


def test_a_phone_s_second_picture_is_left_out() -> None:
    first, second = opened(picture(400, 300)), opened(picture(40, 30))
    file = BytesIO()
    first.save(file, "MPO", save_all=True, append_images=[second])
    data = file.getvalue()
    assert Image.open(BytesIO(data)).format == "MPO"
    found = good(data)
    assert (found.format, found.is_animated) == ("JPEG", False)
    assert opened(clean_picture(data)).format == "JPEG"


def test_the_same_bytes_give_the_same_bytes() -> None:
    data = picture(1000, 700, "JPEG")
    for kind in ("WEBP", "JPEG"):
        recipe = Scaled("d", kind, 640, 448)
        assert develop(recipe, data, load_upright(data)) == develop(
            recipe, data, load_upright(data)
        )


# --- drawings ------------------------------------------------------------------------------------

DRAWING = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="12mm"
     height="24" viewBox="0 0 40 20" onload="alert(1)">
<script>alert(2)</script><style>@import url(//evil.example)</style>
<defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient></defs>
<rect width="40" height="20" fill="url(#g)" onclick="alert(3)" style="fill:url(//evil.example/x)"/>
<a href="javascript:alert(4)"><circle r="3"/></a>
<image href="https://evil.example/pixel.png"/><use href="https://evil.example/a.svg#x"/>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(5)</script></body></foreignObject>
<animate attributeName="href" to="javascript:alert(6)"/>
<g xmlns:e="urn:e" e:secret="Secret" fill="u&#114;l(//evil.example)"><use xlink:href="#g"/></g>
<text>Làng Ốp <tspan>đẹp</tspan></text>
</svg>""".encode()


def test_a_drawing_is_drawn_anew_without_what_acts() -> None:
    assert is_svg(DRAWING)
    found = read_svg(DRAWING)
    text = found.data.decode()
    for bad in ("script", "alert", "evil", "javascript", "foreign", "animate", "Secret", "import",
                "onload", "onclick"):  # fmt: skip
        assert bad not in text, text
    for kept in ("url(#g)", "linearGradient", "Làng Ốp", "đẹp", 'href="#g"', "viewBox"):
        assert kept in text, text
    assert (found.width, found.height) == (45, 24)
    again = read_svg(found.data)
    assert again == found
    assert good(DRAWING).format == "SVG"


@pytest.mark.parametrize(
    "text",
    [
        '<svg xmlns="http://www.w3.org/2000/svg">',
        "<svg></svg>",
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        '<svg xmlns="http://www.w3.org/2000/svg">' + "<g>" * 300 + "</g>" * 300 + "</svg>",
        '<svg xmlns="http://www.w3.org/2000/svg">' + "<g/>" * 60_000 + "</svg>",
    ],
)
def test_a_drawing_that_is_refused(text: str) -> None:
    with pytest.raises(SvgError):
        read_svg(text.encode())


def test_entities_in_another_encoding_are_refused_too() -> None:
    text = '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    data = f'<?xml version="1.0" encoding="utf-16"?>{text}'.encode("utf-16")
    assert broken(data).code == "image-broken"


def test_sizes_of_drawings() -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg"'
    assert read_svg(f'{head} viewBox="0,0,40,20"/>'.encode()).width == 40
    assert read_svg(f'{head} width="100%" height="5em"/>'.encode()).width == 0


# --- share cards ---------------------------------------------------------------------------------


def test_a_card_has_its_size_and_the_same_bytes_each_time() -> None:
    card = ShareCard("Bộ đội giúp dân gặt lúa", "Đời sống", "Dân vận khéo")
    assert opened(draw_card(card)).size == (1200, 630)
    assert draw_card(card) == draw_card(card)
    assert draw_card(card) != draw_card(ShareCard("Bộ đội giúp dân", "Đời sống", "Dân vận khéo"))


def test_letters_written_in_two_ways_are_drawn_in_one() -> None:
    from unicodedata import normalize

    texts = ("Ệ ệ ữ ặ Đ Ỗ ở", "Đời sống", "Dân vận khéo")
    one = ShareCard(*(normalize("NFC", text) for text in texts))
    two = ShareCard(*(normalize("NFD", text) for text in texts))
    assert draw_card(one) == draw_card(two)


def test_every_letter_of_vietnamese_is_in_the_fonts() -> None:
    from unicodedata import normalize

    import font_source_serif_pro as font
    from PIL import ImageFont

    letters = [
        normalize("NFC", base + tone)
        for base in "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY"
        for tone in (*([""]), *("\u0300\u0301\u0303\u0309\u0323" if base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" else ""))
    ]  # fmt: skip
    for file in (font.SourceSerifPro, font.SourceSerifProSemibold, font.SourceSerifProBold):
        letters_of = ImageFont.truetype(file, 40, layout_engine=ImageFont.Layout.BASIC)
        nothing = bytes(letters_of.getmask("\U0010fffd"))
        assert len(letters) > 140
        for letter in letters:
            assert bytes(letters_of.getmask(letter)) != nothing, letter


@pytest.mark.parametrize("title", ["", "Chữ " * 75, "x" * 300, "\0\x1b[31m\n", "😀 🇻🇳", "עברית"])
def test_odd_titles_are_drawn(title: str) -> None:
    assert opened(draw_card(ShareCard(title, title, title))).size == (1200, 630)
