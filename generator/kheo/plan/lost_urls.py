"""Published URLs that a build would lose: where they were, and where their reports are now."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.index.permalinks import place_of
from kheo.index.taxonomies import NOWHERE
from kheo.known_urls import TERM, KnownUrl
from kheo.messages.wording import Message, message
from kheo.model import Document

SITE_FILE = Place("site.yaml")
FEW = 3  # from so many URLs below it on, a renamed category is reported instead of them


class NewUrls(Struct, frozen=True):
    """The URLs of the site to be published.

    ``added`` are those of ``urls`` whose source is new. ``answers`` says whether anything is
    at a URL. ``hidden`` says why a source has no page now; of sources that it does not know, nothing
    is reported.
    """

    urls: tuple[KnownUrl, ...]
    added: list[KnownUrl]
    answers: Callable[[str], bool]
    documents: Mapping[str, Document]
    hidden: Mapping[str, Message | None]


def find_lost(before: Iterable[KnownUrl], new: NewUrls) -> tuple[list[KnownUrl], list[Diagnostic]]:
    """Return the URLs that nothing answers any more, and what is to be reported of them.

    The source of a lost URL whose report was found by its text is that where the text is now.
    """
    lost = [one for one in before if not new.answers(one.url)]
    if not lost:
        return [], []
    search = _Search(new)
    found = [(one, search.now(one)) for one in lost]
    renamed = dict(_renamed_terms(found, new.urls))
    covered = _covered(found, renamed, new)
    reports = [
        _report(one, renamed.get(one) or now, new) for one, now in found if one not in covered
    ]
    owed = [structs.replace(one, source=now.source) if now else one for one, now in found]
    return owed, [one for one in reports if one]


class _Search:
    """Finds where a report is now: by its source, else by its text, else by its title."""

    def __init__(self, new: NewUrls) -> None:
        self.by_source = {one.source: one for one in new.urls if one.is_page or one.mark == TERM}
        pages = [one for one in new.added if one.is_page]
        self.by_mark = _unique(pages, lambda one: one.mark)
        self.by_title = _unique(pages, lambda one: one.title)

    def now(self, one: KnownUrl) -> KnownUrl | None:
        known = self.by_source.get(one.source)
        if known or not one.is_page:
            return known
        return self.by_mark.get(one.mark) or self.by_title.get(one.title)


def _unique(urls: Iterable[KnownUrl], key: Callable[[KnownUrl], str]) -> dict[str, KnownUrl]:
    """Return the URLs by a key that only one of them has."""
    found: dict[str, KnownUrl | None] = {}
    for one in urls:
        found[key(one)] = None if key(one) in found else one
    return {name: one for name, one in found.items() if one}


def _renamed_terms(
    found: list[tuple[KnownUrl, KnownUrl | None]], urls: tuple[KnownUrl, ...]
) -> Iterator[tuple[KnownUrl, KnownUrl]]:
    """Yield each lost term with what it is now: where all its reports moved to, under the same slugs."""
    terms = {one.url: one for one in urls if one.mark == TERM}
    for term, same in found:
        if term.mark != TERM:
            continue
        below = [
            (one.url.removeprefix(term.url), now.url)
            for one, now in found
            if now and one.is_page and one.url.startswith(term.url)
        ]
        homes = {new.removesuffix(rest) if new.endswith(rest) else "" for rest, new in below}
        now = same or (terms.get(homes.pop()) if len(homes) == 1 else None)
        if now:
            yield term, now


def _covered(
    found: list[tuple[KnownUrl, KnownUrl | None]],
    renamed: dict[KnownUrl, KnownUrl],
    new: NewUrls,
) -> set[KnownUrl]:
    """Return the lost URLs that the alias of a renamed term above them would carry."""
    covered: set[KnownUrl] = set()
    for term, now in sorted(renamed.items()):
        below = {
            one
            for one, _ in found
            if one.url.startswith(term.url)
            and one is not term
            and new.answers(now.url + one.url.removeprefix(term.url))
        }
        if len(below) >= FEW and term not in covered:
            covered |= below
    return covered


def _report(one: KnownUrl, now: KnownUrl | None, new: NewUrls) -> Diagnostic | None:
    if now and NOWHERE in now.url:
        return (
            None  # the name of its category is an error; its URL is not known before that is fixed
        )
    if now and now.source in new.documents:
        document = new.documents[now.source]
        place = place_of(document, "slug" if document.meta.slug else "title")
        advice = message("add `aliases: {url}`, or list it under `gone` in site.yaml", url=one.url)
        return diagnostic(
            "url-lost", place, url=one.url, title=one.title, now=now.url, advice=advice
        )
    if now:
        advice = message(
            "in site.yaml, add `aliases: {url}` to “{name}”: it redirects everything below too",
            url=one.url,
            name=now.title,
        )
        return diagnostic(
            "url-lost", SITE_FILE, url=one.url, title=one.title, now=now.url, advice=advice
        )
    reason = new.hidden.get(one.source, _GONE.get(one.mark, message("its source is gone")))
    if reason is None:
        return None
    hidden = new.documents.get(one.source)
    place = SITE_FILE
    if hidden:
        place = place_of(hidden, "draft" if hidden.meta.draft else "date")
    return diagnostic("url-withdrawn", place, url=one.url, title=one.title, reason=reason)


_GONE = {TERM: message("no report is listed there any more")}
