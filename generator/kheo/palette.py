"""The colours of the style sheet: the theme's own, those that ``look:`` changes, and their contrast."""

from collections.abc import Iterator

from msgspec import Struct

from kheo.config import Colors
from kheo.messages.wording import Fields, Message, message

Palette = dict[str, str]  # custom property of `style.css`, without `--` -> `#rrggbb`

# As in `style.css`; a test compares them.
LIGHT: Palette = {
    "paper": "#fdfbf7", "raised": "#ffffff", "ink": "#221d1a", "soft": "#5f564f", "line": "#e2d9cc",
    "edge": "#8d8177", "red": "#94251b", "deep": "#7a1c14", "deeper": "#66160f", "on-red": "#fff8ef",
    "green": "#2f6142", "mark": "#fff3d1",
}  # fmt: skip
DARK: Palette = {
    "paper": "#171412", "raised": "#211d1a", "ink": "#efe8df", "soft": "#b8ada3", "line": "#3a332e",
    "edge": "#857a71", "red": "#f2a092", "deep": "#571812", "deeper": "#43110c", "on-red": "#fdeee2",
    "green": "#93cba6", "mark": "#40351b",
}  # fmt: skip
BLACK, WHITE = "#000000", "#ffffff"
LEAST = 4.5  # contrast of text (WCAG 2.2, 1.4.3)
GOOD = 7.0  # of a colour that is made here (1.4.6)

# The grounds on which the style sheet writes in each colour. `tint` is the ground of a box with
# attachments, `warning` that of a warning in a text.
GROUNDS = {
    "ink": ("paper", "raised", "mark", "tint"),
    "soft": ("paper", "raised", "tint"),
    "red": ("paper", "raised", "mark", "tint", "warning"),
    "green": ("paper", "tint"),
    "on-red": ("deep", "deeper"),
}
NAMES: dict[str, Message] = {
    "ink": message("letters"),
    "soft": message("small letters"),
    "red": message("linked words"),
    "green": message("green letters"),
    "on-red": message("light letters"),
    "paper": message("paper"),
    "raised": message("menus"),
    "mark": message("marked words"),
    "tint": message("boxes"),
    "warning": message("warnings"),
    "deep": message("the masthead"),
    "deeper": message("the menu bar"),
}
KEYS = {"ink": "ink", "soft": "ink", "red": "accent", "deep": "accent", "deeper": "accent"}


class WeakPair(Struct, frozen=True):
    """Text that is hard to read: the key in ``look.colors`` to blame, and the values of the message."""

    key: str
    values: Fields


def palettes(colors: Colors) -> tuple[Palette, Palette]:
    """Return the properties that ``colors`` change, in light and in dark.

    Only three colours are asked for: the others are mixed from them, as far from each other as in
    the theme.
    """
    light = _greys(LIGHT, colors.ink, colors.paper)
    dark = _greys(DARK, colors.ink_dark, colors.paper_dark)
    if colors.paper_dark:
        dark["raised"] = mix(colors.paper_dark, WHITE, 0.04)
    if colors.accent:
        light |= _accent(colors.accent, colors.accent, 0.18, 0.31)
        readable = _lightened(colors.accent, dark.get("paper", DARK["paper"]))
        dark |= _accent(readable, colors.accent, 0.41, 0.55)
    if colors.accent_dark:
        dark["red"] = colors.accent_dark
    return light, dark


def _greys(theme: Palette, ink: str, paper: str) -> Palette:
    if not (ink or paper):
        return {}
    ink, paper = ink or theme["ink"], paper or theme["paper"]
    return {
        "paper": paper,
        "ink": ink,
        "soft": mix(ink, paper, 0.27),
        "edge": mix(ink, paper, 0.48),
        "line": mix(ink, paper, 0.87),
    }


def _accent(text: str, ground: str, deep: float, deeper: float) -> Palette:
    return {"red": text, "deep": mix(ground, BLACK, deep), "deeper": mix(ground, BLACK, deeper)}


def _lightened(color: str, ground: str) -> str:
    """Return ``color`` with as much white as it takes to be read on a dark ground."""
    steps = (mix(color, WHITE, share / 20) for share in range(20))
    return next((one for one in steps if contrast(one, ground) >= GOOD), WHITE)


def weak_pairs(colors: Colors) -> Iterator[WeakPair]:
    """Yield what is hard to read in colours of the site: of each text, only the worst ground."""
    for is_dark, (theme, changed) in enumerate(zip((LIGHT, DARK), palettes(colors), strict=True)):
        whole = theme | changed
        whole["tint"] = mix(whole["paper"], whole["green"], 0.08)
        whole["warning"] = mix(whole["paper"], whole["red"], 0.08)
        own = {
            *changed,
            *(("tint", "warning") if "paper" in changed else ()),
            *(("warning",) if "red" in changed else ()),
        }
        for text, grounds in GROUNDS.items():
            used = [ground for ground in grounds if {text, ground} & own]
            if not used:
                continue
            ratio, ground = min((contrast(whole[text], whole[one]), one) for one in used)
            if ratio < LEAST:
                yield WeakPair(
                    _key(colors, text, ground, bool(is_dark)),
                    {
                        "scheme": message("on dark pages")
                        if is_dark
                        else message("on light pages"),
                        "text": NAMES[text],
                        "color": whole[text],
                        "ground": NAMES[ground],
                        "other": whole[ground],
                        "ratio": f"{int(ratio * 100) / 100:.2f}",
                        "least": str(LEAST),
                    },
                )


def _key(colors: Colors, text: str, ground: str, is_dark: bool) -> str:
    """Return the key to change: that of the text, else that of the ground, if ``colors`` has it."""
    wanted = [KEYS.get(text, ""), KEYS.get(ground, "paper")]
    names = [f"{one}_dark" for one in wanted] if is_dark else wanted
    return next(name for name in (*names, *wanted, "paper", "accent") if getattr(colors, name, ""))


def mix(one: str, other: str, share: float) -> str:
    """Return ``one`` with this share of ``other``, as ``color-mix(in srgb, …)`` does."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, “contrast ratio”)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(color))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(color: str) -> bytes:
    return bytes.fromhex(color[1:])
