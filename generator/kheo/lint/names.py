"""Find names of the same person or campaign that are spelled in different ways."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from unicodedata import combining, normalize

from msgspec import Struct

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.lint.source_text import Fix, SourceText
from kheo.slugs import slugify
from kheo.term_sources import kind_of_term

SITE = Place("site.yaml")
CODES = ("term-spelling", "name-variant")


class Renaming(Struct, frozen=True, array_like=True):
    """A fix: replace ``name`` on this line of the front matter with ``better``."""

    line: int
    name: str
    better: str


def find_variants(
    names: Iterable[tuple[str, Place]], listed: Mapping[str, Place]
) -> Iterator[Diagnostic]:
    """Find variants such as ``P.V.`` and ``PV``; report each use of the rarer form.

    ``names`` are the names of one taxonomy, each with the place where it is used; ``listed`` are the
    names in site.yaml and those with a source, which are correct, by where they are. Forms with the same slug are not reported here: they are
    errors of the build.
    """
    forms: dict[str, dict[str, list[Place]]] = {}
    for name, place in names:
        forms.setdefault(_bare(name), {}).setdefault(name, []).append(place)
    for name, place in listed.items():
        forms.setdefault(_bare(name), {}).setdefault(name, []).insert(0, place)
    for key, spellings in forms.items():
        if len(spellings) < 2 or not key:
            continue
        counts = Counter({name: len(places) for name, places in spellings.items()})
        usual = min(counts, key=lambda name: (name not in listed, -counts[name], name))
        for name, places in sorted(spellings.items()):
            for place in places if _is_reported(name, usual, listed) else ():
                places_of = spellings[usual]
                first = listed.get(usual) or min(places_of, key=lambda one: (one.path, one.line))
                where = f"{first.path}:{first.line}" if first.line else first.path
                yield diagnostic("name-variant", place, name=name, other=usual, place=where)


def renaming(found: Diagnostic) -> Renaming | None:
    """Return the fix for a name that is spelled differently where it is described, else None.

    That is in ``site.yaml``, or in a source of its own.
    """
    where = str(found.values.get("place", "")).partition(":")[0]
    if found.code not in CODES or not (where == SITE.path or kind_of_term(where)):
        return None
    return Renaming(found.place.line, str(found.values["name"]), str(found.values["other"]))


def rename(source: SourceText, renamings: Iterable[Renaming]) -> Iterator[Fix]:
    """Yield a fix for each name that occurs exactly once on its line of the front matter."""
    lines = source.text[: source.body].split("\n")
    for one in renamings:
        line = lines[one.line - 1] if one.line <= len(lines) else ""
        if line.count(one.name) == 1 and not set(":#\"'[]{},&*") & set(one.better):
            start = sum(len(before) + 1 for before in lines[: one.line - 1]) + line.index(one.name)
            yield Fix(start, start + len(one.name), one.better)


def _is_reported(name: str, usual: str, listed: Mapping[str, Place]) -> bool:
    return name not in listed and slugify(name) != slugify(usual)


def _bare(name: str) -> str:
    """Return a key that ignores case, spaces, punctuation, and which letter has the accent."""
    folded = normalize("NFD", name.casefold())
    letters = "".join(char for char in folded if char.isalnum())
    return letters + "".join(sorted(char for char in folded if combining(char)))
