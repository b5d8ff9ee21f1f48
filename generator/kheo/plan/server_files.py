"""Routes of the configuration files for servers: headers and redirects."""

from collections.abc import Iterator

from kheo.assets import ASSETS, FINGERPRINTED
from kheo.embeds import FRAME_HOSTS
from kheo.plan.context import Context
from kheo.plan.old_pages import GONE_PAGE, alias_view, query_view, withdrawn_rules
from kheo.plan.old_urls import OldUrls, has_old_urls
from kheo.routes import Route, page_route
from kheo.views import HeadersView, NginxView, RedirectsView

HEADERS, NGINX, REDIRECTS = "_headers", "_nginx.conf", "_redirects"


def server_routes(context: Context, old: OldUrls, has_fonts: bool) -> Iterator[Route]:
    """Plan ``_headers`` and ``_redirects`` (Netlify, Cloudflare Pages) and ``_nginx.conf``."""
    config = context.config
    view = HeadersView(
        prefix=context.shared.prefix,
        assets=ASSETS,
        frame_hosts=tuple(sorted({*config.iframe_hosts, *(FRAME_HOSTS if config.embeds else ())})),
        trusted_html=config.trusted_html,
        search=config.search,
        secure=context.origin.startswith("https:"),
        fonts=has_fonts,
    )
    yield page_route(f"/{HEADERS}", "headers.txt", view, f"/{HEADERS}")
    prefix, asked = context.shared.prefix, {query.path for query in old.queries}
    views = tuple(alias_view(context, one) for one in old.redirects)
    nginx = NginxView(
        headers=view,
        fingerprinted=FINGERPRINTED,
        aliases=tuple(
            shown
            for one, shown in zip(old.redirects, views, strict=True)
            if one.url.path not in asked
        ),
        queries=tuple(query_view(context, query) for query in old.queries),
        gone=tuple(prefix + url for url in old.gone),
        below=tuple(prefix + url for url in old.below),
    )
    yield page_route(f"/{NGINX}", "nginx.txt", nginx, f"/{NGINX}")
    if has_old_urls(context):
        gone = withdrawn_rules(context, old)
        # The first rule counts, so a rule with more parameters comes before one with fewer.
        items = tuple(sorted(views, key=lambda one: -one.query.count("=")))
        redirects = RedirectsView(items=items, gone=gone, gone_page=context.href(GONE_PAGE))
        yield page_route(f"/{REDIRECTS}", "redirects.txt", redirects, f"/{REDIRECTS}")


def server_urls(context: Context) -> Iterator[str]:
    """Yield the URLs of these files."""
    yield from (f"/{HEADERS}", f"/{NGINX}")
    if has_old_urls(context):
        yield f"/{REDIRECTS}"
    if context.config.gone:
        yield GONE_PAGE
