"""The names that are new since the last build: one of them may be an old one, mistyped."""

from collections.abc import Iterable

from msgspec import Struct

from kheo.library import Library, Taxonomy, Term
from kheo.spelling import NearNames, closest_category, same_letters
from kheo.store.store import Store

MEMO = "names"
NAMED: tuple[Taxonomy, ...] = ("category", "campaign", "author")


class NewName(Struct, frozen=True):
    """A name that the last build did not have, and the one that was probably meant, or nothing.

    A category is written ``A > B``.
    """

    taxonomy: Taxonomy
    name: str
    suggestion: str = ""


class SiteNames(Struct, frozen=True):
    """All names of a site, by taxonomy, and those that are new."""

    known: dict[str, list[str]]
    new: tuple[NewName, ...]


def find_new_names(store: Store, library: Library) -> SiteNames:
    """Compare the names of the site with those that the last build published.

    Names in site.yaml are never new. Without an earlier build in the store, none is: a list of all
    names would help nobody.
    """
    names: dict[str, list[str]] = {
        taxonomy: list(map(_name, library.terms[taxonomy])) for taxonomy in NAMED
    }
    known = store.memo(MEMO, "", dict[str, list[str]])
    if known is None:
        return SiteNames(names, ())
    new = [
        one
        for taxonomy in NAMED
        for one in _new(taxonomy, library.terms[taxonomy], known.get(taxonomy, []))
    ]
    return SiteNames(names, tuple(new))


def remember_names(store: Store, names: SiteNames | None) -> None:
    """Save the names of the published site; ``None`` means that they are the same as before."""
    if names is None or store.memo(MEMO, "", dict[str, list[str]]) == names.known:
        return
    store.set_memo(MEMO, "", names.known)


def _new(taxonomy: Taxonomy, terms: Iterable[Term], known: list[str]) -> Iterable[NewName]:
    terms = list(terms)
    listed = [_name(term) for term in terms if term.listed]
    before = list(dict.fromkeys([*listed, *known]))
    new = [term for term in terms if _name(term) not in set(before)]
    if not new:
        return []
    above = {term.trail[:depth] for term in new for depth in range(1, len(term.trail))}
    shown = [_name(term) for term in new if term.trail not in above]
    if taxonomy == "category":
        return [NewName(taxonomy, name, closest_category(name, before)) for name in shown]
    near = NearNames(before)
    return [NewName(taxonomy, name, _closest(name, near)) for name in shown]


def _closest(name: str, near: NearNames) -> str:
    return min(near.of(name), key=lambda one: not same_letters(name, one), default="")


def _name(term: Term) -> str:
    return " > ".join(term.trail)
