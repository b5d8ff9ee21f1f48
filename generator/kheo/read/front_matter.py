"""Read and check the block between ``---`` lines at the top of a source."""

import re
from datetime import tzinfo

from msgspec import Struct

from kheo.config import DateOrder
from kheo.diagnostics import Diagnostic, Findings, Place, diagnostic
from kheo.model import FrontMatter, Position
from kheo.old_urls import parse_old_url
from kheo.read.schema import Reader, is_empty
from kheo.read.yaml_nodes import Mapping, parse_yaml
from kheo.slugs import check_slug

_FENCE = re.compile(r"^---[^\S\n]*$", re.MULTILINE)
MAX_BYTES = 64_000
MAX_TITLE = 300  # characters


class SplitSource(Struct, frozen=True):
    """The YAML and the body of a source, with the line of the file on which each begins."""

    yaml: str
    yaml_line: int
    body: str
    body_line: int


def split_front_matter(text: str, place: Place) -> SplitSource | Diagnostic:
    """Split a source into the YAML between the two ``---`` lines and the body below."""
    first = len(text) - len(text.lstrip("\n"))  # the number of empty lines
    opening = _FENCE.match(text, first)
    if not opening:
        return diagnostic("no-front-matter", place.at(first + 1 if first < len(text) else 1))
    closing = _FENCE.search(text, opening.end())
    if not closing:
        return diagnostic("unclosed-front-matter", place.at(first + 1))
    yaml = text[opening.end() + 1 : closing.start() - 1]
    if (size := len(yaml.encode())) > MAX_BYTES:
        at = place.at(first + 1)
        return diagnostic("front-matter-too-long", at, size=size, limit=MAX_BYTES)
    body_line = first + 3 + text.count("\n", opening.end() + 1, closing.start())
    return SplitSource(yaml, first + 2, text[closing.end() + 1 :], body_line)


def parse_front_matter(
    yaml: str, place: Place, zone: tzinfo, order: DateOrder
) -> tuple[FrontMatter | None, dict[str, Position], list[Diagnostic], FrontMatter]:
    """Return the front matter, the position of each key, and everything that is wrong with it.

    The last value has what valid keys say, even if another key is wrong.
    """
    findings = Findings()
    root = parse_yaml(yaml, place, findings)
    if root is None:
        return None, {}, findings.list, FrontMatter(title="")
    reader = Reader(place, zone, order, findings)
    meta = reader.struct(root, FrontMatter)
    is_page = "kind" in root.items and getattr(root.items["kind"][1], "value", "") == "page"
    for key, example in (("date", "2020-02-12"), ("category", "Tin tức")):
        if not is_page and key not in root.items.keys() | reader.misspelt:
            findings.report("missing-key", place, key=key, example=example)
    valid = FrontMatter(**{"title": "", **reader.valid})
    _check(valid, root, reader)
    return meta, reader.positions, findings.list, valid


def _check(meta: FrontMatter, root: Mapping, reader: Reader) -> None:
    """Report mistakes that the schema of single keys cannot find."""

    def position_of(key: str) -> Position:
        return reader.positions.get(key, Position(reader.place.line, 1))

    for key in ("date", "category") if meta.kind == "article" else ():
        is_read = key in reader.valid or (key in root.items and is_empty(root.items[key][1]))
        if is_read and not getattr(meta, key):
            reader.report("empty-value", position_of(key), key=key)
    if meta.slug and (problem := check_slug(meta.slug)):
        code, values = problem
        reader.report(code, position_of("slug"), **values)
    if (size := len(meta.title)) > MAX_TITLE:
        reader.report("title-too-long", position_of("title"), size=size, limit=MAX_TITLE)
    if meta.date and meta.expires and meta.expires < meta.date:
        day = meta.expires.at.date()
        reader.report("expires-before-date", position_of("expires"), expires=day)
    for number, trail in enumerate(meta.also):
        if trail == meta.category[: len(trail)]:
            name = " > ".join(trail)
            reader.report("also-repeated", position_of(f"also.{number}"), name=name)
    for number, alias in enumerate(meta.aliases):
        if parse_old_url(alias) is None:
            reader.report("address-form", position_of(f"aliases.{number}"), value=alias)
