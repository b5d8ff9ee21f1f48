"""Add old URLs to the front matter of a source, for ``check --fix``."""

import re

from kheo.diagnostics import Diagnostic
from kheo.lint.source_text import FENCE, Fix, SourceText

CODE = "url-lost"
# The list as it can be written: on lines of its own, between brackets, or as one value.
_KEY = re.compile(r"^aliases:[ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE)
_ITEMS = re.compile(r"\n(?P<indent>[ \t]*)- [^\n]*(?:\n(?P=indent)- [^\n]*)*")
_BRACKETS = re.compile(r"\[(?P<items>[^\[\]]*)\](?:[ \t]+#.*)?")
_ONE = re.compile(r"'(?:[^']|'')*'|[^\[\]'\"#&*!|>%@`{}\s-]\S*")


def lost_url(found: Diagnostic) -> str | None:
    """Return the URL that a source should have as an alias; ``None`` for other findings."""
    if found.code != CODE or not found.place.path.endswith(".md"):
        return None
    return str(found.values["url"])


def add_aliases(source: SourceText, urls: tuple[str, ...]) -> list[Fix]:
    """Return the fix that adds ``urls``; none if the list is written in an unusual way."""
    if not urls:
        return []
    front = source.text[: source.body]
    key = _KEY.search(front)
    if not key:
        end = front.rindex(FENCE)
        return [Fix(end, end, _lines(urls))]
    value, start = key["value"], key.start("value")
    if not value:
        if items := _ITEMS.match(front, key.end()):
            end, indent = items.end(), items["indent"]
            return [Fix(end, end, "".join(f"\n{indent}- {url}" for url in urls))]
        return [Fix(key.start(), key.end(), _lines(urls).rstrip("\n"))]
    if brackets := _BRACKETS.fullmatch(value):
        end = start + brackets.end("items")
        comma = ", " if brackets["items"].strip() else ""
        return [Fix(end, end, comma + ", ".join(urls))]
    if _ONE.fullmatch(value):
        return [Fix(key.start(), key.end(), _lines((value, *urls)).rstrip("\n"))]
    return []


def _lines(urls: tuple[str, ...]) -> str:
    if len(urls) == 1:
        return f"aliases: {urls[0]}\n"
    return "".join(("aliases:\n", *(f"  - {url}\n" for url in urls)))
