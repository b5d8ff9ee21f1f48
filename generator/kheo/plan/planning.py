"""Plan: library to routes. Every URL is claimed here."""

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct, structs

from kheo.assets import ASSETS
from kheo.config import SiteConfig
from kheo.diagnostics import Diagnostic, Place
from kheo.language import Language
from kheo.library import Library
from kheo.messages.wording import message
from kheo.plan.articles import (
    article_routes,
    body_pages,
    list_articles,
    page_routes,
)
from kheo.plan.claims import Claims, Owner
from kheo.plan.context import Context
from kheo.plan.links import ContentFiles, LinkResolver, Resolved
from kheo.plan.listings import index_urls, listing_pages, listing_routes
from kheo.plan.machine_files import machine_routes, machine_urls
from kheo.plan.pictures import PicturePlanner
from kheo.plan.search import SearchPlan, plan_search
from kheo.plan.shared import Shared
from kheo.plan.site import site_view
from kheo.plan.term_digests import TermDigests
from kheo.routes import Route, copy_inputs, digest, output_path
from kheo.views import AliasView, SiteView


class Plan(Struct, frozen=True):
    """The plan of a site: the data that all pages share, and the routes.

    ``paths`` has the paths of all outputs except the theme's assets; ``own_routes()`` yields their
    routes. ``pictures`` has the routes of pictures by path, ``search`` the plan
    of the search index, or ``None`` without search.
    """

    site: SiteView
    shared: Shared
    paths: frozenset[str]
    pictures: dict[str, Route]
    own_routes: Callable[[], Iterator[Route]]
    search: SearchPlan | None

    @property
    def count(self) -> int:
        return len(self.paths)

    def routes(self, assets: list[Route]) -> Iterator[Route]:
        """Yield all routes, including ``assets``, the routes of the theme's assets."""
        yield from assets
        yield from self.own_routes()


def plan_routes(
    library: Library,
    config: SiteConfig,
    language: Language,
    files: ContentFiles,
    now: datetime,
) -> tuple[Plan, list[Diagnostic]]:
    """Plan the whole site; report every collision of URLs and every broken reference."""
    context = Context(library, config, language, now)
    claims = Claims()
    _claim_pages(context, claims)
    resolver = LinkResolver(library, files, claims, context.shared, config.trusted_html)
    resolved = {
        one.document.path: resolver.resolve(one.document, one.url) for one in library.entries
    }
    if config.share_cards:
        _add_share_cards(context, resolver.picture_planner, resolved)
    copies = {route.path: route for route in _copy_routes(resolved)}
    aliases = tuple(_claim_aliases(context, claims))
    site, found = site_view(context, resolver)

    def routes() -> Iterator[Route]:
        listed, digests = list_articles(context, resolved), TermDigests(context)
        yield from article_routes(context, resolved, listed, digests)
        yield from page_routes(context, resolved)
        yield from listing_routes(context, listed, digests)
        yield from machine_routes(context, listed, aliases)
        yield from copies.values()
        yield from resolver.picture_planner.routes.values()

    cleaned = {path: route for path, route in copies.items() if route.recipe}
    found = [*claims.found, *claims.files_as_folders(), *resolver.found, *found]
    pictures = cleaned | resolver.picture_planner.routes
    plan = Plan(
        site,
        context.shared,
        frozenset(claims.paths),
        pictures,
        routes,
        plan_search(context, resolved),
    )
    return plan, found


def _claim_pages(context: Context, claims: Claims) -> None:
    """Claim the URLs of all pages: first those that the program needs itself, then the
    articles'."""
    site_file = Place("site.yaml")
    # Browsers may keep what is in these folders for a year, so no page may be there.
    claims.reserve(f"/{ASSETS}/", Owner(message("the folder of the theme's files"), site_file))
    if context.config.search:
        claims.claim(context.search_url, Owner(message("the search page"), site_file))
    for url in machine_urls(context):
        # Two terms with one slug have the same feed URLs; `index` has reported them.
        claims.claim(
            url, Owner(message("the file {owned}", owned=url), site_file, is_term="/feed." in url)
        )
    for name, pages in listing_pages(context):
        for page in pages:
            claims.claim(page.url, Owner(name, site_file, is_term=True))
    for label, url in index_urls(context).items():
        claims.claim(url, Owner(message("the page “{owned}”", owned=label), site_file))
    for one in context.library.entries:
        document = one.document
        owner = Owner(document.path, document, "slug" if document.meta.slug else "title")
        for part in body_pages(context.shared, document, one.url):
            claims.claim(part.url, owner)


def _claim_aliases(context: Context, claims: Claims) -> Iterator[AliasView]:
    for one in context.library.entries:
        document = one.document
        for number, alias in enumerate(document.meta.aliases):
            owner = Owner(document.path, document, f"aliases.{number}", is_alias=True)
            url = alias_url(alias)
            if claims.claim(url, owner):
                yield AliasView(
                    context.href(url), document.meta.title, context.href(one.url), output_path(url)
                )


def alias_url(alias: str) -> str:
    """Return the URL of an alias: ``/tin/123`` -> ``/tin/123/``; ``/tin/123.html`` is unchanged."""
    is_file = "." in alias.rpartition("/")[2]
    return alias if is_file or alias.endswith("/") else f"{alias}/"


def _add_share_cards(
    context: Context, picture_planner: PicturePlanner, resolved: dict[str, Resolved]
) -> None:
    """Plan a share card for every article and standing page without a picture of its own."""
    for one in context.library.entries:
        document = one.document
        if resolved[document.path].share is None:
            name = message("the share card of {owned}", owned=document.path)
            owner = Owner(name, Place(document.path, 1, 1))
            category = " > ".join(document.meta.category[-1:])
            card = picture_planner.card(document.meta.title, category, context.config.title, owner)
            resolved[document.path] = structs.replace(
                resolved[document.path], share=card
            ).with_digest()


def _copy_routes(resolved: dict[str, Resolved]) -> Iterator[Route]:
    for one in resolved.values():
        for copy in one.copies:
            entry = copy.entry
            yield Route(
                url=copy.url,
                path=output_path(copy.url),
                inputs=digest(copy.recipe)
                if copy.recipe
                else copy_inputs(entry.size, entry.mtime_ns),
                source=entry.path,
                copy=entry.file,
                recipe=copy.recipe,
            )
