"""Parse a body: Markdown to the parts of an article, anchors, references and findings."""

import re
from html import unescape
from unicodedata import normalize

from kheo.config import BodyOptions
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.messages.wording import Message, message
from kheo.model import Body
from kheo.read.markdown.addresses import collect_references
from kheo.read.markdown.anchors import collect_anchors
from kheo.read.markdown.charts import MOST_CHARTS, read_charts
from kheo.read.markdown.convert import ConvertedBody, convert
from kheo.read.markdown.leftovers import leftover_diagnostics
from kheo.read.markdown.plain import plain_paragraphs
from kheo.read.markdown.positions import AddressFinder
from kheo.read.markdown.raw_html import Removed
from kheo.read.markdown.removals import removal_diagnostics
from kheo.read.markdown.sanitise import is_nested_too_deeply, is_too_deep, sanitise
from kheo.read.markdown.structure import TooDeepError
from kheo.read.markdown.tags import replace_tags

# A tag that is not closed is opened again in every paragraph: 32 KB became 62 MB.
MOST_TIMES = 20  # as long as its text may the HTML of a body be
ANY_LENGTH = 20_000  # of HTML is not measured
# Each part of a body is a page, and each page has all headings and the addresses of all links: 1 MB of
# parts with a heading would be 25,000 pages of 2 MB.
MOST_PARTS, MOST_HEADINGS, MOST_REFERENCES = 100, 2_000, 10_000


def parse_body(
    text: str, title: str, digest: str, place: Place, options: BodyOptions
) -> tuple[Body, list[Diagnostic]]:
    """Return the body of a source as HTML with placeholders for internal links, and diagnostics.

    ``text`` is clean (see ``decode_source``) and begins on line ``place.line`` of the file. ``digest``
    is the digest of the file. It is part of our markers: no file can contain its own digest.
    """
    text = remove_title(text, title)
    plain = plain_paragraphs(text, escape_spaces=not options.trusted_html)
    if plain is not None:
        first = plain.partition("</p>")[0].removeprefix("<p>").replace("&nbsp;", " ")
        return Body((plain,), lead=" ".join(first.split())), leftover_diagnostics(
            text, plain, place
        )
    try:
        converted = convert(text, digest, any_tag=options.trusted_html)
    except (TooDeepError, RecursionError):
        return Body(("",)), [diagnostic("markdown-depth", place)]
    if not options.trusted_html and any(map(is_too_deep, converted.parts)):
        return Body(("",)), [diagnostic("markdown-depth", place)]
    return _make_body(converted, text, digest, place, options)


def _make_body(
    converted: ConvertedBody, text: str, digest: str, place: Place, options: BodyOptions
) -> tuple[Body, list[Diagnostic]]:
    """Return the body of converted Markdown. Parts are sanitised one by one, so that each is complete."""
    pieces = []
    found: list[Diagnostic] = []
    removed: list[Removed] = []
    end = f'<hr class="end-{digest}">'  # removed by the sanitiser if it is inside an unclosed tag
    for html in converted.parts:
        clean = html
        if not options.trusted_html:
            clean, losses = sanitise(html + end, options.iframe_hosts, digest)
            if end not in clean:
                found.append(_unclosed_diagnostic(text, place))
            clean = clean.replace(end, "")
            if is_nested_too_deeply(clean):
                return Body(("",)), [diagnostic("markdown-depth", place)]
            if "&" in text:  # a source has none, but `&#1;` is one
                clean = _NOT_IN_TEXT.sub("", clean)
            found += [_frame_diagnostic(host, text, place) for host in losses.frame_hosts]
            removed += losses.removed
        pieces.append(_shape_html(converted.marks.fill(clean), not options.trusted_html).strip())
    found += _removals(removed, found, text, place)
    parts = tuple(part for part in pieces if part) or ("",)
    if reason := _excess(parts, converted, text):
        return Body(("",)), [*found, diagnostic("too-large", place, reason=reason)]
    found += leftover_diagnostics(text, "\n".join(parts), place)
    parts, anchors, twice = collect_anchors(parts, text, place, not options.trusted_html)
    finder = AddressFinder(text, place, converted.spots)
    charts = read_charts(converted.charts, finder.position, place, options.tables)
    found += charts.found
    parts = tuple(charts.with_words(part) for part in parts)
    collected = collect_references(parts, anchors, finder, not options.trusted_html, charts)
    if len(collected.references) > MOST_REFERENCES:
        reason = message("it has more than {limit} links and pictures", limit=MOST_REFERENCES)
        return Body(("",)), [*found, diagnostic("too-large", place, reason=reason)]
    for finding in converted.findings:
        at = finder.position(finding.offset)
        found.append(diagnostic(finding.code, place.at(at.line, at.column), **finding.values))
    return Body(
        collected.parts,
        converted.headings,
        anchors,
        collected.references,
        _lead(collected.parts),
        collected.figures,
        charts.positions,
    ), found + twice + collected.found


