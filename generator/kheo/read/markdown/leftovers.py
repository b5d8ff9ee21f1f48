"""Find markup of other programs (Hugo, Jekyll, Zola, WordPress, MDX …), which readers would see as text."""

import re
from collections.abc import Iterator
from html import unescape

from msgspec import Struct

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.messages.wording import Message, message
from kheo.read.markdown.outside_code import blank_code
from kheo.read.markdown.positions import AddressFinder

_PICTURE = message('write ![what it shows](photo.jpg "caption"), with the file next to this one')
_FRAME = message("write a link to it: [the video](https://…), or its <iframe>")
_LINK = message("write the file of the other report: [text](../2020/other.md)")
_ADDRESS = message("write the address itself: [text](../2020/other.md) or [text](https://…)")
_FENCE = message("put the code between two lines ```")
_NOTE = message("write > [!NOTE], and the text below it in lines that start with >")
_CONTENTS = message("delete it; the page has a table of contents of its own")
_DELETE = message("delete it")
_MARKDOWN = message("delete the tag, and write what it showed as Markdown")
_ANY = message("write what it stood for, or put it in backticks (`) if it is meant as text")

_BY_NAME: dict[str, Message] = {
    **dict.fromkeys(
        ("figure", "img", "image", "image_with_class", "picture", "photo", "asset", "responsive_image",
         "resize_image", "lead_picture", "gallery", "caption", "team_photo"), _PICTURE),
    **dict.fromkeys(
        ("youtube", "vimeo", "tweet", "twitter",  "instagram", "gist", "video", "audio", "embed",
         "vimeo_simple", "tweet_simple", "playlist"), _FRAME),
    **dict.fromkeys(("ref", "relref", "post_url", "link", "get_post", "team_link", "doc_url"), _LINK),
    **dict.fromkeys(
        ("site", "url", "absolute_url", "relative_url", "baseurl", "absurl", "relurl", "prepend", "get_url",
         "config"), _ADDRESS),
    **dict.fromkeys(("highlight", "endhighlight", "code", "codeblock", "endcodeblock", "prism"), _FENCE),
    **dict.fromkeys(
        ("note", "tip", "info", "warning", "caution", "danger", "important", "notice", "alert", "callout",
         "admonition", "hint", "success", "question", "details", "abstract", "quote", "example"), _NOTE),
    **dict.fromkeys(("toc", "_toc_", "table_of_contents"), _CONTENTS),
    **dict.fromkeys(("raw", "endraw", "import", "export", "comment", "endcomment", "end"), _DELETE),
}  # fmt: skip

# One alternative for each kind of markup. `name` is what it calls.
_KINDS = (
    # {{< figure src="a.jpg" >}}   {{% notice %}}   {{< /note >}}
    r"\{\{[<%][ \t]*/?[ \t]*(?P<hugo>[\w./-]*)(?:[^{}]|\{(?!\{))*?[%>]\}\}",
    # {{ youtube(id="x") }}   {{ "/a/" | relative_url }}   {{ site.baseurl }}
    r"\{\{-?[ \t]*(?P<expression>[^{}\n]*?)[ \t]*-?\}\}",
    # {% image "a.jpg" %}   {% include figure.html src="a.jpg" %}   {% endhighlight %}
    r"\{%-?[ \t]*(?P<tag>\w+)(?P<arguments>[^{}\n]*?)-?%\}",
    # <%= link_to "x" %>
    r"<%[=-]?(?P<erb>[^\n%]*)%>",
    # :::note Title   ::: {.warning}   :::{tip}
    r"^[ \t>]*:{3,}[ \t]*(?:\{[ \t]*\.?)?(?P<container>[a-zA-Z][\w-]*)[^\n]*$",
    # !!! note "Title"   ??? tip
    r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+(?P<admonition>[a-z]+)\b[^\n]*$",
    # import Tabs from '@theme/Tabs'   export const x = 1
    r"^(?P<module>import|export)[ \t]+(?:[\w*{][^\n]*?\bfrom[ \t]+['\"][^\n]*|['\"][^'\"\n]+['\"];?[ \t]*|"
    r"(?:default|const|let|function|class)[ \t]+\w[^\n]*)$",
    # <Tabs>   <TabItem value="a">   <Figure src="a.jpg" />
    r"(?<![\w<])</?(?P<component>[A-Z][a-z0-9]\w*)(?:(?:[ \t\n]+[\w-]+=[^<>]*)|[ \t]*)/?>",
    # {/* a comment */}
    r"\{/\*(?P<jsx>.*?)\*/\}",
    # [caption id="a"]   [gallery ids="1,2"]   [embed]
    r"(?<!\\)\[/?(?P<shortcode>caption|gallery|embed|audio|video|youtube|playlist)\b[^\[\]\n]*\](?![(\[:])",
    # [toc]   [[_TOC_]]   {:toc}
    r"^[ \t]*\[{1,2}(?P<toc>_?toc_?)\]{1,2}[ \t]*$|\{:[ \t]*(?P<kramdown>toc)\b[^{}\n]*\}",
    # ![[photo.jpg]]
    r"!\[\[(?P<wiki>[^\[\]\n]+)\]\]",
)  # fmt: skip
_LEFT = re.compile("|".join(_KINDS), re.MULTILINE | re.DOTALL)
# One of these is in every text with such markup. Looking for them takes 4 µs per report.
_SIGNS = (
    "{{", "{%", "<%", "{/*", ":::", "!!! ", "??? ", "???+", "import ", "export ", "![[", "[/", "toc]", "TOC]",
    "toc_]", "TOC_]", "{:toc", "{: toc", "[caption", "[gallery", "[embed", "[audio", "[video", "[youtube",
    "[playlist",
)  # fmt: skip
_COMPONENT = re.compile(r"</?[A-Z][a-z0-9]")
_ADDRESS_OF_TAG = re.compile(r"\b(?:src|href)\s*=\s*[\"']\Z", re.IGNORECASE)
_NAME = re.compile(r"[a-zA-Z_]\w*")
_CALL = re.compile(r"([a-zA-Z_]\w*)[ \t]*\(")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_IN_CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL)
_LONGEST = 60  # characters of the markup in a message


