"""The view that every page shares: title, navigation, publisher."""

from kheo.config import MenuEntry
from kheo.diagnostics import Diagnostic, Place, closest, diagnostic
from kheo.library import Term
from kheo.plan.context import Context
from kheo.plan.links import LinkResolver
from kheo.plan.listings import index_urls
from kheo.views import Link, NavigationItem, SiteView

SITE_FILE = Place("site.yaml")


def site_view(context: Context, resolver: LinkResolver) -> tuple[SiteView, list[Diagnostic]]:
    """Return the view that all pages share; report menu entries that lead nowhere."""
    found: list[Diagnostic] = []
    config = context.config
    menu = [_menu_item(context, resolver, entry, found) for entry in config.menu]
    top = context.library.children.get((), ())
    site = SiteView(
        title=config.title,
        tagline=config.tagline,
        language=config.language,
        origin=context.origin,
        home=context.href("/"),
        publisher=config.publisher,
        navigation=tuple(menu) or tuple(_branch(context, term) for term in top),
        sections=tuple(
            Link(label, context.href(url)) for label, url in index_urls(context).items()
        ),
        pages=tuple(
            Link(page.document.meta.title, context.href(page.url)) for page in context.library.pages
        ),
        feeds=context.shared.feeds(config.title, "/"),
        search=context.href(context.search_url) if config.search else "",
    )
    return site, found


def _branch(context: Context, term: Term) -> NavigationItem:
    children = context.library.children.get(term.trail, ())
    return NavigationItem(
        term.name, context.href(term.url), tuple(_branch(context, child) for child in children)
    )


def _menu_item(
    context: Context, resolver: LinkResolver, entry: MenuEntry, found: list[Diagnostic]
) -> NavigationItem:
    """Return a menu entry with its URL; a category has its subcategories below it."""
    link = entry.link
    if link.startswith(("https://", "http://")):
        return NavigationItem(entry.title, link)
    if link.startswith("/"):
        if not resolver.claims.has(link):
            found.append(diagnostic("link-broken", SITE_FILE, target=link))
        return NavigationItem(entry.title, context.href(link))
    if link in resolver.published:
        return NavigationItem(entry.title, context.href(resolver.published[link][1]))
    trail = tuple(name.strip() for name in link.split(">"))
    for term in context.library.terms["category"]:
        if term.trail == trail:
            branch = _branch(context, term)
            return NavigationItem(entry.title, branch.url, branch.children)
    known = [*resolver.published, *(" > ".join(t.trail) for t in context.library.terms["category"])]
    found.append(diagnostic("link-broken", SITE_FILE, target=link, suggestion=closest(link, known)))
    return NavigationItem(entry.title, "")
