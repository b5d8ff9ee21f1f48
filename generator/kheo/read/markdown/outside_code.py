"""Blank the code in a Markdown text, so that what looks like markup in it is not found."""

import re

_FENCED = re.compile(
    r"^(?P<lead>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}|~{3,})(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
_SPAN = re.compile(
    r"(?<!`)(?P<ticks>`++)(?:(?!\n[ \t]*\n).){1,2000}?(?<!`)(?P=ticks)(?!`)", re.DOTALL
)
_ELEMENT = re.compile(r"<(?P<name>pre|code)\b[^<>]*>.*?</(?P=name)\s*>", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def blank_code(text: str, elements: bool = False) -> str:
    """Return ``text`` with NUL instead of fenced code, code spans and comments; offsets stay.

    With ``elements``, the content of ``<pre>`` and ``<code>`` is blanked too.
    """
    if "```" in text or "~~~" in text:
        text = _blank_fences(text)
    if "`" in text:
        text = _SPAN.sub(_blank, text)
    if "<" in text:
        text = _COMMENT.sub(_blank, text)
        text = _ELEMENT.sub(_blank, text) if elements else text
    return text


def _blank_fences(text: str) -> str:
    parts, done = [], 0
    opened: re.Match[str] | None = None
    for match in _FENCED.finditer(text):
        if opened is None:
            if "`" not in match["rest"] or match["fence"][0] == "~":
                opened = match
        elif match["fence"].startswith(opened["fence"]) and not match["rest"].strip():
            parts += [text[done : opened.start()], _nul(text[opened.start() : match.end()])]
            done, opened = match.end(), None
    if opened is not None:
        parts += [text[done : opened.start()], _nul(text[opened.start() :])]
        done = len(text)
    return "".join([*parts, text[done:]])


def _blank(match: re.Match[str]) -> str:
    return _nul(match[0])


def _nul(text: str) -> str:
    return "\n".join("\0" * len(line) for line in text.split("\n"))
