"""Routes and views of articles and standing pages."""

import posixpath
from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct

from kheo.library import Article, StandingPage, Status, Term
from kheo.model import Attachment, Document, Heading
from kheo.plan.context import Context
from kheo.plan.links import Resolved
from kheo.plan.pagination import Part, pager, part_url
from kheo.plan.shared import Shared
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
    """An article as other pages show it: its card, and the digest of that."""

    card: Card
    digest: bytes


def list_articles(context: Context, resolved: dict[str, Resolved]) -> list[Listed]:
    """Return the articles of the library as other pages show them, in the same order."""
    cards = (context.card(one, resolved[one.document.path]) for one in context.library.articles)
    return [Listed(card, digest(_encode(card))) for card in cards]


class Neighbours:
    """For every article, those beside it in its category, and older ones related to it.

    Related articles are always older, so that a new one changes the page of its one neighbour and
    no other.
    """

    def __init__(self, context: Context) -> None:
        library = context.library
        self.articles = library.articles
        self.own: dict[tuple[str, ...], list[int]] = {}  # by category, without its subcategories
        self.place: list[int] = []
        for number, article in enumerate(library.articles):
            members = self.own.setdefault(article.category.trail, [])
            self.place.append(len(members))
            members.append(number)
        self.campaigns = {term.trail: context.members(term) for term in library.terms["campaign"]}
        self.campaign_place = {
            trail: {number: place for place, number in enumerate(members)}
            for trail, members in self.campaigns.items()
        }

    def beside(self, number: int) -> tuple[int | None, int | None]:
        """Return the older and the newer article of the same category."""
        members, place = self.own[self.articles[number].category.trail], self.place[number]
        older = members[place + 1] if place + 1 < len(members) else None
        return older, members[place - 1] if place else None

    def related(self, number: int) -> tuple[int, ...]:
        """Return older articles of the same campaigns, then of the same category, without the
        neighbour."""
        article, place = self.articles[number], self.place[number]
        members = self.own[article.category.trail]
        older = members[place + 1] if place + 1 < len(members) else None
        found: list[int] = []
        for term in article.campaigns:
            start = self.campaign_place[term.trail][number] + 1
            found += self.campaigns[term.trail][start : start + 1 + RELATED]
        found += members[place + 2 : place + 2 + RELATED]
        return tuple(one for one in dict.fromkeys(found) if one != older)[:RELATED]


class ArticleInputs(Struct, frozen=True):
    """Everything that the page of one part of an article is made from, with the digests of it.

    ``document`` counts with all but its bodies. ``lineage`` has its category and those above it.
    """

    document: Document
    article: Article
    listed: Listed
    resolved: Resolved
    lineage: tuple[Term, ...]
    part: int
    older: Listed | None
    newer: Listed | None
    related: tuple[Listed, ...]

    def digest(self, terms: "TermDigests") -> bytes:
        return digest(
            b"".join(
                (
                    self.document.facts,
                    self.listed.digest,
                    self.resolved.digest,
                    *(terms[id(term)] for term in self.lineage),
                    *(terms[id(term)] for term in self.article.campaigns),
                    b"authors",
                    *(terms[id(term)] for term in self.article.authors),
                    b"%d" % self.part,
                    self.older.digest if self.older else b"no older",
                    self.newer.digest if self.newer else b"no newer",
                    *(one.digest for one in self.related),
                )
            )
        )


TermDigests = dict[int, bytes]  # by the identity of the term


def term_digests(context: Context) -> TermDigests:
    return {
        id(term): digest(_encode(term))
        for terms in context.library.terms.values()
        for term in terms
    }


def article_routes(
    context: Context,
    resolved: dict[str, Resolved],
    listed: Sequence[Listed],
    terms: TermDigests,
) -> Iterator[Route]:
    """Plan one route for every part of every article."""
    neighbours = Neighbours(context)
    lineages, shared = context.lineages, context.shared
    for number, article in enumerate(context.library.articles):
        document = article.document
        older, newer = neighbours.beside(number)
        related = tuple(listed[one] for one in neighbours.related(number))
        count = len(document.bodies)
        for part in range(1, count + 1):
            inputs = ArticleInputs(
                document,
                article,
                listed[number],
                resolved[document.path],
                lineages[article.category.trail],
                part,
                None if older is None else listed[older],
                None if newer is None else listed[newer],
                related if part == count else (),
            )
            url = article.url if part == 1 else part_url(article.url, shared.words.page, part)
            yield Route(
                url=url,
                path=output_path(url),
                inputs=inputs.digest(terms),
                source=document.path,
                template="article.html",
                view=lambda inputs=inputs: article_view(inputs, shared),  # type: ignore[misc]
                body=document.bodies[part - 1],
            )


