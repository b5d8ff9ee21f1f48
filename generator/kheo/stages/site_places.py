"""Where in ``site.yaml`` a problem is: settings are values, which do not know their lines."""

from collections.abc import Iterator

from msgspec import structs

from kheo.diagnostics import Diagnostic, Place
from kheo.model import Position
from kheo.read.site_file import site_tree
from kheo.read.sources import SITE_FILE
from kheo.read.yaml_nodes import Mapping, Node, Scalar

Places = dict[tuple[str, str], list[Position]]  # by the key and the text

_TWICE = "term-described-twice"
# What a diagnostic quotes, and the keys under which site.yaml may have it.
_QUOTED = {
    "alias": ("aliases",),
    "url": ("aliases", "gone"),
    "target": ("link",),
    "name": ("name", "title"),
}


def with_places(found: list[Diagnostic], site_file: bytes) -> list[Diagnostic]:
    """Return the diagnostics, those of ``site.yaml`` with a line and a column where possible."""
    bare = Place(SITE_FILE)
    if not any(d.place == bare or d.code == _TWICE for d in found):
        return found
    places = _places(site_file)
    found = [_with_both(d, places) if d.code == _TWICE else d for d in found]
    return [structs.replace(d, place=_place(d, places)) if d.place == bare else d for d in found]


def _with_both(found: Diagnostic, places: Places) -> Diagnostic:
    """Return a problem of a source and site.yaml, with the line in site.yaml too."""
    at = _place(structs.replace(found, place=Place(SITE_FILE)), places)
    other = f"{SITE_FILE}:{at.line}" if at.line else SITE_FILE
    return structs.replace(found, values={**found.values, "other": other})


def _place(found: Diagnostic, places: Places) -> Place:
    for value, keys in _QUOTED.items():
        for key in keys if value in found.values else ():
            if key == "aliases" and found.code == "gone-live":
                continue
            if ats := places.get((key, _plain(str(found.values[value])))):
                at = ats[-1 if found.code == "alias-twice" else 0]  # the second one is wrong
                return found.place.at(at.line, at.column)
    return found.place


def _places(site_file: bytes) -> Places:
    root = site_tree(site_file)
    places: Places = {}
    for key, scalar in _scalars(root, "") if root else ():
        places.setdefault((key, _plain(scalar.value)), []).append(scalar.at)
    return places


def _scalars(node: Node, key: str) -> Iterator[tuple[str, Scalar]]:
    if isinstance(node, Scalar):
        yield key, node
    elif isinstance(node, Mapping):
        for name, (_, value) in node.items.items():
            yield from _scalars(value, name)
    else:
        for item in node.items:
            yield from _scalars(item, key)


def _plain(text: str) -> str:
    """``/a`` and ``/a/`` are one alias; so are ``A > B`` and ``B``, the name of a category."""
    return text.rpartition(" > ")[2].strip().rstrip("/")
