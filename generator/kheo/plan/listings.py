"""Routes and views of pages that list articles or terms."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import msgspec
from msgspec import Struct, structs

from kheo.library import Term
from kheo.model import Document
from kheo.plan.articles import Listed
from kheo.plan.campaign_data import data_routes
from kheo.plan.context import Context
from kheo.plan.dashboards import Dashboards
from kheo.plan.pagination import ListingPage, pager
from kheo.plan.profiles import ShownProfile, with_profile
from kheo.plan.resolved import Resolved
from kheo.plan.search import search_view
from kheo.plan.shared import Shared
from kheo.plan.term_digests import TermDigests
from kheo.routes import Route, digest, output_path, page_route
from kheo.views import (
    ArchiveMonth,
    ArchiveView,
    ArchiveYear,
    Block,
    Crumb,
    Dashboard,
    HomeView,
    Link,
    ListingView,
    NotFoundView,
    TermCard,
    TermsView,
)

_encode = msgspec.msgpack.Encoder().encode
BLOCK_SIZE = 4  # articles of a top category on the home page


class ListingInputs(Struct, frozen=True):
    """Everything that one page of a term's listing is made from, except the body.

    ``term_digests`` are those of ``term``, of the terms above it and below it. ``profile`` has what its
    source says, for the first page only.
    """

    term: Term
    above: tuple[Term, ...]
    children: tuple[Term, ...]
    term_digests: bytes
    pages: tuple[ListingPage, ...]
    page: ListingPage
    listed: Listed
    numbers: Sequence[int]  # of the articles on this page
    profile: ShownProfile | None = None
    dashboard: Dashboard | None = None

    def digest(self) -> bytes:
        page = b"%d %d %d" % (len(self.pages), self.page.number, len(self.numbers))
        cards = self.listed.digests
        pieces = [self.term_digests, page, *[cards[n] for n in self.numbers]]
        if self.profile:
            pieces.append(self.profile.digest())
        if self.dashboard:
            pieces.append(digest(_encode(self.dashboard)))
        return digest(b"".join(pieces))


def listing_routes(
    context: Context, listed: Listed, digests: TermDigests, resolved: dict[str, Resolved]
) -> Iterator[Route]:
    """Plan the home page, all listings, the data of campaigns, the lists of terms, the archive, search
    and the 404 page."""
    dashboards = Dashboards(context, listed, resolved)
    yield from _home(context, listed, dashboards)
    for terms in context.library.terms.values():
        for term in terms:
            yield from _term(context, term, digests, dashboards)
    yield from data_routes(context, dashboards)
    yield from _indexes(context, dashboards)
    if context.config.search:
        yield page_route(context.search_url, "search.html", search_view(context), "the search page")
    yield page_route(
        "/404.html",
        "not_found.html",
        NotFoundView(
            url=context.href("/404.html"),
            title=context.language.labels.not_found,
            description="",
            robots="noindex",
        ),
        "the 404 page",
    )


def index_urls(context: Context) -> dict[str, str]:
    """Return the URLs of the lists of terms and of the archive, by label; none that would be
    empty."""
    labels, words, terms = context.language.labels, context.words, context.library.terms
    urls = {}
    if terms["campaign"]:
        urls[labels.campaigns] = f"/{words.campaigns}/"
    if terms["author"]:
        urls[labels.authors] = f"/{words.authors}/"
    if terms["year"]:
        urls[labels.archive] = f"/{words.archive}/"
    return urls


class HomeInputs(Struct, frozen=True):
    """Everything that a page of the home listing is made from, except the first page."""

    title: str
    tagline: str
    pages: tuple[ListingPage, ...]
    page: ListingPage
    listed: Listed

    def digest(self) -> bytes:
        page = f"{self.title}\0{self.tagline}\0{len(self.pages)} {self.page.number}".encode()
        cards = self.listed.digests[self.page.start : self.page.stop]
        return digest(b"".join([page, *cards]))


def _home(context: Context, listed: Listed, dashboards: Dashboards) -> Iterator[Route]:
    config, shared = context.config, context.shared
    first, *others = context.home_pages
    view = structs.replace(_first_page(context, listed), campaigns=dashboards.pinned())
    yield page_route(first.url, "home.html", view, "the home page")
    for page in others:
        inputs = HomeInputs(config.title, config.tagline, context.home_pages, page, listed)
        yield Route(
            url=page.url,
            path=output_path(page.url),
            inputs=inputs.digest(),
            source="the home page",
            template="home.html",
            view=partial(home_view, inputs, shared),
        )


def home_view(inputs: HomeInputs, shared: Shared) -> HomeView:
    """Return what the template sees of a page of the home listing."""
    return HomeView(
        url=shared.href(inputs.page.url),
        title=inputs.title,
        description=inputs.tagline,
        feeds=shared.feeds(inputs.title, "/"),
        pager=pager(inputs.pages, inputs.page.number, shared.prefix, shared.stable),
        pinned=(),
        items=tuple(inputs.listed.cards[inputs.page.start : inputs.page.stop]),
        blocks=(),
    )


def _first_page(context: Context, listed: Listed) -> HomeView:
    """Return the view of the home page itself, which changes with every new article."""
    config, page = context.config, context.home_pages[0]
    inputs = HomeInputs(config.title, config.tagline, context.home_pages, page, listed)
    pinned = sorted(
        (number for number, card in enumerate(listed.cards) if card.pinned),
        key=lambda number: context.library.articles[number].document.meta.weight,
    )
    above = set(pinned)
    return structs.replace(
        home_view(inputs, context.shared),
        pinned=tuple(listed.cards[number] for number in pinned),
        items=tuple(listed.cards[n] for n in range(page.start, page.stop) if n not in above),
        blocks=tuple(_blocks(context, listed)),
    )


def _blocks(context: Context, listed: Listed) -> Iterator[Block]:
    for term in context.library.children.get((), ()):
        if members := context.members(term)[:BLOCK_SIZE]:
            cards = tuple(listed.cards[one] for one in members)
            yield Block(term.name, context.href(term.url), cards)


def _term(
    context: Context, term: Term, digests: TermDigests, dashboards: Dashboards
) -> Iterator[Route]:
    members, pages, shared = context.members(term), context.term_pages[term.key], context.shared
    above, children = _above(context, term), _children(context, term)
    around = b"%s above %s below %s" % (
        digests.of((term,)),
        digests.of(above),
        digests.of(children),
    )
    profile = dashboards.profile(term)
    known = profile.profile if profile else None
    for page in pages:
        is_first = page.number == 1
        numbers = members[page.start : page.stop]
        inputs = ListingInputs(
            term, above, children, around, pages, page, dashboards.listed, numbers,
            profile if is_first else None,
            dashboards.of(term) if is_first and term.taxonomy == "campaign" else None,
        )  # fmt: skip
        body = known.document.bodies[0] if known and inputs.profile else ""
        yield Route(
            url=page.url,
            path=output_path(page.url),
            inputs=inputs.digest(),
            source=known.document.path if known and inputs.profile else term_source(term),
            template="campaign.html" if inputs.dashboard else "listing.html",
            view=partial(listing_view, inputs, shared),
            body=body,
        )


def listing_view(inputs: ListingInputs, shared: Shared) -> ListingView:
    """Return what the template sees of one page of a term's listing."""
    term = inputs.term
    title = _title(shared, term)
    has_feed = term.taxonomy in {"category", "campaign"}
    view = ListingView(
        url=shared.href(inputs.page.url),
        title=title,
        description=term.text,
        breadcrumb=_crumbs(shared, term, inputs.above),
        feeds=shared.feeds(title, term.url) if has_feed else (),
        pager=pager(inputs.pages, inputs.page.number, shared.prefix, shared.stable),
        kind=term.taxonomy,
        text=term.text,
        items=tuple(inputs.listed.cards[number] for number in inputs.numbers),
        children=tuple(Link(_title(shared, one), shared.href(one.url)) for one in inputs.children),
        start=term.start if term.taxonomy == "campaign" else None,
        end=term.end,
        month=term.start if term.taxonomy in {"year", "month"} else None,
    )
    view = with_profile(view, inputs.profile, shared) if inputs.profile else view
    return structs.replace(view, dashboard=inputs.dashboard)


