"""Render a template with a view and a body. Pure: no clock, no file system, no list of articles."""

import re
from functools import cached_property, lru_cache, partial
from traceback import extract_tb
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Template, TemplateError, TemplateRuntimeError
from markupsafe import Markup, escape

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.language import DatePatterns
from kheo.messages.wording import message
from kheo.render import structured_data
from kheo.render.body import fill_body
from kheo.render.charts.small import progress, sparkline
from kheo.render.environment import (
    CompiledLoader,
    add_language,
    make_environment,
    make_gettext,
    xml_safe,
)
from kheo.render.figures import FigureWriter
from kheo.render.theme import Theme
from kheo.views import (
    ArticleView,
    Counts,
    DataFigure,
    FigureView,
    ListingView,
    Page,
    SiteView,
    StandingView,
    View,
)

if TYPE_CHECKING:
    from kheo.render.charts.words import ChartWords

# What a template can raise: {{ page.titel }}, {{ 1 / 0 }}, {% include %} of itself.
TEMPLATE_ERRORS = (
    TemplateError,
    TypeError,
    AttributeError,
    LookupError,
    ValueError,
    ArithmeticError,
    RecursionError,
)
CACHED_PIECES = 20_000  # cached results of `once`, of about 600 bytes each


class Renderer:
    """Renders the pages of one site with one theme. Each process has one renderer."""

    def __init__(self, theme: Theme, site: SiteView, patterns: DatePatterns) -> None:
        self.theme = theme
        self.language = site.language
        self.environment = make_environment(CompiledLoader(theme.codes))
        add_language(self.environment, theme.messages, site.language, patterns)
        self.translate = make_gettext(theme.messages)
        self.figure_writer = FigureWriter(site.language, self.translate)
        prefix = site.home.rstrip("/")
        assets = {name: prefix + quote(asset.url) for name, asset in theme.assets.items()}
        self.environment.filters |= {
            "absolute": lambda url: site.origin + url,
            "xml": lambda text: xml_safe(escape(text)),
            "tel": lambda number: re.sub(r"[^0-9+]", "", number),
            "line": lambda text: " ".join(str(text).split()),
        }
        self.environment.globals |= {
            "site": site,
            "asset": partial(_asset, assets),
            "news_article": structured_data.news_article,
            "breadcrumb_list": structured_data.breadcrumb_list,
            "website": structured_data.website,
            "data_figure": self._data_figure,
            "count_figure": self._count_figure,
            "sparkline": sparkline,
            "progress": progress,
            "once": lru_cache(maxsize=CACHED_PIECES)(self._once),
        }
        self.templates: dict[str, Template] = {}

    def render(self, template: str, page: View, body: str = "") -> str | Diagnostic:
        """Return the text of one output, or a diagnostic with the line of the template that failed.

        ``body`` is HTML with marks for the links and pictures of the view.
        """
        filled = Markup()
        if isinstance(page, ArticleView | StandingView | ListingView):
            figures = {number: self._figure(one) for number, one in page.figures.items()}
            filled = Markup(
                fill_body(body, page.links, page.pictures, not page.image, self.translate, figures)
            )
        try:
            return self._template(template).render(page=page, body=filled)
        except TEMPLATE_ERRORS as error:
            return _template_diagnostic(error, template, page, self.theme.places)

    def _figure(self, figure: FigureView) -> str:
        if isinstance(figure, DataFigure):
            return self._data_figure(figure)
        return self.figure_writer.write(figure)

    # Numbers in a language, and what draws charts: 0.02 s in each process, which most builds do not need.

    @cached_property
    def _chart_words(self) -> "ChartWords":
        from kheo.render.charts.words import chart_words

        return chart_words(self.translate, self.language)

    def _data_figure(self, figure: DataFigure) -> Markup:
        from kheo.render.charts.figure import data_figure

        return data_figure(figure, self._chart_words)

    def _count_figure(self, counts: Counts, title: str, period: str, name: str) -> Markup:
        from kheo.render.counts import count_figure

        return count_figure(counts, title, period, name, self._chart_words)

    def _once(self, template: str, **values: Any) -> Markup:
        """Render a template that gets only ``site`` and these values, so that it can be cached."""
        return Markup(self._template(template).render(values))

    def _template(self, name: str) -> Template:
        if name not in self.templates:
            self.templates[name] = self.environment.get_template(name)
        return self.templates[name]


def _asset(assets: dict[str, str], name: str) -> str:
    """Return the URL of the theme's ``assets/<name>``. Raises TemplateRuntimeError if there is none."""
    if name not in assets:
        raise TemplateRuntimeError(f"there is no file assets/{name}")
    return assets[name]


def _template_diagnostic(
    error: Exception, template: str, page: View, places: dict[str, Place]
) -> Diagnostic:
    """Report an error at the template and line of the innermost frame that Jinja compiled."""
    line, name = 0, template
    for frame in extract_tb(error.__traceback__):
        if frame.filename in places:
            line, name = frame.lineno or 0, frame.filename
    url = page.url if isinstance(page, Page) else template
    return diagnostic(
        "template-name",
        places.get(name, Place(name, tree="templates")).at(line),
        reason=message("{error} (while rendering {url})", error=error, url=url),
    )
