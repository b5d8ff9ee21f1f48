"""Routes of expired articles and standing pages: a page that says so, at the same URL."""

from collections.abc import Iterator

from kheo.library import Expired
from kheo.plan.articles import body_pages
from kheo.plan.context import Context
from kheo.routes import Route, page_route
from kheo.views import ExpiredView


def expired_routes(context: Context) -> Iterator[Route]:
    """Plan a page for every URL that an expired document had. Its text and its files are gone."""
    for one in context.library.expired:
        for part in body_pages(context.shared, one.document, one.url):
            view = _view(context, one, part.url)
            yield page_route(part.url, "expired.html", view, one.document.path)


def _view(context: Context, one: Expired, url: str) -> ExpiredView:
    shared, meta = context.shared, one.document.meta
    trail = context.trail(one.category) if one.category else ()
    return ExpiredView(
        url=shared.href(url),
        title=meta.title,
        description="",
        breadcrumb=(*trail, shared.crumb(meta.title, one.url)),
        robots="noindex",
        expired=meta.expires,
        category=shared.link(one.category) if one.category else None,
    )
