"""Parse a body: Markdown to the parts of an article, its anchors, its references, its mistakes."""

import re
from html import unescape
from unicodedata import normalize

from kheo.config import BodyOptions
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.model import Body
from kheo.read.markdown.addresses import collect_references
from kheo.read.markdown.anchors import collect_anchors
from kheo.read.markdown.convert import Converted, convert_fast
from kheo.read.markdown.extension import TooDeepError
from kheo.read.markdown.positions import AddressFinder
from kheo.read.markdown.sanitise import is_too_deep, sanitise
from kheo.read.markdown.shortcuts import plain_paragraphs
from kheo.read.markdown.tags import replace_tags


def parse_body(
    text: str, title: str, digest: str, place: Place, options: BodyOptions
) -> tuple[Body, list[Diagnostic]]:
    """The body of a source as HTML without addresses, and what is wrong with it.

    ``text`` is clean (see ``read.text``) and begins on line ``place.line`` of the file. ``digest``
    is that of the file: what an author cannot write into it, and so can stand for our own marks.
    """
    text = without_title(text, title)
    plain = plain_paragraphs(text, escape_spaces=not options.trusted_html)
    if plain is not None:
        first = plain.partition("</p>")[0].removeprefix("<p>").replace("&nbsp;", " ")
        return Body((plain,), lead=" ".join(first.split())), []
    try:
        converted = convert_fast(text, digest)
    except (TooDeepError, RecursionError):
        return Body(("",)), [diagnostic("markdown-depth", place)]
    if not options.trusted_html and any(map(is_too_deep, converted.parts)):
        return Body(("",)), [diagnostic("markdown-depth", place)]
    return _finished(converted, text, digest, place, options)


def _finished(
    converted: Converted, text: str, digest: str, place: Place, options: BodyOptions
) -> tuple[Body, list[Diagnostic]]:
    """The body of converted Markdown. Each part is sanitised alone, and so is whole in itself."""
    shaped = []
    found = []
    end = f'<hr class="end-{digest}">'  # gone where an open tag before it takes all the rest
    for html in converted.parts:
        clean, refused = html, tuple[str, ...]()
        if not options.trusted_html:
            clean, refused = sanitise(html + end, options.iframe_hosts, digest)
            if end not in clean:
                found.append(_unclosed(text, place))
            clean = clean.replace(end, "")
            clean = _NOT_IN_TEXT.sub("", clean)  # a source has none, but `&#1;` makes one
        shaped.append(_shaped(clean).strip())
        found += [_refused_frame(host, text, place) for host in refused]
    parts = tuple(part for part in shaped if part) or ("",)
    parts, anchors, twice = collect_anchors(parts, text, place)
    parts, references, more = collect_references(parts, anchors, text, place)
    return Body(parts, converted.headings, anchors, references, _lead(parts)), found + twice + more


def _refused_frame(host: str, text: str, place: Place) -> Diagnostic:
    finder = AddressFinder(text, place)
    at = finder.position(text.lower().find(host.lower()))
    return diagnostic("iframe-host", place.at(at.line, at.column), host=host)


_TAKES_ALL = re.compile(
    r"<(script|style|template|noscript|svg|math|object|textarea|title|xmp|iframe|noembed|noframes|select|"
    r"plaintext|!--)",
    re.IGNORECASE,
)


def _unclosed(text: str, place: Place) -> Diagnostic:
    """Names the first tag that takes what follows it and has no end."""
    tag, start = "<…>", 0
    for match in _TAKES_ALL.finditer(text):
        name = match[1].lower()
        tag, start = f"<{name}>" if name != "!--" else "<!--", match.start()
        if ("-->" if name == "!--" else f"</{name}") not in text[match.end() :].lower():
            break
    at = AddressFinder(text, place).position(start)
    return diagnostic("html-unclosed", place.at(at.line, at.column), tag=tag)


# --- the heading that says the title again ------------------------------------------------------

_TITLE = re.compile(
    r"\n*(?:#(?!#)[ \t]*(?P<atx>[^\n]*?)[ \t#]*|(?P<setext>[^\n]+)\n=+[ \t]*)(?=\n|\Z)"
)
_ATTRIBUTE_LIST = re.compile(r"[ #]*\{:?[^{}\n]*\}[ ]*$")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")


def without_title(text: str, title: str) -> str:
    """``text`` without a first ``# Heading`` that says the title again; its lines stay counted."""
    heading = _TITLE.match(text)
    if not heading:
        return text
    written = heading["atx"] or heading["setext"] or ""
    words = _LINK.sub(r"\1", _ATTRIBUTE_LIST.sub("", written))
    words = unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", words))
    if _folded(title) not in {_folded(written), _folded(words)}:  # a title may be `Về thẻ <b>`
        return text
    return "\n" * heading.group().count("\n") + text[heading.end() :]


def _folded(text: str) -> str:
    return " ".join(normalize("NFC", re.sub(r"[*_`\\]", "", text)).casefold().split())


# --- the finished HTML --------------------------------------------------------------------------

_TABLE_OR_H1 = re.compile(r"<(?:table|h1)\b", re.IGNORECASE)


def _shaped(html: str) -> str:
    """Tables that scroll inside themselves; no <h1> that came as raw HTML: the page has its own."""
    return replace_tags(html, _shaped_tag) if _TABLE_OR_H1.search(html) else html


def _shaped_tag(tag: re.Match[str]) -> str:
    match tag["name"].lower():
        case "h1":
            return f"<{tag['close']}h2{tag['attributes']}>"
        case "table" if tag["close"]:
            return f"{tag.group()}</div>"
        case "table":
            return f'<div class="table-scroll" tabindex="0">{tag.group()}'
    return tag.group()


# Control characters and non-characters: no text for HTML, and none at all for XML (feeds).
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_PARAGRAPH = re.compile(r"<p(?:\s[^>]*)?>(.*?)</p>", re.DOTALL)
_NOTE_MARK = re.compile(r'<sup id="fnref.*?</sup>', re.DOTALL)


def _lead(parts: tuple[str, ...]) -> str:
    """The first paragraph of text, plain; footnotes are none."""
    for part in parts:
        for paragraph in _PARAGRAPH.finditer(part.partition('<div class="footnote">')[0]):
            bare = re.sub(r"<br\b[^>]*>", " ", _NOTE_MARK.sub("", paragraph[1]))
            text = _NOT_IN_TEXT.sub("", unescape(re.sub(r"<[^>]+>", "", bare)))
            if text := " ".join(text.split()):
                return text
    return ""
