"""Routes of what servers read: headers, redirects."""

from collections.abc import Iterator

from kheo.assets import ASSETS, FINGERPRINTED
from kheo.model import Route
from kheo.plan.context import Context
from kheo.views import (
    AliasView,
    HeadersView,
    NginxView,
    RedirectsView,
    encode_view,
)

HEADERS, NGINX, REDIRECTS = "_headers", "_nginx.conf", "_redirects"


def server_routes(context: Context, aliases: tuple[AliasView, ...]) -> Iterator[Route]:
    """``_headers`` and ``_redirects`` (Netlify, Cloudflare Pages), ``_nginx.conf``."""
    config = context.config
    view = HeadersView(
        prefix=context.prefix,
        assets=ASSETS,
        frame_hosts=tuple(sorted(config.iframe_hosts)),
        trusted_html=config.trusted_html,
        search=config.search,
        secure=context.origin.startswith("https:"),
    )
    yield Route(f"/{HEADERS}", HEADERS, "headers.txt", encode_view(view), f"/{HEADERS}")
    nginx = NginxView(headers=view, fingerprinted=FINGERPRINTED, aliases=aliases)
    yield Route(f"/{NGINX}", NGINX, "nginx.txt", encode_view(nginx), f"/{NGINX}")
    if aliases:
        redirects = encode_view(RedirectsView(items=aliases))
        yield Route(f"/{REDIRECTS}", REDIRECTS, "redirects.txt", redirects, f"/{REDIRECTS}")


def server_urls(context: Context) -> Iterator[str]:
    """Every address that is claimed here."""
    yield from (f"/{HEADERS}", f"/{NGINX}")
    if any(one.document.meta.aliases for one in context.library.entries):
        yield f"/{REDIRECTS}"
