"""The context of planning: the library, the settings and the pages of every listing."""

from datetime import datetime
from functools import cached_property
from urllib.parse import urlsplit

from kheo.config import SiteConfig
from kheo.language import Language
from kheo.library import Article, Library, Term, TermKey
from kheo.model import Document, Moment
from kheo.plan.pagination import ListingPage, paginate
from kheo.plan.resolved import Resolved
from kheo.plan.shared import shared_settings
from kheo.views import Card, Crumb, Link


class Context:
    """The library and the settings, as the planning functions need them. It is never changed."""

    def __init__(
        self, library: Library, config: SiteConfig, language: Language, now: datetime
    ) -> None:
        self.library = library
        self.config = config
        self.language = language
        self.shared = shared_settings(config, language)
        self.href = self.shared.href
        self.words = language.url_words
        self.now = now
        base = urlsplit(config.base_url)
        self.origin = f"{base.scheme}://{base.netloc}"

    @property
    def search_url(self) -> str:
        return f"/{self.words.search}/"

    @cached_property
    def home_pages(self) -> tuple[ListingPage, ...]:
        return self._paginate("/", len(self.library.articles))

    @cached_property
    def term_pages(self) -> dict[TermKey, tuple[ListingPage, ...]]:
        """Return the pages of every term's listing."""
        members = self.library.members
        return {
            term.key: self._paginate(term.url, len(members.get(term.key, ())))
            for terms in self.library.terms.values()
            for term in terms
        }

    def _paginate(self, url: str, count: int) -> tuple[ListingPage, ...]:
        size = self.config.page_size
        return paginate(count, size, url, self.words.page, self.shared.stable)

    def members(self, term: Term) -> tuple[int, ...]:
        return self.library.members.get(term.key, ())

    @cached_property
    def lineages(self) -> dict[tuple[str, ...], tuple[Term, ...]]:
        """Return, by the trail of each category, the categories from the root down to it."""
        known = {term.trail: term for term in self.library.terms["category"]}
        return {
            trail: tuple(known[trail[:depth]] for depth in range(1, len(trail) + 1))
            for trail in known
        }

    def trail(self, term: Term) -> tuple[Crumb, ...]:
        return self.shared.trail(self.lineages[term.trail])

    def card(self, article: Article, resolved: Resolved) -> Card:
        meta = article.document.meta
        return Card(
            title=meta.title,
            url=self.href(article.url),
            date=article.date,
            summary=article.document.summary,
            category=self._links[article.category.trail],
            image=resolved.cover,
            pinned=meta.pinned,
            status=article.status,
        )

    @cached_property
    def _links(self) -> dict[tuple[str, ...], Link]:
        return {term.trail: self.shared.link(term) for term in self.library.terms["category"]}


def last_change(document: Document, date: Moment) -> Moment:
    """Return the latest of the date, ``updated`` and the corrections."""
    meta = document.meta
    if not (meta.updated or meta.corrections):
        return date
    corrections = [correction.date for correction in meta.corrections]
    return max([date, *([meta.updated] if meta.updated else []), *corrections])
