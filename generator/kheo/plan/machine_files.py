"""Routes of files for programs: feeds, sitemaps, robots.txt, redirects."""

from collections.abc import Iterator

from kheo.library import NEWS_AGE, Article
from kheo.model import Moment
from kheo.plan.articles import Listed
from kheo.plan.context import Context, last_change
from kheo.plan.dashboards import DATA
from kheo.plan.listings import index_urls, listing_pages
from kheo.plan.old_pages import old_routes
from kheo.plan.old_urls import OldUrls
from kheo.plan.pagination import part_url
from kheo.plan.server_files import server_routes, server_urls
from kheo.plan.shared import Shared
from kheo.routes import Route, digest, output_path, page_route
from kheo.views import (
    FeedEntry,
    FeedView,
    NewsSitemapView,
    RobotsView,
    SitemapEntry,
    SitemapIndexView,
    SitemapView,
    View,
)

SITEMAP_SIZE = 50_000  # addresses in one sitemap (sitemaps.org)
NEWS_SIZE = 1_000  # articles in a news sitemap (Google News)

SitemapRow = tuple[str, Moment | None]  # URL, time of the last change


def machine_routes(
    context: Context, listed: Listed, old: OldUrls, has_fonts: bool
) -> Iterator[Route]:
    """Plan every file that only programs read, and the pages of old URLs."""
    yield from _feeds(context)
    sitemaps = list(_sitemaps(context))
    yield from sitemaps
    yield _news_sitemap(context, listed)
    robots = RobotsView(
        sitemaps=tuple(context.href(url) for url in (sitemaps[-1].url, "/sitemap-news.xml"))
    )
    yield _route("/robots.txt", "robots.txt", robots)
    yield from old_routes(context, old)
    yield from server_routes(context, old, has_fonts)


def machine_urls(context: Context) -> Iterator[str]:
    """Yield the URLs of these files, except redirects."""
    yield from ("/robots.txt", "/sitemap-news.xml", "/404.html", "/sitemap.xml")
    yield from (f"/sitemap-{number}.xml" for number in range(1, _sitemap_parts(context) + 1))
    yield from server_urls(context)
    for term in context.library.terms["campaign"]:
        yield from (term.url + name for name in DATA)
    for _, url, _ in _feed_listings(context):
        yield from (f"{url}feed.xml", f"{url}feed.json")


def _route(url: str, template: str, view: View) -> Route:
    return page_route(url, template, view, url)


def _feed_listings(context: Context) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield title, URL and articles of every listing that has feeds."""
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
        categories=tuple(term.name for term in (article.category, *article.also)),
    )


def _sitemaps(context: Context) -> Iterator[Route]:
    rows = list(_sitemap_rows(context))
    shared = context.shared
    if len(rows) <= SITEMAP_SIZE:
        yield _sitemap("/sitemap.xml", rows, shared)
        return
    parts = []
    for number, start in enumerate(range(0, len(rows), SITEMAP_SIZE), start=1):
        url = f"/sitemap-{number}.xml"
        parts.append(SitemapEntry(context.href(url)))
        yield _sitemap(url, rows[start : start + SITEMAP_SIZE], shared)
    yield _route("/sitemap.xml", "sitemap_index.xml", SitemapIndexView(items=tuple(parts)))


def _sitemap(url: str, rows: list[SitemapRow], shared: Shared) -> Route:
    def view() -> SitemapView:
        return SitemapView(
            items=tuple(SitemapEntry(shared.href(url), updated) for url, updated in rows)
        )

    parts = (f"{url} {at.seconds} {at.offset}" if at else url for url, at in rows)
    return Route(
        url=url,
        path=output_path(url),
        inputs=digest("\n".join(parts).encode()),
        source=url,
        template="sitemap.xml",
        view=view,
    )


def _sitemap_parts(context: Context) -> int:
    """Return how many parts the sitemap has; 0 if one file is enough."""
    listed = sum(len(pages) for *_, pages in listing_pages(context)) + len(index_urls(context))
    count = listed + sum(
        len(one.document.bodies) for one in context.library.entries if not one.status
    )
    return -(-count // SITEMAP_SIZE) if count > SITEMAP_SIZE else 0


def _sitemap_rows(context: Context) -> Iterator[SitemapRow]:
    """Yield every page that search engines should know, with the time of its last change."""
    library, word = context.library, context.words.page
    for *_, pages in listing_pages(context):
        for page in pages:
            yield page.url, None
    for url in index_urls(context).values():
        yield url, None
    for one in library.entries:
        if one.status:
            continue
        updated = one.document.meta.updated
        if isinstance(one, Article):
            updated = last_change(one.document, one.date)
        yield one.url, updated
        for number in range(2, len(one.document.bodies) + 1):
            yield part_url(one.url, word, number), updated


def _news_sitemap(context: Context, listed: Listed) -> Route:
    newest = [
        card
        for article, card in zip(context.library.articles[:NEWS_SIZE], listed.cards, strict=False)
        if not article.status and context.now < article.date.at + NEWS_AGE
    ]
    return _route("/sitemap-news.xml", "sitemap_news.xml", NewsSitemapView(items=tuple(newest)))
