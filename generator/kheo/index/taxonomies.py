"""The terms of a site: categories, campaigns, authors, years and months, each with its URL."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from unicodedata import combining, normalize

from kheo.config import CategoryEntry, SiteConfig, UrlWords
from kheo.diagnostics import Diagnostic, Place, closest, diagnostic
from kheo.index.permalinks import place_of
from kheo.library import Taxonomy, Term
from kheo.messages.wording import message
from kheo.model import Document, Moment
from kheo.slugs import check_slug, slugify

NameOrder = Callable[[str], Any]
SITE = Place("site.yaml")


class TermTable:
    """The terms of one taxonomy, collected one by one. A name has one URL and one spelling.

    ``found`` are the names whose URL is empty, reserved or taken.
    """

    def __init__(self, taxonomy: Taxonomy, prefix: str) -> None:
        self.taxonomy: Taxonomy = taxonomy
        self.prefix = prefix
        self.terms: dict[tuple[str, ...], Term] = {}
        self.found: list[Diagnostic] = []
        self._owners: dict[str, tuple[Term, Place]] = {}  # by address

    def add(self, trail: tuple[str, ...], place: Place, slug: str = "", **facts: object) -> Term:
        """Return the term for ``trail``; add it if it is new. Add parents before their children."""
        known = self.terms.get(trail)
        if known and not facts:
            return known
        parent = self.terms[trail[:-1]].url if len(trail) > 1 else self.prefix
        url = f"{parent}{slug or self._slug(trail[-1], place)}/"
        term = Term(self.taxonomy, trail, url, **facts)  # type: ignore[arg-type]
        owner, owner_place = self._owners.setdefault(url, (term, place))
        if owner is not term:
            self.found.append(_clash(term, owner, place, owner_place))
        self.terms.setdefault(trail, term)
        return self.terms[trail]

    def _slug(self, name: str, place: Place) -> str:
        slug = slugify(name)
        if not slug:
            self.found.append(diagnostic("slug-empty", place, name=name))
        elif problem := check_slug(slug):
            code, values = problem
            self.found.append(diagnostic(code, place, **values))
        return slug or "-"


def _clash(term: Term, owner: Term, place: Place, owner_place: Place) -> Diagnostic:
    name, other = " > ".join(term.trail), " > ".join(owner.trail)
    where = f"{owner_place.path}:{owner_place.line}" if owner_place.line else owner_place.path
    difference = message("capital letters") if _folded(name) == _folded(other) else None
    if not difference and _accents_apart(name) == _accents_apart(other):
        difference = message("the position of an accent")  # hoà, hòa
    if difference:
        return diagnostic(
            "term-spelling", place, name=name, other=other, place=where, difference=difference
        )
    return diagnostic("term-twice", place, name=name, other=other, url=term.url, place=where)


def _folded(name: str) -> str:
    return normalize("NFC", " ".join(name.split())).casefold()


def _accents_apart(name: str) -> list[tuple[str, list[str]]]:
    """Return the bare letters and the sorted accents of each word: equal for ``hoà`` and
    ``hòa``."""
    return [
        ("".join(char for char in word if not combining(char)), sorted(filter(combining, word)))
        for word in normalize("NFD", _folded(name)).split()
    ]


def gather_categories(config: SiteConfig, documents: Iterable[Document]) -> TermTable:
    """Return the categories of site.yaml, in its order, then those that only articles name."""
    table = TermTable("category", "/")
    for trail, entry in _listed_categories(config.categories, ()):
        table.add(trail, SITE, entry.slug, text=entry.description, listed=True)
    for document in documents:
        for number, trail in enumerate(document.meta.places):
            if trail in table.terms:
                continue
            place = place_of(document, f"also.{number - 1}" if number else "category")
            if config.categories_closed:
                name, known = " > ".join(trail), [" > ".join(known) for known in table.terms]
                table.found.append(
                    diagnostic(
                        "category-unknown", place, value=name, suggestion=closest(name, known)
                    )
                )
                for depth in range(1, len(trail) + 1):
                    # The build fails; this URL is not used.
                    unused = Term("category", trail[:depth], "/-/")
                    table.terms.setdefault(unused.trail, unused)
                continue
            for depth in range(1, len(trail) + 1):
                table.add(trail[:depth], place)
    return table


def gather_campaigns(
    config: SiteConfig, words: UrlWords, documents: Iterable[Document]
) -> TermTable:
    """Return the campaigns of site.yaml, then those that only articles name."""
    table = TermTable("campaign", f"/{words.campaigns}/")
    for entry in config.campaigns:
        table.add(
            (entry.title,),
            SITE,
            entry.slug,
            text=entry.description,
            start=entry.start,
            end=entry.end,
            listed=True,
        )
    for document in documents:
        for number, name in enumerate(document.meta.campaign):
            if (name,) not in table.terms:
                table.add((name,), place_of(document, f"campaign.{number}"))
    return table


def gather_authors(config: SiteConfig, words: UrlWords, documents: Iterable[Document]) -> TermTable:
    """Return the authors of site.yaml, then those that only articles name."""
    table = TermTable("author", f"/{words.authors}/")
    for entry in config.authors:
        table.add((entry.name,), SITE, entry.slug, text=entry.role, listed=True)
    for document in documents:
        for number, name in enumerate(document.meta.author):
            if (name,) not in table.terms:
                table.add((name,), place_of(document, f"author.{number}"))
    return table


def gather_months(words: UrlWords, documents: Iterable[Document]) -> dict[tuple[str, ...], Term]:
    """Return the terms of years, ``("2020",)``, and months, ``("2020", "02")``, with articles."""
    months = {document.meta.date.month for document in documents if document.meta.date}
    terms: dict[tuple[str, ...], Term] = {}
    for year, month in sorted(months, reverse=True):
        url = f"/{words.archive}/{year:04}/"
        in_year = (f"{year:04}",)
        first = Moment.of(datetime(year, 1, 1, tzinfo=UTC))
        terms.setdefault(in_year, Term("year", in_year, url, start=first))
        in_month = (*in_year, f"{month:02}")
        first = Moment.of(datetime(year, month, 1, tzinfo=UTC))
        terms[in_month] = Term("month", in_month, f"{url}{month:02}/", start=first)
    return terms


def order_categories(
    table: TermTable, name_order: NameOrder
) -> dict[tuple[str, ...], tuple[Term, ...]]:
    """Return the children of every category: those of site.yaml in its order, then the others by
    name."""
    places = {trail: number for number, trail in enumerate(table.terms)}
    children: dict[tuple[str, ...], list[Term]] = {}
    for term in table.terms.values():
        children.setdefault(term.trail[:-1], []).append(term)

    def key(term: Term) -> tuple[bool, Any]:
        if term.listed:
            return False, places[term.trail]
        return True, name_order(term.name)

    return {trail: tuple(sorted(terms, key=key)) for trail, terms in children.items()}


def depth_first(
    children: dict[tuple[str, ...], tuple[Term, ...]], trail: tuple[str, ...] = ()
) -> Iterator[Term]:
    """Yield every category below ``trail``, each before its children."""
    for term in children.get(trail, ()):
        yield term
        yield from depth_first(children, term.trail)


def _listed_categories(
    entries: tuple[CategoryEntry, ...], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], CategoryEntry]]:
    for entry in entries:
        trail = (*above, entry.name)
        yield trail, entry
        yield from _listed_categories(entry.children, trail)
