"""Format dates and sizes in a language."""

from collections.abc import Callable
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from kheo.language import DatePatterns
from kheo.model import Moment


def find_locale(language: str) -> Locale:
    """Return Babel's locale for a language tag, or English if Babel does not know the language."""
    for code in (language, language.split("-", maxsplit=1)[0]):
        try:
            return Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def date_filter(locale: Locale, patterns: DatePatterns) -> Callable[..., str]:
    """Return the filter ``moment|date("full")``.

    Its argument is ``iso``, ``rfc3339``, or the name of a date pattern in the language file.
    """

    @lru_cache(maxsize=50_000)
    def date(moment: Moment, name: str = "short") -> str:
        if name == "rfc3339":
            return moment.at.isoformat()
        if name == "iso":
            return moment.at.isoformat() if moment.has_time else moment.at.date().isoformat()
        return format_datetime(moment.at, getattr(patterns, name), locale=locale)

    return date


def time_filter(date: Callable[..., str]) -> Callable[..., Markup]:
    """Return the filter ``moment|time("full")``, which returns an HTML element ``<time>``."""

    @lru_cache(maxsize=50_000)
    def time(moment: Moment, name: str = "short") -> Markup:
        text = escape(date(moment, name))  # a date in ISO 8601 has nothing to escape
        return Markup(f'<time datetime="{date(moment, "iso")}">{text}</time>')

    return time


def format_size(size: int, locale: Locale) -> str:
    """Return a size in bytes as text: ``1536`` -> ``1,5 KB``. A kilobyte is 1,000 bytes (SI)."""
    value: float = size
    units = ["GB", "MB", "KB", "B"]
    while value >= 1000 and len(units) > 1:
        value /= 1000
        units.pop()
    return f"{format_decimal(value, format='#,##0.#', locale=locale)} {units[-1]}"


def format_length(seconds: int) -> str:
    """Return a length as players show it: ``75`` -> ``1:15``, ``3675`` -> ``1:01:15``."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
