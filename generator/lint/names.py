"""Names that stand for one person or one campaign, and are written in two ways."""

from collections import Counter
from collections.abc import Iterable, Iterator
from unicodedata import combining, normalize

from generator.diagnostics import Diagnostic, Place, diagnostic
from generator.slugs import slugify


def find_variants(names: Iterable[tuple[str, Place]]) -> Iterator[Diagnostic]:
    """``P.V.`` beside ``PV``, ``Thu Hà`` beside ``ThuHà``: told at each place of the rarer form.

    ``names`` are those of one taxonomy, each with the place where it is used. Forms that would
    share an address are errors of the build, and not told here.
    """
    forms: dict[str, dict[str, list[Place]]] = {}
    for name, place in names:
        forms.setdefault(_bare(name), {}).setdefault(name, []).append(place)
    for key, spellings in forms.items():
        if len(spellings) < 2 or not key:
            continue
        counts = Counter({name: len(places) for name, places in spellings.items()})
        usual = min(counts, key=lambda name: (-counts[name], name))
        for name, places in sorted(spellings.items()):
            for place in places if slugify(name) != slugify(usual) else ():
                first = min(spellings[usual], key=lambda one: (one.path, one.line))
                where = f"{first.path}:{first.line}" if first.line else first.path
                yield diagnostic("name-variant", place, name=name, other=usual, place=where)


def _bare(name: str) -> str:
    """Letters and digits alone, with each word's accents wherever they stand."""
    folded = normalize("NFD", name.casefold())
    letters = "".join(sign for sign in folded if sign.isalnum())
    return letters + "".join(sorted(sign for sign in folded if combining(sign)))
