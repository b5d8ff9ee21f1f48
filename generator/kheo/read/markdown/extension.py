"""The Markdown extension of a news site: figures, and headings below the title."""

import re
from html import unescape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import remove_fnrefs, render_inner_html, strip_tags
from markdown.treeprocessors import Treeprocessor

from kheo.model import Heading
from kheo.read.markdown.figures import make_figures
from kheo.slugs import slugify

RESERVED_ID = (
    "site-"  # for the theme: an author's id `site-content` would become the target of the skip link
)

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NOT_IN_ANCHOR = re.compile(r"[^a-z0-9_ -]")
_PLAIN_TITLE = re.compile(r"[^<>&\x02\x03]*")


class NewsExtension(Extension):
    """The extension, with the output of one conversion (``headings``)."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[Heading] = []

    def begin(self) -> None:
        self.headings = []

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        md.treeprocessors.register(_Arrange(md), "arrange", 6)  # after attr_list (8)
        md.treeprocessors.register(_NameHeadings(md, self), "headings", 5)


def free_id(wanted: str) -> str:
    """Rename an id that is reserved: ``site-content`` -> ``x-site-content``."""
    return f"x-{wanted}" if wanted.startswith(RESERVED_ID) else wanted


class _Arrange(Treeprocessor):
    """Makes figures, and lowers headings by one level if there is an <h1>: a page has its own."""

    def run(self, root: Element) -> None:
        shift = 1 if next(root.iter("h1"), None) is not None else 0
        has_pictures = False
        for element in root.iter():
            if shift and element.tag in _HEADINGS:
                element.tag = f"h{min(6, int(element.tag[1]) + shift)}"
            if element.attrib and (identifier := element.get("id")) is not None:
                element.set("id", free_id(identifier))
            has_pictures = has_pictures or element.tag == "img"
        if has_pictures:
            make_figures(root)


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
        headings = [element for element in root.iter() if element.tag in _HEADINGS]
        if not headings:
            return
        taken = {element.get("id") for element in root.iter()}
        counts: dict[str, int] = {}
        for element in headings:
            title = self._title(element)
            if (anchor := element.get("id")) is None:
                anchor = _unique(free_id(_anchor(title) or "section"), taken, counts)
                element.set("id", anchor)
            self.news.headings.append(Heading(int(element.tag[1]), anchor, title))

    def _title(self, element: Element) -> str:
        if not len(element) and _PLAIN_TITLE.fullmatch(element.text or ""):
            return " ".join((element.text or "").split())
        return unescape(strip_tags(render_inner_html(remove_fnrefs(element), self.md)))


def _anchor(title: str) -> str:
    """Return what GitHub and GitLab make of a title: ``What's new in 1.2?`` -> ``whats-new-in-12``.

    Titles with other than English letters get slugs like those in URLs: ``Đổi mới`` -> ``doi-moi``.
    """
    if any(char > "\x7f" and char.isalpha() for char in title):
        return slugify(title)
    return _NOT_IN_ANCHOR.sub("", title.lower()).replace(" ", "-")


def _unique(anchor: str, taken: set[str | None], counts: dict[str, int]) -> str:
    unique, number = anchor, counts.get(anchor, 0)
    while unique in taken:
        number += 1
        unique = f"{anchor}-{number}"
    counts[anchor] = number
    taken.add(unique)
    return unique
