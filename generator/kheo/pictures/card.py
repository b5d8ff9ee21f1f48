"""Draw a share card: title, category and name of the site, for articles without a picture.

Source Serif Pro (SIL Open Font License, a package of PyPI) has a glyph for every Vietnamese letter, so
text in NFC needs no shaping: Pillow's own layout gives the same bytes on every machine.
"""

from io import BytesIO
from unicodedata import normalize

import font_source_serif_pro as source_serif
from PIL import Image, ImageDraw, ImageFont

from kheo.pictures.recipes import SHARE_SIZE, ShareCard

GROUND, PAPER, SOFT = "#7a1c14", "#ffffff", "#f3dcd8"  # as in the style sheet
GOLD, GREEN = "#f2c75c", "#2b5a3d"
BAND, TOOTH = 22, 20  # heights of the woven band and of its triangles, twice as wide
MARGIN = 80
WIDTH = SHARE_SIZE[0] - 2 * MARGIN
TOP, BOTTOM = 164, 490  # of the space for the title
SIZES = (76, 68, 60, 52, 46, 40)  # of the title: the largest that fits
LEADING = 1.24  # line height: room for two marks above a capital letter and one below
LONGEST = 400  # characters of a title: more do not fit in the smallest font
COLOURS = 64  # enough for the soft edges of letters


def draw_card(card: ShareCard) -> bytes:
    """Return the card as a PNG, 1200 × 630 pixels."""
    image = Image.new("RGB", SHARE_SIZE, card.ground or GROUND)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SHARE_SIZE[0], BAND), fill=GREEN)
    for x in range(0, SHARE_SIZE[0], 2 * TOOTH):
        pen.polygon(((x, TOOTH), (x + TOOTH, 0), (x + 2 * TOOTH, TOOTH)), fill=GOLD)
    small = _font(source_serif.SourceSerifProSemibold, 34)
    pen.text((MARGIN, 118), _truncate(card.category, small), fill=GOLD, font=small, anchor="ls")
    title, lines = _fit_title(card.title)
    y = TOP + (BOTTOM - TOP - len(lines) * title.size * LEADING) / 3
    for line in lines:
        y += title.size * LEADING
        pen.text((MARGIN, round(y)), line, fill=PAPER, font=title, anchor="ls")
    pen.rectangle((MARGIN, 524, MARGIN + 96, 529), fill=GOLD)
    name = _font(source_serif.SourceSerifPro, 36)
    pen.text((MARGIN, 578), _truncate(card.site, name), fill=SOFT, font=name, anchor="ls")
    file = BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _font(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)


def _clean_text(text: str) -> str:
    """Return ``text`` in NFC on one line, without what cannot be printed."""
    return " ".join("".join(filter(_is_shown, normalize("NFC", text))).split())


def _is_shown(char: str) -> bool:
    return char.isprintable() or char.isspace()


def _fit_title(text: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return the largest font in which the title fits, and its lines; the smallest may cut it."""
    text = _clean_text(text)[:LONGEST]
    for size in SIZES:
        font = _font(source_serif.SourceSerifProBold, size)
        most = int((BOTTOM - TOP) / (size * LEADING))
        lines = _wrap(text, font, WIDTH)
        if len(lines) <= most:
            return font, _balance_lines(lines, text, font)
    last = _truncate(" ".join(lines[most - 1 :]), font)
    return font, [*lines[: most - 1], last]


def _balance_lines(lines: list[str], text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Break ``text`` into the same number of lines, all of about the same length."""
    for width in range(WIDTH // 2, WIDTH, 20):
        narrow = _wrap(text, font, width)
        if len(narrow) == len(lines) and all(font.getlength(one) <= WIDTH for one in narrow):
            return narrow
    return lines


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(_truncate(word, font))
    return lines


def _truncate(text: str, font: ImageFont.FreeTypeFont) -> str:
    """Return ``text`` if it fits, else as much of it as fits, with an ellipsis."""
    text = _clean_text(text)
    if font.getlength(text) <= WIDTH:
        return text
    while text and font.getlength(text + "…") > WIDTH:
        text = text[:-1].rstrip(" ,;:.–-")
    return text + "…"
