"""Say where a report is: published, a draft, scheduled, expired, or left out because of errors."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from kheo.commands.finding import Report
from kheo.diagnostics import Diagnostic
from kheo.messages.wording import Message, message
from kheo.model import FrontMatter, Moment
from kheo.reporting.catalogue import Words

DAY = 86_400
EARLIEST_YEAR = 1900
FAR_AHEAD = 1  # years


def state_of(
    report: Report, errors: Iterable[Diagnostic], is_public: bool, now: datetime
) -> Message:
    """Return in a few words where a report is."""
    if report.document is None:
        return message("left out: it has errors")
    meta = report.document.meta
    if meta.draft:
        return message("a draft")
    if meta.expires and _end(meta.expires) <= now.timestamp():
        return message("expired since {moment}", moment=_shown(meta.expires))
    if meta.dated and meta.dated.seconds > now.timestamp():
        return message("scheduled until {moment}", moment=_shown(meta.dated))
    if any(errors):
        return (
            message("published, but it has errors")
            if is_public
            else message("left out: it has errors")
        )
    return message("published") if is_public else message("not published yet: build the site")


def details_of(
    report: Report, errors: list[Diagnostic], now: datetime, words: Words, content: Path
) -> Iterator[str]:
    """Yield what an editor can do about a report that is not where it should be."""
    meta = report.document.meta if report.document else None
    if meta and meta.draft:
        yield words.say("to publish it, delete `draft: true`")
    if meta and (text := _year_doubt(meta, now)):
        yield words.line(text)
    for d in errors:
        yield f"{(content / d.place.path).as_posix()}:{d.place.line}:{d.place.column}: {words.message(d)}"
        if hint := words.hint(d):
            yield f"    {hint}"


def _year_doubt(meta: FrontMatter, now: datetime) -> Message | None:
    """Return a question if the year of the date is probably mistyped."""
    if meta.dated is None:
        return None
    year = meta.dated.at.year
    if EARLIEST_YEAR <= year <= now.year + FAR_AHEAD:
        return None
    meant = next(
        (one for one in (now.year, now.year - 1, now.year + 1) if _is_like(year, one)), None
    )
    if meant:
        return message("dated {year}: is the year mistyped ({meant})?", year=year, meant=meant)
    return message("dated {year}: is the year right?", year=year)


def _is_like(year: int, other: int) -> bool:
    """Return whether two years have the same digits in another order, or differ in one digit."""
    a, b = f"{year:04}", f"{other:04}"
    return sorted(a) == sorted(b) or sum(x != y for x, y in zip(a, b, strict=True)) == 1


def _end(expires: Moment) -> int:
    """A date without a time is the last day on which a report is shown."""
    return expires.seconds if expires.has_time else expires.seconds + DAY


def _shown(moment: Moment) -> str:
    return f"{moment.at:%Y-%m-%d %H:%M}" if moment.has_time else f"{moment.at:%Y-%m-%d}"
