"""Routes and views of articles and standing pages."""

import posixpath
from collections.abc import Iterator
from functools import partial

import msgspec
from msgspec import Struct

from kheo.library import Article, StandingPage, Status, Term
from kheo.model import Attachment, Details, Document, Heading
from kheo.plan.context import Context
from kheo.plan.pagination import BodyPage, pager, part_url
from kheo.plan.resolved import Resolved
from kheo.plan.shared import Shared
from kheo.plan.term_digests import TermDigests
from kheo.routes import Route, digest, output_path
from kheo.views import (
    ArticleView,
    AuthorView,
    Card,
    ContentsEntry,
    Download,
    Link,
    StandingView,
)

RELATED = 4
_encode = msgspec.msgpack.Encoder().encode


class Listed(Struct, frozen=True):
    """The cards of all articles, as other pages show them, and the digest of each card."""

    cards: list[Card]
    digests: list[bytes]


def list_articles(context: Context, resolved: dict[str, Resolved]) -> Listed:
    """Return the cards of all articles, in the order of the library."""
    card = context.card
    cards = [card(one, resolved[one.document.path]) for one in context.library.articles]
    return Listed(cards, [digest(_encode(one)) for one in cards])


class Neighbours(Struct, frozen=True, gc=False):
    """The other articles that an article's page links to, as indexes into ``Library.articles``.

    ``older`` and ``newer`` are in the same category. Related articles are always older, so that a
    new article changes the page of only one neighbour.
    """

    older: int | None
    newer: int | None
    related: tuple[int, ...]


def find_neighbours(context: Context) -> list[Neighbours]:
    """Return the neighbours of every article.

    Related articles are older ones of the same campaigns, then of the same category.
    """
    library = context.library
    own: dict[tuple[str, ...], list[int]] = {}  # by category, without its subcategories
    campaigns: dict[tuple[str, ...], list[int]] = {}
    places: list[tuple[list[int], int, list[tuple[list[int], int]]]] = []
    for number, article in enumerate(library.articles):
        members = own.setdefault(article.category.trail, [])
        joined = [campaigns.setdefault(term.trail, []) for term in article.campaigns]
        places.append((members, len(members), [(one, len(one)) for one in joined]))
        members.append(number)
        for one in joined:
            one.append(number)
    return [_neighbours(*place) for place in places]


def _neighbours(members: list[int], place: int, joined: list[tuple[list[int], int]]) -> Neighbours:
    """Return the neighbours of the article at ``place`` among the ``members`` of its category.

    ``joined`` has the members of each of its campaigns and its place among them. All members are
    sorted newest first.
    """
    older = members[place + 1] if place + 1 < len(members) else None
    found: list[int] = []
    for others, at in joined:
        found += others[at + 1 : at + 2 + RELATED]
    found += members[place + 2 : place + 2 + RELATED]
    related = [one for one in dict.fromkeys(found) if one != older]
    newer = members[place - 1] if place else None
    return Neighbours(older, newer, tuple(related[:RELATED]))


class ArticleInputs(Struct, frozen=True, gc=False):
    """Everything that the page of one part of an article is made from, except the body.

    ``number`` is the index of the article in ``listed``, which has the cards of the ``neighbours``.
    Only the last part shows related articles. ``lineage`` has the categories from the root to that of
    the article.
    """

    document: Document
    article: Article
    number: int
    listed: Listed
    neighbours: Neighbours
    resolved: Resolved
    lineage: tuple[Term, ...]
    part: int

    def digest(self, terms: TermDigests) -> bytes:
        """Return the digest of all inputs."""
        cards, beside, article = self.listed.digests, self.neighbours, self.article
        pieces = [
            self.document.facts,
            cards[self.number],
            self.resolved.digest,
            terms.of(self.lineage),
            terms.of(article.also),
            terms.of(article.campaigns),
            terms.of(article.authors),
            b"%d" % self.part,
            b"none" if beside.older is None else cards[beside.older],
            b"none" if beside.newer is None else cards[beside.newer],
        ]
        if self.is_last:
            pieces += [cards[one] for one in beside.related]
        return digest(b",".join(pieces))

    @property
    def is_last(self) -> bool:
        return self.part == len(self.document.bodies)


def article_routes(
    context: Context, resolved: dict[str, Resolved], listed: Listed, terms: TermDigests
) -> Iterator[Route]:
    """Plan one route for every part of every article."""
    lineages, shared = context.lineages, context.shared
    neighbours = find_neighbours(context)
    for number, article in enumerate(context.library.articles):
        document = article.document
        for part, body in enumerate(document.bodies, start=1):
            inputs = ArticleInputs(
                document,
                article,
                number,
                listed,
                neighbours[number],
                resolved[document.path],
                lineages[article.category.trail],
                part,
            )
            url = article.url if part == 1 else part_url(article.url, shared.words.page, part)
            yield Route(
                url,
                output_path(url),
                inputs.digest(terms),
                document.path,
                "article.html",
                partial(article_view, inputs, shared),
                body,
                part,
            )


