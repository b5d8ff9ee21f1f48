"""The catalogue: the files of the search index that are not shards, each with the digest of its inputs.

``content`` is called only where these inputs are new: with 10,000 reports, most blocks of records stay.
"""

from collections.abc import Callable, Iterator
from functools import partial

import msgspec
from msgspec import Struct

from kheo.library import Article, Library, Taxonomy, TermKey
from kheo.plan.articles import downloads
from kheo.plan.context import Context
from kheo.plan.resolved import Resolved
from kheo.routes import digest
from kheo.search.postings import PLACES
from kheo.search.records import Record, block_bits, block_name, encode_json
from kheo.search.vocabulary import READ_TITLES, encode_suggestions
from kheo.search.words import plain_text

# Terms are numbered in this order: a new author changes no number of a category or campaign.
TERMS: tuple[Taxonomy, ...] = ("category", "campaign", "author")
PAGES = (
    "pages"  # not published as a file of its own: every query looks into it, so the entry has it
)
TEXT = 2_000  # characters of a standing page in which words are looked for
Bodies = Callable[[list[str]], dict[str, str]]  # from digests to HTML
_pack = msgspec.msgpack.Encoder().encode


class CatalogueFile(Struct, frozen=True):
    """A file of the index: its name without digest, and its uncompressed bytes when they are needed.

    The same ``inputs`` give the same bytes.
    """

    name: str
    inputs: bytes
    content: Callable[[Bodies], bytes]


class CataloguePlan(Struct, frozen=True):
    """All files of a catalogue. Blocks of records have names that begin with ``r``."""

    block_bits: int
    files: tuple[CatalogueFile, ...]


def plan_catalogue(
    context: Context, resolved: dict[str, Resolved], numbers: dict[str, int]
) -> CataloguePlan:
    """Plan the catalogue. ``numbers`` are those of the reports in the index, by path."""
    bits = block_bits(list(numbers.values()))
    ids = term_ids(context.library)
    titles = [one.document.meta.title for one in context.library.articles[:READ_TITLES]]
    files = (
        *_record_files(context, resolved, numbers, bits, ids),
        _pages_file(context),
        _file("facets", _facets(context, numbers, ids)),
        CatalogueFile(
            "suggestions",
            digest("\n".join(titles).encode()),
            lambda _: encode_suggestions(titles),
        ),
    )
    return CataloguePlan(bits, files)


def term_ids(library: Library) -> dict[TermKey, int]:
    """Return the numbers of terms: their positions among those of ``pages``."""
    keys = (term.key for taxonomy in TERMS for term in library.terms[taxonomy])
    return {key: number for number, key in enumerate(keys)}


def _file(name: str, value: object) -> CatalogueFile:
    """A file that costs nothing to make: its inputs are its bytes."""
    data = encode_json(value)
    return CatalogueFile(name, digest(data), lambda _: data)


# --- records -------------------------------------------------------------------------------------


class RecordInputs(Struct, frozen=True, gc=False):
    """Everything that the record of one report is made from, besides what all share."""

    article: Article
    resolved: Resolved
    number: int
    category: int
    authors: tuple[int, ...]

    def digest(self) -> bytes:
        """Only addresses of attachments are shown of what the report refers to."""
        document = self.article.document
        return b"%s%s %d %d %s %s\n" % (
            document.facts,
            self.article.url.encode(),
            self.number,
            self.category,
            ",".join(map(str, self.authors)).encode(),
            self.resolved.digest if document.meta.attachments else b"",
        )


def _record_files(
    context: Context,
    resolved: dict[str, Resolved],
    numbers: dict[str, int],
    bits: int,
    ids: dict[TermKey, int],
) -> Iterator[CatalogueFile]:
    blocks: dict[str, list[RecordInputs]] = {}
    for article in reversed(context.library.articles):
        path = article.document.path
        inputs = RecordInputs(
            article,
            resolved[path],
            numbers[path],
            ids[article.category.key],
            tuple(ids[term.key] for term in article.authors),
        )
        blocks.setdefault(block_name(inputs.number, bits), []).append(inputs)
    config, language, shared = context.config, context.language, context.shared
    frame = digest(_pack((shared, config.language, language.dates)))
    for name, block in sorted(blocks.items()):
        block.sort(key=lambda one: one.number)
        joined = digest(frame + b"".join([one.digest() for one in block]))
        yield CatalogueFile(f"r{name}", joined, partial(_records, context, block))


def _records(context: Context, block: list[RecordInputs], _: Bodies) -> bytes:
    from kheo.formats import date_filter, find_locale  # Babel: 0.05 s

    date = date_filter(find_locale(context.config.language), context.language.dates)
    shared = context.shared
    return encode_json(
        [
            Record(
                one.number,
                one.article.document.meta.title,
                shared.href(one.article.url),
                date(one.article.date),
                one.article.date.at.date().isoformat(),
                one.category,
                one.authors,
                one.article.document.summary,
                tuple(
                    (file.title, file.url)
                    for file in downloads(shared, one.article.document, one.resolved)
                ),
            )
            for one in block
        ]
    )


# --- pages, facets -------------------------------------------------------------------------------


def _pages_file(context: Context) -> CatalogueFile:
    """What is not a report: terms, standing pages with the beginning of their text, months."""
    library, shared, members = context.library, context.shared, context.members
    terms = [
        (term.taxonomy, term.trail, shared.href(term.url), len(members(term)))
        for taxonomy in TERMS
        for term in library.terms[taxonomy]
    ]
    months = [
        (int(term.trail[0]), int(term.trail[1]), shared.href(term.url), len(members(term)))
        for term in library.terms["month"]
    ]
    months += [
        (int(term.trail[0]), 0, shared.href(term.url), len(members(term)))
        for term in library.terms["year"]
    ]
    pages = [
        (one.document.meta.title, shared.href(one.url), one.document.bodies)
        for one in library.pages
    ]

    def content(bodies: Bodies) -> bytes:
        texts = [(title, url, text_of(bodies, parts)) for title, url, parts in pages]
        return encode_json({"terms": terms, "pages": texts, "months": months})

    return CatalogueFile(PAGES, digest(_pack((terms, pages, months))), content)


def text_of(bodies: Bodies, parts: tuple[str, ...]) -> str:
    """Return the beginning of a text without markup, on one line."""
    html = bodies(list(dict.fromkeys(parts)))
    words = plain_text(" ".join(html[part] for part in parts)).split()
    return " ".join(words)[:TEXT].rstrip()


def _facets(context: Context, numbers: dict[str, int], ids: dict[TermKey, int]) -> object:
    """What results are filtered by: columns, a value in each for every report, oldest first."""
    rows = sorted(
        ((numbers[one.document.path], one) for one in context.library.articles),
        key=lambda row: row[0],
    )
    before = 0
    days: list[int] = []
    for number, _ in rows:
        day = number // PLACES
        days.append(day - before)
        before = day
    return {
        "days": days,
        "places": [number % PLACES for number, _ in rows],
        "category": [ids[one.category.key] for _, one in rows],
        # Few reports are in several categories, so these are not a column.
        "also": {
            str(row): [ids[term.key] for term in one.also]
            for row, (_, one) in enumerate(rows)
            if one.also
        },
        "campaigns": [[ids[term.key] for term in one.campaigns] for _, one in rows],
        "authors": [[ids[term.key] for term in one.authors] for _, one in rows],
    }
