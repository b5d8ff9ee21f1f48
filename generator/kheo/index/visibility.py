"""Visibility: which documents are shown at a given time, and when that changes."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from kheo.library import NEWS_AGE, Status
from kheo.model import Document, FrontMatter, Moment


class Visibility(Struct, frozen=True):
    """Which documents a build shows: those published at ``now`` (an aware ``datetime``).

    ``drafts`` and ``future`` say whether drafts and scheduled articles are shown too.
    """

    now: datetime
    drafts: bool = False
    future: bool = False


class Shown(Struct, frozen=True):
    """The documents that are shown, each with its status, and the paths of the others.

    ``next_publication`` is when the next scheduled article is due; ``next_change`` when the next
    document appears, expires or leaves the news sitemap.
    """

    documents: tuple[tuple[Document, Status], ...]
    hidden: frozenset[str]
    next_publication: Moment | None
    next_change: Moment | None


def choose_shown(documents: Iterable[Document], visibility: Visibility) -> Shown:
    """Split the documents into those that are shown and those that are hidden."""
    seconds = visibility.now.timestamp()
    recent = seconds - NEWS_AGE.total_seconds()
    allowed: dict[Status, bool] = {
        "": True,
        "draft": visibility.drafts,
        "scheduled": visibility.future,
    }
    shown: list[tuple[Document, Status]] = []
    hidden: list[str] = []
    waiting: list[Moment] = []
    changes: list[Moment] = []
    for document in documents:
        meta = document.meta
        # Time changes nothing for an old article that does not expire.
        if meta.expires or (meta.date and meta.date.seconds > recent):
            changes += (at for at in _turning_points(meta) if at.seconds > seconds)
        status: Status = "draft" if meta.draft else ""
        if not status and meta.date and meta.date.seconds > seconds:
            status = "scheduled"
        is_expired = meta.expires is not None and _end(meta.expires).seconds <= seconds
        if status == "scheduled" and meta.date and not is_expired:
            waiting.append(meta.date)
        if is_expired or not allowed[status]:
            hidden.append(document.path)
        else:
            shown.append((document, status))
    return Shown(
        tuple(shown), frozenset(hidden), min(waiting, default=None), min(changes, default=None)
    )


def _turning_points(meta: FrontMatter) -> Iterator[Moment]:
    """Yield when an article appears, leaves the news sitemap and expires."""
    if meta.date:
        yield meta.date
        yield _later(meta.date, NEWS_AGE)
    if meta.expires:
        yield _end(meta.expires)


def _end(expires: Moment) -> Moment:
    """Return when an article expires: a date without a time is the last day it is shown."""
    return expires if expires.has_time else _later(expires, timedelta(days=1))


def _later(moment: Moment, span: timedelta) -> Moment:
    return Moment(moment.seconds + int(span.total_seconds()), moment.offset, has_time=True)
