"""What every planner needs: the library, addresses ready for templates, cards, feeds of a listing."""

import re
from datetime import datetime
from functools import cached_property
from urllib.parse import quote, urlsplit

from kheo.config import SiteConfig
from kheo.language import Language
from kheo.library import Article, Library, Term, TermKey
from kheo.model import Document, Moment
from kheo.plan.links import Resolved
from kheo.plan.pagination import Part, paginate
from kheo.views import Card, Crumb, FeedLink, Link

CRUMB_LENGTH = 100  # characters, as the pages that this program was made for cut theirs
_PLAIN = re.compile("[a-z0-9/.-]*")  # nearly every address: nothing to encode
ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"


class Context:
    """The indexed site with its configuration, as the planners see it. Nothing in it changes."""

    def __init__(
        self, library: Library, config: SiteConfig, language: Language, now: datetime
    ) -> None:
        self.library = library
        self.config = config
        self.language = language
        self.words = language.url_words
        self.now = now
        base = urlsplit(config.base_url)
        self.origin = f"{base.scheme}://{base.netloc}"
        self.prefix = base.path.rstrip("/")
        self.stable = config.pagination == "stable"

    def href(self, url: str) -> str:
        """``/tin-tuc/`` -> ``/folder/tin-tuc/``, percent-encoded."""
        return self.prefix + (url if _PLAIN.fullmatch(url) else quote(url))

    @property
    def search_url(self) -> str:
        return f"/{self.words.search}/"

    @cached_property
    def home_parts(self) -> tuple[Part, ...]:
        return self._parts("/", len(self.library.articles))

    @cached_property
    def parts(self) -> dict[TermKey, tuple[Part, ...]]:
        """The parts of every term's listing."""
        members = self.library.members
        return {
            term.key: self._parts(term.url, len(members.get(term.key, ())))
            for terms in self.library.terms.values()
            for term in terms
        }

    def _parts(self, url: str, count: int) -> tuple[Part, ...]:
        return paginate(count, self.config.page_size, url, self.words.page, self.stable)

    def members(self, term: Term) -> tuple[int, ...]:
        return self.library.members.get(term.key, ())

    def link(self, term: Term) -> Link:
        return Link(term.name, self.href(term.url))

    def trail(self, term: Term) -> tuple[Crumb, ...]:
        """The breadcrumb of a category: it and those above it."""
        above = [self._categories[term.trail[:depth]] for depth in range(1, len(term.trail))]
        return tuple(self.crumb(one.name, one.url) for one in (*above, term))

    @cached_property
    def _categories(self) -> dict[tuple[str, ...], Term]:
        return {term.trail: term for term in self.library.terms["category"]}

    def crumb(self, title: str, url: str) -> Crumb:
        return Crumb(title, shortened(title), self.href(url))

    def feeds(self, title: str, url: str) -> tuple[FeedLink, ...]:
        return (
            FeedLink(title, self.href(f"{url}feed.xml"), ATOM),
            FeedLink(title, self.href(f"{url}feed.json"), JSON_FEED),
        )

    def card(self, article: Article, resolved: Resolved) -> Card:
        meta = article.document.meta
        return Card(
            title=meta.title,
            url=self.href(article.url),
            date=article.date,
            summary=article.document.summary,
            category=self.link(article.category),
            image=resolved.cover,
            pinned=meta.pinned,
            status=article.status,
        )


def shortened(title: str) -> str:
    """The title as a breadcrumb has it."""
    if len(title) <= CRUMB_LENGTH:
        return title
    return title[: CRUMB_LENGTH + 1].rpartition(" ")[0] + "…"


def last_change(document: Document, date: Moment) -> Moment:
    """The latest of the date, ``updated`` and the corrections."""
    meta = document.meta
    corrections = [correction.date for correction in meta.corrections]
    return max([date, *([meta.updated] if meta.updated else []), *corrections])
