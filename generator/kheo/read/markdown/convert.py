"""Set up and run Python-Markdown."""

from functools import cache

from markdown import Markdown
from markdown.extensions.abbr import AbbrExtension
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from msgspec import Struct

from kheo.model import Heading
from kheo.read.markdown.extension import NewsExtension
from kheo.read.markdown.shortcuts import ShortcutExtension


class ConvertedBody(Struct, frozen=True):
    """The HTML of each part, not sanitised, some perhaps empty; and all headings."""

    parts: list[str]
    headings: tuple[Heading, ...]


def convert_fast(text: str, digest: str) -> ConvertedBody:
    """Return ``text`` as HTML. ``digest`` is part of the page break marker: no author can write it.

    Raises TooDeepError or RecursionError if lists, quotes or brackets are nested too deeply.
    """
    return _convert(text, digest, shortcuts=True)


def convert_stock(text: str, digest: str) -> ConvertedBody:
    """Convert without shortcuts, as stock Python-Markdown does; tests compare with this."""
    return _convert(text, digest, shortcuts=False)


def _convert(text: str, digest: str, shortcuts: bool) -> ConvertedBody:
    md, news = _converter(shortcuts)
    md.reset()
    md.parser.state.clear()  # a RecursionError or a time limit leaves lists open in it
    news.begin(digest)
    html = md.convert(text)
    return ConvertedBody(html.split(news.page_break), tuple(news.headings))


@cache
def _converter(shortcuts: bool) -> tuple[Markdown, NewsExtension]:
    news = NewsExtension()
    md = Markdown(
        output_format="html",
        extensions=[
            TableExtension(use_align_attribute=True),
            FootnoteExtension(BACKLINK_TITLE="{}"),  # the number, which needs no translation
            # By class: Python-Markdown looks names up in the entry points of all packages (0.02 s).
            AttrListExtension(),
            DefListExtension(),
            AbbrExtension(),
            FencedCodeExtension(),
            SaneListExtension(),
            news,
            *([ShortcutExtension()] if shortcuts else []),
        ],
    )
    return md, news
