"""Sanitise the HTML of a body: only what is on the allow-list remains.

It works on the finished HTML, because raw HTML is not the only danger: the attribute list
``{: onclick=…}`` is Markdown.
"""

import re
from functools import cache
from html import escape, unescape
from urllib.parse import urlsplit

import nh3
from msgspec import Struct

from kheo.read.markdown.allowed import ATTRIBUTES, DROPPED_WHOLE, SCHEMES, TAGS
from kheo.read.markdown.raw_html import Removed, prepare_html
from kheo.read.markdown.tags import attributes, replace_attributes, replace_tags

MAX_OPEN_TAGS = 100  # html5ever takes 14 s for 100,000 nested `<div>`

_FRAME_ATTRIBUTES = ("src", "width", "height", "title", "allowfullscreen")

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_VOID = {"br", "col", "hr", "img", "source", "wbr"}
_FRAME = re.compile("<iframe", re.IGNORECASE)
_WHOLE_FRAME = re.compile(r'<iframe((?>[^"<>]++|"[^"]*+")*+)>.*?</iframe>', re.DOTALL)
# Elements that have no content, or that are closed by the next element of the same kind.
_NOT_NESTED = {
    "area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option",
}  # fmt: skip


class Losses(Struct, frozen=True):
    """What was removed from a text, and the hosts of frames that were removed."""

    removed: tuple[Removed, ...] = ()
    frame_hosts: tuple[str, ...] = ()


def sanitise(html: str, iframe_hosts: tuple[str, ...] = (), digest: str = "") -> tuple[str, Losses]:
    """Return ``html`` with only what is on the allow-list, and what was removed from it.

    What is no HTML element stays, as text.

    ``digest`` is a text that the author of ``html`` cannot write. Check ``is_too_deep`` first: deeply
    nested HTML would take too long.
    """
    strict = _cleaner(frames=False)
    clean = strict.clean(html)
    if clean == html:  # nothing was removed: most texts are such
        return _rename_reserved_ids(clean), Losses()
    prepared, removed = prepare_html(html)
    removed = tuple(one for one in removed if one.kind != "address" or _is_refused(one))
    if not _FRAME.search(prepared):
        return _rename_reserved_ids(strict.clean(prepared)), Losses(removed)
    frames = _Frames(iframe_hosts, digest)
    marked = _WHOLE_FRAME.sub(frames.take_out, _cleaner(frames=True).clean(prepared))
    clean = _rename_reserved_ids(strict.clean(marked))
    return frames.put_back(clean), Losses(removed, tuple(frames.refused))


def _is_refused(found: Removed) -> bool:
    """Return whether the sanitiser removes an unusual address, such as ``https://a b/``."""
    name, _, address = found.what.partition("=")
    tag = f'<a href="{escape(address)}">' if name == "href" else f'<img src="{escape(address)}">'
    return "=" not in _cleaner(frames=False).clean(tag)


def is_too_deep(html: str) -> bool:
    """Return whether more than MAX_OPEN_TAGS are open at once; parsing time grows with the square."""
    if html.count("<") <= MAX_OPEN_TAGS:
        return False
    opened: dict[str, int] = {}
    depth = 0
    for closing, tag_name in re.findall(r"<(/?)([a-zA-Z][^\s/>]*)", html):
        name = tag_name.lower()
        if closing and opened.get(name, 0):
            opened[name] -= 1
            depth -= 1
        elif not closing and name not in _NOT_NESTED:
            opened[name] = opened.get(name, 0) + 1
            depth += 1
            if depth > MAX_OPEN_TAGS:
                return True
    return False


def is_nested_too_deeply(clean: str) -> bool:
    """Return whether the output of ``sanitise`` has more than MAX_OPEN_TAGS open at once.

    Every element in it is closed, so this is the depth of the tree: `<li><dd><li><dd>` is nested.
    """
    if clean.count("<") <= 2 * MAX_OPEN_TAGS:
        return False
    depth = 0
    for closing, name in _TAG.findall(clean):
        if closing:
            depth -= 1
        elif name not in _VOID:
            depth += 1
            if depth > MAX_OPEN_TAGS:
                return True
    return False


@cache
def _cleaner(frames: bool) -> nh3.Cleaner:
    allowed = dict(ATTRIBUTES)
    if frames:
        allowed["iframe"] = set(_FRAME_ATTRIBUTES)
    return nh3.Cleaner(
        tags=TAGS | {"iframe"} if frames else TAGS,
        clean_content_tags=DROPPED_WHOLE,
        attributes=allowed,
        url_schemes=SCHEMES,
        link_rel=None,
    )


class _Frames:
    """The frames of one text, taken out before the strict pass; the allowed ones are put back.

    The content of an ``<iframe>`` is raw text to a parser. If only the tags were removed, as from
    ``<iframe><img src=x onerror=…></iframe>``, it would become markup. So frames are written again.
    """

    def __init__(self, hosts: tuple[str, ...], digest: str) -> None:
        self.hosts = hosts
        self.digest = digest
        self.kept: list[str] = []
        self.refused: list[str] = []

    def take_out(self, match: re.Match[str]) -> str:
        given = {name: unescape(value) for name, value in attributes(match[1])}
        host = _https_host(given.get("src", ""))
        if host not in self.hosts:
            self.refused.append(host or _any_host(given.get("src", "")) or "?")
            return ""
        written = "".join(
            f' {name}="{escape(given[name])}"' for name in _FRAME_ATTRIBUTES if name in given
        )
        self.kept.append(f'<iframe loading="lazy"{written}></iframe>')
        return self._mark(len(self.kept) - 1)

    def put_back(self, html: str) -> str:
        for number, frame in enumerate(self.kept):
            html = html.replace(self._mark(number), frame)
        return html

    def _mark(self, number: int) -> str:
        """Return an element that stands for a frame.

        Its quotes cannot occur in the value of an attribute, so only an element is replaced.
        """
        return f'<span class="frame-{self.digest}-{number}"></span>'


def _https_host(address: str) -> str:
    """Return the host of ``https://host/…``; empty for forms such as ``https:/\\host``.

    Browsers disagree with ``urlsplit`` about those.
    """
    match = re.match(r"https://([a-z0-9.-]+)(?:[/?#]|$)", address.strip(), re.IGNORECASE)
    return match[1].lower() if match else ""


def _any_host(address: str) -> str:
    """Return the host to show in a message; empty if ``urlsplit`` refuses the address, as with ``[``."""
    try:
        return urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""


def _rename_reserved_ids(html: str) -> str:
    """Rename an author's ids that begin with ``site-``, which are the theme's, to ``x-site-…``."""
    if 'id="site-' not in html:
        return html

    def rename(name: str, value: str) -> str | None:
        return f"x-{value}" if name == "id" and value.startswith("site-") else None

    return replace_tags(html, lambda tag: replace_attributes(tag, rename))
