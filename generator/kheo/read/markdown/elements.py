"""Recognise raw HTML: which tags it has, and where a block of it begins and ends."""

import re

from kheo.read.markdown.allowed import ELEMENTS

_BLOCK_NAMES = """
address article aside base basefont blockquote body caption center col colgroup dd details dialog dir
div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html
iframe legend li link main menu menuitem nav noframes ol optgroup option p param search section summary
table tbody td tfoot th thead title tr track ul
"""

_ATTRIBUTE = (
    r"[ \t\n]++[A-Za-z_:][\w.:-]*+(?>[ \t\n]*+=[ \t\n]*+(?:[^\s\"'=<>`]++|'[^']*+'|\"[^\"]*+\"))?+"
)
_TAG = rf"<(?:([A-Za-z][A-Za-z0-9-]*+)(?>{_ATTRIBUTE})*+[ \t\n]*+/?>|/([A-Za-z][A-Za-z0-9-]*+)[ \t\n]*+>)"
TAG = re.compile(_TAG, re.ASCII)

# The start conditions of HTML blocks 1 to 7 (CommonMark 0.31, section 4.6).
_STARTS = (
    ("1", re.compile(r"<(?:script|pre|style|textarea)(?=[\s>]|$)", re.IGNORECASE)),
    ("2", re.compile(r"<!--")),
    ("3", re.compile(r"<\?")),
    ("4", re.compile(r"<![A-Za-z]")),
    ("5", re.compile(r"<!\[CDATA\[")),
    ("6", re.compile(rf"</?(?:{'|'.join(_BLOCK_NAMES.split())})(?=\s|/?>|$)", re.IGNORECASE)),
)
_ENDS = {
    "1": re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE),
    "2": re.compile("-->"),
    "3": re.compile(r"\?>"),
    "4": re.compile(">"),
    "5": re.compile(r"\]\]>"),
}
_ALONE = re.compile(rf"{_TAG}[ \t]*$", re.ASCII)
# Drawings and formulas have elements of their own.
_DRAWING = re.compile(r"<(?:svg|math)\b", re.IGNORECASE)


def has_drawing(html: str) -> bool:
    """Return whether any name may be that of an element."""
    return _DRAWING.search(html) is not None


def is_element(tag: re.Match[str]) -> bool:
    """Return whether a match of ``TAG`` is a tag of HTML."""
    return (tag[1] or tag[2]).lower() in ELEMENTS


def html_block(line: str, start: int, in_paragraph: bool, any_tag: bool) -> str:
    """Return the kind of the HTML block that begins in ``line``, "1" to "7"; empty if none does.

    With ``any_tag``, everything that CommonMark calls HTML is HTML; otherwise only comments and
    elements of HTML are.
    """
    for kind, pattern in _STARTS:
        if (any_tag or kind not in "345") and pattern.match(line, start):
            return kind
    alone = None if in_paragraph else _ALONE.match(line, start)
    return "7" if alone and (any_tag or is_element(alone)) else ""


def ends_html(kind: str, line: str) -> bool:
    """Return whether an HTML block of this kind ends with ``line``. Kinds 6 and 7 end before a blank line."""
    end = _ENDS.get(kind)
    return end is not None and end.search(line) is not None
