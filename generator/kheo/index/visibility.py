"""Visibility: which documents are shown at a given time, and when that changes."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from kheo.library import NEWS_AGE, Status
from kheo.model import Document, FrontMatter, Moment


class Visibility(Struct, frozen=True):
    """Which documents a build shows: those published at ``now`` (an aware ``datetime``).

    ``drafts`` and ``future`` say whether drafts and scheduled articles are shown too, ``past``
    whether expired ones are shown as if they had not expired.
    """

    now: datetime
    drafts: bool = False
    future: bool = False
    past: bool = False


class Shown(Struct, frozen=True):
    """The documents that are shown, each with its status, and the others.

    ``expired`` are no longer shown. ``drafts`` has the paths of hidden drafts, ``scheduled`` the
    time at which each hidden scheduled document is published, by path. ``next_change`` is when the
    next document appears, expires or leaves the news sitemap.
    """

    documents: tuple[tuple[Document, Status], ...]
    expired: tuple[Document, ...]
    drafts: frozenset[str]
    scheduled: dict[str, Moment]
    next_change: Moment | None


def choose_shown(documents: Iterable[Document], visibility: Visibility) -> Shown:
    """Split the documents into those that are shown and those that are not."""
    seconds = visibility.now.timestamp()
    recent = seconds - NEWS_AGE.total_seconds()
    shown: list[tuple[Document, Status]] = []
    expired: list[Document] = []
    drafts: set[str] = set()
    scheduled: dict[str, Moment] = {}
    changes: list[Moment] = []
    for document in documents:
        meta = document.meta
        # Time changes nothing for an old article that does not expire.
        if meta.expires or (meta.date and meta.date.seconds > recent):
            changes += (at for at in _turning_points(meta) if at.seconds > seconds)
        status = _status(meta, seconds)
        is_over = meta.expires is not None and end_of(meta.expires).seconds <= seconds
        if status == "draft" and (is_over or not visibility.drafts):
            drafts.add(document.path)
        elif is_over and not visibility.past:
            expired.append(document)
        elif status == "scheduled" and meta.date and not visibility.future:
            scheduled[document.path] = meta.date
        else:
            shown.append((document, status))
    return Shown(
        tuple(shown),
        tuple(expired),
        frozenset(drafts),
        scheduled,
        min(changes, default=None),
    )


def _status(meta: FrontMatter, seconds: float) -> Status:
    if meta.draft:
        return "draft"
    return "scheduled" if meta.date and meta.date.seconds > seconds else ""


def _turning_points(meta: FrontMatter) -> Iterator[Moment]:
    """Yield when an article appears, leaves the news sitemap and expires."""
    if meta.date:
        yield meta.date
        yield _later(meta.date, NEWS_AGE)
    if meta.expires:
        yield end_of(meta.expires)


def end_of(expires: Moment) -> Moment:
    """Return when an article expires: a date without a time is the last day it is shown."""
    return expires if expires.has_time else _later(expires, timedelta(days=1))


def _later(moment: Moment, span: timedelta) -> Moment:
    return Moment(moment.seconds + int(span.total_seconds()), moment.offset, has_time=True)
