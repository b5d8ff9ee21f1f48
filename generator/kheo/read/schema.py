"""Convert YAML nodes to the types of front matter and site.yaml, and report mistakes with positions.

The types are the schema: the fields of a Struct are the keys, the annotations say how to convert a
text to a value, and ``Meta`` has the example for messages.
"""

import re
from contextlib import suppress
from datetime import tzinfo
from functools import cache
from typing import Annotated, Any, Literal, NoReturn, TypeVar, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Meta, Struct, structs
from msgspec.structs import FieldInfo, fields

from kheo.config import DateOrder
from kheo.diagnostics import Findings, Place, closest
from kheo.messages.wording import message
from kheo.model import Attachment, Moment, Position
from kheo.read.moments import parse_moment
from kheo.read.yaml_nodes import Mapping, Node, Scalar, Sequence

T = TypeVar("T", bound=Struct)

YES, NO = ("true", "yes", "on"), ("false", "no", "off")
MAX_CATEGORY_DEPTH = 8
FAMILY = re.compile(r"[^\W_](?:[\w .&+-]{0,78}\w)?")  # goes into the style sheet, in quotes
COLOR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")
# A key that has another place now, and what to write there.
MOVED = {"publisher.logo": "look: {logo: look/logo.svg}"}
# The name that a key of other files has in this one: a report has a title, a term has a name.
CALLED = {"title": "name", "image": "photo", "image_alt": "photo_alt", "summary": "description"}
# A value of one of these types may be written as a text, which becomes the value of this field.
SHORT_FORM: dict[type, str] = {Attachment: "file"}


class _BadValueError(Exception):
    """The value is wrong, and has been reported."""


class Key(Struct, frozen=True):
    """What the schema says about one key. ``least`` and ``most`` limit a number, ``longest`` a list."""

    name: str
    type: Any
    form: str
    example: str
    description: str
    least: int
    most: int
    longest: int | None
    required: bool


@cache
def keys_of(schema: type[Struct]) -> dict[str, Key]:
    """Return the keys of a Struct by name, in order."""
    hints = get_type_hints(schema, include_extras=True)
    return {field.name: _key(field, hints[field.name]) for field in fields(schema)}


def _key(field: FieldInfo, hint: Any) -> Key:
    bare, notes = hint, []
    while get_origin(bare) is Annotated:
        bare, *more = get_args(bare)
        notes += [note for note in more if isinstance(note, Meta)]
    return Key(
        name=field.name,
        type=bare,
        form=next((note.extra["form"] for note in notes if note.extra), ""),
        example=str(next((note.examples[0] for note in notes if note.examples), "")),
        description=next((note.description for note in notes if note.description), ""),
        least=int(next((note.ge for note in notes if note.ge is not None), 0)),
        most=int(next((note.le for note in notes if note.le is not None), 0)),
        longest=next((note.max_length for note in notes if note.max_length is not None), None),
        required=field.default is NODEFAULT and field.default_factory is NODEFAULT,
    )


