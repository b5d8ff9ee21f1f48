"""Tell authors what the sanitiser removed, where it was written, and what to write instead."""

import re
from collections.abc import Iterable

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.messages.wording import Message, message
from kheo.read.markdown.outside_code import blank_code
from kheo.read.markdown.positions import AddressFinder
from kheo.read.markdown.raw_html import Removed

_SCRIPT = message("delete it; scripts do not run here")
_FORM = message("write a link to the form: [take part](https://…)")
_FILE = message("write a link to the file: [the plan](plan.pdf)")
_PICTURE = message("save it as a file next to this one, and write ![what it shows](file.png)")
_SIZES = message("write only ![what it shows](photo.jpg); its other sizes are made from it")
_PAGE = message("delete it; it belongs to a whole page, not to a text")
_BLOCK = message("write <div> instead, or nothing")
_LOOK = message("write **bold**, *italic* or nothing; the theme decides what the text looks like")
_STYLE = message(
    'delete it; the theme decides what the text looks like (class="center" centres it)'
)
_FRAME = message("write a link to the page: [the map](https://…)")
_LOADING = message("delete it; pictures come in several sizes, and load when they are needed")
_NEW_WINDOW = message("delete it; readers choose where a link opens")
_AS_TEXT = message("delete it, or put it in backticks (`) if it is meant as text")
_ADDRESS = message("write an address that starts with https://, http://, mailto: or tel:")
_DELETE = message("delete it; it has no effect here")

_BETTER: dict[str, Message] = {
    **dict.fromkeys(("<script>", "javascript:", "vbscript:"), _SCRIPT),
    **dict.fromkeys(
        ("<form>", "<input>", "<button>", "<select>", "<option>", "<optgroup>", "<label>", "<fieldset>",
         "<legend>", "<datalist>", "<output>", "<textarea>", "<dialog>"), _FORM),
    **dict.fromkeys(("<svg>", "<canvas>", "<math>", "<map>", "<area>", "data:"), _PICTURE),
    **dict.fromkeys(("<picture>", "<image>", "srcset=", "sizes="), _SIZES),
    **dict.fromkeys(("<object>", "<embed>", "<applet>", "<param>"), _FILE),
    **dict.fromkeys(("<frame>", "<frameset>", "<noframes>", "<noembed>"), _FRAME),
    **dict.fromkeys(
        ("<style>", "<link>", "<meta>", "<base>", "<title>", "<head>", "<body>", "<html>", "<template>",
         "<slot>", "<bgsound>", "<basefont>"), _PAGE),
    **dict.fromkeys(
        ("<article>", "<footer>", "<header>", "<hgroup>", "<main>", "<menu>", "<nav>", "<search>"), _BLOCK),
    **dict.fromkeys(
        ("<font>", "<big>", "<blink>", "<center>", "<marquee>", "<nobr>", "<strike>", "<tt>", "<acronym>"),
        _LOOK),
    **dict.fromkeys(
        ("style=", "align=", "valign=", "bgcolor=", "border=", "bordercolor=", "cellpadding=",
         "cellspacing=", "color=", "face=", "size=", "width=", "height=", "hspace=", "vspace=", "nowrap=",
         "background=", "clear=", "noshade="), _STYLE),
    **dict.fromkeys(("loading=", "decoding=", "fetchpriority="), _LOADING),
    "target=": _NEW_WINDOW,
    "toc=": message("delete it; the page has a table of contents of its own"),
    "file:": message("copy the file to the folder of this report, and write its name"),
    "classname=": message("write class="),
}  # fmt: skip
_COMMAND = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}")  # of another program
_INSIDE = r"(?:<[a-z][^<>]*?|\{[^{}]*?)"  # a tag or a list of attributes
_OF_KIND = {
    "broken": message('write each attribute as name="value"'),
    "element": _AS_TEXT,
    "attribute": _DELETE,
    "scheme": _ADDRESS,
    "address": message("correct the address"),
    "word": message("delete it; it was copied from Microsoft Word"),
    "declaration": _AS_TEXT,
}


def removal_diagnostics(removed: Iterable[Removed], text: str, place: Place) -> list[Diagnostic]:
    """Return one warning for each thing removed, at the first place where ``text`` has it.

    ``text`` is the Markdown, which begins at ``place``.
    """
    ordered = dict.fromkeys(removed)
    if not ordered:
        return []
    finder, visible = AddressFinder(text, place), blank_code(text)
    plain = _COMMAND.sub(lambda match: "\0" * len(match[0]), visible)
    found = []
    for one in ordered:
        offset = _offset(one, plain, visible, text)
        if one.kind in {"attribute", "broken"} and _is_command(one.kind, offset, plain, visible):
            continue  # a part of `{% image "a.jpg" %}`, which is reported as such
        at = finder.position(offset)
        better = _better(one)
        what = message("a part of {tag}", tag=one.what) if one.kind == "broken" else one.what
        found.append(
            diagnostic("html-removed", place.at(at.line, at.column), what=what, advice=better)
        )
    return found


def _is_command(kind: str, offset: int, plain: str, visible: str) -> bool:
    """Return whether commands of another program were taken for attributes, or broke a tag."""
    if offset < 0:
        return plain != visible
    if kind == "broken":  # <img src="{{ "/a.gif" | url }}">
        end = plain.find(">", offset)
        return "\0" in plain[offset:end] and plain[offset:end] != visible[offset:end]
    return plain[offset] == "\0" != visible[offset]


def _better(one: Removed) -> Message:
    if one.kind == "attribute" and one.what.startswith("on"):
        return _SCRIPT
    return _BETTER.get(one.what, _OF_KIND[one.kind])


def _offset(one: Removed, *texts: str) -> int:
    """Return where it is written, in the first text that has it; -1 if it is nowhere."""
    written = _written(one)
    patterns = [rf"({written})(?=\s*=)", f"({written})"]
    if one.kind == "attribute":  # `<b and c>`: the word may be in the text before
        patterns = [*(f"{_INSIDE}{pattern}" for pattern in patterns), *patterns]
    for text in texts:
        for pattern in patterns:
            if match := re.search(pattern, text, re.IGNORECASE):
                return match.start(1)
    return -1


def _written(one: Removed) -> str:
    """Return a pattern of how it is written in Markdown."""
    match one.kind:
        case "attribute":
            name = re.escape(one.what.removesuffix("=")).replace("…", r"[\w-]+")
            return rf"(?<=[\s\"'/{{:]){name}(?=[\s=/>])"
        case "address":
            return re.escape(one.what.partition("=")[2])
        case "scheme":  # `ttps:` is in every `https:`
            return rf"(?<![\w+.-]){re.escape(one.what)}"
        case "element" | "word" | "broken":
            return rf"{re.escape(one.what.removesuffix('>'))}(?![\w:-])"
    return re.escape(one.what)
