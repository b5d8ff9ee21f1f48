"""Routes and views of pages that list articles or terms."""

from collections.abc import Iterable, Iterator

from kheo.library import Term
from kheo.model import Route
from kheo.plan.claims import output_path
from kheo.plan.context import Context
from kheo.plan.pagination import Part, pager
from kheo.plan.search import search_view
from kheo.views import (
    ArchiveMonth,
    ArchiveView,
    ArchiveYear,
    Block,
    Card,
    Crumb,
    HomeView,
    Link,
    ListingView,
    NotFoundView,
    TermCard,
    TermsView,
    View,
    encode_view,
)

BLOCK_SIZE = 4  # articles of a top category on the home page


def listing_routes(context: Context, cards: list[Card]) -> Iterator[Route]:
    """Home, categories, campaigns, authors, archive, and the page for what is not found.

    ``cards`` are those of ``library.articles``, in their order.
    """
    yield from _home(context, cards)
    for terms in context.library.terms.values():
        for term in terms:
            yield from _term(context, term, cards)
    yield from _indexes(context)
    if context.config.search:
        yield _route(context.search_url, "search.html", search_view(context), "the search page")
    yield _route(
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
    """The addresses of the indexes that exist, by their label."""
    labels, words, terms = context.language.labels, context.words, context.library.terms
    urls = {}
    if terms["campaign"]:
        urls[labels.campaigns] = f"/{words.campaigns}/"
    if terms["author"]:
        urls[labels.authors] = f"/{words.authors}/"
    if terms["year"]:
        urls[labels.archive] = f"/{words.archive}/"
    return urls


def _route(url: str, template: str, view: View, source: str) -> Route:
    return Route(url, output_path(url), template, encode_view(view), source)


def _home(context: Context, cards: list[Card]) -> Iterator[Route]:
    config = context.config
    pinned = sorted(
        (number for number, card in enumerate(cards) if card.pinned),
        key=lambda number: context.library.articles[number].document.meta.weight,
    )
    for part in context.home_parts:
        is_first = part.number == 1
        above = set(pinned) if is_first else set()
        view = HomeView(
            url=context.href(part.url),
            title=config.title,
            description=config.tagline,
            feeds=context.feeds(config.title, "/"),
            pager=pager(context.home_parts, part.number, context.prefix, context.stable),
            pinned=tuple(cards[number] for number in pinned) if is_first else (),
            items=tuple(cards[n] for n in range(part.start, part.stop) if n not in above),
            blocks=tuple(_blocks(context, cards)) if is_first else (),
        )
        yield _route(part.url, "home.html", view, "the home page")


def _blocks(context: Context, cards: list[Card]) -> Iterator[Block]:
    for term in context.library.children.get((), ()):
        members = context.members(term)[:BLOCK_SIZE]
        if members:
            yield Block(term.name, context.href(term.url), tuple(cards[one] for one in members))


def _term(context: Context, term: Term, cards: list[Card]) -> Iterator[Route]:
    members, parts = context.members(term), context.parts[term.key]
    title, crumbs = _title(context, term), _crumbs(context, term)
    has_feed = term.taxonomy in {"category", "campaign"}
    children = _children(context, term)
    for part in parts:
        view = ListingView(
            url=context.href(part.url),
            title=title,
            description=term.text,
            breadcrumb=crumbs,
            feeds=context.feeds(title, term.url) if has_feed else (),
            pager=pager(parts, part.number, context.prefix, context.stable),
            kind=term.taxonomy,
            text=term.text,
            items=tuple(cards[number] for number in members[part.start : part.stop]),
            children=children,
            start=term.start if term.taxonomy == "campaign" else None,
            end=term.end,
            month=term.start if term.taxonomy in {"year", "month"} else None,
        )
        yield _route(part.url, "listing.html", view, _source(term))


def _source(term: Term) -> str:
    return f"the {term.taxonomy} “{' > '.join(term.trail)}”"


def _title(context: Context, term: Term) -> str:
    if term.taxonomy == "month":
        year, month = term.trail
        return context.language.labels.month.format(year=year, month=month)
    return term.name


def _crumbs(context: Context, term: Term) -> tuple[Crumb, ...]:
    labels, words = context.language.labels, context.words
    if term.taxonomy == "category":
        return context.trail(term)
    own = context.crumb(_title(context, term), term.url)
    if term.taxonomy == "campaign":
        return context.crumb(labels.campaigns, f"/{words.campaigns}/"), own
    if term.taxonomy == "author":
        return context.crumb(labels.authors, f"/{words.authors}/"), own
    archive = context.crumb(labels.archive, f"/{words.archive}/")
    if term.taxonomy == "year":
        return archive, own
    year = term.trail[0]
    return archive, context.crumb(year, f"/{words.archive}/{year}/"), own


def _children(context: Context, term: Term) -> tuple[Link, ...]:
    library = context.library
    if term.taxonomy == "category":
        return tuple(map(context.link, library.children.get(term.trail, ())))
    if term.taxonomy == "year":
        months = [month for month in library.terms["month"] if month.trail[0] == term.name]
        return tuple(Link(_title(context, month), context.href(month.url)) for month in months)
    return ()


def _indexes(context: Context) -> Iterator[Route]:
    labels, words, terms = context.language.labels, context.words, context.library.terms
    if terms["campaign"]:
        yield _terms(
            context, labels.campaigns, f"/{words.campaigns}/", "campaigns", terms["campaign"]
        )
    if terms["author"]:
        yield _terms(context, labels.authors, f"/{words.authors}/", "authors", terms["author"])
    if terms["year"]:
        url = f"/{words.archive}/"
        view = ArchiveView(
            url=context.href(url),
            title=labels.archive,
            description="",
            breadcrumb=(context.crumb(labels.archive, url),),
            years=tuple(_year(context, term) for term in terms["year"]),
        )
        yield _route(url, "archive.html", view, "the archive")


def _terms(context: Context, title: str, url: str, kind: str, terms: Iterable[Term]) -> Route:
    items = tuple(
        TermCard(term.name, context.href(term.url), term.text, term.start, term.end)
        for term in terms
    )
    view = TermsView(
        url=context.href(url),
        title=title,
        description="",
        breadcrumb=(context.crumb(title, url),),
        kind=kind,
        items=items,
    )
    return _route(url, "terms.html", view, f"the list of {kind}")


def _year(context: Context, year: Term) -> ArchiveYear:
    months = tuple(
        ArchiveMonth(month.start, context.href(month.url), len(context.members(month)))
        for month in context.library.terms["month"]
        if month.trail[0] == year.name and month.start
    )
    return ArchiveYear(int(year.name), context.href(year.url), len(context.members(year)), months)


def claimed_parts(context: Context) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """Every listing in words, with the parts whose addresses it needs."""
    yield "the home page", context.home_parts
    for terms in context.library.terms.values():
        for term in terms:
            yield _source(term), context.parts[term.key]
