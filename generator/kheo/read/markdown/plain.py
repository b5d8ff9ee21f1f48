"""A shortcut for texts of plain paragraphs, as most news reports are.

It takes 20 µs for such a report instead of 150. A property test compares the results.
"""

import re

# The start of a line that cannot open a block and contains no inline markup and nothing to escape.
_START = r"(?:[^\W\d_]|[“”‘’\"'(«„–—…/!]|\d+(?![\d.)])|\d+\.(?![ \n]|\Z))"
_LINE = rf"{_START}[^\n]*+"
_PARAGRAPH = rf"{_LINE}(?>\n{_LINE})*+"
_TEXT = re.compile(rf"\n*+{_PARAGRAPH}(?>\n\n++{_PARAGRAPH})*+\n*+")
_MARKUP = ("\\", "`", "*", "_", "[", "<", ">", "&", "{", "~", "@", "\t", "\x02", "\x03")


def plain_paragraphs(text: str, escape_spaces: bool) -> str | None:
    """Return the final HTML of a text that consists of plain paragraphs; else ``None``.

    With ``escape_spaces``, no-break spaces are written as the sanitiser writes them.
    """
    if any(mark in text for mark in _MARKUP) or "://" in text or "www." in text:
        return None
    if " \n" in text or text[-1:] == " ":
        if "  \n" in text:  # a line break
            return None
        text = text.rstrip(" ").replace(" \n", "\n")
    if not _TEXT.fullmatch(text):
        return None
    html = "</p>\n<p>".join(re.split(r"\n\n+", text.strip("\n")))
    return f"<p>{html}</p>".replace("\xa0", "&nbsp;") if escape_spaces else f"<p>{html}</p>"
