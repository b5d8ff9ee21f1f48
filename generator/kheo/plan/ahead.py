"""Look ahead: examine what is not public yet, as of the moment at which it is published.

The clock must never break a site: what will be wrong tomorrow is reported today. URLs, names, links
and pictures of scheduled sources and of drafts are examined, but nothing is planned for them.
"""

import posixpath
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from kheo.diagnostics import Diagnostic, soften
from kheo.library import Article, Entry, Library, Timeline
from kheo.model import Document, Moment
from kheo.old_urls import parse_old_url
from kheo.pictures.recipes import referred_path
from kheo.plan.articles import body_pages
from kheo.plan.claims import Claims
from kheo.plan.context import Context
from kheo.plan.links import Address, LinkResolver
from kheo.plan.old_urls import claim_aliases
from kheo.plan.owners import claim_document, listing_owners
from kheo.plan.shared import Shared
from kheo.plan.targets import link_targets
from kheo.routes import output_path


class Ahead:
    """What the site will be, and what it was: which addresses exist at other times.

    ``found`` has the problems of sources that are not public yet. ``dates`` says when scheduled
    pages are published, by output path; ``coming`` has the output paths of everything that exists
    when all of them are. ``articles`` are those not public yet.
    """

    def __init__(self, timeline: Timeline, context: Context, claims: Claims) -> None:
        self.timeline = timeline
        self.context = context
        self.now = claims.owners
        self.found: list[Diagnostic] = []
        self.dates: dict[str, Moment] = {}
        self.coming: frozenset[str] = frozenset()
        self.articles: list[Article] = []
        self._known: dict[float, frozenset[str]] = {}

    def when(self, url: str) -> Moment | None:
        """Return when ``url`` will exist for the first time; ``None`` if it did, or never will."""
        path = output_path(url).casefold()
        if path in self.now or path not in self.coming or path in self.dates:
            return self.dates.get(path)
        if path in self._past:
            return None
        # A listing, or a page of one. A report adds pages; only the clock takes some away.
        dates = sorted(set(self.timeline.now.scheduled.values()))
        number = bisect_left(dates, True, key=lambda date: path in self._listings(date.seconds))
        return dates[min(number, len(dates) - 1)]

    def owner_in_the_past(self, url: str) -> str | None:
        """Return the source that ``url`` existed for; empty for a listing, ``None`` if it never did.

        Files of expired articles are no longer published, and listings become shorter.
        """
        return self._past.get(output_path(url).casefold())

    @cached_property
    def _past(self) -> dict[str, str]:
        """Return the source of every output path that exists no more, and all listings."""
        public = {one.document.path for one in self.timeline.now.entries}
        seconds = self.context.now.timestamp()
        owners = dict.fromkeys(self._listings(seconds), "")
        for one in self.timeline.at(seconds).by_age:
            if (path := one.document.path) not in public:
                urls = entry_urls(self.context.shared, one)
                owners |= {output_path(url).casefold(): path for url in urls}
        return owners

    def _listings(self, seconds: float) -> frozenset[str]:
        """Return the output paths of all listings until then, as if nothing expired."""
        if seconds not in self._known:
            context = _context(self.context, self.timeline.at(seconds))
            urls = (url for url, _ in listing_owners(context))
            self._known[seconds] = frozenset(output_path(url).casefold() for url in urls)
        return self._known[seconds]

    def past_paths(self) -> frozenset[str]:
        """Return the output paths, case folded, that the clock alone may have removed."""
        return frozenset(self._past)

    def judge(self, resolver: LinkResolver) -> dict[str, set[int]]:
        """Report addresses that do not exist, and return the links to remove, by source.

        A link is a number of a reference.
        """
        removed: dict[str, set[int]] = {}
        for one in resolver.addresses:
            if self._is_dead(resolver, one) and one.reference.kind == "link":
                removed.setdefault(one.document.path, set()).add(one.number)
        return removed

    def _is_dead(self, resolver: LinkResolver, one: Address) -> bool:
        document, reference = one.document, one.reference
        url = reference.target.partition("?")[0]
        date = self.when(url)
        if date and date.seconds > one.moment:
            resolver.later(document, reference, date)
        elif resolver.claims.has(url):
            return False
        elif (owner := self.owner_in_the_past(url)) is None:
            resolver.broken(document, reference, "link-broken")
        elif owner in resolver.left_out:
            resolver.broken(document, reference, "link-left-out")
        return True


def look_ahead(
    timeline: Timeline, context: Context, claims: Claims, resolver: LinkResolver
) -> Ahead:
    """Examine what is not public yet. Call this after everything public is claimed and resolved."""
    ahead = Ahead(timeline, context, claims)
    now = timeline.now
    waiting = [one for one in timeline.whole.by_age if one.document.path in now.scheduled]
    drafts = [one for one in timeline.whole.by_age if one.document.path in now.drafts]
    if not (waiting or drafts):
        return ahead
    ahead.articles = [one for one in (*waiting, *drafts) if isinstance(one, Article)]
    later = claims.copy()
    if waiting:
        for url, owner in listing_owners(_context(context, timeline.coming)):
            later.claim_again(url, owner)
    for one in waiting:
        for url in entry_urls(context.shared, one):
            path = output_path(url).casefold()
            ahead.dates.setdefault(path, now.scheduled[one.document.path])
    known = {(d.code, d.place) for d in claims.files_as_folders()}
    for entries, are_drafts in ((waiting, False), (drafts, True)):
        if not entries:
            continue
        found = _examine(entries, later, ahead, resolver)
        found += (d for d in later.files_as_folders() if (d.code, d.place) not in known)
        ahead.found += (soften(d) for d in found) if are_drafts else found
    return ahead


def _examine(
    entries: list[Entry], later: Claims, ahead: Ahead, resolver: LinkResolver
) -> list[Diagnostic]:
    """Claim the URLs of entries in ``later`` and resolve their references; return what is wrong."""
    context, timeline = ahead.context, ahead.timeline
    for one in entries:
        claim_document(context, later, one)
    for _ in claim_aliases(context, later, entries):
        pass
    targets = link_targets(timeline.whole, timeline.now)
    own = LinkResolver(targets, resolver.content_files, later, context.shared, resolver.is_trusted)
    own.picture_planner.routes = dict(resolver.picture_planner.routes)
    for one in entries:
        own.resolve(one.document, one.url, _moment(one.document, context))
    if not ahead.coming and timeline.now.scheduled:
        ahead.coming = frozenset(later.owners)
    ahead.judge(own)
    claimed, later.found = later.found, []
    return [*claimed, *own.found]


def _moment(document: Document, context: Context) -> float:
    """Return when a document is published: a draft as soon as its editor wants."""
    now, date = context.now.timestamp(), document.meta.date
    return max(now, date.seconds) if date else now


def _context(context: Context, library: Library) -> Context:
    return Context(library, context.config, context.language, context.now)


def entry_urls(shared: Shared, one: Entry) -> Iterator[str]:
    """Yield every URL that a document has while it is public: its pages, aliases and files."""
    document = one.document
    yield from (part.url for part in body_pages(shared, document, one.url))
    yield from (f"/{url.page}" for url in map(parse_old_url, document.meta.aliases) if url)
    if document.has_references:
        for reference in document.details.references:
            yield one.url + posixpath.basename(referred_path(document, reference))