def article_view(inputs: ArticleInputs, shared: Shared) -> ArticleView:
    """Return what the template sees of one part of an article."""
    document, article, links = inputs.document, inputs.article, inputs.resolved
    meta, number, last = document.meta, inputs.part, inputs.is_last
    parts = body_pages(shared, document, article.url)
    part, cards = parts[number - 1], inputs.listed.cards
    card, beside = cards[inputs.number], inputs.neighbours
    return ArticleView(
        url=shared.href(part.url),
        title=meta.title,
        description=document.summary,
        breadcrumb=(*shared.trail(inputs.lineage), shared.crumb(meta.title, article.url)),
        feeds=shared.feeds(article.category.name, article.category.url),
        robots=_robots(article.status),
        pager=pager(parts, number, shared.prefix),
        extra=meta.extra,
        links=links.links,
        canonical=card.url,
        date=article.date,
        updated=meta.updated,
        summary=meta.summary if number == 1 else "",
        authors=tuple(
            AuthorView(term.name, shared.href(term.url), term.text) for term in article.authors
        ),
        category=card.category,
        also=tuple(map(shared.link, article.also)),
        campaigns=tuple(map(shared.link, article.campaigns)),
        image=card.image if number == 1 else None,
        source=meta.source,
        attachments=downloads(shared, document, links) if last else (),
        corrections=meta.corrections if last else (),
        headings=contents(shared, document, part, parts),
        previous=_link(cards, beside.older),
        next=_link(cards, beside.newer),
        related=tuple(cards[one] for one in beside.related) if last else (),
        is_last=last,
        status=article.status,
        share=links.share,
        pictures=links.pictures,
        figures=links.figures,
    )


class PageInputs(Struct, frozen=True):
    """Everything that one part of a standing page is made from."""

    page: StandingPage
    resolved: Resolved
    part: int

    def digest(self) -> bytes:
        page = self.page
        return digest(
            b"%s%s%s %s %d"
            % (
                page.document.facts,
                self.resolved.digest,
                page.url.encode(),
                page.status.encode(),
                self.part,
            )
        )


def page_routes(context: Context, resolved: dict[str, Resolved]) -> Iterator[Route]:
    """Plan one route for every part of every standing page."""
    shared = context.shared
    for page in context.library.pages:
        document = page.document
        for part in body_pages(shared, document, page.url):
            inputs = PageInputs(page, resolved[document.path], part.number)
            yield Route(
                url=part.url,
                path=output_path(part.url),
                inputs=inputs.digest(),
                source=document.path,
                template="page.html",
                view=partial(page_view, inputs, shared),
                body=document.bodies[part.number - 1],
                part=part.number,
            )


def page_view(inputs: PageInputs, shared: Shared) -> StandingView:
    """Return what the template sees of one part of a standing page."""
    page, links = inputs.page, inputs.resolved
    document = page.document
    parts = body_pages(shared, document, page.url)
    part = parts[inputs.part - 1]
    return StandingView(
        url=shared.href(part.url),
        title=document.meta.title,
        description=document.summary,
        breadcrumb=(shared.crumb(document.meta.title, page.url),),
        robots=_robots(page.status),
        pager=pager(parts, part.number, shared.prefix),
        extra=document.meta.extra,
        links=links.links,
        canonical=shared.href(page.url),
        updated=document.meta.updated,
        image=links.cover,
        attachments=downloads(shared, document, links),
        headings=contents(shared, document, part, parts),
        status=page.status,
        share=links.share,
        pictures=links.pictures,
        figures=links.figures,
    )


def body_pages(shared: Shared, document: Document, url: str) -> tuple[BodyPage, ...]:
    """Return the page of each part of a body."""
    word = shared.words.page
    return tuple(
        BodyPage(number, part_url(url, word, number) if number > 1 else url)
        for number in range(1, len(document.bodies) + 1)
    )


def contents(
    shared: Shared, document: Document, part: BodyPage, parts: tuple[BodyPage, ...]
) -> tuple[ContentsEntry, ...]:
    """Return the headings of the whole body, with URLs as seen from ``part``."""
    details = document.details
    return tuple(
        ContentsEntry(heading.level, heading.title, _anchor(shared, heading, details, part, parts))
        for heading in details.headings
    )


def _anchor(
    shared: Shared, heading: Heading, details: Details, part: BodyPage, parts: tuple[BodyPage, ...]
) -> str:
    at = parts[details.anchors.get(heading.anchor, 0)]
    return f"{'' if at == part else shared.href(at.url)}#{heading.anchor}"


def downloads(shared: Shared, document: Document, resolved: Resolved) -> tuple[Download, ...]:
    """Return the attachments of the front matter, with type and size."""
    if not document.meta.attachments:
        return ()
    attachments = iter(document.meta.attachments)
    sizes = {shared.href(copy.url): copy.size for copy in resolved.copies}
    return tuple(
        _download(next(attachments), url, sizes.get(url, 0))
        for reference, url in zip(document.details.references, resolved.links, strict=True)
        if reference.kind == "attachment"
    )


def _download(attachment: Attachment, url: str, size: int) -> Download:
    name = posixpath.basename(attachment.file)
    extension = posixpath.splitext(name)[1].lstrip(".").upper()
    return Download(attachment.title or name, url, extension, size)


def _link(cards: list[Card], number: int | None) -> Link | None:
    return None if number is None else Link(cards[number].title, cards[number].url)


def _robots(status: Status) -> str:
    return "noindex" if status else ""
