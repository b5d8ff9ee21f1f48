"""Make JSON Schemas of front matter and ``site.yaml`` from the types that validate them.

The schemas accept what ``read.schema`` accepts, and list the names that the site already uses.
Every YAML scalar may be text: ``title: 2020`` is a valid title.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args, get_origin

from msgspec import Struct

from kheo.config import CategoryEntry, SiteConfig
from kheo.model import FrontMatter, Moment
from kheo.read.schema import COLOR, MAX_CATEGORY_DEPTH, NO, SHORT_FORM, YES, Key, keys_of
from kheo.term_sources import SOURCE_OF

Schema = dict[str, Any]
DIALECT = "http://json-schema.org/draft-07/schema#"  # what VS Code's YAML extension knows best

_TEXT = ["string", "number", "boolean"]
_TIME = r"([T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
_ISO = rf"\d{{4}}-\d{{1,2}}-\d{{1,2}}{_TIME}"
_NUMERIC = rf"\d{{1,2}}([/.-])\d{{1,2}}[/.-]\d{{4}}{_TIME}"


class Names(Struct, frozen=True):
    """Names that the site uses; a category is ``A > B``.

    Of the keys in ``closed`` (``category``, ``campaign``, ``author``), no other name is allowed.
    """

    categories: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    closed: frozenset[str] = frozenset()


def names_of(config: SiteConfig, documents: list[FrontMatter]) -> Names:
    """Return the names in ``site.yaml``, in its order, then the others in alphabetical order."""
    used = {
        "category": {" > ".join(trail) for one in documents for trail in one.places if trail},
        "campaign": {name for one in documents for name in one.campaign},
        "author": {name for one in documents for name in one.author},
    }

    settings = {
        "category": config.categories_closed,
        "campaign": config.campaigns_closed,
        "author": config.authors_closed,
    }
    closed = frozenset(key for key, is_closed in settings.items() if is_closed)

    def all_of(key: str, listed: Iterator[str]) -> tuple[str, ...]:
        more = [] if key in closed else sorted(used[key])
        return tuple(dict.fromkeys((*listed, *more)))

    return Names(
        all_of("category", _trails(config.categories)),
        all_of("campaign", (one.title for one in config.campaigns)),
        all_of("author", (one.name for one in config.authors)),
        closed,
    )


def _trails(entries: tuple[CategoryEntry, ...], above: str = "") -> Iterator[str]:
    for entry in entries:
        yield above + entry.name
        yield from _trails(entry.children, f"{above}{entry.name} > ")


class _Maker(Struct, frozen=True):
    """Makes the schemas of one site. ``plain`` translates descriptions."""

    names: Names
    plain: Callable[[str], str]
    is_numeric: bool  # whether 12/02/2020 is a date
    others: bool | Schema = False  # schema of unknown keys: none allowed

    def struct(self, kind: type[Struct]) -> Schema:
        keys = keys_of(kind)
        required = [key.name for key in keys.values() if key.required]
        properties = {key.name: self.key(key) for key in keys.values()}
        made: Schema = {
            "type": "object",
            "additionalProperties": self.others,
            "properties": properties,
        }
        return made | ({"required": required} if required else {})

    def key(self, key: Key) -> Schema:
        made = self.value(key)
        if key.form == "none":
            made = {"anyOf": [made, {"const": "none"}]}
        if not key.required and key.form != "color":  # a key without a value counts as missing
            made = {"anyOf": [made, {"type": "null"}]}
        return {"description": self.plain(key.description), "examples": [key.example]} | made

    def value(self, key: Key) -> Schema:
        kind = get_origin(key.type) or key.type
        if key.form == "trail":
            return self.trail()
        if key.form == "trails":
            return _some(self.trail())
        if key.form == "names":
            return _some(self.name(key.name))
        if kind is dict:
            return {"type": "object", "additionalProperties": {"type": [*_TEXT, "null"]}}
        if kind is tuple:
            return self.structs(get_args(key.type)[0])
        if isinstance(kind, type) and issubclass(kind, Struct) and kind is not Moment:
            return self.inner(kind)
        return self.single(key)

    def structs(self, kind: type[Struct]) -> Schema:
        inner = self.inner(kind)
        return _some({"anyOf": [inner, {"type": _TEXT}]} if kind in SHORT_FORM else inner)

    def inner(self, kind: type[Struct]) -> Schema:
        """Return the schema of a nested type. Categories are recursive, so they need a ``$ref``."""
        if kind is CategoryEntry:
            return {"$ref": "#/definitions/category"}
        return self.struct(kind)

    def trail(self) -> Schema:
        known: Schema = {"enum": list(self.names.categories)}
        any_text: Schema = {"type": _TEXT}
        text = known if "category" in self.names.closed else {"anyOf": [known, any_text]}
        parts = {"type": "array", "items": any_text, "minItems": 1, "maxItems": MAX_CATEGORY_DEPTH}
        return {"anyOf": [text, parts]}

    def name(self, key: str) -> Schema:
        """Return the schema of a name: known authors and campaigns are offered.

        New ones are allowed, unless the list is closed.
        """
        known = {"author": self.names.authors, "campaign": self.names.campaigns}.get(key)
        text: Schema = {"type": _TEXT}
        if key in self.names.closed:
            return {"enum": list(known or ())}
        return {"anyOf": [{"enum": list(known)}, text]} if known else text

    def single(self, key: Key) -> Schema:
        choices = [choice for choice in get_args(key.type) if choice]
        if get_origin(key.type) is Literal:
            return {"enum": choices}
        if key.type is bool:
            words = "|".join("".join(f"[{s.upper()}{s}]" for s in word) for word in YES + NO)
            return {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": f"^({words})$"}]}
        if key.type is int:
            number = {"type": "integer", "minimum": key.least, "maximum": key.most}
            return {"anyOf": [number, {"type": "string", "pattern": "^-?[0-9]+$"}]}
        if key.type in (Moment, Moment | None):
            forms = f"{_ISO}|{_NUMERIC}" if self.is_numeric else _ISO
            return {"type": "string", "pattern": f"^({forms})$"}
        if key.form == "color":
            return {"type": "string", "pattern": f"^{COLOR.pattern}$"}
        if key.form == "http":
            return {"type": "string", "pattern": "^https?://"}
        return {"type": _TEXT}


def front_matter_schema(config: SiteConfig, names: Names, plain: Callable[[str], str]) -> Schema:
    """Return the schema of front matter. Articles have more required keys than standing pages."""
    # Equivalent to `false`, but with it, validators for Markdown report the position of an unknown key.
    maker = _Maker(names, plain, bool(config.date_order), {"not": {}})
    is_page = {"properties": {"kind": {"const": "page"}}, "required": ["kind"]}
    return {"$schema": DIALECT, "title": "Front matter"} | maker.struct(FrontMatter) | {
        "if": is_page, "then": {}, "else": {"required": ["date", "category"]},
    }  # fmt: skip


def schemas_of(config: SiteConfig, names: Names, plain: Callable[[str], str]) -> dict[str, Schema]:
    """Return all schemas by the names of their files."""
    maker = _Maker(names, plain, bool(config.date_order), {"not": {}})
    return {
        "front-matter.schema.json": front_matter_schema(config, names, plain),
        "site.schema.json": site_schema(config, plain),
        **{
            f"{kind}.schema.json": {"$schema": DIALECT, "title": kind} | maker.struct(schema)
            for kind, schema in SOURCE_OF.items()
        },
    }


def site_schema(config: SiteConfig, plain: Callable[[str], str]) -> Schema:
    """Return the schema of ``site.yaml``."""
    maker = _Maker(Names(), plain, bool(config.date_order))
    return {
        "$schema": DIALECT,
        "title": "site.yaml",
        "definitions": {"category": maker.struct(CategoryEntry)},
    } | maker.struct(SiteConfig)


def _some(item: Schema) -> Schema:
    """Return a schema that accepts one item or a list of items."""
    return {"anyOf": [item, {"type": "array", "items": item}]}
