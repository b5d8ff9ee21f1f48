"""Colours: contrast as WCAG defines it, what is mixed from three of them, and what is hard to read."""

import re

import pytest
from support import ROOT

from kheo.config import Colors
from kheo.palette import DARK, GROUNDS, LEAST, LIGHT, Palette, contrast, mix, palettes, weak_pairs


def properties(css: str) -> Palette:
    found = re.findall(r"--([a-z-]+): #([0-9a-f]{3}|[0-9a-f]{6});", css)
    return {name: "#" + (2 * one if len(one) == 3 else one) for name, one in found}


def test_the_theme_s_colours_are_those_of_its_style_sheet() -> None:
    css = (ROOT / "templates/assets/style.css").read_text(encoding="utf-8")
    light, dark = re.findall(r"^ *:root \{\n(.*?)\}", css, re.DOTALL | re.MULTILINE)
    for theme, rules in ((LIGHT, light), (DARK, dark)):
        assert {name: properties(rules).get(name) for name in theme} == theme


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_theme_s_own_colours_are_easy_to_read(theme: Palette) -> None:
    for text, grounds in GROUNDS.items():
        for ground in {*grounds} & {*theme}:
            assert contrast(theme[text], theme[ground]) >= LEAST, (text, ground)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.478), ("#94251b", "#94251b", 1)],
)
def test_contrast(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)
    assert contrast(other, one) == contrast(one, other)


def test_other_colours_are_mixed_as_the_theme_s_own_were() -> None:
    """The theme's colours again, from three of them: nobody sees the difference."""
    light, dark = palettes(
        Colors(
            accent=LIGHT["red"],
            ink=LIGHT["ink"],
            paper=LIGHT["paper"],
            accent_dark=DARK["red"],
            ink_dark=DARK["ink"],
            paper_dark=DARK["paper"],
        )
    )
    for theme, mixed in ((LIGHT, light), (DARK, dark)):
        for name, color in mixed.items():
            assert contrast(color, theme[name]) < 1.2, name


def test_only_what_follows_from_a_colour_is_changed() -> None:
    light, dark = palettes(Colors(accent="#14527a"))
    assert light.keys() == dark.keys() == {"red", "deep", "deeper"}
    assert contrast(dark["red"], DARK["paper"]) >= 7
    assert palettes(Colors()) == ({}, {})
    assert palettes(Colors(paper_dark="#000000"))[0] == {}


def weak(**colors: str) -> list[str]:
    return [
        " ".join([one.key, *(str(one.values[name]) for name in ("text", "ground", "ratio"))])
        for one in weak_pairs(Colors(**colors))
    ]


def test_what_is_hard_to_read_is_named_once_with_the_key_to_change() -> None:
    assert weak(accent="#94251b", ink="#222222", paper="#ffffff") == []
    assert weak(accent="#ffd400") == [
        "accent linked words boxes 1.23",
        "accent light letters the masthead 2.04",
        "accent light letters the masthead 3.53",
    ]
    assert weak(ink="#888888")[0].startswith("ink letters ")
    assert weak(paper="#555555")[0].startswith("paper letters ")
    assert weak(accent="#94251b", accent_dark="#94251b") == [
        "accent_dark linked words marked words 1.45"
    ]
    assert weak(ink_dark="#333333")[0].startswith("ink_dark letters ")


def test_a_ratio_is_never_rounded_up_to_one_that_is_enough() -> None:
    (found,) = (one for one in weak_pairs(Colors(accent="#bf4b41")) if one.values["text"].template == "linked words")  # type: ignore[union-attr]  # fmt: skip
    assert float(str(found.values["ratio"])) < LEAST


def test_mix() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#123456", "#ffffff", 0) == "#123456"
