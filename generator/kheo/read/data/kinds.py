"""Find out what the columns of a table are: numbers, years, dates or text."""

import re
from datetime import UTC

from babel.units import get_unit_name
from msgspec import Struct

from kheo.config import DateOrder
from kheo.formats import find_locale
from kheo.model import Moment, ordinal_of
from kheo.numerals import NumberStyle, Numeral, number_style
from kheo.read.data.cells import Cell
from kheo.read.moments import parse_moment
from kheo.tables import MOST_ROWS, Column, OddCell

MOST_ODD = 20  # cells that are remembered, to be reported
NO_DATA = frozenset({"", "-", "–", "—", "…", "..", "...", "."})
_YEAR = re.compile(r"(?:19|20)\d\d|2100", re.ASCII)
_MONTH = re.compile(r"(?P<m>\d{1,2})[/.-](?P<y>\d{4})|(?P<y2>\d{4})-(?P<m2>\d{1,2})", re.ASCII)
_OTHER_STYLE = re.compile(r"[-−]?\d+[.,]\d+", re.ASCII)


class Reading(Struct, frozen=True):
    """How the cells of a site are read."""

    style: NumberStyle
    year_word: str  # "years", "năm"
    date_order: DateOrder


def reading_of(language: str, date_order: DateOrder) -> Reading:
    """Return how cells are read in a language."""
    word = get_unit_name("duration-year", locale=find_locale(language)) or ""
    return Reading(number_style(language), word.casefold(), date_order)


def read_column(name: str, cells: list[Cell], is_first: bool, reading: Reading) -> Column:
    """Return one column; ``cells`` has one cell for each row."""
    texts = [cell.text for cell in cells]
    some = [text for text in texts if text not in NO_DATA]
    if not some:
        return _column(name, "text", texts, [None] * len(texts))
    if (is_first or _names_year(name, reading.year_word)) and all(map(_YEAR.fullmatch, some)):
        return _column(name, "year", texts, [_year(text) for text in texts])
    numbers = [reading.style.read(text) for text in texts]
    if (count := sum(number is not None for number in numbers)) and count * 2 >= len(some):
        return _numbers(name, cells, numbers)
    days = [None if text in NO_DATA else _day(text, reading.date_order) for text in texts]
    if sum(day is not None for day in days) == len(some):
        return _column(name, "date", texts, days)
    return _column(name, "text", texts, [None] * len(texts))


def better_number(text: str, style: NumberStyle) -> str:
    """Return how to write a number of another language, such as `75.6`; empty if it is not one."""
    if not _OTHER_STYLE.fullmatch(text):
        return ""
    number = text.replace("−", "-").replace(",", ".")
    return style.write(float(number), len(number.partition(".")[2]))


def _column(
    name: str, kind: str, texts: list[str], values: list[float | None], **more: object
) -> Column:
    return Column(name, kind, tuple(texts[:MOST_ROWS]), tuple(values[:MOST_ROWS]), **more)  # type: ignore[arg-type]


def _numbers(name: str, cells: list[Cell], numbers: list[Numeral | None]) -> Column:
    pairs = list(zip(cells, numbers, strict=True))
    real = [number for number in numbers if number]
    odd = [
        OddCell(row, cell.text, cell.line, cell.column)
        for row, (cell, number) in enumerate(pairs)
        if number is None and cell.text not in NO_DATA
    ]
    return _column(
        name,
        "number",
        [number.text if number else cell.text for cell, number in pairs],
        [number.value if number else None for number in numbers],
        decimals=max(number.decimals for number in real),
        is_percent=all(number.is_percent for number in real),
        odd=tuple(odd[:MOST_ODD]),
    )


def _names_year(header: str, word: str) -> bool:
    """Return whether one word of a header is "year": singular, where ``word`` is plural."""
    return any(
        word.startswith(part) and len(part) >= max(2, len(word) - 2)
        for part in header.casefold().split()
    )


def _year(text: str) -> float | None:
    return float(text) if text not in NO_DATA else None


def _day(text: str, order: DateOrder) -> float | None:
    """Return a day, or the first day of a month, as days since the year 1."""
    if month := _MONTH.fullmatch(text):
        text = f"{month['y'] or month['y2']}-{month['m'] or month['m2']}-01"
    moment = parse_moment(text, UTC, order)
    return float(ordinal_of(moment)) if isinstance(moment, Moment) else None
