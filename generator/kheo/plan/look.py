"""The look of the site (``look:`` in site.yaml): what is added to the style sheet, logo, band, fonts."""

import re
from collections.abc import Iterable, Iterator
from posixpath import basename

from msgspec import Struct, structs

from kheo.assets import ASSETS
from kheo.config import Look
from kheo.diagnostics import Place
from kheo.messages.wording import message
from kheo.model import Entry
from kheo.palette import LIGHT, Palette, palettes
from kheo.pictures.recipes import PictureFile
from kheo.plan.claims import Claims, Owner
from kheo.plan.pictures import PicturePlanner
from kheo.render.theme import Dress
from kheo.routes import Route, digest, output_path
from kheo.views import Picture

SITE_FILE = Place("site.yaml")
LOGO_SIZE = (240, 56)  # CSS pixels, the largest; the masthead is as high on every page
SERIF = 'ui-serif, Cambria, "Times New Roman", serif'  # while the font is loading
# What the names of font files say, as in `BeVietnamPro-BoldItalic.woff2`.
WEIGHTS = {
    "thin": 100, "hairline": 100, "extralight": 200, "ultralight": 200, "light": 300, "regular": 400,
    "medium": 500, "semibold": 600, "demibold": 600, "bold": 700, "extrabold": 800, "ultrabold": 800,
    "black": 900, "heavy": 900,
}  # fmt: skip
_WEIGHT = re.compile(
    rf"(?<![a-z0-9])(?:({'|'.join(WEIGHTS)})|([1-9]00))(?=italic|oblique|[^a-z0-9])"
)
_VARIABLE = re.compile(r"variable|wght")


class FontFile(Struct, frozen=True):
    """A WOFF2 file, with the digest of its bytes."""

    entry: Entry
    digest: str


class LookFiles(Struct, frozen=True):
    """The files that ``look:`` names and that can be published.

    ``has_fonts`` says whether there are fonts, here or in the theme.
    """

    logo: tuple[PictureFile, Entry] | None = None
    band: tuple[PictureFile, Entry] | None = None
    fonts: tuple[FontFile, ...] = ()
    has_fonts: bool = False


class LookPlan(Struct, frozen=True):
    """What the theme gets of the look, and the routes of its fonts."""

    logo: Picture | None
    dress: Dress
    fonts: tuple[Route, ...]


def plan_look(look: Look, files: LookFiles, pictures: PicturePlanner) -> LookPlan:
    """Plan the look of the site. All its files are claimed here."""
    logo = None
    if files.logo:
        logo = pictures.picture(*files.logo, _owner(files.logo[1]))
        width, height = logo_size(logo.width, logo.height)
        logo = structs.replace(logo, width=width, height=height)
    band = ""
    if files.band:
        band = basename(pictures.picture(*files.band, _owner(files.band[1])).url)
    fonts = {font.digest: font for font in files.fonts}
    light, dark = palettes(look.colors)
    rules = [
        *_color_rules(light, dark),
        *_font_rules(look.font.family, files.fonts),
        *(LOGO_RULES if logo else ()),
        *_band_rules(look.band, band),
    ]
    style = "\n/* From `look:` in site.yaml */\n" + "\n".join(rules) + "\n" if rules else ""
    return LookPlan(
        logo,
        Dress(style, _icon_colors(light)),
        tuple(_font_routes(fonts.values(), pictures.claims)),
    )


def _owner(entry: Entry) -> Owner:
    return Owner(message("the picture “{owned}”", owned=entry.path), SITE_FILE)


def logo_size(width: int, height: int) -> tuple[int, int]:
    """Return the size in which a logo of this size is shown."""
    scale = min(LOGO_SIZE[0] / width, LOGO_SIZE[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _color_rules(light: Palette, dark: Palette) -> Iterator[str]:
    """Yield the custom properties. On paper, the theme prints in black."""
    for scheme, palette in (("light", light), ("dark", dark)):
        if palette:
            values = " ".join(f"--{name}: {value};" for name, value in palette.items())
            yield f"@media screen and (prefers-color-scheme: {scheme}) {{ :root {{ {values} }} }}"


def _icon_colors(light: Palette) -> dict[str, str]:
    return {LIGHT["deep"]: light["deep"]} if "deep" in light else {}


LOGO_RULES = (
    ".name a { display: flex; align-items: center; gap: .75rem; }",
    ".name picture { display: contents; }",
    ".name source { display: none; }",
    ".name img { flex: 0 1 auto; min-width: 0; max-width: 45%; }",
)


def _band_rules(wanted: str, file: str) -> Iterator[str]:
    both = ".masthead::after, .footer::before"
    if wanted == "none":
        yield f"{both} {{ display: none; }}"
    elif file:
        yield f'{both} {{ background: url("images/{file}") 0 0 / auto 100% repeat-x; }}'


def _font_rules(family: str, fonts: tuple[FontFile, ...]) -> Iterator[str]:
    for font in fonts:
        weight, style = font_face(basename(font.entry.path))
        yield (
            f'@font-face {{ font-family: "{family}"; font-style: {style}; font-weight: {weight}; '
            f'font-display: swap; src: url("{_font_name(font)}") format("woff2"); }}'
        )
    if fonts:
        yield f':root {{ --serif: "{family}", {SERIF}; }}'


def font_face(name: str) -> tuple[str, str]:
    """Return weight and style, as the name of a font file tells them; else 400 and normal."""
    # BeVietnamPro-SemiBold -> -semibold; without this, Pro-SemiBold and proSemiBold would differ.
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
    name = re.sub(r"(semi|demi|extra|ultra)[-_ ](?=bold|light)", r"\1", name)
    style = "italic" if re.search(r"italic|oblique", name) else "normal"
    if _VARIABLE.search(name):
        return "100 900", style
    name = re.sub(r"[-_ ](?=italic|oblique)", "", name)
    found = _WEIGHT.search(name)
    return str((WEIGHTS.get(found[1] or "") or found[2]) if found else 400), style


def is_font(path: str) -> bool:
    return path.lower().endswith((".woff2", ".woff", ".ttf", ".otf"))


def _font_name(font: FontFile) -> str:
    return f"font.{font.digest[:16]}.woff2"


def _font_routes(fonts: Iterable[FontFile], claims: Claims) -> Iterator[Route]:
    for font in fonts:
        url = f"/{ASSETS}/{_font_name(font)}"
        claims.claim(url, Owner(f"“{font.entry.path}”", SITE_FILE))
        yield Route(
            url=url,
            path=output_path(url),
            inputs=digest(font.digest.encode()),
            source=font.entry.path,
            copy=font.entry.file,
        )
