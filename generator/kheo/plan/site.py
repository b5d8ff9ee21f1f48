"""The view that every page shares: title, navigation, publisher."""

from collections.abc import Iterator

from kheo.config import MenuEntry
from kheo.diagnostics import Diagnostic, Place, closest, diagnostic
from kheo.library import Library, Term
from kheo.model import Moment
from kheo.plan.ahead import Ahead
from kheo.plan.context import Context
from kheo.plan.links import LinkResolver, written
from kheo.plan.listings import index_urls
from kheo.views import Link, NavigationItem, Picture, SiteView

SITE_FILE = Place("site.yaml")


def site_view(
    context: Context, resolver: LinkResolver, ahead: Ahead, logo: Picture | None = None
) -> tuple[SiteView, list[Diagnostic]]:
    """Return the view that all pages share; report menu entries that lead nowhere.

    The menu has no entry for what does not exist, or not yet.
    """
    found: list[Diagnostic] = []
    config = context.config
    items = (_menu_item(context, resolver, entry) for entry in config.menu)
    menu = [item for item in items if item.url]
    if len(menu) < len(config.menu):
        found += _missing(context, resolver, ahead)
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
        logo=logo,
    )
    return site, found


def _branch(context: Context, term: Term) -> NavigationItem:
    children = context.library.children.get(term.trail, ())
    return NavigationItem(
        term.name, context.href(term.url), tuple(_branch(context, child) for child in children)
    )


def _menu_item(context: Context, resolver: LinkResolver, entry: MenuEntry) -> NavigationItem:
    """Return a menu entry with its URL, which is empty if it leads nowhere.

    A category has its subcategories below it.
    """
    link = entry.link
    if link.startswith(("https://", "http://")):
        return NavigationItem(entry.title, link)
    if link.startswith("/"):
        return NavigationItem(entry.title, context.href(link) if resolver.claims.has(link) else "")
    if link in resolver.published:
        return NavigationItem(entry.title, context.href(resolver.published[link][1]))
    if term := _category(context.library, link):
        branch = _branch(context, term)
        return NavigationItem(entry.title, branch.url, branch.children)
    return NavigationItem(entry.title, "")


def _category(library: Library, link: str) -> Term | None:
    trail = tuple(name.strip() for name in link.split(">"))
    return next((term for term in library.terms["category"] if term.trail == trail), None)


def _missing(context: Context, resolver: LinkResolver, ahead: Ahead) -> Iterator[Diagnostic]:
    """Yield why menu entries are left out; nothing for what the clock has removed."""
    for entry in context.config.menu:
        link = entry.link
        if _menu_item(context, resolver, entry).url:
            continue
        if date := _date(resolver, ahead, link):
            yield diagnostic("link-later", SITE_FILE, target=link, date=written(date))
        elif link in resolver.left_out:
            yield diagnostic("link-left-out", SITE_FILE, target=link)
        elif link.startswith("/"):
            if ahead.owner_in_the_past(link) is None:
                yield diagnostic("link-broken", SITE_FILE, target=link)
        else:
            terms = context.library.terms["category"]
            known = [*resolver.published, *(" > ".join(term.trail) for term in terms)]
            suggestion = closest(link, known)
            yield diagnostic("link-broken", SITE_FILE, target=link, suggestion=suggestion)


def _date(resolver: LinkResolver, ahead: Ahead, link: str) -> Moment | None:
    """Return when the target of a menu entry is published; ``None`` if that is not known."""
    if link.startswith("/"):
        return ahead.when(link)
    if term := _category(ahead.timeline.coming, link):
        return ahead.when(term.url)
    return resolver.scheduled.get(link)
