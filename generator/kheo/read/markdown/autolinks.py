"""Find URLs and e-mail addresses in running text (GitHub Flavored Markdown, section 6.9)."""

import re
from collections.abc import Iterator

from msgspec import Struct

_SCHEMES = ("http", "https", "ftp")
_LOCAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.+_-")
_BEFORE_WWW = frozenset(" \t\n*_~([\"'“‘«>")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
_URL_END = re.compile(r"[^\s<]*+")
_HOST = re.compile(r"[\w-]++(?>\.[\w-]++)*+")
_MAIL_HOST = re.compile(r"[A-Za-z0-9_-]++(?>\.[A-Za-z0-9_-]++)++")
_RESOURCE = re.compile(r"/[A-Za-z0-9@.]+")
_ENTITY_END = re.compile(r"&[A-Za-z0-9]+;$")
_TRAILING = "?!.,:*_~'\""


class Autolink(Struct, frozen=True):
    """A link that is written as its own address, from ``start`` to ``end`` of a text."""

    start: int
    end: int
    text: str
    address: str


class Candidate(Struct, frozen=True, order=True):
    """Where an address may begin: ``prefix`` is `https://`, `www.`, `mailto:` or empty for an e-mail
    address, and ``after`` is the place after it, or after the `@`."""

    start: int
    after: int
    prefix: str


def may_link(text: str) -> bool:
    """Return whether ``text`` can contain an address."""
    return "://" in text or "@" in text or "www." in text


def find_autolinks(text: str) -> list[Candidate]:
    """Return where addresses may begin, in order.

    Each is found by what all of its kind contain: a regular expression that is tried at each letter
    takes fifty times as long.
    """
    found = [one for at in _places(text, "://") if (one := _scheme_before(text, at))]
    for at in _places(text, "www."):
        if at == 0 or text[at - 1] in _BEFORE_WWW:
            found.append(Candidate(at, at + 4, "www."))
    last = 0
    for at in _places(text, "@"):
        start = at
        while start > last and text[start - 1] in _LOCAL:
            start -= 1
        last = at + 1
        if text[start] == "_" and (host := _MAIL_HOST.match(text, at + 1)) and host[0][-1] == "_":
            while text[start] == "_":  # `_a@b.vn_` is an address in emphasis
                start += 1
        if start < at:
            scheme = next((one for one in ("mailto:", "xmpp:") if text.endswith(one, 0, start)), "")
            found.append(Candidate(start - len(scheme), at + 1, scheme))
    return sorted(found)


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + len(part))


def _scheme_before(text: str, at: int) -> Candidate | None:
    start = at
    while start > max(0, at - 6) and text[start - 1] in _LETTERS:
        start -= 1
    if text[start:at].lower() not in _SCHEMES:
        return None
    return Candidate(start, at + 3, text[start : at + 3])


def read_autolink(
    text: str, found: Candidate, limit: int, in_emphasis: bool = False
) -> Autolink | None:
    """Return the address that begins at ``found`` and ends before ``limit``.

    ``in_emphasis``: a `_` before it may end after an e-mail address.
    """
    if not found.prefix.endswith(("/", ".")):
        return _mail(text, found, limit, in_emphasis)
    end = _URL_END.match(text, found.after, limit).end()  # type: ignore[union-attr]
    host = _HOST.match(text, found.after, end)
    if not host or not _is_domain(host[0]):
        return None
    end = _without_trailing(text, found.after, end)
    if end <= found.after:
        return None
    written = text[found.start : end]
    scheme = "http://" if found.prefix == "www." else ""
    return Autolink(found.start, end, written, scheme + written)


def _is_domain(host: str) -> bool:
    """Return whether the last two parts have no underscore."""
    return not any("_" in part for part in host.split(".")[-2:])


def _without_trailing(text: str, start: int, end: int) -> int:
    """Leave out punctuation at the end, and `)` that nothing opens."""
    written = text[start:end]
    unopened = written.count(")") - written.count("(")
    while end > start:
        char = text[end - 1]
        if char in _TRAILING:
            end -= 1
        elif char == ")" and unopened > 0:
            end, unopened = end - 1, unopened - 1
        elif char == ";" and (entity := _ENTITY_END.search(text, max(start, end - 40), end)):
            end = entity.start()
        else:
            break
    return end


def _mail(text: str, found: Candidate, limit: int, in_emphasis: bool) -> Autolink | None:
    host = _MAIL_HOST.match(text, found.after, limit)
    if not host:
        return None
    name = host[0]
    if in_emphasis and name.endswith("_"):
        name = name.rstrip("_.")
    if "." not in name or name[-1] not in _LETTERS:  # `npm@8.19.2` is a version
        return None
    end = found.after + len(name)
    if found.prefix == "xmpp:" and (path := _RESOURCE.match(text, end, limit)):
        end = path.end()
    written = text[found.start : end]
    return Autolink(found.start, end, written, written if found.prefix else f"mailto:{written}")
