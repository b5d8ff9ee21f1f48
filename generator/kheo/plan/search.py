"""What readers can find of each article, in parts that are indexed one by one; the search page."""

from msgspec import Struct

from kheo.assets import SEARCH
from kheo.library import Article, Taxonomy
from kheo.plan.context import Context
from kheo.plan.shared import Shared
from kheo.routes import digest
from kheo.search.entries import SearchEntry
from kheo.views import SearchView


class SearchPart(Struct, frozen=True):
    """One part of the index: the articles of a year, and the digest of what it is made from."""

    name: str
    inputs: bytes
    articles: tuple[Article, ...]
    shared: Shared

    def entries(self) -> tuple[SearchEntry, ...]:
        return tuple(_entry(article, self.shared) for article in self.articles)


def search_parts(context: Context) -> dict[str, SearchPart]:
    """Return all articles by year, newest first: an edit concerns the index of its own year
    alone."""
    if not context.config.search:
        return {}
    years: dict[str, list[Article]] = {}
    for article in context.library.articles:
        years.setdefault(_year(article), []).append(article)
    return {
        year: SearchPart(year, _inputs(articles), tuple(articles), context.shared)
        for year, articles in years.items()
    }


def _inputs(articles: list[Article]) -> bytes:
    """An entry is made from the facts and bodies of an article, its URL, and the names of its
    terms,
    which are among the facts."""
    return digest(
        b"".join(
            b"%s%s %s\n"
            % (one.document.facts, one.url.encode(), "".join(one.document.bodies).encode())
            for one in articles
        )
    )


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


def _entry(article: Article, shared: Shared) -> SearchEntry:
    document, trail = article.document, article.category.trail
    return SearchEntry(
        url=shared.href(article.url),
        title=document.meta.title,
        trail=trail,
        date=article.date,
        campaigns=tuple(term.name for term in article.campaigns),
        authors=tuple(term.name for term in article.authors),
        bodies=document.bodies,
    )
