"""How the lines that begin a block look (CommonMark 0.31, sections 4 and 5)."""

import re

# The first characters of lines that may begin a block other than a paragraph.
STARTERS = frozenset(">#`~<-+*_=:|[0123456789")

HEADING = re.compile(r"(#{1,6})(?:[ \t]+|$)")
_HEADING_END = re.compile(r"(?:^|[ \t])#+$")
UNDERLINE = re.compile(r"(=+|-+)[ \t]*$")
RULE = re.compile(r"([*_-])[ \t]*+(?>\1[ \t]*+){2,}+$")
FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$")
ITEM = re.compile(r"(?:([*+-])|([0-9]{1,9})([.)]))(?=[ \t]|$)")
DEFINITION = re.compile(r":(?=[ \t]+[^ \t])")
FOOTNOTE = re.compile(r"\[\^([^\]]+)\]:")
ABBREVIATION = re.compile(r"\*\[[ ]*([^\s\\\]][^\\\]]*)\][ ]?:[ ]*(\S.*)$")
PAGE_BREAK = re.compile(r"<!--[ \t]*page[ \t]*-->[ \t]*$")


def heading_text(line: str, start: int) -> str:
    """Return what stands between the ``#`` at the beginning and those at the end."""
    text = line[start:].rstrip(" \t")
    # Looked for only where there is one: the pattern would be tried at each space.
    return _HEADING_END.sub("", text).rstrip(" \t") if text.endswith("#") else text


def is_fence_end(line: str, start: int, mark: str, length: int) -> bool:
    """Return whether a line closes a fence of ``length`` times ``mark``."""
    rest = line[start:].rstrip(" \t")
    return len(rest) >= length and not rest.strip(mark)
