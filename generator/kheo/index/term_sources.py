"""The sources of terms: which document describes which category, campaign or author."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from kheo.diagnostics import Diagnostic, diagnostic
from kheo.index.permalinks import place_of
from kheo.library import Taxonomy, TermKey
from kheo.model import Document
from kheo.term_sources import SOURCE_OF, CampaignSource, TermSource

_KINDS = {schema: kind for kind, schema in SOURCE_OF.items()}


class TermSources(Struct, frozen=True):
    """The document of each term with a source.

    ``superfluous`` has the paths of further sources of the same terms, ``found`` reports them.
    """

    documents: dict[TermKey, Document]
    superfluous: frozenset[str]
    found: list[Diagnostic]

    def of(self, taxonomy: Taxonomy) -> Iterator[tuple[tuple[str, ...], Document]]:
        """Yield the terms of a taxonomy in order, parents before their children."""
        own = [(key[1], one) for key, one in self.documents.items() if key[0] == taxonomy]
        yield from sorted(own, key=lambda one: (len(one[0]), _weight(one[1]), one[1].path))


def gather_sources(documents: Iterable[Document]) -> TermSources:
    """Return the sources of terms among the documents. Of two of one term, the first counts."""
    first: dict[TermKey, Document] = {}
    superfluous: set[str] = set()
    found: list[Diagnostic] = []
    for document in documents:
        if document.term is None or not any(document.term.trail):  # it has no name, or none yet
            continue
        key = key_of(document.term)
        other = first.setdefault(key, document)
        if other is not document:
            superfluous.add(document.path)
            place = place_of(other, "name")
            found.append(
                diagnostic(
                    "term-source-twice",
                    place_of(document, "name"),
                    name=" > ".join(key[1]),
                    other=f"{place.path}:{place.line}",
                )
            )
    return TermSources(first, frozenset(superfluous), found)


def key_of(term: TermSource) -> TermKey:
    return _KINDS[type(term)], term.trail


def facts_of(document: Document) -> dict[str, object]:
    """Return what pages may show of a term: the fields of ``Term`` that its source gives.

    A source with errors has no bodies. It gives only the name, which its reports may use.
    """
    term = document.term
    if term is None or not document.bodies:
        return {"listed": True}
    facts: dict[str, object] = {"text": term.text, "aliases": term.aliases, "listed": True}
    if isinstance(term, CampaignSource):
        facts |= {"start": term.start, "end": term.end}
    return facts


def _weight(document: Document) -> int:
    return getattr(document.term, "weight", 0)
