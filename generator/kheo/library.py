"""The indexed site, which ``index`` returns and ``plan`` uses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Literal

from msgspec import Struct

from kheo.model import Document, Moment

NEWS_AGE = timedelta(hours=48)  # how long an article stays in the news sitemap (Google News)

Taxonomy = Literal["category", "campaign", "author", "year", "month"]
TermKey = tuple[Taxonomy, tuple[str, ...]]  # ("category", ("Tin tức", "Trong tỉnh"))
Status = Literal["", "draft", "scheduled"]


class Term(Struct, frozen=True, gc=False):
    """One category, campaign, author, year or month, with its URL.

    ``trail`` has the names from the root to the term; only categories and months have several.
    ``text`` is a description, or an author's role. ``start`` and ``end`` are the first and last day
    of a campaign; ``start`` is also the first day of a year or month. ``listed`` says whether
    site.yaml lists the term, or a source describes it. ``aliases`` are old URLs of the term.
    """

    taxonomy: Taxonomy
    trail: tuple[str, ...]
    url: str
    text: str = ""
    start: Moment | None = None
    end: Moment | None = None
    listed: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def key(self) -> TermKey:
        return self.taxonomy, self.trail

    @property
    def name(self) -> str:
        return self.trail[-1]


class Article(Struct, frozen=True, gc=False):
    """A dated report with its URL and its terms.

    ``category`` is its place; ``also`` has the other categories that list it.
    """

    document: Document
    url: str
    date: Moment
    category: Term
    campaigns: tuple[Term, ...]
    authors: tuple[Term, ...]
    status: Status = ""
    also: tuple[Term, ...] = ()


class StandingPage(Struct, frozen=True, gc=False):
    """An undated page with its URL."""

    document: Document
    url: str
    status: Status = ""


class Profile(Struct, frozen=True, gc=False):
    """What a source of its own says of a term. It is shown on the first page of the term's listing."""

    document: Document
    term: Term
    status: Status = ""

    @property
    def url(self) -> str:
        return self.term.url


class Expired(Struct, frozen=True, gc=False):
    """An article or standing page that has expired. Its URL stays, with a page that says so."""

    document: Document
    url: str
    category: Term | None  # of an article


Entry = Article | StandingPage | Profile | Expired


class Unlisted(Struct, frozen=True):
    """How many sources without errors readers do not find: drafts, scheduled and expired ones."""

    drafts: int = 0
    scheduled: int = 0
    expired: int = 0


class Library(Struct, frozen=True):
    """Everything that can be published, in order.

    ``articles`` are sorted newest first. ``terms`` are grouped by taxonomy and sorted as readers see
    them, categories depth first. ``members`` has, for each term, indexes into ``articles``, newest
    first; a category includes the articles of its subcategories. ``children`` has the subcategories
    of each category by its trail; the top categories are under ``()``. The terms of expired articles
    stay, so that no URL disappears. ``profiles`` has the profile of each term with one. ``by_age`` has everything with a URL, in the order in which URLs
    are claimed: pages and profiles, articles from the oldest, drafts. ``drafts`` has the paths of drafts that are not shown,
    ``scheduled`` the time at which each scheduled source that is not shown is published, by path.
    ``next_change`` is when the site changes next although no source does.
    """

    articles: tuple[Article, ...]
    pages: tuple[StandingPage, ...]
    terms: dict[Taxonomy, tuple[Term, ...]]
    members: dict[TermKey, tuple[int, ...]]
    children: dict[tuple[str, ...], tuple[Term, ...]]
    by_age: tuple[Entry, ...]
    drafts: frozenset[str]
    scheduled: dict[str, Moment]
    next_change: Moment | None
    profiles: dict[TermKey, Profile] = {}

    @property
    def entries(self) -> "tuple[Article | StandingPage, ...]":
        """Return all articles, then all standing pages."""
        return (*self.articles, *self.pages)

    @property
    def expired(self) -> tuple[Expired, ...]:
        return tuple(one for one in self.by_age if isinstance(one, Expired))

    @property
    def next_publication(self) -> Moment | None:
        """Return when the next scheduled source is published."""
        return min(self.scheduled.values(), default=None)

    @property
    def unlisted(self) -> Unlisted:
        return Unlisted(len(self.drafts), len(self.scheduled), len(self.expired))


class Timeline(Struct, frozen=True):
    """The library now, and at other times.

    ``coming`` has every scheduled source as published, ``whole`` every draft too; each is the one
    before if there is nothing to add. ``at`` returns the library at a time (Unix time), as if nothing
    had expired until then and no source had been left out because of errors.
    """

    now: Library
    coming: Library
    whole: Library
    at: Callable[[float], Library]
