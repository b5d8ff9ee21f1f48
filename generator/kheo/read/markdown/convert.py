"""Set up and run Python-Markdown with our parsers."""

from functools import cache

from markdown import Markdown
from markdown.extensions.abbr import AbbrExtension
from markdown.extensions.attr_list import AttrListExtension
from msgspec import Struct

from kheo.model import Heading
from kheo.read.markdown.extension import NewsExtension
from kheo.read.markdown.footnotes import Footnotes
from kheo.read.markdown.host import Host
from kheo.read.markdown.marks import Marks
from kheo.read.markdown.mentions import Finding, Spot
from kheo.read.markdown.nodes import Leaf


class ConvertedBody(Struct, frozen=True):
    """The HTML of each part, not sanitised, some perhaps empty; all headings; where addresses were
    written; what is to be reported; the lines of ``chart`` blocks; and the marks to be filled in after
    sanitising."""

    parts: list[str]
    headings: tuple[Heading, ...]
    spots: dict[str, list[Spot]]
    findings: list[Finding]
    charts: list[Leaf]
    marks: Marks


def convert(text: str, digest: str, any_tag: bool = False) -> ConvertedBody:
    """Return ``text`` as HTML. ``digest`` is part of our marks: no author can write it.

    With ``any_tag``, every tag of CommonMark is HTML; otherwise only those that HTML has, and the rest
    is text. Raises TooDeepError or RecursionError if blocks or inlines are nested too deeply.
    """
    md, host, news = _converter()
    md.reset()
    host.known.clear()
    marks = Marks(digest)
    host.begin(marks, any_tag)
    news.begin()
    html = md.convert(text)
    mentioned = host.mentioned
    return ConvertedBody(
        html.split(f"<p>{marks.page}</p>"),
        tuple(news.headings),
        mentioned.spots,
        mentioned.findings,
        mentioned.charts,
        marks,
    )


@cache
def _converter() -> tuple[Markdown, Host, NewsExtension]:
    footnotes, news = Footnotes(), NewsExtension()
    host = Host(footnotes)
    md = Markdown(
        output_format="html",
        # By class: Python-Markdown looks names up in the entry points of all packages (0.02 s).
        extensions=[footnotes, AttrListExtension(), AbbrExtension(), news, host],
    )
    return md, host, news