class _Left(Struct, frozen=True):
    """Markup of another program: how it is named in a message, and what to write instead."""

    name: str
    better: Message
    start: int
    text: str


def leftover_diagnostics(text: str, html: str, place: Place) -> list[Diagnostic]:
    """Return a warning for each kind of markup of another program, at its first place in ``text``.

    ``text`` is the Markdown, which begins at ``place``; ``html`` is what became of it. Markup in code
    is meant as text.
    """
    if not any(sign in text for sign in _SIGNS) and not ("<" in text and _COMPONENT.search(text)):
        return []
    shown = _plain(_IN_CODE.sub(" ", html))
    finder = AddressFinder(text, place)
    found: dict[str, Diagnostic] = {}
    for left in _lefts(blank_code(text, elements=True)):
        if left.name not in found and _is_shown(left, shown):
            at = finder.position(left.start)
            found[left.name] = diagnostic(
                "markup-left",
                place.at(at.line, at.column),
                text=_short(text[left.start : left.start + len(left.text)]),
                advice=left.better,
            )
    return list(found.values())


def _lefts(text: str) -> Iterator[_Left]:
    for match in _LEFT.finditer(text):
        if _ADDRESS_OF_TAG.search(text, max(0, match.start() - 20), match.start()):
            continue  # reported as an address that leads nowhere
        kind = str(match.lastgroup)
        name, better = _meaning(kind, match)
        written = match[0].strip()
        start = match.start() + match[0].find(written)
        yield _Left(f"{kind} {name}", better, start, written)


def _meaning(kind: str, match: re.Match[str]) -> tuple[str, Message]:
    """Return the name of what the markup calls, and what to write instead."""
    match kind:
        case "component" | "jsx":
            return match["component"] or "", _MARKDOWN
        case "wiki":
            return "", _PICTURE
        case "expression":
            return _expression(match["expression"])
        case "arguments":
            return _liquid(match["tag"].lower(), match["arguments"])
        case "container" | "admonition":
            return match[kind].lower(), _BY_NAME.get(match[kind].lower(), _NOTE)
    name = match[kind].lower()
    return name, _BY_NAME.get(name, _ANY)


def _expression(written: str) -> tuple[str, Message]:
    """``youtube(id=1)`` is a call; ``"/a/" | url`` and ``site.url`` are addresses."""
    call = _CALL.match(written)
    names = [call[1]] if call else _NAME.findall(_QUOTED.sub(" ", written))
    known = next((name for name in names if name.lower() in _BY_NAME), "")
    return known or (names[0] if names else ""), _BY_NAME.get(known.lower(), _ANY)


def _liquid(tag: str, arguments: str) -> tuple[str, Message]:
    """``include figure.html`` names a file; a block ends with ``endraw``, which is not told apart."""
    name = _NAME.search(arguments) if tag == "include" else None
    called = name[0].lower() if name else tag.removeprefix("end")
    return called, _BY_NAME.get(called, _ANY)


def _is_shown(left: _Left, shown: str) -> bool:
    """Return whether readers see the markup, or it became part of an address."""
    if left.name.startswith(("component", "container", "admonition", "module")):
        return left.text.partition("\n")[0][:12].strip("> \t").split(" ")[0] in shown
    return _plain(left.text)[:2] in shown


def _plain(html: str) -> str:
    return unescape(html).replace("%7B", "{").replace("%7D", "}").replace("%25", "%")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
