"""What readers can find of each article, in parts that are indexed one by one; the search page."""

from hashlib import blake2b

from msgspec import Struct

from generator.assets import SEARCH
from generator.library import Article, Taxonomy, Term
from generator.model import Moment
from generator.render.context import Context
from generator.render.views import SearchOption, SearchView


class SearchEntry(Struct, frozen=True, array_like=True):
    """One article as the index has it. ``url`` is ready for an ``href``, ``bodies`` are digests.

    ``tokens`` are words that filter: Pagefind has filters of its own, but writes them in an order of
    chance, and the same site must give the same bytes.
    """

    url: str
    title: str
    trail: tuple[str, ...]
    date: Moment
    authors: tuple[str, ...]
    tokens: tuple[str, ...]
    bodies: tuple[str, ...]


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
        categories=_options(context, "category"),
        campaigns=_options(context, "campaign"),
        authors=_options(context, "author"),
        years=tuple(SearchOption(year, _token("year", (year,))) for year in years),
    )


def _options(context: Context, taxonomy: Taxonomy) -> tuple[SearchOption, ...]:
    return tuple(
        SearchOption(" > ".join(term.trail), _token(taxonomy, term.trail))
        for term in context.library.terms[taxonomy]
        if context.members(term)
    )


def _year(article: Article) -> str:
    return f"{article.date.at.year:04}"


def _entry(context: Context, article: Article) -> SearchEntry:
    document, trail = article.document, article.category.trail
    return SearchEntry(
        url=context.href(article.url),
        title=document.meta.title,
        trail=trail,
        date=article.date,
        authors=tuple(term.name for term in article.authors),
        tokens=(
            *(_token("category", trail[:depth]) for depth in range(1, len(trail) + 1)),
            *map(_token_of, (*article.campaigns, *article.authors)),
            _token("year", (_year(article),)),
        ),
        bodies=document.bodies,
    )


def _token_of(term: Term) -> str:
    return _token(term.taxonomy, term.trail)


def _token(taxonomy: Taxonomy, trail: tuple[str, ...]) -> str:
    """A word that nobody writes and no stemmer shortens."""
    digest = blake2b("\0".join((taxonomy, *trail)).encode(), digest_size=5).digest()
    return f"q{int.from_bytes(digest, 'big'):013}"
