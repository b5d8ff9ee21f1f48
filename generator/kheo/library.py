"""The indexed site, which ``index`` returns and ``plan`` uses."""

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
    site.yaml lists the term.
    """

    taxonomy: Taxonomy
    trail: tuple[str, ...]
    url: str
    text: str = ""
    start: Moment | None = None
    end: Moment | None = None
    listed: bool = False

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


class Library(Struct, frozen=True):
    """Everything that can be published, in order.

    ``articles`` are sorted newest first. ``terms`` are grouped by taxonomy and sorted as readers see
    them, categories depth first. ``members`` has, for each term, indexes into ``articles``, newest
    first; a category includes the articles of its subcategories. ``children`` has the subcategories
    of each category by its trail; the top categories are under ``()``. ``hidden`` has the paths of
    valid sources that are not published now (draft, scheduled or expired). ``next_publication`` is
    when the next scheduled article is due. ``next_change`` is when the site changes next although
    no source does.
    """

    articles: tuple[Article, ...]
    pages: tuple[StandingPage, ...]
    terms: dict[Taxonomy, tuple[Term, ...]]
    members: dict[TermKey, tuple[int, ...]]
    children: dict[tuple[str, ...], tuple[Term, ...]]
    hidden: frozenset[str]
    next_publication: Moment | None
    next_change: Moment | None

    @property
    def entries(self) -> "tuple[Article | StandingPage, ...]":
        """Return all articles, then all standing pages."""
        return (*self.articles, *self.pages)
