"""The Markdown extension of a news site: page breaks, figures, and headings below the title."""

import re
from html import unescape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.toc import remove_fnrefs, render_inner_html, strip_tags
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE, AtomicString

from kheo.model import Heading
from kheo.slugs import slugify

MAX_DEPTH = 60  # levels of lists and quotes; Python's stack overflows at about 300
RESERVED_ID = (
    "site-"  # for the theme: an author's id `site-content` would become the target of the skip link
)

_PAGE_BREAK = re.compile(r" {0,3}<!--[ \t]*page[ \t]*-->[ \t]*")
_HEADING = re.compile("h[1-6]")
_PLAIN_TITLE = re.compile(r"[^<>&\x02\x03]*")


class TooDeepError(ValueError):
    """A text with more than MAX_DEPTH levels of lists and quotes."""


class NewsExtension(Extension):
    """The extension, with the input (``digest``) and the output (``headings``) of one conversion."""

    def __init__(self) -> None:
        super().__init__()
        self.digest = ""
        self.headings: list[Heading] = []

    def begin(self, digest: str) -> None:
        self.digest = digest
        self.headings = []

    @property
    def page_break(self) -> str:
        """Return the HTML that separates two parts. No author can write it."""
        return f"<p>page {self.digest}</p>"

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        md.preprocessors.register(_MarkPageBreaks(md, self), "page-break", 22)  # after fenced code
        md.parser.blockprocessors.register(_LimitDepth(md.parser), "depth", 200)
        md.treeprocessors.register(_Arrange(md, self), "arrange", 6)  # after attr_list (8)
        md.treeprocessors.register(_NameHeadings(md, self), "headings", 5)


def free_id(wanted: str) -> str:
    """Rename an id that is reserved: ``site-content`` -> ``x-site-content``."""
    return f"x-{wanted}" if wanted.startswith(RESERVED_ID) else wanted


class _LimitDepth(BlockProcessor):
    """Limits the nesting of lists and quotes, regardless of the depth of Python's stack."""

    def test(self, parent: Element, block: str) -> bool:
        if len(self.parser.state) > MAX_DEPTH:
            raise TooDeepError
        return False


class _MarkPageBreaks(Preprocessor):
    """Marks ``<!-- page -->`` on a line of its own; after text it is an ordinary comment."""

    def __init__(self, md: Markdown, news: NewsExtension) -> None:
        super().__init__(md)
        self.news = news

    def run(self, lines: list[str]) -> list[str]:
        if "<!--" not in "\n".join(lines):
            return lines
        mark = f"<!-- page {self.news.digest} -->"
        return [mark if _PAGE_BREAK.fullmatch(line) else line for line in lines]


class _Arrange(Treeprocessor):
    """Marks page breaks, makes figures, lowers headings by one level, and sets cell alignment classes."""

    def __init__(self, md: Markdown, news: NewsExtension) -> None:
        super().__init__(md)
        self.md: Markdown = md
        self.news = news

    def run(self, root: Element) -> None:
        for child in root:
            if child.tag == "p" and self._is_page_break(child.text or ""):
                child.text = AtomicString(f"page {self.news.digest}")
        shift = 1 if next(root.iter("h1"), None) is not None else 0
        for element in root.iter():
            if shift and _HEADING.fullmatch(element.tag):
                element.tag = f"h{min(6, int(element.tag[1]) + shift)}"
            if (identifier := element.get("id")) is not None:
                element.set("id", free_id(identifier))
            if "align" in element.attrib and element.tag in {"th", "td"}:
                names = [element.attrib.pop("align"), element.get("class") or ""]
                element.set("class", " ".join(filter(None, names)))
        if next(root.iter("img"), None) is not None:
            _make_figures(root)

    def _is_page_break(self, text: str) -> bool:
        stashed = HTML_PLACEHOLDER_RE.fullmatch(text.strip())
        if not stashed:
            return False
        raw = self.md.htmlStash.rawHtmlBlocks[int(stashed[1])]
        return isinstance(raw, str) and raw.strip() == f"<!-- page {self.news.digest} -->"


def _make_figures(root: Element) -> None:
    """Replace a paragraph of pictures only, ``![alt](photo.jpg "caption")``, by a figure for each."""
    for parent in list(root.iter()):
        for index, child in reversed(list(enumerate(parent))):
            if child.tag == "p" and (pictures := _only_pictures(child)):
                parent[index : index + 1] = [_figure(picture) for picture in pictures]
                parent[index].attrib.update(child.attrib)


def _only_pictures(paragraph: Element) -> list[Element]:
    texts = [paragraph.text, *(child.tail for child in paragraph)]
    if any(text and text.strip() for text in texts):
        return []
    if any(child.tag not in {"img", "br"} for child in paragraph):
        return []
    return [child for child in paragraph if child.tag == "img"]


def _figure(image: Element) -> Element:
    figure = Element("figure")
    figure.tail = "\n"
    image.tail = None
    figure.append(image)
    if caption := image.attrib.pop("title", ""):
        element = Element("figcaption")
        element.text = AtomicString(caption)
        figure.append(element)
    return figure


class _NameHeadings(Treeprocessor):
    """Gives headings their anchors and collects them for the table of contents.

    It replaces Python-Markdown's ``toc`` and uses its rules for the text of a heading. Anchors are
    slugs like those in URLs, duplicates end in ``-1`` instead of ``_1``, and no HTML list is made.
    """

    def __init__(self, md: Markdown, news: NewsExtension) -> None:
        super().__init__(md)
        self.md: Markdown = md
        self.news = news

    def run(self, root: Element) -> None:
        headings = [element for element in root.iter() if _HEADING.fullmatch(element.tag)]
        if not headings:
            return
        taken = {element.get("id") for element in root.iter()}
        counts: dict[str, int] = {}
        for element in headings:
            title = self._title(element)
            if (anchor := element.get("id")) is None:
                anchor = _unique(free_id(slugify(title) or "section"), taken, counts)
                element.set("id", anchor)
            self.news.headings.append(Heading(int(element.tag[1]), anchor, title))

    def _title(self, element: Element) -> str:
        if not len(element) and _PLAIN_TITLE.fullmatch(element.text or ""):
            return " ".join((element.text or "").split())
        return unescape(strip_tags(render_inner_html(remove_fnrefs(element), self.md)))


def _unique(anchor: str, taken: set[str | None], counts: dict[str, int]) -> str:
    unique, number = anchor, counts.get(anchor, 0)
    while unique in taken:
        number += 1
        unique = f"{anchor}-{number}"
    counts[anchor] = number
    taken.add(unique)
    return unique
