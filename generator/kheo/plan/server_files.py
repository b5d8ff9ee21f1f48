"""Routes of the configuration files for servers: headers and redirects."""

from collections.abc import Iterator

from kheo.assets import ASSETS, FINGERPRINTED
from kheo.plan.context import Context
from kheo.routes import Route, page_route
from kheo.views import (
    AliasView,
    HeadersView,
    NginxView,
    RedirectsView,
)

HEADERS, NGINX, REDIRECTS = "_headers", "_nginx.conf", "_redirects"


def server_routes(context: Context, aliases: tuple[AliasView, ...]) -> Iterator[Route]:
    """Plan ``_headers`` and ``_redirects`` (Netlify, Cloudflare Pages) and ``_nginx.conf``."""
    config = context.config
    view = HeadersView(
        prefix=context.shared.prefix,
        assets=ASSETS,
        frame_hosts=tuple(sorted(config.iframe_hosts)),
        trusted_html=config.trusted_html,
        search=config.search,
        secure=context.origin.startswith("https:"),
    )
    yield page_route(f"/{HEADERS}", "headers.txt", view, f"/{HEADERS}")
    nginx = NginxView(headers=view, fingerprinted=FINGERPRINTED, aliases=aliases)
    yield page_route(f"/{NGINX}", "nginx.txt", nginx, f"/{NGINX}")
    if aliases:
        redirects = RedirectsView(items=aliases)
        yield page_route(f"/{REDIRECTS}", "redirects.txt", redirects, f"/{REDIRECTS}")


def server_urls(context: Context) -> Iterator[str]:
    """Yield the URLs of these files."""
    yield from (f"/{HEADERS}", f"/{NGINX}")
    if any(one.document.meta.aliases for one in context.library.by_age):
        yield f"/{REDIRECTS}"