def term_source(term: Term) -> str:
    """Return the name of a term's listing in messages: ``the category “A > B”``."""
    return f"the {term.taxonomy} “{' > '.join(term.trail)}”"


def _title(shared: Shared, term: Term) -> str:
    if term.taxonomy == "month":
        year, month = term.trail
        return shared.labels.month.format(year=year, month=month)
    return term.name


def _crumbs(shared: Shared, term: Term, above: tuple[Term, ...]) -> tuple[Crumb, ...]:
    labels, words = shared.labels, shared.words
    if term.taxonomy == "category":
        return shared.trail((*above, term))
    own = shared.crumb(_title(shared, term), term.url)
    if term.taxonomy == "campaign":
        return shared.crumb(labels.campaigns, f"/{words.campaigns}/"), own
    if term.taxonomy == "author":
        return shared.crumb(labels.authors, f"/{words.authors}/"), own
    archive = shared.crumb(labels.archive, f"/{words.archive}/")
    if term.taxonomy == "year":
        return archive, own
    year = term.trail[0]
    return archive, shared.crumb(year, f"/{words.archive}/{year}/"), own


def _above(context: Context, term: Term) -> tuple[Term, ...]:
    return context.lineages[term.trail][:-1] if term.taxonomy == "category" else ()


def _children(context: Context, term: Term) -> tuple[Term, ...]:
    library = context.library
    if term.taxonomy == "category":
        return library.children.get(term.trail, ())
    if term.taxonomy == "year":
        return tuple(month for month in library.terms["month"] if month.trail[0] == term.name)
    return ()


