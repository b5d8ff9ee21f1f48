"""Routes of what programs read: feeds, sitemaps, robots.txt, old addresses."""

from collections.abc import Iterator

from kheo.library import NEWS_AGE, Article
from kheo.model import Route
from kheo.plan.articles import body_parts
from kheo.plan.claims import output_path
from kheo.plan.context import Context, last_change
from kheo.plan.listings import claimed_parts, index_urls
from kheo.plan.server_files import server_routes, server_urls
from kheo.views import (
    AliasView,
    Card,
    FeedEntry,
    FeedView,
    NewsSitemapView,
    RobotsView,
    SitemapEntry,
    SitemapIndexView,
    SitemapView,
    View,
    encode_view,
)

SITEMAP_SIZE = 50_000  # addresses in one sitemap (sitemaps.org)
NEWS_SIZE = 1_000  # articles in a news sitemap (Google News)


def machine_routes(
    context: Context, cards: list[Card], aliases: tuple[AliasView, ...]
) -> Iterator[Route]:
    """Every file that no person looks at."""
    yield from _feeds(context)
    sitemaps = list(_sitemaps(context))
    yield from sitemaps
    yield _news_sitemap(context, cards)
    robots = RobotsView(
        sitemaps=tuple(context.href(url) for url in (sitemaps[-1].url, "/sitemap-news.xml"))
    )
    yield _route("/robots.txt", "robots.txt", robots)
    for alias in aliases:
        yield Route(
            alias.url, alias.path, "alias.html", encode_view(alias), f"an alias of {alias.target}"
        )
    yield from server_routes(context, aliases)


def machine_urls(context: Context) -> Iterator[str]:
    """Every fixed address that is claimed here."""
    yield from ("/robots.txt", "/sitemap-news.xml", "/404.html", "/sitemap.xml")
    yield from (f"/sitemap-{number}.xml" for number in range(1, _sitemap_parts(context) + 1))
    yield from server_urls(context)
    for _, url, _ in _feed_listings(context):
        yield from (f"{url}feed.xml", f"{url}feed.json")


def _route(url: str, template: str, view: View) -> Route:
    return Route(url, output_path(url), template, encode_view(view), url)


def _feed_listings(context: Context) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Title, address and articles of every listing that has feeds."""
    yield context.config.title, "/", tuple(range(len(context.library.articles)))
    for term in (*context.library.terms["category"], *context.library.terms["campaign"]):
        yield f"{term.name} · {context.config.title}", term.url, context.members(term)


def _feeds(context: Context) -> Iterator[Route]:
    articles = context.library.articles
    size = context.config.feed_size
    entries: dict[int, FeedEntry] = {}
    for title, url, members in _feed_listings(context):
        for number in members[:size]:
            if number not in entries:
                entries[number] = _entry(context, articles[number])
        items = tuple(entries[number] for number in members[:size])
        newest = max((entry.updated for entry in items), default=None)
        for name in ("feed.xml", "feed.json"):
            view = FeedView(
                url=context.href(url + name),
                title=title,
                home=context.href(url),
                updated=newest,
                items=items,
            )
            yield _route(url + name, name, view)


def _entry(context: Context, article: Article) -> FeedEntry:
    return FeedEntry(
        title=article.document.meta.title,
        url=context.href(article.url),
        date=article.date,
        updated=last_change(article.document, article.date),
        summary=article.document.summary,
        authors=tuple(term.name for term in article.authors),
        category=article.category.name,
    )


def _sitemaps(context: Context) -> Iterator[Route]:
    entries = tuple(_sitemap_entries(context))
    if len(entries) <= SITEMAP_SIZE:
        yield _route("/sitemap.xml", "sitemap.xml", SitemapView(items=entries))
        return
    parts = []
    for number, start in enumerate(range(0, len(entries), SITEMAP_SIZE), start=1):
        url = f"/sitemap-{number}.xml"
        view = SitemapView(items=entries[start : start + SITEMAP_SIZE])
        parts.append(SitemapEntry(context.href(url)))
        yield _route(url, "sitemap.xml", view)
    yield _route("/sitemap.xml", "sitemap_index.xml", SitemapIndexView(items=tuple(parts)))


def _sitemap_parts(context: Context) -> int:
    """How many parts the sitemap has; none where one file is enough."""
    listed = sum(len(parts) for _, parts in claimed_parts(context)) + len(index_urls(context))
    count = listed + sum(
        len(one.document.bodies) for one in context.library.entries if not one.status
    )
    return -(-count // SITEMAP_SIZE) if count > SITEMAP_SIZE else 0


def _sitemap_entries(context: Context) -> Iterator[SitemapEntry]:
    """Every page that search engines should know, with the day of its last change."""
    library = context.library
    for _, parts in claimed_parts(context):
        for part in parts:
            yield SitemapEntry(context.href(part.url))
    for url in index_urls(context).values():
        yield SitemapEntry(context.href(url))
    for one in library.entries:
        if one.status:
            continue
        updated = one.document.meta.updated
        if isinstance(one, Article):
            updated = last_change(one.document, one.date)
        for part in body_parts(context, one.document, one.url):
            yield SitemapEntry(context.href(part.url), updated)


def _news_sitemap(context: Context, cards: list[Card]) -> Route:
    newest = [
        card
        for article, card in zip(context.library.articles[:NEWS_SIZE], cards, strict=False)
        if not article.status and context.now < article.date.at + NEWS_AGE
    ]
    return _route("/sitemap-news.xml", "sitemap_news.xml", NewsSitemapView(items=tuple(newest)))
