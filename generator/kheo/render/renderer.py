"""Render: (template, view, body) to text. Pure: no clock, no file system, no list of articles."""

import re
from collections.abc import Collection
from functools import lru_cache, partial
from traceback import extract_tb
from typing import Any

from jinja2 import Template, TemplateError, TemplateRuntimeError
from markupsafe import Markup, escape

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.language import DatePatterns
from kheo.messages.wording import message
from kheo.render import structured_data
from kheo.render.body import fill
from kheo.render.environment import CompiledLoader, add_language, make_environment, xml_safe
from kheo.render.theme import Theme
from kheo.views import ArticleView, Page, SiteView, StandingView, View

# What a template can bring about: {{ page.titel }}, {{ 1 / 0 }}, {% include %} of itself.
TEMPLATE_MISTAKES = (
    TemplateError, TypeError, AttributeError, LookupError, ValueError, ArithmeticError,
    RecursionError,
)  # fmt: skip
PIECES_KEPT = 20_000  # of some 600 bytes each: what every list shows of an article


class Renderer:
    """Renders the pages of one site with one theme. Made once in each process."""

    def __init__(self, theme: Theme, site: SiteView, patterns: DatePatterns) -> None:
        self.theme = theme
        self.environment = make_environment(CompiledLoader(theme.codes))
        add_language(self.environment, theme.messages, site.language, patterns)
        prefix = site.home.rstrip("/")
        assets = {name: prefix + asset.url for name, asset in theme.assets.items()}
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
            "once": lru_cache(maxsize=PIECES_KEPT)(self._once),
        }
        self.templates: dict[str, Template] = {}

    def render(self, template: str, page: View, body: str = "") -> str | Diagnostic:
        """The text of one output, or the line of the template that failed.

        ``body`` is HTML with marks for the view's links and pictures.
        """
        filled = Markup()
        if isinstance(page, ArticleView | StandingView):
            filled = Markup(fill(body, page.links, page.pictures, first_is_eager=not page.image))
        try:
            return self._template(template).render(page=page, body=filled)
        except TEMPLATE_MISTAKES as error:
            return _located(error, template, page, self.theme.codes)

    def _once(self, template: str, **values: Any) -> Markup:
        """A template that sees ``site`` and these values alone: the same for the same values."""
        return Markup(self._template(template).render(values))

    def _template(self, name: str) -> Template:
        if name not in self.templates:
            self.templates[name] = self.environment.get_template(name)
        return self.templates[name]


def _asset(assets: dict[str, str], name: str) -> str:
    """The address of ``assets/<name>`` of the theme."""
    if name not in assets:
        raise TemplateRuntimeError(f"there is no file assets/{name}")
    return assets[name]


def _located(error: Exception, template: str, page: View, templates: Collection[str]) -> Diagnostic:
    """Jinja compiles templates to frames that carry the template's name and lines."""
    line, name = 0, template
    for frame in extract_tb(error.__traceback__):
        if frame.filename in templates:
            line, name = frame.lineno or 0, frame.filename
    url = page.url if isinstance(page, Page) else template
    return diagnostic(
        "template-name",
        Place(name, line, 1, tree="templates"),
        reason=message("{error} (while making {url})", error=error, url=url),
    )
