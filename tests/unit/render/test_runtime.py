"""Our parts of Jinja's runtime give what its own give, on anything."""

from functools import lru_cache, partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, pass_context, pass_environment
from jinja2.runtime import Context
from markupsafe import Markup, escape

from kheo.render.environment import CompiledLoader, compile_template, make_environment
from kheo.render.renderer import TEMPLATE_ERRORS
from kheo.render.runtime import escape_value

TEXTS = st.text(
    st.sampled_from("Dân vận khéo “ơ” đ&<>'\";#xa; \0\x01\x0b\x85\ufffe\ud800😀\u0301\n")
)


class Tag:
    """A value with HTML of its own."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __html__(self) -> str:
        return f"<b>{self.text}</b>"

    def __str__(self) -> str:
        return self.text


class Loud(str):
    """A text of another type."""

    def __str__(self) -> str:
        return f"{self.upper()}!"


@settings(max_examples=5 * settings().max_examples, deadline=None)
@given(TEXTS)
def test_escape_is_that_of_markupsafe(text: str) -> None:
    for value in (text, Markup(text), Tag(text), Loud(text), None, True, 1, 1.0, len(text)):
        assert str(escape_value(value)) == str(escape(value))
        assert escape_value(escape_value(value)) == escape(value)


@pass_context
def from_context(context: Context, text: str = "") -> str:
    return f"{context['page']}{context.get('x')}{text}"


@pass_environment
def from_environment(environment: Environment, text: str) -> str:
    return f"{environment.autoescape}"[:9] + text


class Callable:
    def __call__(self, text: str) -> str:
        return f"({text})"

    @pass_context
    def method(self, context: Context, text: str) -> str:
        return f"{context['page']}{text}"


MACROS = """
{% macro plain(text, more="<i>") %}{{ text }}{{ more }}{{ caller("'") if caller }}{{ varargs }}{% endmacro %}
{% macro quiet(text) %}{% set x = text %}{{ x ~ "<" }}{% endmacro %}
"""
TEMPLATE = """
{%- from "macros.html" import plain, quiet %}
{% macro own(text) -%} [{{ text }}{{ plain(text) }}] {%- endmacro %}
{% set x = "&" %}
{{ page }}{{ page|e }}{{ page|safe }}{{ (page ~ "<b>") }}{{ "%s"|format(page) }}{{ page|upper }}
{{ plain(page) }}{{ plain(page, more=page, ) }}{{ plain(page, "1", "2") }}{{ quiet(page)|upper }}{{ own(page)|length }}
{% call(y) plain(page) %}{{ y }}{{ page }}{% endcall %}
{% for x in [page, tag] recursive %}{{ function(x) }}{{ context(x|string) }}{{ loop.cycle("a", "<") }}{{ kept(page) }}
{% if loop.first and x is string %}{{ loop([page, 5]) if page|length > 3 }}{% endif %}{% endfor %}
{{ part(page) }}{{ object(page) }}{{ object.method(page) }}{{ environment(page) }}{{ page.startswith("D") }}
{{ self.block() }}{% block block %}{{ context() }}{{ none }}{{ 5 }}{% endblock %}{{ dict(a=page).a }}
{% filter upper %}{{ page }}{% endfilter %}{{ namespace(a=page).a }}{{ cycler("<", "b").next() }}
"""
NAMES = {"page.html": TEMPLATE, "page.txt": TEMPLATE, "macros.html": MACROS,
         "unknown.html": "{{ unknown(page) }}", "attribute.html": "{{ page.nothing(1) }}",
         "wrong.html": "{{ function() }}", "number.html": "{{ 5(page) }}"}  # fmt: skip
GLOBALS = {
    "tag": Tag("<x>"), "function": lambda text: f"<{text}>", "kept": lru_cache(lambda text: text),
    "context": from_context, "environment": from_environment, "part": partial(escape),
    "object": Callable(),
}  # fmt: skip


def rendered(environment: Environment, name: str, page: str) -> tuple[type[Exception] | None, str]:
    try:
        return None, environment.get_template(name).render(page=page)
    except TEMPLATE_ERRORS as error:
        return type(error), str(error)


@pytest.fixture(scope="module")
def environments() -> tuple[Environment, Environment]:
    """Ours, as ``Renderer`` uses it, and Jinja's own."""
    compiler = make_environment()
    ours = make_environment(
        CompiledLoader({n: compile_template(compiler, text, n) for n, text in NAMES.items()})
    )
    stock = make_environment(DictLoader(NAMES))
    stock.context_class = Context
    ours.globals |= GLOBALS
    stock.globals |= GLOBALS
    return ours, stock


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None)
@given(page=TEXTS)
def test_templates_give_the_same(
    environments: tuple[Environment, Environment], name: str, page: str
) -> None:
    ours, stock = environments
    assert rendered(ours, name, page) == rendered(stock, name, page)
