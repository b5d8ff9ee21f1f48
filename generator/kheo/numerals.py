"""Read and write numbers in a language: ``18.420`` and ``1,5`` are 18,420 and 1.5 in Vietnamese.

Babel's ``parse_decimal`` accepts `1.5` as 15, and takes ten times as long as one pattern.
"""

import re
from functools import lru_cache
from unicodedata import decimal

from msgspec import Struct

from kheo.formats import find_locale

# What people write for a space between groups, and for a minus sign.
_SPACES = " \u00a0\u2009\u202f"
_MINUS = "-\u2212"
_APOSTROPHES = "'\u2019"
LONGEST = 40  # characters of a number


class Numeral(Struct, frozen=True):
    """A number that was read: its value, its text in the style of the language, its decimals."""

    value: float
    text: str
    decimals: int
    is_percent: bool


class NumberStyle(Struct, frozen=True):
    """The signs of a language. ``sizes`` are the digits of the last group and of those before it."""

    point: str
    group: str
    minus: str
    sizes: tuple[int, int]

    def read(self, text: str) -> Numeral | None:
        """Return the number that ``text`` is; ``None`` if it is not a number in this language.

        Groups must be complete: `1.5` is not fifteen where the point separates thousands. `007` is a
        name of something, such as a postcode.
        """
        if len(text) > LONGEST or not (match := _pattern(self).fullmatch(_in_ascii(text))):
            return None
        sign, whole, fraction, percent = match.groups(default="")
        digits = re.sub(r"\D", "", whole)
        value = float(f"{'-' if sign in _MINUS and sign else ''}{digits}.{fraction or '0'}")
        shown = self._join(digits, fraction, is_negative=value < 0)
        # As it was written: the space before % is a habit of a language.
        return Numeral(value, shown + percent.replace(" ", "\u00a0"), len(fraction), bool(percent))

    @lru_cache(maxsize=2_000)  # noqa: B019  (styles are few, and a number is in drawing and words)
    def write(self, value: float, decimals: int = 0) -> str:
        """Return ``value`` with this number of decimals."""
        whole, _, fraction = f"{abs(value):.{decimals}f}".partition(".")
        is_negative = value < 0 and (whole + fraction).strip("0") != ""
        return self._join(whole, fraction, is_negative)

    def _join(self, digits: str, fraction: str, is_negative: bool) -> str:
        last, before = self.sizes
        groups = [digits[-last:]]
        rest = digits[:-last]
        while rest:
            groups.insert(0, rest[-before:])
            rest = rest[:-before]
        sign = self.minus if is_negative else ""
        return sign + self.group.join(groups) + (self.point + fraction if fraction else "")


@lru_cache(maxsize=8)
def number_style(language: str) -> NumberStyle:
    """Return the style of a language tag, with Latin digits."""
    locale = find_locale(language)
    signs = locale.number_symbols["latn"]
    sizes = locale.decimal_formats[None].grouping
    # U+2212 has the width of a plus sign and does not break from its number, as a hyphen does. Where
    # text runs from right to left, it would stand behind the number without U+200E.
    minus = "\u200e\u2212" if locale.text_direction == "rtl" else "\u2212"
    return NumberStyle(signs["decimal"], signs["group"], minus, (sizes[0], sizes[1]))


@lru_cache(maxsize=8)
def _pattern(style: NumberStyle) -> re.Pattern[str]:
    same = _SPACES if style.group in _SPACES else style.group
    if style.group in _APOSTROPHES:
        same = _APOSTROPHES
    last, before = style.sizes
    groups = (
        rf"\d{{1,{before}}}(?:[{re.escape(same)}]\d{{{before}}})*[{re.escape(same)}]\d{{{last}}}"
    )
    return re.compile(
        rf"([{_MINUS}+]?) ?({groups}|0|[1-9]\d*)(?:{re.escape(style.point)}(\d+))?([ \u00a0]?%)?",
        re.ASCII,
    )


def _in_ascii(text: str) -> str:
    """Return ``text`` with the digits 0 to 9 for those of other scripts."""
    if text.isascii():
        return text
    return "".join(str(decimal(char, char)) for char in text)
