"""Prepare HTML for the sanitiser: what is no HTML element stays text; what will be removed is named.

``Map<K, V>`` and ``<your name>`` are text. An element or attribute that is not on the allow-list gets a
name here, such as ``<form>`` or ``style=``, so that it can be reported. Whatever this module misses, the
sanitiser still removes.
"""

import re
from html import unescape

from msgspec import Struct

from kheo.read.markdown.allowed import (
    ADDRESSES,
    ATTRIBUTES,
    DROPPED_WHOLE,
    ELEMENTS,
    RAW_TEXT,
    SCHEMES,
    TAGS,
)

# HTML's own definition of a tag (the tokenizer of the HTML standard, 13.2.5): a name ends at a space,
# `/` or `>`; quotes count only around values.
_SPACE = r" \t\n\f\r"
_ATTRIBUTE = rf"=?[^{_SPACE}/>=]++(?>[{_SPACE}]*+=[{_SPACE}]*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^{_SPACE}>]*+))?+"
_MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"  # a comment
    r"|<(?P<declaration>[!?])[^>]*>?"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][^ \t\n\f\r/>]*+)"
    rf"(?P<attributes>(?>[{_SPACE}/]++|{_ATTRIBUTE})*+)(?P<end>>?)"
    r"|<(?P<nothing>/)",
    re.DOTALL,
)
_ONE = re.compile(
    rf"(?P<name>=?[^{_SPACE}/>=]++)(?>[{_SPACE}]*+=[{_SPACE}]*+"
    rf"(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>(?![\"'])[^{_SPACE}>]*+)))?+"
)
_WORD_ELEMENT = re.compile(r"(?:o|v|w|m|x|st\d|vml):[a-z]\w*")  # `<o:p>` of Microsoft Word
_SCHEME = re.compile(r"[\x00-\x20]*([a-zA-Z][a-zA-Z0-9+.\-]*):")
_ORDINARY = re.compile(r"https?://[\w.-]+(?::\d+)?(?:[/?#]|$)|(?:mailto|tel):", re.IGNORECASE)
_PROPER = re.compile(r"[a-z_][\w.-]*(?::[\w.-]+)?", re.ASCII)  # the name of an attribute
_NAME = re.compile(r"\bname(?=\s*=)", re.IGNORECASE)
_IN_ADDRESS = str.maketrans("", "", "\t\n\r")  # browsers remove these


class Removed(Struct, frozen=True):
    """Something that the sanitiser removes.

    ``what`` is its name for people: ``<form>``, ``style=``, ``javascript:``, ``<o:p>``, ``<?``, ``<!``, or
    ``href="…"`` for an address that nobody can read. ``kind`` says what it is.
    """

    kind: str  # element, attribute, broken, scheme, address, word or declaration
    what: str


def prepare_html(html: str) -> tuple[str, tuple[Removed, ...]]:
    """Return ``html`` with everything that is no HTML element as text, and what will be removed."""
    if "<" not in html:
        return html, ()
    preparation = _Preparation(html)
    return preparation.run(), tuple(preparation.removed)


class _Preparation:
    """One pass over a text."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.removed: dict[Removed, None] = {}

    def run(self) -> str:
        html, parts, at = self.html, [], 0
        while match := _MARKUP.search(html, at):
            parts.append(html[at : match.start()])
            piece, at = self._piece(match)
            parts.append(piece)
        parts.append(html[at:])
        return "".join(parts)

    def _piece(self, match: re.Match[str]) -> tuple[str, int]:
        """Return what replaces the beginning of the match, and where to read on."""
        if match["declaration"]:
            self._note("declaration", f"<{match['declaration']}")
        elif match["nothing"]:
            return "&lt;", match.start() + 1
        elif match["name"]:
            return self._tag(match)
        return match[0], match.end()

    def _tag(self, match: re.Match[str]) -> tuple[str, int]:
        name = match["name"].lower()
        if name not in ELEMENTS or self._is_parameter(match):
            if not _WORD_ELEMENT.fullmatch(name):
                return "&lt;", match.start() + 1
            self._note("word", f"<{name}>")
            return match[0], match.end()
        if name == "noscript":  # scripts never run here, so its content is for everyone
            return "", match.end()
        if match["close"] or not match["end"]:
            return match[0], match.end()
        if name in TAGS:
            return self._attributes(name, match), match.end()
        if name != "iframe":  # the sanitiser names the hosts of frames
            self._note("element", f"<{name}>")
        end = match.end()
        if name in DROPPED_WHOLE or name in RAW_TEXT:
            end = _end_of(self.html, name, end)
        return self.html[match.start() : end], end

    def _is_parameter(self, match: re.Match[str]) -> bool:
        """Return whether a tag is a type parameter, as in ``Vec<S>``, although HTML has an ``<s>``.

        It is never closed; but old pages have a ``<P>`` between paragraphs.
        """
        name = match["name"]
        before = self.html[match.start() - 1 : match.start()]
        return (
            len(name) == 1
            and name.isupper()
            and not match["attributes"]
            and (before.isalnum() or name != "P" or bool(match["close"]))
            and f"</{name.lower()}>" not in self.html[match.end() :].lower()
            and not (match["close"] and f"<{name.lower()}" in self.html[: match.start()].lower())
        )

    def _attributes(self, name: str, match: re.Match[str]) -> str:
        """Name the attributes of an allowed element that are not allowed; return the tag."""
        if not match["attributes"]:
            return match[0]
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(name, set())
        given = {
            one["name"].lower(): one["double"] or one["single"] or one["bare"] or ""
            for one in reversed(list(_ONE.finditer(match["attributes"])))
        }
        if name == "source" and "src" not in given:  # of a <picture>
            self._note("element", "<picture>")
            return ""
        for attribute, value in given.items():
            if attribute == "name" and name == "a":
                continue
            if not _PROPER.fullmatch(attribute):
                self._note("broken", f"<{name}>")
            elif attribute not in allowed:
                self._note("attribute", _attribute_label(attribute))
            elif attribute in ADDRESSES:
                self._address(attribute, unescape(value).translate(_IN_ADDRESS))
        if name == "a" and "name" in given and "id" not in given:  # the anchors of old pages
            return _NAME.sub("id", match[0], count=1)
        return match[0]

    def _address(self, attribute: str, address: str) -> None:
        scheme = _SCHEME.match(address)
        if not scheme or _ORDINARY.match(address):
            return
        if scheme[1].lower() not in SCHEMES:
            self._note("scheme", f"{scheme[1].lower()}:")
        elif scheme[1].lower() in {"http", "https"}:
            self._note("address", f"{attribute}={address}")

    def _note(self, kind: str, what: str) -> None:
        self.removed.setdefault(Removed(kind, what))


def _attribute_label(name: str) -> str:
    return "data-…=" if name.startswith("data-") else f"{name}="


def _end_of(html: str, name: str, start: int) -> int:
    """Return where the element ends whose opening tag ends at ``start``: after its closing tag."""
    depth = 1
    for match in re.compile(rf"<(/?){name}(?=[{_SPACE}/>])[^>]*>", re.IGNORECASE).finditer(
        html, start
    ):
        if name in RAW_TEXT and not match[1]:
            continue
        depth += -1 if match[1] else 1
        if not depth:
            return match.end()
    return len(html) if name in RAW_TEXT else start
