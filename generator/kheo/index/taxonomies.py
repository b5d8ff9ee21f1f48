"""The terms of a site: categories, campaigns, authors, years and months, each with its URL."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from kheo.config import CategoryEntry, SiteConfig, UrlWords
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.index.name_problems import SITE, Names, Use, find_name_problems
from kheo.index.permalinks import place_of
from kheo.index.term_sources import TermSources, facts_of
from kheo.library import Taxonomy, Term
from kheo.model import Document, Moment
from kheo.slugs import check_slug, slugify

NameOrder = Callable[[str], Any]
Uses = Callable[[], Iterator[Use]]

NOWHERE = "/-/"  # in the URLs of names that are errors; no slug is `-`
NOT_LISTED = Term("category", (), NOWHERE)


class TermTable:
    """The terms of one taxonomy, collected one by one.

    ``found`` are the names whose URL is empty or reserved. ``clashes`` has the terms that have one URL,
    ``unknown`` the names that a closed list does not have; ``name_problems`` reports these.
    """

    def __init__(self, taxonomy: Taxonomy, prefix: str, sources: TermSources) -> None:
        self.taxonomy: Taxonomy = taxonomy
        self.sources = dict(sources.of(taxonomy))
        self.prefix = prefix
        self.terms: dict[tuple[str, ...], Term] = {}
        self.found: list[Diagnostic] = []
        self.clashes: dict[str, list[Term]] = {}  # by URL
        self.unknown: set[tuple[str, ...]] = set()
        self._owners: dict[str, Term] = {}  # by URL

    def add(self, trail: tuple[str, ...], place: Place, slug: str = "", **facts: object) -> Term:
        """Return the term for ``trail``; add it if it is new. Add parents before their children."""
        known = self.terms.get(trail)
        if known and not facts:
            return known
        parent = self.terms[trail[:-1]].url if len(trail) > 1 else self.prefix
        url = f"{parent}{slug or self._slug(trail[-1], place)}/"
        term = Term(self.taxonomy, trail, url, **facts)  # type: ignore[arg-type]
        owner = self._owners.setdefault(url, term)
        if owner.trail != trail:
            self.clashes.setdefault(url, [owner]).append(term)
        self.terms.setdefault(trail, term)
        return self.terms[trail]

    def add_listed(self, trail: tuple[str, ...], slug: str, **facts: object) -> None:
        """Add a term of site.yaml, which may have a source: then its source says everything else."""
        source = self.sources.get(trail)
        if source is None:
            self.add(trail, SITE, slug, listed=True, **facts)
            return
        if slug or any(facts.values()):
            name, place = " > ".join(trail), place_of(source, "name")
            self.found.append(diagnostic("term-described-twice", place, name=name, other=SITE.path))
        self._add_source(trail, source)

    def add_sources(self) -> None:
        """Add the terms that have a source and are not in site.yaml."""
        for trail, source in self.sources.items():
            for depth in range(1, len(trail)):
                self.add(trail[:depth], place_of(source, "name"))
            self._add_source(trail, source)

    def _add_source(self, trail: tuple[str, ...], source: Document) -> None:
        if source.term and not self.terms.get(trail, NOT_LISTED).listed:
            self.add(trail, place_of(source, "name"), source.term.slug, **facts_of(source))

    def add_used(self, uses: Uses, is_closed: bool) -> None:
        """Add the names that documents use. If the list is closed, note those it does not have."""
        for trail, document, key in uses():
            if trail in self.terms:
                continue
            if not is_closed:
                place = place_of(document, key)
                for depth in range(1, len(trail) + 1):
                    self.add(trail[:depth], place)
                continue
            self.unknown.add(trail)
            for depth in range(1, len(trail) + 1):
                # The build fails; this URL is not used.
                unused = Term(self.taxonomy, trail[:depth], NOWHERE)
                self.terms.setdefault(unused.trail, unused)

    @property
    def places(self) -> dict[tuple[str, ...], Place]:
        """Return where the terms are described that have a source."""
        return {trail: place_of(source, "name") for trail, source in self.sources.items()}

    def _slug(self, name: str, place: Place) -> str:
        slug = slugify(name)
        if not slug:
            self.found.append(diagnostic("slug-empty", place, name=name))
        elif problem := check_slug(slug):
            code, values = problem
            self.found.append(diagnostic(code, place, **values))
        return slug or "-"


def gather_categories(
    config: SiteConfig, documents: Sequence[Document], sources: TermSources
) -> TermTable:
    """Return the categories of site.yaml, in its order, those with a source, then those that only
    articles name."""

    def uses() -> Iterator[Use]:
        for document in documents:
            if document.meta.category:  # it is missing in a source with errors
                yield document.meta.category, document, "category"
            for number, trail in enumerate(document.meta.also):
                yield trail, document, f"also.{number}"

    table = TermTable("category", "/", sources)
    for trail, entry in _listed_categories(config.categories, ()):
        table.add_listed(trail, entry.slug, text=entry.description, aliases=entry.aliases)
    return _complete(table, uses, documents, config.categories_closed)


def gather_campaigns(
    config: SiteConfig, words: UrlWords, documents: Sequence[Document], sources: TermSources
) -> TermTable:
    """Return the campaigns of site.yaml, those with a source, then those that only articles name."""

    def uses() -> Iterator[Use]:
        for document in documents:
            for number, name in enumerate(document.meta.campaign):
                yield (name,), document, f"campaign.{number}"

    table = TermTable("campaign", f"/{words.campaigns}/", sources)
    for entry in config.campaigns:
        table.add_listed(
            (entry.title,),
            entry.slug,
            text=entry.description,
            start=entry.start,
            end=entry.end,
            aliases=entry.aliases,
        )
    return _complete(table, uses, documents, config.campaigns_closed)


def gather_authors(
    config: SiteConfig, words: UrlWords, documents: Sequence[Document], sources: TermSources
) -> TermTable:
    """Return the authors of site.yaml, those with a source, then those that only articles name."""

    def uses() -> Iterator[Use]:
        for document in documents:
            for number, name in enumerate(document.meta.author):
                yield (name,), document, f"author.{number}"

    table = TermTable("author", f"/{words.authors}/", sources)
    for entry in config.authors:
        table.add_listed((entry.name,), entry.slug, text=entry.role, aliases=entry.aliases)
    return _complete(table, uses, documents, config.authors_closed)


def _complete(
    table: TermTable, uses: Uses, documents: Sequence[Document], is_closed: bool
) -> TermTable:
    """Add the names that documents use, and report those that are wrong."""
    table.add_sources()
    table.add_used(uses, is_closed)
    titles = partial(map, _title_of, documents)
    names = Names(
        table.taxonomy, table.terms, table.clashes, table.unknown, uses, titles, table.places
    )
    table.found += find_name_problems(names)
    return table


def _title_of(document: Document) -> str:
    return document.meta.title


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
