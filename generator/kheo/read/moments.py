"""Parse dates and times as editors write them."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from kheo.config import DateOrder
from kheo.model import Moment

Problem = tuple[str, dict[str, str]]  # a diagnostic's code and values

TIME = r"(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + TIME, re.ASCII)
NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})" + TIME, re.ASCII)
YEARS = range(1900, 3000)


def parse_moment(text: str, zone: tzinfo, order: DateOrder) -> Moment | Problem:
    """Return ``text`` as a moment in ``zone``, or the code and values of a diagnostic.

    Accepted are ``2020-02-12``, with an optional time and offset from UTC, and, if ``order`` is set,
    ``12/02/2020``: without it, 05/03 may be in March or in May. A time without an offset is in
    ``zone``.
    """
    if iso := ISO.fullmatch(text):
        year, month, day, *time = iso.groups()
        return _make_moment(text, (year, month, day), time, zone)
    if numeric := NUMERIC.fullmatch(text):
        first, _, second, year, *time = numeric.groups()
        if not order:
            return "date-ambiguous", {
                "value": text,
                "example": f"{year}-{int(second):02}-{int(first):02}",
            }
        day, month = (first, second) if order == "day-first" else (second, first)
        return _make_moment(text, (year, month, day), time, zone)
    return "date-unreadable", {"value": text}


def _make_moment(
    text: str, date: tuple[str, str, str], time: list[str | None], zone: tzinfo
) -> Moment | Problem:
    hour, minute, second, offset = time
    year, month, day = (int(number) for number in date)
    if year not in YEARS:
        return "date-impossible", {"value": text}
    try:
        local = datetime(
            year,
            month,
            day,
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=_parse_offset(offset) if offset else zone,
        )
        return Moment.of(local.astimezone(zone), has_time=hour is not None)
    except (ValueError, OverflowError):
        return "date-impossible", {"value": text}


def _parse_offset(text: str) -> timezone:
    """Parse ``Z``, ``+07:00`` or ``+0700``. Raises ValueError for 24 hours and more."""
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-span if text[0] == "-" else span)