def _indexes(context: Context, dashboards: Dashboards) -> Iterator[Route]:
    labels, words, terms = context.language.labels, context.words, context.library.terms
    if campaigns := terms["campaign"]:
        cards = map(dashboards.card, campaigns)
        yield _terms(context, labels.campaigns, f"/{words.campaigns}/", "campaigns", cards)
    if authors := terms["author"]:
        people = (TermCard(one.name, context.href(one.url), one.text) for one in authors)
        yield _terms(context, labels.authors, f"/{words.authors}/", "authors", people)
    if terms["year"]:
        url = f"/{words.archive}/"
        view = ArchiveView(
            url=context.href(url),
            title=labels.archive,
            description="",
            breadcrumb=(context.shared.crumb(labels.archive, url),),
            years=tuple(_year(context, term) for term in terms["year"]),
        )
        yield page_route(url, "archive.html", view, "the archive")


def _terms(context: Context, title: str, url: str, kind: str, cards: Iterable[TermCard]) -> Route:
    view = TermsView(
        url=context.href(url),
        title=title,
        description="",
        breadcrumb=(context.shared.crumb(title, url),),
        kind=kind,
        items=tuple(cards),
    )
    return page_route(url, "terms.html", view, f"the list of {kind}")


def _year(context: Context, year: Term) -> ArchiveYear:
    months = tuple(
        ArchiveMonth(month.start, context.href(month.url), len(context.members(month)))
        for month in context.library.terms["month"]
        if month.trail[0] == year.name and month.start
    )
    return ArchiveYear(int(year.name), context.href(year.url), len(context.members(year)), months)


def listing_pages(
    context: Context,
) -> Iterator[tuple[str, Document | None, tuple[ListingPage, ...]]]:
    """Yield every listing as its name for messages, its source if it has one, and its pages."""
    yield "the home page", None, context.home_pages
    profiles = context.library.profiles
    for terms in context.library.terms.values():
        for term in terms:
            profile = profiles.get(term.key)
            source = profile.document if profile else None
            yield term_source(term), source, context.term_pages[term.key]
