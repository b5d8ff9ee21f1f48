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

    ``trail`` is its path of names from the root: a single name, except for categories and months.
    ``text`` is a description or a role. ``start`` and ``end`` are the first and last day of a
    campaign; ``start`` is also the first day of a year or month. ``listed``: it is in site.yaml.
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
    """A dated report with its URL and its terms."""

    document: Document
    url: str
    date: Moment
    category: Term
    campaigns: tuple[Term, ...]
    authors: tuple[Term, ...]
    status: Status = ""


class StandingPage(Struct, frozen=True, gc=False):
    """An undated page with its URL."""

    document: Document
    url: str
    status: Status = ""


class Library(Struct, frozen=True):
    """Everything that can be published, in order.

    ``articles``: newest first. ``terms``: of each taxonomy, in the order readers see; categories
    depth first. ``members``: indexes into ``articles``, newest first; a category has those of its
    whole subtree. ``children``: subcategories, by the category's trail; ``()`` has the top ones.
    ``hidden``: paths of valid sources that are not published now (draft, scheduled, expired).
    ``next_publication``: when the next scheduled article is due. ``next_change``: when the same
    sources would next give a different site.
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
        """Return everything that has a source."""
        return (*self.articles, *self.pages)
