"""Which documents are shown at a given moment, and when that will change."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from generator.library import NEWS_AGE, Status
from generator.model import Document, Moment


class Shown(Struct, frozen=True):
    """The split of all documents by what ``now`` and the flags allow."""

    documents: tuple[tuple[Document, Status], ...]
    hidden: frozenset[str]
    next_publication: Moment | None
    next_change: Moment | None


def choose_shown(documents: Iterable[Document], now: datetime, drafts: bool, future: bool) -> Shown:
    """The documents to publish, each with its status, and the next moment that matters."""
    shown: list[tuple[Document, Status]] = []
    hidden: list[str] = []
    waiting: list[Moment] = []
    changes: list[Moment] = []
    allowed: dict[Status, bool] = {"": True, "draft": drafts, "scheduled": future}
    for document in documents:
        changes += (moment for moment in _turning_points(document) if moment.at > now)
        status = _status(document, now)
        if status == "scheduled" and document.meta.date and not _is_expired(document, now):
            waiting.append(document.meta.date)
        if _is_expired(document, now) or not allowed[status]:
            hidden.append(document.path)
        else:
            shown.append((document, status))
    return Shown(
        tuple(shown), frozenset(hidden), min(waiting, default=None), min(changes, default=None)
    )


def _is_expired(document: Document, now: datetime) -> bool:
    expires = document.meta.expires
    return expires is not None and _end(expires) <= now


def _status(document: Document, now: datetime) -> Status:
    meta = document.meta
    if meta.draft:
        return "draft"
    return "scheduled" if meta.date and meta.date.at > now else ""


def _turning_points(document: Document) -> Iterator[Moment]:
    meta = document.meta
    if meta.date:
        yield meta.date
        yield Moment.of(meta.date.at + NEWS_AGE, has_time=True)
    if meta.expires:
        yield Moment.of(_end(meta.expires), has_time=True)


def _end(expires: Moment) -> datetime:
    """A day alone is the last day on which the article is shown."""
    return expires.at if expires.has_time else expires.at + timedelta(days=1)
