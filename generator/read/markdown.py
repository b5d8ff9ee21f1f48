"""Markdown to HTML: Python-Markdown with its extensions, and what a news site adds to them."""

import re
from functools import cache
from html import unescape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString

from generator.config import BodyOptions
from generator.diagnostics import Diagnostic, Place, diagnostic
from generator.model import Body, Heading
from generator.read.markdown_shortcuts import ShortcutExtension, plain_paragraphs
from generator.read.references import collect_references
from generator.read.sanitise import sanitise
from generator.slugs import slugify

PAGE_BREAK = "<!-- page -->"


def parse_body(
    text: str, title: str, digest: str, place: Place, options: BodyOptions
) -> tuple[Body, list[Diagnostic]]:
    """The body of a source as HTML without addresses, and what is wrong with it.

    ``text`` is clean (see ``read.text``) and begins on line ``place.line`` of the file. ``digest``
    is that of the file: what an author cannot write into it, and so can stand for our own marks.
    """
    text = _without_title(text, title)
    if (plain := plain_paragraphs(text)) is not None:
        lead = unescape(plain.partition("</p>")[0].removeprefix("<p>"))
        return Body((plain,), lead=" ".join(lead.split())), []
    try:
        html, headings = convert(text, page_break=f"pagebreak{digest}")
    except RecursionError:
        return Body(("",)), [diagnostic("markdown-depth", place)]
    refused: tuple[str, ...] = ()
    if not options.trusted_html:
        html, refused = sanitise(html, options.iframe_hosts)
    parts = _split(_finished(html), f"<p>pagebreak{digest}</p>")
    anchors = {anchor: number for number, part in enumerate(parts) for anchor in _ids(part)}
    parts, references, found = collect_references(parts, anchors, text, place)
    found += [diagnostic("iframe-host", _find(text, host, place), host=host) for host in refused]
    found += _images_without_alt(parts, text, place)
    return Body(parts, headings, anchors, references, _lead(parts[0])), found


def convert(
    text: str, page_break: str = "", shortcuts: bool = True
) -> tuple[str, tuple[Heading, ...]]:
    """HTML and headings, before sanitising. Without ``shortcuts``: as stock Python-Markdown."""
    md = _converter(shortcuts)
    md.reset()
    md.treeprocessors["news"].page_break = page_break  # type: ignore[attr-defined]
    html = md.convert(text)
    return html, tuple(_flat(md.toc_tokens))  # type: ignore[attr-defined]


@cache
def _converter(shortcuts: bool) -> Markdown:
    return Markdown(
        extensions=[
            TableExtension(use_align_attribute=True),
            FootnoteExtension(BACKLINK_TITLE="{}"),
            "attr_list",
            "def_list",
            "abbr",
            "fenced_code",
            "sane_lists",
            TocExtension(slugify=_anchor, marker=""),
            _NewsExtension(),
            *([ShortcutExtension()] if shortcuts else []),
        ]
    )


def _anchor(heading: str, separator: str) -> str:
    slug = slugify(heading) or "section"
    return f"x-{slug}" if slug.startswith(f"site{separator}") else slug


def _flat(tokens: list[dict[str, object]]) -> list[Heading]:
    headings = []
    for token in tokens:
        headings.append(
            Heading(int(str(token["level"])), str(token["id"]), unescape(str(token["name"])))
        )
        headings += _flat(token["children"])  # type: ignore[arg-type]
    return headings


class _NewsExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        md.treeprocessors.register(_News(md), "news", 6)  # after attr_list (8), before toc (5)


class _News(Treeprocessor):
    """Page breaks, figures, headings below the page's own <h1>, alignment as a class."""

    page_break = ""

    def run(self, root: Element) -> None:
        for child in root:
            if child.tag == "p" and self._is_page_break(child.text or ""):
                child.text = AtomicString(self.page_break)
        lowest = 1 if next(root.iter("h1"), None) is not None else 0
        for element in root.iter():
            if lowest and re.fullmatch("h[1-5]", str(element.tag)):
                element.tag = f"h{int(element.tag[1]) + lowest}"
            elif element.tag == "p":
                _make_figure(element)
            elif element.tag in {"th", "td"} and "align" in element.attrib:
                element.set("class", element.attrib.pop("align"))

    def _is_page_break(self, text: str) -> bool:
        stashed = HTML_PLACEHOLDER_RE.fullmatch(text.strip())
        if not stashed:
            return False
        raw = self.md.htmlStash.rawHtmlBlocks[int(stashed.group(1))]
        return isinstance(raw, str) and raw.strip() == PAGE_BREAK


def _make_figure(paragraph: Element) -> None:
    """A paragraph of nothing but one picture: ``![alt](photo.jpg "caption")``."""
    if len(paragraph) != 1 or paragraph[0].tag != "img":
        return
    image = paragraph[0]
    if (paragraph.text or "").strip() or (image.tail or "").strip():
        return
    paragraph.tag, image.tail = "figure", None
    if caption := image.attrib.pop("title", ""):
        element = Element("figcaption")
        element.text = AtomicString(caption)
        paragraph.append(element)


_TITLE = re.compile(r"\s*(?:#[ \t]*(?P<atx>[^\n]*?)[ \t#]*|(?P<setext>[^\n]+)\n=+[ \t]*)(?=\n|\Z)")


def _without_title(text: str, title: str) -> str:
    """``text`` without a first ``# Heading`` that says the title again; its lines stay counted."""
    heading = _TITLE.match(text)
    if not heading or _folded(heading["atx"] or heading["setext"] or "") != _folded(title):
        return text
    return "\n" * heading.group().count("\n") + text[heading.end() :]


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", text).split()).casefold()


def _finished(html: str) -> str:
    """Tables that scroll inside themselves; no <h1> that came as raw HTML."""
    html = re.sub(r"<(/?)h1\b", r"<\1h2", html)
    html = html.replace("<table", '<div class="table-scroll" tabindex="0"><table')
    return html.replace("</table>", "</table></div>")


def _split(html: str, mark: str) -> tuple[str, ...]:
    parts = [part.strip() for part in html.split(mark)]
    return tuple(part for part in parts if part) or ("",)


def _ids(html: str) -> list[str]:
    return [unescape(match) for match in re.findall(r'<[a-z][^<>]*? id="([^"]+)"', html)]


def _lead(html: str) -> str:
    """The first paragraph of text, plain."""
    for paragraph in re.findall(r"<p(?:\s[^>]*)?>(.*?)</p>", html, re.DOTALL):
        bare = re.sub(r"<sup id=\"fnref.*?</sup>", "", paragraph, flags=re.DOTALL)
        text = " ".join(unescape(re.sub(r"<[^>]+>", "", bare)).split())
        if text:
            return text
    return ""


def _images_without_alt(parts: tuple[str, ...], text: str, place: Place) -> list[Diagnostic]:
    bare = sum(len(re.findall(r'<img(?![^>]* alt="[^"])[^>]*>', part)) for part in parts)
    if not bare:
        return []
    written = [match.start() for match in re.finditer(r"!\[\s*\][(\[]|<img\b", text)]
    places = [place_at(text, offset, place) for offset in written] or [place]
    return [diagnostic("image-without-alt", where) for where in places[:bare]]


def _find(text: str, needle: str, place: Place) -> Place:
    return place_at(text, max(0, text.find(needle)), place)


def place_at(text: str, offset: int, place: Place) -> Place:
    """The place in the file of a character of the body."""
    line = text.count("\n", 0, offset)
    return place.at(place.line + line, offset - text.rfind("\n", 0, offset))
