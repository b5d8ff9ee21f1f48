"""Replace the two parts of Jinja's runtime that every value of a page passes through.

Templates give the same text with them, as ``tests/unit/render/test_runtime.py`` checks.
"""

from functools import lru_cache, partial
from types import FunctionType
from typing import Any

from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

# Most texts of a page are there more than once, or also on the page before: titles, addresses, names.
_escape_text = lru_cache(maxsize=2_000)(escape)
_FUNCTIONS = {FunctionType, partial, type(_escape_text)}


def escape_value(value: Any) -> str:
    """Escape what a template puts out, as ``markupsafe.escape``, which takes three times as long."""
    kind = type(value)
    if kind is str:
        return _escape_text(value)
    if kind is Markup:
        escaped: str = value
        return escaped
    return escape(value)


class QuickContext(Context):
    """Jinja's context, which asks every function and its ``__call__`` what they want to be passed.

    A macro wants the evaluation context, a plain function only what its decorator says. To know this
    saves half of a call.
    """

    def call(self, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call ``function`` as a template does."""
        kind = type(function)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind not in _FUNCTIONS or hasattr(function, "jinja_pass_arg"):
            return super().call(function, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return function(*args, **kwargs)
