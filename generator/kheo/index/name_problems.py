"""Names that cannot be right: not in a closed list, with the URL of another, or mistyped.

A build warns of a mistyped name only if it is nearly certain. A name that site.yaml lists, or that many
reports use, is meant as it is written.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from unicodedata import combining, normalize

from msgspec import Struct

from kheo.diagnostics import Diagnostic, Place, closest, diagnostic
from kheo.index.permalinks import place_of
from kheo.library import Taxonomy, Term
from kheo.messages.wording import Message, message
from kheo.model import Document
from kheo.spelling import (
    NearNames,
    closest_category,
    closest_name,
    differing_word,
    lacks_accents,
    same_accents,
    same_letters,
    words_of,
)

SITE = Place("site.yaml")
FEW = 5  # reports; a name that as many use is no slip
UNKNOWN: dict[Taxonomy, str] = {
    "category": "category-unknown",
    "campaign": "campaign-unknown",
    "author": "author-unknown",
}

Trail = tuple[str, ...]
Use = tuple[Trail, Document, str]  # a name, the document that uses it, the key in its front matter


class Names(Struct, frozen=True, dict=True):
    """The names of one taxonomy.

    ``terms`` has them by trail, ``clashes`` those that have one URL, ``unknown`` those that a closed
    list does not have. ``uses`` yields every use of a name, ``titles`` the titles of all reports.
    ``sources`` has where the names with a source are described.
    """

    taxonomy: Taxonomy
    terms: dict[Trail, Term]
    clashes: dict[str, list[Term]]
    unknown: set[Trail]
    uses: Callable[[], Iterable[Use]]
    titles: Callable[[], Iterable[str]]
    sources: dict[Trail, Place] = {}

    @cached_property
    def counts(self) -> Counter[Trail]:
        """Return how often each name is used; a category counts with those below it."""
        counts: Counter[Trail] = Counter()
        for trail, used in Counter(trail for trail, _, _ in self.uses()).items():
            for depth in range(1, len(trail) + 1):
                counts[trail[:depth]] += used
        return counts

    @cached_property
    def order(self) -> dict[Trail, int]:
        return {trail: number for number, trail in enumerate(self.terms)}

    def is_rare(self, trail: Trail) -> bool:
        return not self.terms[trail].listed and self.counts[trail] < FEW

    def rank(self, trail: Trail) -> tuple[bool, bool, int, int, int]:
        """Return a sort key: of two spellings of one name, the one that is probably right is first."""
        return (
            not self.terms[trail].listed,
            self.is_rare(trail),
            -_accents(trail[-1]),
            -self.counts[trail],
            self.order[trail],
        )

    def is_word(self, word: str) -> bool:
        """Return whether a title or another name has this word too: then it is no slip."""
        return word in self.title_words or self.name_words[word] > 1

    @cached_property
    def title_words(self) -> set[str]:
        return {word for title in self.titles() for word in words_of(title)}

    @cached_property
    def name_words(self) -> Counter[str]:
        return Counter(word for trail in self.terms for word in words_of(trail[-1]))


class Wrong(Struct, frozen=True):
    """Why a name is wrong. ``other`` is the name that is probably meant, if it is known."""

    code: str
    other: Trail = ()
    suggestion: str = ""
    difference: Message | None = None


def find_name_problems(names: Names) -> Iterator[Diagnostic]:
    """Yield a diagnostic for every use of a name that is wrong."""
    wrong = dict(_unknown(names)) | dict(_clashing(names))
    if not names.unknown:  # in a closed list, nothing else is missing
        wrong |= dict(_mistyped(names, set(wrong)))
    if not wrong:
        return
    places = _first_places(names, {one.other for one in wrong.values()})
    for trail in wrong:
        if names.terms[trail].listed:  # so is the other
            place = names.sources.get(trail, SITE)
            yield _diagnostic(names, trail, wrong[trail], place, places)
    for trail, document, key in names.uses():
        for depth in range(1, len(trail) + 1):
            one = wrong.get(trail[:depth])
            if one and not names.terms[trail[:depth]].listed:
                place = place_of(document, key)
                yield _diagnostic(names, trail[:depth], one, place, places)


def _unknown(names: Names) -> Iterator[tuple[Trail, Wrong]]:
    known = [" > ".join(trail) for trail, term in names.terms.items() if term.listed]
    for trail in sorted(names.unknown):
        name = " > ".join(trail)
        find = closest_category if names.taxonomy == "category" else closest_name
        suggestion = find(name, known)
        if suggestion not in known:  # `Tin tức > X` for `Tin tuc > X`: it is not listed either
            suggestion = closest(name, known)
        yield trail, Wrong(UNKNOWN[names.taxonomy], suggestion=suggestion)


def _clashing(names: Names) -> Iterator[tuple[Trail, Wrong]]:
    """Yield the names that have the URL of another one, except those below such a category."""
    seen: set[Trail] = set()
    for terms in names.clashes.values():
        trails = sorted((term.trail for term in terms), key=names.rank)
        for trail in trails[1:]:
            seen.add(trail)
            if not any(trail[:depth] in seen for depth in range(1, len(trail))):
                yield trail, _clash(trail, trails[0])


def _clash(trail: Trail, other: Trail) -> Wrong:
    mine, others = _folded(trail), _folded(other)
    if mine == others:
        return Wrong("term-spelling", other, difference=message("capital letters"))
    if _accents_apart(mine) == _accents_apart(others):  # hoà, hòa
        return Wrong("term-spelling", other, difference=message("the position of an accent"))
    return Wrong("term-twice", other)


def _mistyped(names: Names, wrong: set[Trail]) -> Iterator[tuple[Trail, Wrong]]:
    """Yield the rare names that are a slip away from a better one beside them."""
    rare = [trail for trail in names.terms if trail not in wrong and names.is_rare(trail)]
    if not rare:
        return
    beside: dict[Trail, list[Trail]] = {}  # by the category above
    for trail in sorted(names.terms, key=names.rank):
        beside.setdefault(trail[:-1], []).append(trail)
    near = {
        above: NearNames(trail[-1] for trail in trails)
        for above, trails in beside.items()
        if any(trail[:-1] == above for trail in rare)
    }
    for trail in rare:
        above = trail[:-1]
        for name in near[above].of(trail[-1]):
            other = (*above, name)
            if names.rank(other) < names.rank(trail) and _is_slip(names, trail[-1], name):
                yield trail, Wrong("name-close", other)
                break


def _is_slip(names: Names, name: str, other: str) -> bool:
    """Return whether ``name`` is nearly certainly ``other``, mistyped.

    Authors whose names are a letter apart may be two people.
    """
    if same_letters(name, other):
        if same_accents(name, other):
            # `check` reports this of people and campaigns: it can be fixed there.
            return names.taxonomy == "category"
        return lacks_accents(name, other)
    word = differing_word(name, other)
    return names.taxonomy != "author" and bool(word) and not names.is_word(word)


def _first_places(names: Names, wanted: set[Trail]) -> dict[Trail, str]:
    """Return where each of the ``wanted`` names is found first, as ``a.md:4``."""
    found = {trail: SITE.path for trail in wanted if trail and names.terms[trail].listed}
    described = {trail: names.sources[trail] for trail in found.keys() & names.sources.keys()}
    found |= {trail: f"{place.path}:{place.line}" for trail, place in described.items()}
    for trail, document, key in names.uses():
        for depth in range(1, len(trail) + 1):
            if trail[:depth] in wanted and trail[:depth] not in found:
                place = place_of(document, key)
                found[trail[:depth]] = f"{place.path}:{place.line}"
    return found


def _diagnostic(
    names: Names, trail: Trail, wrong: Wrong, place: Place, places: dict[Trail, str]
) -> Diagnostic:
    name = " > ".join(trail)
    if wrong.code in UNKNOWN.values():
        return diagnostic(wrong.code, place, value=name, suggestion=wrong.suggestion)
    values: dict[str, object] = {"other": " > ".join(wrong.other), "place": places[wrong.other]}
    if wrong.difference:
        values["difference"] = wrong.difference
    return diagnostic(wrong.code, place, name=name, url=names.terms[trail].url, **values)


def _folded(trail: Trail) -> str:
    return normalize("NFC", " > ".join(" ".join(name.split()) for name in trail)).casefold()


def _accents(name: str) -> int:
    return sum(bool(combining(char)) for char in normalize("NFD", name)) + name.casefold().count(
        "đ"
    )


def _accents_apart(name: str) -> list[tuple[str, list[str]]]:
    """Return the bare letters and the sorted accents of each word: equal for ``hoà`` and
    ``hòa``."""
    return [
        ("".join(char for char in word if not combining(char)), sorted(filter(combining, word)))
        for word in normalize("NFD", name.casefold()).split()
    ]
