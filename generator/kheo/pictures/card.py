"""A share card: title, category and name of the site, for articles without a picture.

Source Serif Pro (SIL Open Font License, a package of PyPI) has every Vietnamese letter ready made, so
text in NFC needs no shaping: Pillow's own layout gives the same bytes on every machine.
"""

from io import BytesIO
from unicodedata import normalize

import font_source_serif_pro as font
from PIL import Image, ImageDraw, ImageFont

from kheo.pictures.recipes import SHARE_SIZE, ShareCard

GROUND, PAPER, SOFT = "#7a1c14", "#ffffff", "#f3dcd8"  # those of the style sheet
GOLD, GREEN = "#f2c75c", "#2b5a3d"
BAND, TOOTH = 22, 20  # heights of the woven band and of its triangles, twice as wide
MARGIN = 80
WIDTH = SHARE_SIZE[0] - 2 * MARGIN
TOP, BOTTOM = 164, 490  # of the title's place
SIZES = (76, 68, 60, 52, 46, 40)  # of the title: the largest that fits
LEADING = 1.24  # room for two marks above a capital and one below
LONGEST = 400  # characters of a title: more do not fit in the smallest letters
COLOURS = 64  # letters have soft edges


def draw_card(card: ShareCard) -> bytes:
    """The card as PNG, 1200 × 630."""
    image = Image.new("RGB", SHARE_SIZE, GROUND)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SHARE_SIZE[0], BAND), fill=GREEN)
    for x in range(0, SHARE_SIZE[0], 2 * TOOTH):
        pen.polygon(((x, TOOTH), (x + TOOTH, 0), (x + 2 * TOOTH, TOOTH)), fill=GOLD)
    small = _font(font.SourceSerifProSemibold, 34)
    pen.text((MARGIN, 118), _cut(card.category, small), fill=GOLD, font=small, anchor="ls")
    title, lines = _fitting(card.title)
    y = TOP + (BOTTOM - TOP - len(lines) * title.size * LEADING) / 3
    for line in lines:
        y += title.size * LEADING
        pen.text((MARGIN, round(y)), line, fill=PAPER, font=title, anchor="ls")
    pen.rectangle((MARGIN, 524, MARGIN + 96, 529), fill=GOLD)
    name = _font(font.SourceSerifPro, 36)
    pen.text((MARGIN, 578), _cut(card.site, name), fill=SOFT, font=name, anchor="ls")
    file = BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def _plain(text: str) -> str:
    """In NFC on one line; what cannot be printed is left out."""
    return " ".join("".join(filter(_is_shown, normalize("NFC", text))).split())


def _is_shown(sign: str) -> bool:
    return sign.isprintable() or sign.isspace()


def _fitting(text: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest letters in which the title fits, with its lines; the smallest cut it."""
    text = _plain(text)[:LONGEST]
    for size in SIZES:
        letters = _font(font.SourceSerifProBold, size)
        most = int((BOTTOM - TOP) / (size * LEADING))
        lines = _filled(text, letters, WIDTH)
        if len(lines) <= most:
            return letters, _balanced(lines, text, letters)
    last = _cut(" ".join(lines[most - 1 :]), letters)
    return letters, [*lines[: most - 1], last]


def _balanced(lines: list[str], text: str, letters: ImageFont.FreeTypeFont) -> list[str]:
    """Lines of about the same length, no more than ``lines``."""
    for width in range(WIDTH // 2, WIDTH, 20):
        narrow = _filled(text, letters, width)
        if len(narrow) == len(lines) and all(letters.getlength(one) <= WIDTH for one in narrow):
            return narrow
    return lines


def _filled(text: str, letters: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and letters.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(_cut(word, letters))
    return lines


def _cut(text: str, letters: ImageFont.FreeTypeFont) -> str:
    """``text`` where it fits, else as much of it as does, with an ellipsis."""
    text = _plain(text)
    if letters.getlength(text) <= WIDTH:
        return text
    while text and letters.getlength(text + "…") > WIDTH:
        text = text[:-1].rstrip(" ,;:.–-")
    return text + "…"
