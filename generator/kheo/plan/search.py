"""What readers can find: the reports as they are indexed, the catalogue of them, the search page."""

import posixpath
from collections.abc import Iterator

from msgspec import Struct

from kheo.assets import SEARCH
from kheo.library import Article, Taxonomy
from kheo.model import ordinal_of
from kheo.plan.catalogue import CataloguePlan, plan_catalogue
from kheo.plan.context import Context
from kheo.plan.resolved import Resolved
from kheo.search.postings import PLACES
from kheo.search.terms import SearchReport
from kheo.views import SearchView

FILTERS: tuple[Taxonomy, ...] = ("category", "campaign", "author", "year")


class SearchPlan(Struct, frozen=True):
    """The reports whose words are indexed, and the other files of the index.

    ``coming`` are the reports that are not public yet.
    """

    reports: list[SearchReport]
    coming: list[SearchReport]
    catalogue: CataloguePlan


def plan_search(
    context: Context, resolved: dict[str, Resolved], coming: list[Article]
) -> SearchPlan | None:
    """Plan the index; ``None`` for a site without search. ``coming`` are not public yet."""
    if not context.config.search:
        return None
    reports = search_reports(context)
    numbers = {one.path: one.number for one in reports}
    later = [_report(article, 0) for article in coming]
    return SearchPlan(reports, later, plan_catalogue(context, resolved, numbers))


def search_reports(context: Context) -> list[SearchReport]:
    """Return all reports as the index has them."""
    by_day: dict[int, list[Article]] = {}
    for article in context.library.articles:
        by_day.setdefault(ordinal_of(article.date), []).append(article)
    return [
        _report(article, day * PLACES + place)
        for day, articles in by_day.items()
        for place, article in enumerate(sorted(articles, key=lambda one: one.document.path))
    ]


def _report(article: Article, number: int) -> SearchReport:
    document = article.document
    names = (
        *(term.name for term in article.authors),
        *(term.name for term in article.campaigns),
        *(term.name for term in (article.category, *article.also)),
        *(one.title or posixpath.basename(one.file) for one in document.meta.attachments),
    )
    meta = document.meta
    lead = "\n".join((meta.summary, meta.source, *(one.text for one in meta.corrections)))
    return SearchReport(document.path, number, meta.title, names, lead, document.bodies)


def search_view(context: Context) -> SearchView:
    """The page that readers search on."""
    title, url = context.language.labels.search, context.search_url
    return SearchView(
        url=context.href(url),
        title=title,
        description="",
        breadcrumb=(context.shared.crumb(title, url),),
        robots="noindex",
        index=context.href(f"/{SEARCH}/"),
        categories=tuple(map(context.shared.link, context.library.children.get((), ()))),
        filters=tuple(_filters(context)),
    )


def _filters(context: Context) -> Iterator[str]:
    """Yield the taxonomies that leave a choice: filters with one term would only take up space."""
    for taxonomy in FILTERS:
        terms = context.library.terms[taxonomy]
        if sum(1 for term in terms if context.members(term)) > 1:
            yield taxonomy
