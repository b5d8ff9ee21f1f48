"""Read and change the tags of serialised HTML. Tags in attribute values and scripts are ignored.

The HTML was written by the sanitiser or, with ``trusted_html``, by people.
"""

import re
from collections.abc import Callable, Iterator

_ATTRIBUTES = r"(?P<attributes>(?>[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+)>"
# A tag without attributes is skipped, except <table> and <h1>, which are changed.
_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>(?i:table|h1)(?=>)|[a-zA-Z][^\s/>\"'<]*(?=[\s/]))" + _ATTRIBUTES
)
# Only in trusted HTML: comments and scripts are matched too, as one piece without ``name``.
_OPAQUE = re.compile(r"<(?:!--|script\b|style\b|textarea\b|title\b)", re.IGNORECASE)
_TAG_OR_OPAQUE = re.compile(
    r"<!--.*?-->|<(?:script|style|textarea|title)\b(?>[^\"'<>]++|\"[^\"]*+\"|'[^']*+')*+>.*?"
    r"</(?:script|style|textarea|title)\s*>"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][^\s/>\"'<]*)" + _ATTRIBUTES,
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s"'<>/=]+)(?P<equals>\s*=\s*)"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'<>]+))"""
)


def tags(html: str) -> Iterator[re.Match[str]]:
    """Yield every tag that has attributes, as a match with ``close``, ``name`` and ``attributes``."""
    return (tag for tag in _pattern(html).finditer(html) if tag["name"])


def tags_with(html: str, names: tuple[str, ...], clean: bool) -> list[re.Match[str]]:
    """Return the tags that may have one of these attributes, in order.

    In ``clean`` HTML, which the sanitiser wrote, each `<` begins a tag. So only the tags before
    ` name=` are read, which takes a tenth of the time of reading all.
    """
    if not clean:
        return list(tags(html))
    starts = set()
    for name in names:
        at = html.find(f" {name}=")
        while at >= 0:
            starts.add(html.rfind("<", 0, at))
            at = html.find(f" {name}=", at + 1)
    return [tag for start in sorted(starts) if (tag := _TAG.match(html, max(0, start)))]


def replace_matches(
    html: str, matches: list[re.Match[str]], replace: Callable[[re.Match[str]], str]
) -> str:
    """Replace each of ``matches``, which are in order, by ``replace(match)``."""
    pieces, end = [], 0
    for match in matches:
        pieces += [html[end : match.start()], replace(match)]
        end = match.end()
    return "".join([*pieces, html[end:]]) if matches else html


def replace_tags(html: str, replace: Callable[[re.Match[str]], str]) -> str:
    """Replace every tag that has attributes, and each <table> and <h1>, by ``replace(tag)``."""

    def each(tag: re.Match[str]) -> str:
        return replace(tag) if tag["name"] else tag.group()

    return _pattern(html).sub(each, html)


def _pattern(html: str) -> re.Pattern[str]:
    return _TAG_OR_OPAQUE if _OPAQUE.search(html) else _TAG


def attributes(text: str) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a tag: name in lower case, value as written."""
    for match in _ATTRIBUTE.finditer(text):
        yield match["name"].lower(), _value(match)


def replace_attributes(tag: re.Match[str], replace: Callable[[str, str], str | None]) -> str:
    """Return the tag with the values that ``replace(name, value)`` returns; ``None`` keeps a value.

    New values must hold no quotes: they are written between double quotes.
    """

    def each(match: re.Match[str]) -> str:
        value = replace(match["name"].lower(), _value(match))
        return match.group() if value is None else f'{match["name"]}{match["equals"]}"{value}"'

    return f"<{tag['close']}{tag['name']}{_ATTRIBUTE.sub(each, tag['attributes'])}>"


def _value(match: re.Match[str]) -> str:
    return match["double"] or match["single"] or match["bare"] or ""
