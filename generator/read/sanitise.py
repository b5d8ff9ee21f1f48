"""The allow-list that every body passes, last of all: what may be said in HTML, and no more.

It runs over the finished HTML, because not only raw HTML can carry harm: an attribute list
``{: onclick=…}`` is Markdown too.
"""

import re
from functools import cache
from urllib.parse import urlsplit

import nh3

_BLOCKS = {
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "hr",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "colgroup",
    "col",
    "figure",
    "figcaption",
    "details",
    "summary",
    "section",
    "aside",
    "audio",
    "video",
}
_INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "br",
    "cite",
    "code",
    "del",
    "dfn",
    "em",
    "i",
    "img",
    "ins",
    "kbd",
    "mark",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "u",
    "var",
    "wbr",
    "source",
}
_ATTRIBUTES = {
    "*": {"class", "id", "title", "lang", "dir"},
    "a": {"href", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "col": {"span"},
    "time": {"datetime"},
    "q": {"cite"},
    "blockquote": {"cite"},
    "del": {"datetime"},
    "ins": {"datetime"},
    "details": {"open"},
    "audio": {"src", "controls"},
    "video": {"src", "controls", "poster", "width", "height"},
    "source": {"src", "type"},
    "iframe": {"src", "width", "height", "allowfullscreen"},
}
_DROPPED_WHOLE = {"script", "style", "template", "noscript", "svg", "math", "object", "embed"}
_SCHEMES = {"http", "https", "mailto", "tel"}
# The theme owns the ids that begin so; an author's would take the skip link elsewhere.
_THEME_ID = re.compile(r'(<[a-z][^<>]*? id=")(site-)')
_IFRAME = re.compile(r"<iframe(?:\s[^>]*)?>(?:</iframe>)?")
_IFRAME_SOURCE = re.compile(r' src="([^"]*)"')


def sanitise(html: str, iframe_hosts: tuple[str, ...] = ()) -> tuple[str, tuple[str, ...]]:
    """``html`` with only what the allow-list has; and the hosts of frames that were left out."""
    has_frames = "<iframe" in html.lower()
    clean, refused = _cleaner(has_frames).clean(html), tuple[str, ...]()
    if has_frames:
        clean, refused = _without_foreign_frames(clean, iframe_hosts)
    return _THEME_ID.sub(r"\1x-\2", clean), refused


@cache
def _cleaner(iframes: bool) -> nh3.Cleaner:
    tags = _BLOCKS | _INLINE | ({"iframe"} if iframes else set())
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags=_DROPPED_WHOLE,
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags or tag == "*"},
        url_schemes=_SCHEMES,
        link_rel=None,
    )


def _without_foreign_frames(html: str, hosts: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    refused: list[str] = []

    def keep_or_drop(frame: re.Match[str]) -> str:
        source = _IFRAME_SOURCE.search(frame.group())
        address = urlsplit(source.group(1) if source else "")
        if address.scheme == "https" and address.netloc in hosts:
            return frame.group()
        refused.append(address.netloc or "?")
        return ""

    return _IFRAME.sub(keep_or_drop, html), tuple(refused)
