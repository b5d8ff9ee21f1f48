"""Plan: library to routes. Every URL is claimed here."""

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct, structs

from kheo.assets import ASSETS
from kheo.config import SiteConfig
from kheo.diagnostics import Diagnostic, Place
from kheo.known_urls import KnownUrl
from kheo.language import Language
from kheo.library import Expired, Timeline
from kheo.messages.wording import message
from kheo.old_urls import OLD
from kheo.palette import palettes
from kheo.pictures.recipes import ShareCard
from kheo.plan.ahead import Ahead, look_ahead
from kheo.plan.articles import (
    article_routes,
    list_articles,
    page_routes,
)
from kheo.plan.claims import Claims, Owner
from kheo.plan.context import Context
from kheo.plan.expired import expired_routes
from kheo.plan.known_urls import known_urls
from kheo.plan.links import LinkResolver
from kheo.plan.listings import listing_routes
from kheo.plan.look import is_font, plan_look
from kheo.plan.machine_files import machine_routes
from kheo.plan.old_urls import OldUrls, claim_old_urls
from kheo.plan.owners import claim_document, listing_owners
from kheo.plan.pictures import PicturePlanner
from kheo.plan.public import public_routes
from kheo.plan.resolved import Resolved, without_links
from kheo.plan.search import SearchPlan, plan_search
from kheo.plan.shared import Shared
from kheo.plan.site import site_view
from kheo.plan.targets import ContentFiles, link_targets
from kheo.plan.term_digests import TermDigests
from kheo.render.theme import Dress
from kheo.routes import Route, copy_inputs, digest, output_path
from kheo.views import SiteView


class Plan(Struct, frozen=True):
    """The plan of a site: the data that all pages share, and the routes.

    ``paths`` has the paths of all outputs except the theme's assets; ``own_routes()`` yields their
    routes. ``pictures`` has the routes of pictures by path, ``search`` the plan
    of the search index, or ``None`` without search. ``ahead`` has what the site will be. ``old`` has
    all old URLs, ``urls`` those that the manifest lists. ``of_unfinished`` are the problems in the
    references of sources that are not published because of errors. ``dress`` is what the look of the
    site changes of the theme.
    """

    site: SiteView
    shared: Shared
    paths: frozenset[str]
    pictures: dict[str, Route]
    own_routes: Callable[[], Iterator[Route]]
    search: SearchPlan | None
    ahead: Ahead
    old: OldUrls
    urls: tuple[KnownUrl, ...]
    of_unfinished: tuple[Diagnostic, ...] = ()
    dress: Dress = Dress()

    @property
    def count(self) -> int:
        return len(self.paths)

    def routes(self, assets: list[Route]) -> Iterator[Route]:
        """Yield all routes, including ``assets``, the routes of the theme's assets."""
        yield from assets
        yield from self.own_routes()


def plan_routes(
    timeline: Timeline,
    config: SiteConfig,
    language: Language,
    files: ContentFiles,
    now: datetime,
) -> tuple[Plan, list[Diagnostic]]:
    """Plan the whole site; report every collision of URLs and every broken reference.

    What is not public yet is examined as of the moment at which it is published: its problems are
    in ``Plan.ahead``.
    """
    library = timeline.now
    context, seconds = Context(library, config, language, now), now.timestamp()
    claims = Claims()
    _claim_pages(context, claims)
    public = list(public_routes(claims, files.public))
    resolver = LinkResolver(
        link_targets(library, library), files, claims, context.shared, config.trusted_html
    )
    resolved = {
        one.document.path: resolver.resolve(one.document, one.url, seconds)
        for one in library.by_age
        if not isinstance(one, Expired)
    }
    if config.share_cards:
        _add_share_cards(context, resolver.picture_planner, resolved)
    copies = {route.path: route for route in _copy_routes(resolved)}
    old, more_found = claim_old_urls(context, claims, (f"/{path}" for path in copies))
    found = [*claims.found, *claims.files_as_folders(), *more_found]
    ahead = look_ahead(timeline, context, claims, resolver)
    for path, numbers in ahead.judge(resolver).items():
        resolved[path] = without_links(resolved[path], numbers)
    look = plan_look(config.look, files.look, resolver.picture_planner)
    has_fonts = files.look.has_fonts or any(is_font(entry.path) for entry in files.public)
    site, more = site_view(context, resolver, ahead, look.logo)

    def routes() -> Iterator[Route]:
        listed, digests = list_articles(context, resolved), TermDigests(context)
        yield from article_routes(context, resolved, listed, digests)
        yield from page_routes(context, resolved)
        yield from expired_routes(context)
        yield from listing_routes(context, listed, digests, resolved)
        yield from machine_routes(context, listed, old, has_fonts)
        yield from copies.values()
        yield from public
        yield from resolver.picture_planner.routes.values()
        yield from look.fonts

    cleaned = {path: route for path, route in copies.items() if route.recipe}
    found += [*resolver.found, *more]
    pictures = cleaned | resolver.picture_planner.routes
    published = len(resolver.found)
    for document in files.unfinished:
        resolver.check(document, seconds)
    plan = Plan(
        site,
        context.shared,
        frozenset(claims.paths),
        pictures,
        routes,
        plan_search(context, resolved, ahead.articles),
        ahead,
        old,
        known_urls(context, old),
        tuple(resolver.found[published:]),
        look.dress,
    )
    return plan, found


def _claim_pages(context: Context, claims: Claims) -> None:
    """Claim the URLs of all pages: first those that the program needs itself, then the
    articles'."""
    site_file = Place("site.yaml")
    # Browsers may keep what is in these folders for a year, so no page may be there.
    claims.reserve(f"/{ASSETS}/", Owner(message("the folder of the theme's files"), site_file))
    claims.reserve(f"/{OLD}/", Owner(message("the folder of old URLs with a query"), site_file))
    if context.config.search:
        claims.claim(context.search_url, Owner(message("the search page"), site_file))
    for url, owner in listing_owners(context):
        claims.claim(url, owner)
    for one in context.library.by_age:
        claim_document(context, claims, one)


def _add_share_cards(
    context: Context, picture_planner: PicturePlanner, resolved: dict[str, Resolved]
) -> None:
    """Plan a share card for every article and standing page without a picture of its own."""
    ground = palettes(context.config.look.colors)[0].get("deep", "")
    for one in context.library.entries:
        document = one.document
        if resolved[document.path].share is None:
            name = message("the share card of {owned}", owned=document.path)
            owner = Owner(name, Place(document.path, 1, 1))
            category = " > ".join(document.meta.category[-1:])
            card = ShareCard(document.meta.title, category, context.config.title, ground)
            resolved[document.path] = structs.replace(
                resolved[document.path], share=picture_planner.card(card, owner)
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