def article_view(inputs: ArticleInputs, shared: Shared) -> ArticleView:
    """Return what the template sees of one part of an article."""
    document, article, links = inputs.document, inputs.article, inputs.resolved
    meta, number = document.meta, inputs.part
    parts = body_parts(shared, document, article.url)
    part, last = parts[number - 1], number == len(parts)
    return ArticleView(
        url=shared.href(part.url),
        title=meta.title,
        description=document.summary,
        breadcrumb=(*shared.trail(inputs.lineage), shared.crumb(meta.title, article.url)),
        feeds=shared.feeds(article.category.name, article.category.url),
        robots=_robots(article.status),
        pager=pager(parts, number, shared.prefix),
        links=links.links,
        canonical=inputs.listed.card.url,
        date=article.date,
        updated=meta.updated,
        summary=meta.summary if number == 1 else "",
        authors=tuple(
            AuthorView(term.name, shared.href(term.url), term.text) for term in article.authors
        ),
        category=inputs.listed.card.category,
        campaigns=tuple(map(shared.link, article.campaigns)),
        image=inputs.listed.card.image if number == 1 else None,
        source=meta.source,
        attachments=downloads(shared, document, links) if last else (),
        corrections=meta.corrections if last else (),
        headings=contents(shared, document, part, parts),
        previous=_link(inputs.older),
        next=_link(inputs.newer),
        related=tuple(one.card for one in inputs.related),
        is_last=last,
        status=article.status,
        share=links.share,
        pictures=links.pictures,
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
        for part in body_parts(shared, document, page.url):
            inputs = PageInputs(page, resolved[document.path], part.number)
            yield Route(
                url=part.url,
                path=output_path(part.url),
                inputs=inputs.digest(),
                source=document.path,
                template="page.html",
                view=lambda inputs=inputs: page_view(inputs, shared),  # type: ignore[misc]
                body=document.bodies[part.number - 1],
            )


def page_view(inputs: PageInputs, shared: Shared) -> StandingView:
    """Return what the template sees of one part of a standing page."""
    page, links = inputs.page, inputs.resolved
    document = page.document
    parts = body_parts(shared, document, page.url)
    part = parts[inputs.part - 1]
    return StandingView(
        url=shared.href(part.url),
        title=document.meta.title,
        description=document.summary,
        breadcrumb=(shared.crumb(document.meta.title, page.url),),
        robots=_robots(page.status),
        pager=pager(parts, part.number, shared.prefix),
        links=links.links,
        canonical=shared.href(page.url),
        updated=document.meta.updated,
        image=links.cover,
        attachments=downloads(shared, document, links),
        headings=contents(shared, document, part, parts),
        status=page.status,
        share=links.share,
        pictures=links.pictures,
    )


def body_parts(shared: Shared, document: Document, url: str) -> tuple[Part, ...]:
    """Return the URLs of the parts of a split body."""
    word = shared.words.page
    return tuple(
        Part(number, part_url(url, word, number) if number > 1 else url, number - 1, number)
        for number in range(1, len(document.bodies) + 1)
    )


def contents(
    shared: Shared, document: Document, part: Part, parts: tuple[Part, ...]
) -> tuple[ContentsEntry, ...]:
    """Return the headings of the whole body, with URLs as seen from ``part``."""
    return tuple(
        ContentsEntry(heading.level, heading.title, _anchor(shared, heading, document, part, parts))
        for heading in document.headings
    )


def _anchor(
    shared: Shared, heading: Heading, document: Document, part: Part, parts: tuple[Part, ...]
) -> str:
    at = parts[document.anchors.get(heading.anchor, 0)]
    return f"{'' if at == part else shared.href(at.url)}#{heading.anchor}"


def downloads(shared: Shared, document: Document, resolved: Resolved) -> tuple[Download, ...]:
    """Return the attachments of the front matter, with type and size."""
    if not document.meta.attachments:
        return ()
    attachments = iter(document.meta.attachments)
    sizes = {shared.href(copy.url): copy.size for copy in resolved.copies}
    return tuple(
        _download(next(attachments), url, sizes.get(url, 0))
        for reference, url in zip(document.references, resolved.links, strict=True)
        if reference.kind == "attachment"
    )


def _download(attachment: Attachment, url: str, size: int) -> Download:
    name = posixpath.basename(attachment.file)
    extension = posixpath.splitext(name)[1].lstrip(".").upper()
    return Download(attachment.title or name, url, extension, size)


def _link(listed: Listed | None) -> Link | None:
    return Link(listed.card.title, listed.card.url) if listed else None


def _robots(status: Status) -> str:
    return "noindex" if status else ""
