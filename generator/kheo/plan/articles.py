"""Routes and views of articles and standing pages."""

import posixpath
from collections.abc import Iterator

from kheo.library import Status
from kheo.model import Attachment, Document, Heading, Route
from kheo.plan.claims import output_path
from kheo.plan.context import Context
from kheo.plan.links import LinkResolver, Resolved
from kheo.plan.pagination import Part, pager, part_url
from kheo.views import (
    ArticleView,
    AuthorView,
    Card,
    ContentsEntry,
    Download,
    Link,
    StandingView,
    encode_view,
)

RELATED = 4


class Neighbours:
    """For every article, those beside it in its category, and older ones that it has to do with.

    Related articles are always older, so that a new one changes the page of its one neighbour and
    no other.
    """

    def __init__(self, context: Context) -> None:
        library = context.library
        self.context = context
        self.own: dict[tuple[str, ...], list[int]] = {}
        for number, article in enumerate(library.articles):
            self.own.setdefault(article.category.trail, []).append(number)
        self.place = {
            number: place for members in self.own.values() for place, number in enumerate(members)
        }
        self.campaign_place = {
            (term.key, number): place
            for term in library.terms["campaign"]
            for place, number in enumerate(context.members(term))
        }

    def beside(self, number: int) -> tuple[int | None, int | None]:
        """The older and the newer article of the same category."""
        members = self.own[self.context.library.articles[number].category.trail]
        place = self.place[number]
        older = members[place + 1] if place + 1 < len(members) else None
        return older, members[place - 1] if place else None

    def related(self, number: int) -> tuple[int, ...]:
        """Older articles of the same campaigns, then of the same category; not the neighbour."""
        article = self.context.library.articles[number]
        older, _ = self.beside(number)
        found: dict[int, None] = {}
        for term in article.campaigns:
            place = self.campaign_place[term.key, number]
            found |= dict.fromkeys(self.context.members(term)[place + 1 : place + 2 + RELATED])
        members = self.own[article.category.trail]
        place = self.place[number]
        found |= dict.fromkeys(members[place + 1 : place + 2 + RELATED])
        found.pop(number, None)
        if older is not None:
            found.pop(older, None)
        return tuple(found)[:RELATED]


def article_routes(
    context: Context, resolver: LinkResolver, resolved: dict[str, Resolved], cards: list[Card]
) -> Iterator[Route]:
    """One route for every part of every article."""
    library = context.library
    neighbours = Neighbours(context)
    authors = [
        tuple(AuthorView(term.name, context.href(term.url), term.text) for term in one.authors)
        for one in library.articles
    ]
    trails = {term.trail: context.trail(term) for term in library.terms["category"]}
    feeds = {term.trail: context.feeds(term.name, term.url) for term in library.terms["category"]}
    for number, article in enumerate(library.articles):
        document = article.document
        links = resolved[document.path]
        older, newer = neighbours.beside(number)
        parts = body_parts(context, document, article.url)
        for part in parts:
            last = part.number == len(parts)
            view = ArticleView(
                url=context.href(part.url),
                title=document.meta.title,
                description=document.summary,
                breadcrumb=(
                    *trails[article.category.trail],
                    context.crumb(document.meta.title, article.url),
                ),
                feeds=feeds[article.category.trail],
                robots=_robots(article.status),
                pager=pager(parts, part.number, context.prefix),
                body=document.bodies[part.number - 1],
                links=links.links,
                canonical=cards[number].url,
                date=article.date,
                updated=document.meta.updated,
                summary=document.meta.summary if part.number == 1 else "",
                authors=authors[number],
                category=cards[number].category,
                campaigns=tuple(map(context.link, article.campaigns)),
                image=cards[number].image if part.number == 1 else None,
                source=document.meta.source,
                attachments=downloads(resolver, document, links) if last else (),
                corrections=document.meta.corrections if last else (),
                headings=contents(context, document, part, parts),
                previous=_link(cards, older),
                next=_link(cards, newer),
                related=tuple(cards[one] for one in neighbours.related(number)) if last else (),
                is_last=last,
                status=article.status,
                share=links.share,
                pictures=links.pictures,
            )
            yield Route(
                part.url, output_path(part.url), "article.html", encode_view(view), document.path
            )


def page_routes(
    context: Context, resolver: LinkResolver, resolved: dict[str, Resolved]
) -> Iterator[Route]:
    """One route for every part of every standing page."""
    for page in context.library.pages:
        document, links = page.document, resolved[page.document.path]
        parts = body_parts(context, document, page.url)
        for part in parts:
            view = StandingView(
                url=context.href(part.url),
                title=document.meta.title,
                description=document.summary,
                breadcrumb=(context.crumb(document.meta.title, page.url),),
                robots=_robots(page.status),
                pager=pager(parts, part.number, context.prefix),
                body=document.bodies[part.number - 1],
                links=links.links,
                canonical=context.href(page.url),
                updated=document.meta.updated,
                image=links.cover,
                attachments=downloads(resolver, document, links),
                headings=contents(context, document, part, parts),
                status=page.status,
                share=links.share,
                pictures=links.pictures,
            )
            yield Route(
                part.url, output_path(part.url), "page.html", encode_view(view), document.path
            )


def body_parts(context: Context, document: Document, url: str) -> tuple[Part, ...]:
    """The addresses of the parts of a split body."""
    word = context.words.page
    return tuple(
        Part(number, part_url(url, word, number) if number > 1 else url, number - 1, number)
        for number in range(1, len(document.bodies) + 1)
    )


def contents(
    context: Context, document: Document, part: Part, parts: tuple[Part, ...]
) -> tuple[ContentsEntry, ...]:
    """The headings of the whole body, with addresses as seen from ``part``."""
    return tuple(
        ContentsEntry(
            heading.level, heading.title, _anchor(context, heading, document, part, parts)
        )
        for heading in document.headings
    )


def _anchor(
    context: Context, heading: Heading, document: Document, part: Part, parts: tuple[Part, ...]
) -> str:
    at = parts[document.anchors.get(heading.anchor, 0)]
    return f"{'' if at == part else context.href(at.url)}#{heading.anchor}"


def downloads(
    resolver: LinkResolver, document: Document, resolved: Resolved
) -> tuple[Download, ...]:
    """The attachments of the front matter, with type and size."""
    attachments = iter(document.meta.attachments)
    sizes = {resolver.href(copy.url): copy.size for copy in resolved.copies}
    return tuple(
        _download(next(attachments), url, sizes.get(url, 0))
        for reference, url in zip(document.references, resolved.links, strict=True)
        if reference.kind == "attachment"
    )


def _download(attachment: Attachment, url: str, size: int) -> Download:
    name = posixpath.basename(attachment.file)
    ending = posixpath.splitext(name)[1].lstrip(".").upper()
    return Download(attachment.title or name, url, ending, size)


def _link(cards: list[Card], number: int | None) -> Link | None:
    return None if number is None else Link(cards[number].title, cards[number].url)


def _robots(status: Status) -> str:
    return "noindex" if status else ""
