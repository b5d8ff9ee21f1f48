"""Mask everything that is not prose with NUL, so that lint rules do not see it."""

import re

NUL = "\0"

_INDENTED = re.compile(r"^(?: {4}| {0,3}\t).*$", re.MULTILINE)
# Lines that are not prose: definitions of references and abbreviations, and the line below the
# header of a table.
_LINE = re.compile(
    r"""^(?:[ ]{0,3}\[(?!\^)[^\]\n]+\]:[ ]*\S.*
      | [ ]{0,3}\*\[[^\]\n]+\]:.*
      | [ ]{0,3}\|?+[ ]*+:?+-++:?+[ ]*+(?>\|[ ]*+:?+-++:?+[ ]*+)++\|?+[ ]*+
      | [ ]{0,3}\|[ ]*+:?+-++:?+[ ]*+\|[ ]*+
    )$""",
    re.MULTILINE | re.VERBOSE,
)
_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*(?:\n.*?)?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)",
                    re.MULTILINE | re.DOTALL)  # fmt: skip
# A `|` ends a cell of a table only if there is a space next to it.
_URL = r"""(?:[^\s<>"“”«»|\0]|(?<!\s)\|(?!\s))*[^\s<>"“”«»|\0.,;:!?)\]…*_'’]"""
_COMMAND = re.compile(r"\{%[^{}`]*%\}")  # of another program; its next lines may be indented
_CODE = re.compile(
    r"""<!--.*?(?:-->|\Z)
      | (?<!`)(?P<tick>`++)(?:(?!\n\n).){1,2000}?(?<!`)(?P=tick)(?!`)
      | <(?P<raw>script|style|pre|code|textarea|svg|math)\b.*?(?:</(?P=raw)>|\Z)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
# In this order: escapes after addresses, which may contain them (`a\_b,c`). A pattern runs only if its key occurs: most texts have few of them.
_MARKUP = (
    ("](", re.compile(r"(?<!\\)\]\((?:[^()\n]|\([^()\n]*\))*\)")),
    ("{{", re.compile(r"\{\{[^{}]*\}\}")),  # of other programs: Jekyll, Hugo
    ("{%", re.compile(r"\{%[^{}]*%\}")),
    ("://", re.compile(rf"(?:[Hh][Tt][Tt][Pp][Ss]?|ftp|file)://{_URL}")),
    ("www.", re.compile(rf"www\.{_URL}")),
    ("/", re.compile(rf"(?<![\w./@-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{{2,}}/{_URL}")),
    ("\\", re.compile(r"\\[^\w\s]")),
    ("<", re.compile(r"</?[a-zA-Z][^<>]*>")),
    ("][", re.compile(r"\]\[[^\]\n]*\]")),
    ("[^", re.compile(r"\[\^[^\[\]\n]+\]")),
    ("[[", re.compile(r"\[\[[^\[\]\n]+\]\]")),
    ("@", re.compile(r"[\w.+-]{1,64}@[\w-]++(?:\.[\w-]++)+")),
    ("&", re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w*);")),
    ("{", re.compile(r"\{:?[ ]*[#.:a-zA-Z][^{}\n]*\}")),
)
_KEY = re.compile(r"^[ \t]*(?:- +)?[\w-]+:(?=\s|$)|^[ \t]*-(?= )|^---[ \t]*$|^[ \t]+|(?:^|(?<=\s))#.*$",
                  re.MULTILINE)  # fmt: skip


def mask_code(text: str) -> str:
    """Replace code and comments in a body with NUL; keep line ends."""
    if "`" in text or "~~~" in text:
        text = _FENCE.sub(_blank, text)
    if "{%" in text:
        text = _COMMAND.sub(_blank, text)
    if "    " in text or "\t" in text:
        text = _INDENTED.sub(_blank, text)
    return _CODE.sub(_blank, text) if "`" in text or "<" in text else text


def mask_markup(text: str) -> str:
    """Replace HTML, URLs and escapes with NUL too."""
    if "]:" in text or "--" in text or "-|" in text or "- |" in text:
        text = _LINE.sub(_blank, text)
    for key, pattern in _MARKUP:
        if key in text:
            text = pattern.sub(_blank, text)
    return text


def mask_front_matter(text: str) -> str:
    """Replace everything in front matter with NUL, except the values."""
    return _KEY.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    if "\n" not in match[0]:
        return NUL * len(match[0])
    return "\n".join(NUL * len(line) for line in match[0].split("\n"))
