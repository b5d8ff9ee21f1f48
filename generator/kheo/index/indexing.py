"""Index: turn documents into a library, with the URLs of all articles and terms."""

from collections.abc import Iterable
from functools import cache

from kheo.config import SiteConfig, UrlWords
from kheo.diagnostics import Diagnostic
from kheo.index.campaigns import campaign_changes
from kheo.index.permalinks import page_url, permalink
from kheo.index.taxonomies import (
    NameOrder,
    TermTable,
    depth_first,
    gather_authors,
    gather_campaigns,
    gather_categories,
    gather_months,
    order_categories,
)
from kheo.index.term_sources import gather_sources, key_of
from kheo.index.visibility import Visibility, choose_shown
from kheo.library import Article, Entry, Expired, Library, Profile, StandingPage, Term, TermKey
from kheo.model import Document, FrontMatter, Moment

FIRST = -(10**11)  # seconds: before every date


def index_documents(
    documents: Iterable[Document],
    config: SiteConfig,
    words: UrlWords,
    name_order: NameOrder,
    visibility: Visibility,
    broken: Iterable[Document] = (),
) -> tuple[Library, list[Diagnostic]]:
    """Index the documents that are shown; report names and URLs that cannot be used.

    ``broken`` are sources of terms that cannot be published because of their errors.
    """
    shown = choose_shown(documents, visibility)
    status = {document.path: status for document, status in shown.documents}
    everything = _by_age([*(document for document, _ in shown.documents), *shown.expired])
    dated = [document for document in everything if document.meta.dated]
    sources = gather_sources((*everything, *broken))
    categories = gather_categories(config, dated, sources)
    campaigns = gather_campaigns(config, words, dated, sources)
    authors = gather_authors(config, words, dated, sources)
    months = gather_months(words, dated)
    found = [*sources.found, *categories.found, *campaigns.found, *authors.found]
    tables = (categories, campaigns, authors)
    described = {(one.taxonomy, trail): term for one in tables for trail, term in one.terms.items()}

    def entry(document: Document) -> Entry | Diagnostic:
        date, path = document.meta.dated, document.path
        if document.term:
            return Profile(document, described[key_of(document.term)], status[path])
        if date is None:
            category, url = None, page_url(document)
        else:
            category = categories.terms[document.meta.category]
            url = permalink(config.permalink, document, date, category.url)
        if isinstance(url, Diagnostic):
            return url
        if path not in status:
            return Expired(document, url, category)
        if date is None or category is None:
            return StandingPage(document, url, status[path])
        meta = document.meta
        return Article(
            document,
            url,
            date,
            category,
            tuple(campaigns.terms[name,] for name in meta.campaign),
            tuple(authors.terms[name,] for name in meta.author),
            status[path],
            tuple(categories.terms[trail] for trail in _elsewhere(meta)),
        )

    by_age: list[Entry] = []
    for document in everything:
        if document.path in sources.superfluous:
            continue
        one = entry(document)
        if isinstance(one, Diagnostic):
            found.append(one)
        else:
            by_age.append(one)
    articles = [one for one in by_age if isinstance(one, Article)]
    pages = [one for one in by_age if isinstance(one, StandingPage)]
    articles.sort(key=lambda one: one.document.path)
    articles.sort(key=lambda one: one.date, reverse=True)
    pages.sort(key=lambda one: (one.document.meta.weight, name_order(one.document.meta.title)))
    children = order_categories(categories, name_order)

    def by_name(terms: Iterable[Term]) -> tuple[Term, ...]:
        return tuple(sorted(terms, key=lambda term: name_order(term.name)))

    library = Library(
        articles=tuple(articles),
        pages=tuple(pages),
        terms={
            "category": tuple(depth_first(children)),
            "campaign": tuple(campaigns.terms.values()),
            "author": by_name(authors.terms.values()),
            "year": tuple(term for term in months.values() if term.taxonomy == "year"),
            "month": tuple(term for term in months.values() if term.taxonomy == "month"),
        },
        members=_members(articles),
        children=children,
        by_age=tuple(by_age),
        drafts=shown.drafts,
        scheduled=shown.scheduled,
        next_change=_next_change(shown.next_change, campaigns, visibility),
        profiles={one.term.key: one for one in by_age if isinstance(one, Profile)},
    )
    return library, found


def _next_change(
    of_sources: Moment | None, campaigns: TermTable, visibility: Visibility
) -> Moment | None:
    """Return when the site changes next: a source appears or expires, or a campaign begins or ends."""
    now = visibility.now.timestamp()
    changes = [at for at in campaign_changes(campaigns) if at.seconds > now]
    return min([*changes, *([of_sources] if of_sources else [])], default=None)


def find_wrong_names(
    documents: Iterable[Document],
    unfinished: Iterable[Document],
    config: SiteConfig,
    words: UrlWords,
) -> list[Diagnostic]:
    """Return the names that cannot be right in sources with other errors, which are not indexed."""
    last = [one for one in unfinished if one.meta.kind == "article"]
    if not last:
        return []
    dated = [*(one for one in documents if one.meta.dated), *last]
    paths = {one.path for one in last}
    sources = gather_sources((*documents, *unfinished))
    tables = (
        gather_categories(config, dated, sources),
        gather_campaigns(config, words, dated, sources),
        gather_authors(config, words, dated, sources),
    )
    return [d for table in tables for d in table.found if d.place.path in paths]


def _elsewhere(meta: FrontMatter) -> tuple[tuple[str, ...], ...]:
    """Return the categories under ``also``, except those that list the report in any case."""
    if not meta.also:
        return ()
    below = {trail[:depth] for trail in meta.places for depth in range(1, len(trail))}
    return tuple(trail for trail in meta.also if trail not in below | {meta.category})


def _by_age(documents: list[Document]) -> list[Document]:
    """Return standing pages, then articles, oldest first, then drafts.

    If two names or URLs clash, the newer article is blamed: the older one is already published.
    """

    def age(document: Document) -> tuple[bool, int, str]:
        date = document.meta.dated
        return document.meta.draft, date.seconds if date else FIRST, document.path

    return sorted(documents, key=age)


def _members(articles: list[Article]) -> dict[TermKey, tuple[int, ...]]:
    """Return the numbers of the articles of each term; a category has those of its subtree."""
    members: dict[TermKey, list[int]] = {}
    for number, article in enumerate(articles):
        keys = _category_keys(article.category.trail)
        for term in article.also:  # a report is listed once, also in what both are below
            keys = tuple(dict.fromkeys((*keys, *_category_keys(term.trail))))
        for key in keys:
            members.setdefault(key, []).append(number)
        for term in article.campaigns:
            members.setdefault(("campaign", term.trail), []).append(number)
        for term in article.authors:
            members.setdefault(("author", term.trail), []).append(number)
        for key in _month_keys(article.date.month):
            members.setdefault(key, []).append(number)
    return {key: tuple(numbers) for key, numbers in members.items()}


@cache
def _category_keys(trail: tuple[str, ...]) -> tuple[TermKey, ...]:
    """Return the key of a category and those of its parents."""
    return tuple(("category", trail[:depth]) for depth in range(1, len(trail) + 1))


@cache
def _month_keys(month: tuple[int, int]) -> tuple[TermKey, TermKey]:
    year = f"{month[0]:04}"
    return ("year", (year,)), ("month", (year, f"{month[1]:02}"))
