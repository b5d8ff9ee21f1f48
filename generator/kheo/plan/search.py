"""What readers can find of each article, in parts that are indexed one by one; the search page."""

from kheo.assets import SEARCH
from kheo.library import Article, Taxonomy
from kheo.plan.context import Context
from kheo.search.entries import SearchEntry
from kheo.views import SearchView


def search_entries(context: Context) -> dict[str, tuple[SearchEntry, ...]]:
    """All articles by year, newest first: an edit concerns the index of its own year alone."""
    found: dict[str, list[SearchEntry]] = {}
    if context.config.search:
        for article in context.library.articles:
            found.setdefault(_year(article), []).append(_entry(context, article))
    return {part: tuple(entries) for part, entries in found.items()}


def search_view(context: Context) -> SearchView:
    """The page that readers search on."""
    title, url = context.language.labels.search, context.search_url
    years = tuple(dict.fromkeys(map(_year, context.library.articles)))
    return SearchView(
        url=context.href(url),
        title=title,
        description="",
        breadcrumb=(context.crumb(title, url),),
        robots="noindex",
        parts=tuple(context.href(f"/{SEARCH}/{year}/") for year in years),
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


def _entry(context: Context, article: Article) -> SearchEntry:
    document, trail = article.document, article.category.trail
    return SearchEntry(
        url=context.href(article.url),
        title=document.meta.title,
        trail=trail,
        date=article.date,
        campaigns=tuple(term.name for term in article.campaigns),
        authors=tuple(term.name for term in article.authors),
        bodies=document.bodies,
    )