def _excess(parts: tuple[str, ...], converted: ConvertedBody, text: str) -> Message | None:
    """Return what a body has too much of; ``None`` if its pages have about the size of its text."""
    if len(parts) > MOST_PARTS:
        return message("it is divided into more than {limit} pages", limit=MOST_PARTS)
    if len(converted.charts) > MOST_CHARTS:
        return message("it has more than {limit} charts", limit=MOST_CHARTS)
    if len(converted.headings) > MOST_HEADINGS:
        return message("it has more than {limit} headings", limit=MOST_HEADINGS)
    if sum(map(len, parts)) > MOST_TIMES * len(text) + ANY_LENGTH:
        return message("its HTML is more than {limit} times as long as its text", limit=MOST_TIMES)
    return None


def _removals(
    removed: list[Removed], unclosed: list[Diagnostic], text: str, place: Place
) -> list[Diagnostic]:
    """Report what was removed, except for an unclosed ``<script>``, which is reported as such."""
    reported = {d.values["tag"] for d in unclosed if d.code == "html-unclosed"}
    return removal_diagnostics([one for one in removed if one.what not in reported], text, place)


def _frame_diagnostic(host: str, text: str, place: Place) -> Diagnostic:
    finder = AddressFinder(text, place)
    frame = re.search(rf"<iframe\b[^<>]*?({re.escape(host)})", text, re.IGNORECASE)
    at = finder.position(frame.start(1) if frame else text.lower().find(host.lower()))
    return diagnostic("iframe-host", place.at(at.line, at.column), host=host)


_TAKES_ALL = re.compile(
    r"<(script|style|template|noscript|svg|math|object|textarea|title|xmp|iframe|noembed|noframes|select|"
    r"plaintext|!--)",
    re.IGNORECASE,
)


def _unclosed_diagnostic(text: str, place: Place) -> Diagnostic:
    """Report the first unclosed tag that hides the text after it."""
    tag, start = "<…>", 0
    for match in _TAKES_ALL.finditer(text):
        name = match[1].lower()
        tag, start = f"<{name}>" if name != "!--" else "<!--", match.start()
        if ("-->" if name == "!--" else f"</{name}") not in text[match.end() :].lower():
            break
    at = AddressFinder(text, place).position(start)
    return diagnostic("html-unclosed", place.at(at.line, at.column), tag=tag)


# --- the heading that repeats the title ---------------------------------------------------------

_TITLE = re.compile(
    r"\n*(?:#(?!#)[ \t]*(?P<atx>[^\n]*?)[ \t#]*|(?P<setext>[^\n]+)\n=+[ \t]*)(?=\n|\Z)"
)
_ATTRIBUTE_LIST = re.compile(r"[ #]*\{:?[^{}\n]*\}[ ]*$")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")


def remove_title(text: str, title: str) -> str:
    """Remove a first ``# Heading`` that repeats the title. The number of lines stays the same."""
    heading = _TITLE.match(text)
    if not heading:
        return text
    written = heading["atx"] or heading["setext"] or ""
    words = _LINK.sub(r"\1", _ATTRIBUTE_LIST.sub("", written))
    words = unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", words))
    if _fold(title) not in {_fold(written), _fold(words)}:  # a title may be `Về thẻ <b>`
        return text
    return "\n" * heading.group().count("\n") + text[heading.end() :]


def _fold(text: str) -> str:
    return " ".join(normalize("NFC", re.sub(r"[*_`\\]", "", text)).casefold().split())


# --- the finished HTML --------------------------------------------------------------------------

_TABLE_OR_H1 = re.compile(r"<(?:table|h1)\b", re.IGNORECASE)
_CLEAN_TABLE_OR_H1 = re.compile(r"<(?P<close>/?)(?P<name>table|h1)\b(?P<attributes>[^<>]*)>")


def _shape_html(html: str, clean: bool) -> str:
    """Make tables scroll, and change <h1> in raw HTML to <h2>, because the page has its own <h1>.

    ``clean``: the sanitiser wrote it, so each `<` begins a tag.
    """
    if clean:
        return _CLEAN_TABLE_OR_H1.sub(_shape_tag, html)
    return replace_tags(html, _shape_tag) if _TABLE_OR_H1.search(html) else html


def _shape_tag(tag: re.Match[str]) -> str:
    match tag["name"].lower():
        case "h1":
            return f"<{tag['close']}h2{tag['attributes']}>"
        case "table" if tag["close"]:
            return f"{tag.group()}</div>"
        case "table":
            return f'<div class="table-scroll" tabindex="0">{tag.group()}'
    return tag.group()


# Control characters and non-characters, which HTML should not hold and XML (feeds) must not.
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_PARAGRAPH = re.compile(r"<p(?:\s[^>]*)?>((?>[^<]++|<(?!/p>))*+)</p>")
_NOTE_MARK = re.compile(r'<sup id="fnref.*?</sup>', re.DOTALL)


def _lead(parts: tuple[str, ...]) -> str:
    """Return the first paragraph with text, as plain text; footnotes do not count."""
    for part in parts:
        notes = part.find('<div class="footnote">')
        for paragraph in _PARAGRAPH.finditer(part, 0, notes if notes >= 0 else len(part)):
            bare = paragraph[1]
            if "<" in bare:
                bare = re.sub(r"<br\b[^>]*>", " ", _NOTE_MARK.sub("", bare))
                bare = re.sub(r"<[^>]+>", "", bare)
            text = _NOT_IN_TEXT.sub("", unescape(bare))
            if text := " ".join(text.split()):
                return text
    return ""
