"""What readers can find: the reports as they are indexed, and the search page."""

from kheo.assets import SEARCH
from kheo.library import Article, Taxonomy
from kheo.plan.context import Context
from kheo.search.shards import PLACES
from kheo.search.terms import SearchReport
from kheo.views import SearchView


def search_reports(context: Context) -> list[SearchReport]:
    """Return all reports as the index has them."""
    by_day: dict[int, list[Article]] = {}
    for article in context.library.articles:
        by_day.setdefault(_day(article), []).append(article)
    return [
        _report(article, day * PLACES + place)
        for day, articles in by_day.items()
        for place, article in enumerate(sorted(articles, key=lambda one: one.document.path))
    ]


def _day(article: Article) -> int:
    """Days since the year 1, as ``date.toordinal()`` counts them, in the offset of the date."""
    return 719_163 + (article.date.seconds + article.date.offset) // 86_400


def _report(article: Article, number: int) -> SearchReport:
    document = article.document
    names = (
        *(term.name for term in article.authors),
        *(term.name for term in article.campaigns),
        article.category.name,
        *(one.title or one.file for one in document.meta.attachments),
    )
    return SearchReport(document.path, number, document.meta.title, names, document.bodies)


def search_view(context: Context) -> SearchView:
    """The page that readers search on."""
    title, url = context.language.labels.search, context.search_url
    years = tuple(dict.fromkeys(map(_year, context.library.articles)))
    return SearchView(
        url=context.href(url),
        title=title,
        description="",
        breadcrumb=(context.shared.crumb(title, url),),
        robots="noindex",
        parts=(context.href(f"/{SEARCH}/"),),
        categories=_names(context, "category"),
        campaigns=_names(context, "campaign"),
        authors=_names(context, "author"),
        years=years,
    )


def _names(context: Context, taxonomy: Taxonomy) -> tuple[str, ...]:
    """As the index has them."""
    terms = context.library.terms[taxonomy]
    return tuple(" > ".join(term.trail) for term in terms if context.members(term))


def _year(article: Article) -> str:
    return f"{article.date.at.year:04}"
