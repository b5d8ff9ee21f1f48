"""Routes of the pages at old URLs, and of the files that tell servers about them."""

from collections.abc import Iterator

from kheo.old_urls import page_path, query_folder
from kheo.plan.context import Context
from kheo.plan.old_urls import OldUrls, QueryPath, Redirect
from kheo.routes import Route, page_route
from kheo.views import AliasView, GoneView, MovedView, QueryView

GONE_PAGE = "/410.html"


def old_routes(context: Context, old: OldUrls) -> Iterator[Route]:
    """Plan the page of every old URL that has one."""
    shared = {one.page for one in old.queries}
    for one in old.redirects:
        if one.page and one.page not in shared:
            view = alias_view(context, one)
            source = f"an alias of {view.target}"
            yield page_route(view.url, "alias.html", view, source, one.page)
    for query in old.queries:
        if not query.is_page:
            yield _moved(context, query)
    if context.config.gone:
        yield _gone(context, GONE_PAGE, GONE_PAGE.lstrip("/"))
    for url in old.gone:
        yield _gone(context, url, page_path(url))


def alias_view(context: Context, one: Redirect) -> AliasView:
    """Return what templates see of one redirect."""
    query = " ".join(f"{name}={value}" for name, value in one.url.query)
    return AliasView(
        context.href(one.url.path), one.title, context.href(one.target), one.page, query
    )


def _moved(context: Context, query: QueryPath) -> Route:
    plain = query.plain
    url = context.href(query.path)
    view = MovedView(
        url=url,
        title=plain.title if plain else context.language.labels.not_found,
        description="",
        robots="noindex",
        folder=context.href(f"/{query_folder(query.path)}"),
        names=tuple("&".join(names) for names in query.names),
        target=context.href(plain.target) if plain else "",
    )
    return page_route(url, "moved.html", view, f"the old URLs {url}?…", query.page)


def _gone(context: Context, url: str, path: str) -> Route:
    title = context.language.labels.gone
    view = GoneView(url=context.href(url), title=title, description="", robots="noindex")
    return page_route(url, "gone.html", view, "`gone` in site.yaml", path)


def query_view(context: Context, query: QueryPath) -> QueryView:
    """Return how nginx finds the page of a query: ``/_old/Default.aspx/id=$arg_id.html``.

    A parameter that a request does not have is empty, which is the name of no file.
    """
    folder = f"{context.shared.prefix}/{query_folder(query.path)}"
    files = ("&".join(f"{name}=$arg_{name}" for name in names) for names in query.names)
    otherwise = "=404"
    if query.plain:
        otherwise = f"{context.shared.prefix}/{query.page}"
    elif query.is_page:
        otherwise = "$uri $uri/ =404"
    return QueryView(
        context.shared.prefix + query.path,
        tuple(f"{folder}{file}.html" for file in files),
        otherwise,
    )


def withdrawn_rules(context: Context, old: OldUrls) -> tuple[str, ...]:
    """Return the withdrawn URLs as ``_redirects`` has them: ``/a/`` and ``/b/*``."""
    below = (f"{context.href(url)}*" for url in old.below)
    return (*map(context.href, old.gone), *below)