class Reader:
    """Converts the nodes of one file.

    ``positions`` has the position of each key. ``misspelt`` has the keys that unknown keys were
    probably meant to be; they are not reported as missing too. ``valid`` has the valid values of the
    last mapping that was read.
    """

    def __init__(self, place: Place, zone: tzinfo, order: DateOrder, findings: Findings) -> None:
        self.place = place
        self.zone = zone
        self.order: DateOrder = order
        self.findings = findings
        self.positions: dict[str, Position] = {}
        self.misspelt: set[str] = set()
        self.valid: dict[str, Any] = {}

    def report(self, code: str, at: Position, **values: object) -> None:
        self.findings.report(code, self.place.at(at.line, at.column), **values)

    def struct(self, node: Mapping, schema: type[T], path: str = "") -> T | None:
        """Return the Struct that ``node`` describes; ``None`` if a key is wrong or missing."""
        keys = keys_of(schema)
        before = len(self.findings.list)
        values: dict[str, Any] = {}
        for name, (at, value) in node.items.items():
            self.positions[path + name] = at
            if path + name in MOVED:
                self.report("key-moved", at, key=name, now=MOVED[path + name])
            elif name not in keys:
                meant = CALLED.get(name, "")
                meant = meant if meant in keys else closest(name, list(keys))
                self.misspelt.add(path + meant)
                self.report("unknown-key", at, key=name, known=", ".join(keys), suggestion=meant)
            elif not _is_left_out(value, keys[name]):
                with suppress(_BadValueError):
                    values[name] = self.value(value, keys[name], path + name)
        for key in keys.values():
            is_there = key.name in node.items or path + key.name in self.misspelt
            if key.required and not is_there:
                self.report("missing-key", node.at, key=key.name, example=key.example)
        self.valid = values
        return schema(**values) if len(self.findings.list) == before else None

    def value(self, node: Node, key: Key, path: str) -> Any:
        """Return the value of one key. Raises _BadValueError if it is wrong."""
        kind = get_origin(key.type) or key.type
        if key.form == "trail":
            return self.trail(node, key, path)
        if key.form == "trails":
            return self.trails(node, key, path)
        if key.form == "names":
            return self.texts(node, key, path)
        if kind is dict:
            return self.map(node, key, path)
        if key.form == "color":
            return self.color(node, key)
        if kind is tuple:
            return self.structs(node, get_args(key.type)[0], key, path)
        if isinstance(kind, type) and issubclass(kind, Struct) and kind is not Moment:
            return self.inner(node, kind, key, path)
        return self.single(self.text(node, key), node.at, key)

    def text(self, node: Node, key: Key) -> str:
        if not isinstance(node, Scalar):
            is_list = isinstance(node, Sequence)
            self.bad(
                "wrong-type",
                node.at,
                key=key.name,
                wanted=message("one value"),
                found=message("a list") if is_list else message("keys and values"),
                example=_example(key),
            )
        text = " ".join(node.value.split())
        if not text:
            self.bad("empty-value", node.at, key=key.name)
        return text

    def single(self, text: str, at: Position, key: Key) -> Any:
        choices = [str(choice) for choice in get_args(key.type) if choice]
        if get_origin(key.type) is Literal:
            if text not in choices:
                self.bad(
                    "value-choice",
                    at,
                    key=key.name,
                    value=text,
                    choices=", ".join(choices),
                    suggestion=closest(text, choices),
                )
            return text
        if key.type is bool:
            return self.boolean(text, at, key)
        if key.type is int:
            return self.integer(text, at, key)
        if key.type in (Moment, Moment | None):
            return self.moment(text, at)
        if key.form == "family" and not FAMILY.fullmatch(text):
            self.bad("font-family", at, value=text)
        if key.form == "http" and not text.startswith(("https://", "http://")):
            self.bad("url-scheme", at, key=key.name, example=key.example)
        return text

    def color(self, node: Node, key: Key) -> str:
        """Return a colour as ``#rrggbb``."""
        if is_empty(node):
            self.bad("color-empty", node.at, key=key.name, example=_example(key))
        text = self.text(node, key)
        if not COLOR.fullmatch(text):
            suggestion = suggest_color(text)
            self.bad("color-form", node.at, value=text, key=key.name, example=_example(key),
                     suggestion=suggestion)  # fmt: skip
        digits = text[1:].lower()
        return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))

    def boolean(self, text: str, at: Position, key: Key) -> bool:
        if text.lower() not in YES + NO:
            self.bad(
                "wrong-type",
                at,
                key=key.name,
                wanted=message("`true` or `false`"),
                found=f"“{text}”",
                example=_example(key),
            )
        return text.lower() in YES

    def integer(self, text: str, at: Position, key: Key) -> int:
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 12):
            self.bad(
                "wrong-type",
                at,
                key=key.name,
                wanted=message("a whole number"),
                found=f"“{text}”",
                example=_example(key),
            )
        if not key.least <= int(text) <= key.most:
            self.bad("value-range", at, key=key.name, least=key.least, most=key.most)
        return int(text)

    def moment(self, text: str, at: Position) -> Moment:
        moment = parse_moment(text, self.zone, self.order)
        if isinstance(moment, tuple):
            code, values = moment
            self.bad(code, at, **values)
        return moment

    def items(self, node: Node, key: Key) -> tuple[Node, ...]:
        """Return the items of a list; a single value counts as a list."""
        items = node.items if isinstance(node, Sequence) else (node,)
        if key.longest is not None and len(items) > key.longest:
            at = items[key.longest].at
            self.bad("list-too-long", at, key=key.name, limit=key.longest)
        return items

    def texts(self, node: Node, key: Key, path: str) -> tuple[str, ...]:
        """Return the texts of a list without duplicates; a single text counts as a list."""
        items = self.items(node, key)
        for number, item in enumerate(items):
            self.positions[f"{path}.{number}"] = item.at
        return tuple(dict.fromkeys(self.text(item, key) for item in items))

    def trail(self, node: Node, key: Key, path: str) -> tuple[str, ...]:
        """Return the names of a category's path, written as ``A > B > C`` or as a list."""
        if isinstance(node, Sequence):
            names = self.texts(node, key, path)
        else:
            text = self.text(node, key)
            names = tuple(name.strip() for name in text.split(">"))
            if not all(names):
                self.bad("category-segment", node.at, value=text)
        if len(names) > MAX_CATEGORY_DEPTH:
            self.bad("category-depth", node.at, limit=MAX_CATEGORY_DEPTH)
        return names

    def trails(self, node: Node, key: Key, path: str) -> tuple[tuple[str, ...], ...]:
        """Return the paths of several categories without duplicates; a single one counts as a list."""
        items = self.items(node, key)
        found: dict[tuple[str, ...], Position] = {}
        for item in items:
            with suppress(_BadValueError):
                found.setdefault(self.trail(item, key, path), item.at)
        for number, at in enumerate(found.values()):
            self.positions[f"{path}.{number}"] = at
        return tuple(found)

    def structs(self, node: Node, schema: type[Struct], key: Key, path: str) -> tuple[Struct, ...]:
        items = self.items(node, key)
        short = SHORT_FORM.get(schema)
        structs: list[Struct] = []
        for number, item in enumerate(items):
            inner = f"{path}.{number}"
            self.positions[inner] = item.at
            with suppress(_BadValueError):
                if short and isinstance(item, Scalar):
                    structs.append(schema(**{short: self.text(item, key)}))
                else:
                    structs.append(self.inner(item, schema, key, inner))
        return tuple(structs)

    def map(self, node: Node, key: Key, path: str) -> dict[str, str]:
        """Return names with one text each. Reports all that are wrong."""
        if not isinstance(node, Mapping):
            self._not_keys(node, key)
        before = len(self.findings.list)
        texts: dict[str, str] = {}
        for name, (at, value) in node.items.items():
            self.positions[f"{path}.{name}"] = at
            if not is_empty(value):
                with suppress(_BadValueError):
                    texts[name] = self.text(value, structs.replace(key, name=name, example="…"))
        if len(self.findings.list) > before:
            raise _BadValueError
        return texts

    def _not_keys(self, node: Node, key: Key) -> NoReturn:
        self.bad(
            "wrong-type",
            node.at,
            key=key.name,
            wanted=message("keys and values"),
            found=f"“{node.value}”" if isinstance(node, Scalar) else message("a list"),
            example=_example(key),
        )

    def inner(self, node: Node, schema: type[T], key: Key, path: str) -> T:
        if not isinstance(node, Mapping):
            self._not_keys(node, key)
        inner = self.struct(node, schema, path + ".")
        if inner is None:
            raise _BadValueError
        return inner

    def bad(self, code: str, at: Position, **values: object) -> NoReturn:
        """Report a wrong value and raise _BadValueError."""
        self.report(code, at, **values)
        raise _BadValueError


def is_empty(node: Node) -> bool:
    """Return whether a key has no value, which counts as a missing key."""
    return isinstance(node, Scalar) and not node.value.strip()


def _is_left_out(node: Node, key: Key) -> bool:
    if key.form == "none" and isinstance(node, Scalar) and node.value.strip() == "none":
        return True
    return is_empty(node) and not key.required and key.form != "color"


def suggest_color(text: str) -> str:
    """Return what CSS means by ``text`` as ``#rrggbb``; empty if it is not a colour there either."""
    from PIL.ImageColor import getrgb  # 0.02 s, for this mistake only

    for written in (text, f"#{text}"):
        with suppress(ValueError):
            red, green, blue = (min(value, 255) for value in getrgb(written)[:3])
            return f"#{red:02x}{green:02x}{blue:02x}"
    return ""


def _example(key: Key) -> str:
    return f"{key.name}: {key.example}"
