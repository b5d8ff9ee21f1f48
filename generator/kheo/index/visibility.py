"""Which documents are shown at a given moment, and when that will change."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from kheo.library import NEWS_AGE, Status
from kheo.model import Document, Moment


class Shown(Struct, frozen=True):
    """The split of all documents by what ``now`` and the flags allow."""

    documents: tuple[tuple[Document, Status], ...]
    hidden: frozenset[str]
    next_publication: Moment | None
    next_change: Moment | None


def choose_shown(documents: Iterable[Document], now: datetime, drafts: bool, future: bool) -> Shown:
    """The documents to publish, each with its status, and the next moment that matters."""
    seconds = now.timestamp()
    allowed: dict[Status, bool] = {"": True, "draft": drafts, "scheduled": future}
    shown: list[tuple[Document, Status]] = []
    hidden: list[str] = []
    waiting: list[Moment] = []
    changes: list[Moment] = []
    for document in documents:
        changes += (moment for moment in _turning_points(document) if moment.seconds > seconds)
        status = _status(document, seconds)
        is_expired = _is_expired(document, seconds)
        if status == "scheduled" and document.meta.date and not is_expired:
            waiting.append(document.meta.date)
        if is_expired or not allowed[status]:
            hidden.append(document.path)
        else:
            shown.append((document, status))
    return Shown(
        tuple(shown), frozenset(hidden), min(waiting, default=None), min(changes, default=None)
    )


def _is_expired(document: Document, now: float) -> bool:
    expires = document.meta.expires
    return expires is not None and _end(expires).seconds <= now


def _status(document: Document, now: float) -> Status:
    meta = document.meta
    if meta.draft:
        return "draft"
    return "scheduled" if meta.date and meta.date.seconds > now else ""


def _turning_points(document: Document) -> Iterator[Moment]:
    """When an article appears, leaves the news sitemap, expires."""
    meta = document.meta
    if meta.date:
        yield meta.date
        yield _later(meta.date, NEWS_AGE)
    if meta.expires:
        yield _end(meta.expires)


def _end(expires: Moment) -> Moment:
    """A day alone is the last day on which the article is shown."""
    return expires if expires.has_time else _later(expires, timedelta(days=1))


def _later(moment: Moment, span: timedelta) -> Moment:
    return Moment(moment.seconds + int(span.total_seconds()), moment.offset, has_time=True)
