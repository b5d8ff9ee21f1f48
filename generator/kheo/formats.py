"""How dates and sizes are written in a language."""

from collections.abc import Callable
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from babel.numbers import format_decimal
from markupsafe import Markup

from kheo.language import DatePatterns
from kheo.model import Moment


def find_locale(language: str) -> Locale:
    """Babel's locale for a language tag; English where Babel does not know it."""
    for code in (language, language.split("-", maxsplit=1)[0]):
        try:
            return Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def date_filter(locale: Locale, patterns: DatePatterns) -> Callable[..., str]:
    """``moment|date("full")``: a pattern of the language file, or ``iso``, or ``rfc3339``."""

    @lru_cache(maxsize=50_000)
    def date(moment: Moment, name: str = "short") -> str:
        if name == "rfc3339":
            return moment.at.isoformat()
        if name == "iso":
            return moment.at.isoformat() if moment.has_time else moment.at.date().isoformat()
        return format_datetime(moment.at, getattr(patterns, name), locale=locale)

    return date


def time_filter(date: Callable[..., str]) -> Callable[..., Markup]:
    """``moment|time("full")``: the same, as the element ``<time datetime="…">``."""
    element = Markup('<time datetime="{}">{}</time>')

    @lru_cache(maxsize=50_000)
    def time(moment: Moment, name: str = "short") -> Markup:
        return element.format(date(moment, "iso"), date(moment, name))

    return time


def format_size(size: int, locale: Locale) -> str:
    """``1536`` -> ``1,5 KB``. A kilobyte is 1,000 bytes (SI), as file managers show it."""
    value: float = size
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{format_decimal(value, format='#,##0.#', locale=locale)} {unit}"
        value /= 1000
    raise AssertionError("unreachable")
