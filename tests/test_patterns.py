"""Regular expressions mean the same in every supported version of Python."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as op
from re import _parser as parser
from typing import Any

import kheo

ONE_STEP = {op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY, op.ATOMIC_GROUP}


def compiled(value: object, depth: int = 3) -> Iterator["re.Pattern[str]"]:
    """Yield the patterns in a value of a module: itself, or those in a table."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict | tuple | list) and depth:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from compiled(inner, depth - 1)


def possessive_bodies(node: Any) -> Iterator[Any]:
    """Yield what each possessive quantifier repeats."""
    if isinstance(node, tuple) and node and node[0] is op.POSSESSIVE_REPEAT:
        yield node[1][2]
    if isinstance(node, tuple | list | parser.SubPattern):
        for inner in node:
            yield from possessive_bodies(inner)


def test_a_group_with_a_possessive_quantifier_is_atomic() -> None:
    """``(?:a|bc)*+`` takes the ``b`` of ``abd`` before Python 3.11.5; ``(?>a|bc)*+`` does not.

    The older versions do not go back to where the last, failed repetition began (gh-106052).
    """
    wrong, count = [], 0
    for module in pkgutil.walk_packages(kheo.__path__, "kheo."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for pattern in compiled(value):
                tree = parser.parse(pattern.pattern, pattern.flags)
                for body in possessive_bodies(tree):
                    count += 1
                    if len(body) != 1 or body[0][0] not in ONE_STEP:
                        wrong.append(f"{module.name}.{name}: {body}")
    assert wrong == []
    assert count > 100
