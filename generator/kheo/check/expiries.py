"""Warn of links to reports that expire soon. Builds do not: the clock must not change their result."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from kheo.config import SiteConfig
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.index.visibility import end_of
from kheo.library import Article, Library, StandingPage
from kheo.model import Document, Moment
from kheo.pictures.recipes import referred_path
from kheo.plan.ahead import Ahead, entry_urls
from kheo.plan.links import written
from kheo.routes import output_path

SOON = timedelta(days=30)


def expiring_links(ahead: Ahead, config: SiteConfig, now: datetime) -> Iterator[Diagnostic]:
    """Yield a warning for every link, also of the menu, to a report that expires within 30 days."""
    library = ahead.timeline.coming
    ends = {
        one.document.path: one
        for one in library.entries
        if (end := _end(one.document)) and end < (now + SOON).timestamp()
    }
    if not ends:
        return
    shared = ahead.context.shared
    urls = {
        output_path(url).casefold(): path
        for path, one in ends.items()
        for url in entry_urls(shared, one)
    }
    for one in (*library.entries, *library.profiles.values()):
        yield from _links(one.document, ends, urls)
    for entry in config.menu:
        path = urls.get(output_path(entry.link).casefold(), entry.link)
        if path in ends:
            yield _warning(Place("site.yaml"), entry.link, ends[path].document)


def _links(
    document: Document, ends: dict[str, Article | StandingPage], urls: dict[str, str]
) -> Iterator[Diagnostic]:
    if not document.has_references:
        return
    for reference in document.details.references:
        target = reference.target
        if target.startswith("/"):
            path = urls.get(output_path(target.partition("?")[0]).casefold(), "")
        else:
            path = referred_path(document, reference)
        if path not in ends or path == document.path:
            continue
        end = _end(document)
        if end is None or end > (_end(ends[path].document) or 0):
            at = reference.position
            place = Place(document.path, at.line, at.column)
            yield _warning(place, target, ends[path].document)


def _warning(place: Place, target: str, document: Document) -> Diagnostic:
    expires = document.meta.expires
    date = written(expires) if expires else ""
    return diagnostic("link-expires", place, target=target, date=date)


def _end(document: Document) -> int | None:
    """Return when a document expires (Unix time), or ``None``."""
    expires = document.meta.expires
    return end_of(expires).seconds if expires else None


def next_change(library: Library, documents: Iterable[Document], now: datetime) -> float | None:
    """Return until when a check stays true although no source changes (Unix time)."""
    ends = (end for one in documents if (end := _end(one)))
    times = [end - SOON.total_seconds() for end in ends]
    change: Moment | None = library.next_change
    if change:
        times.append(change.seconds)
    return min((at for at in times if at > now.timestamp()), default=None)
