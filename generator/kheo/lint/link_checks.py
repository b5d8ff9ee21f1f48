"""Find links with a meaningless text, and the links of a source to other sites."""

import re
from collections.abc import Iterator
from html import unescape

from kheo.lint.source_text import Finding, SourceText
from kheo.lint.words import folded

_LINK = re.compile(
    r"(?<!!)\[(?P<text>(?:[^\[\]\n]|\n(?!\n))*)\](?:\((?P<to>(?:[^()\n]|\([^()\n]*\))*)\)|\[[^\]\n]*\])"
)
_AUTOLINK = re.compile(r"<(?P<to>https?://[^<>\s]+)>", re.IGNORECASE)
_BARE = re.compile(r"""https?://[^\s<>"“”]+[^\s<>"“”.,;:!?)\]…*_'’]""", re.IGNORECASE)
_DEFINED = re.compile(
    r"^ {0,3}\[(?!\^)[^\]\n]+\]:[ ]*<?(?P<to>https?://[^\s<>]+)", re.MULTILINE | re.IGNORECASE
)
_ADDRESS = re.compile(r"""\b(?:href|src)\s*=\s*["']?(?P<to>https?://[^\s"'<>]+)""", re.IGNORECASE)
_TARGET = re.compile(r"\]\(\s*<?(?P<to>https?://(?:[^\s()<>]|\([^\s()]*\))+)", re.IGNORECASE)
_IS_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# As good to read as a name: a host, and a few words: gov.vn, nodejs.org/docs/v8.1.4/api
_READABLE = re.compile(
    r"(?:https?://)?(?:[\w.-]+/?|(?=.{1,40}\Z)[\w.-]+(?:/(?:[a-z]+\d{0,2}(?:[._-][a-z]+\d{0,2})*|v?\d+(?:\.\d+)+))*/?)",
    re.IGNORECASE,
)


def find_bare_links(source: SourceText) -> Iterator[Finding]:
    """Find URLs used as text: ``https://…``, ``[https://…](https://…)``.

    ``<https://…>`` is meant to show the URL.
    """
    if "://" not in source.markup and "www." not in source.markup:
        return
    owned: set[int] = set()  # offsets of URLs that are part of a link
    for match in _LINK.finditer(source.markup, source.body):
        owned |= {match.start() + inner.start() for inner in _BARE.finditer(match[0])}
        if _is_bare(match["text"].strip()):
            yield Finding("bare-link", match.start(), {"url": match["text"].strip()})
    owned |= {match.start("to") for match in _DEFINED.finditer(source.markup, source.body)}
    for match in _BARE.finditer(source.markup, source.body):
        is_text = source.markup[match.start() - 1] not in "(\"'=<[/:"
        if is_text and match.start() not in owned and _is_bare(match[0]):
            yield Finding("bare-link", match.start(), {"url": match[0]})


def _is_bare(text: str) -> bool:
    """Return whether a link text is an address that is hard to read; ``www.gov.vn`` is not."""
    is_sample = "$" in text  # https://godoc.org/$PACKAGE
    return bool(_IS_ADDRESS.fullmatch(text)) and not (is_sample or _READABLE.fullmatch(text))


def find_empty_words(source: SourceText, phrases: tuple[str, ...]) -> Iterator[Finding]:
    """Find ``[xem tại đây](…)``, which means nothing out of context. ``phrases`` are folded."""
    if "[" in source.markup:
        for match in _LINK.finditer(source.markup, source.body):
            if folded(match["text"]) in phrases:
                yield Finding("link-text", match.start(), {"text": match["text"].strip()})


def outgoing(source: SourceText) -> Iterator[tuple[str, int]]:
    """Yield the URLs on other sites that the body links to, with their offsets."""
    if "://" in source.markup:
        for pattern in (_TARGET, _AUTOLINK, _DEFINED, _ADDRESS):
            for match in pattern.finditer(source.markup, source.body):
                yield unescape(match["to"]), match.start("to")
