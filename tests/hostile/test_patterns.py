"""Regular expressions: none takes twice the time for every letter more, as `(a+)*` does, which repeats what
repeats itself; and they mean the same in every version of Python.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from support import ROOT

import kheo

PARSER = re._parser  # type: ignore[attr-defined]
FUNCTIONS = {
    "compile",
    "match",
    "search",
    "fullmatch",
    "sub",
    "subn",
    "findall",
    "finditer",
    "split",
}
MANY = 64  # repetitions from which on they count as endless
# Here each turn begins with a character that nothing before it can hold (a bracket, a slash, a hyphen), so
# there is only one way to divide a text into turns.
REVIEWED = {
    r"(?<!!)\[(?P<text>(?:[^\[\]\n]|\n(?!\n))*)\](?:\((?P<to>(?:[^()\n]|\([^()\n]*\))*)\)|\[[^\]\n]*\])",
    r"\]\(\s*<?(?P<to>https?://(?:[^\s()<>]|\([^\s()]*\))+)",
    r"(?<!\\)\]\((?:[^()\n]|\([^()\n]*\))*\)",
    r"(?<![\w./@-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/x",
    r"""(?<![\w./@-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/(?:[^\s<>"“”«»|\0]|(?<!\s)\|(?!\s))*[^\s<>"“”«»|\0.,;:!?)\]…*_'’]""",
    r"\n(?P<indent>[ \t]*)- [^\n]*(?:\n(?P=indent)- [^\n]*)*",
    r"[A-Za-z0-9_]+=[A-Za-z0-9._~,-]+(?:&[A-Za-z0-9_]+=[A-Za-z0-9._~,-]+)*",
    r"^(?P<lead>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}|~{3,})(?P<rest>[^\n]*)$",
    r'<a\b(?:[^>"]|"[^"]*")*?"\0(\d+)\0"(?:[^>"]|"[^"]*")*>(.*?)</a>',
    r"/?(?:(?:[a-z0-9-]|\{[a-z]+\})+/)+",
    r"(?:/[A-Za-z0-9._~-]+)*/?",
    r"(?:https?://)?(?:[\w.-]+/?|(?=.{1,40}\Z)[\w.-]+(?:/(?:[a-z]+\d{0,2}(?:[._-][a-z]+\d{0,2})*|v?\d+(?:\.\d+)+))*/?)",
    r"[a-z0-9]+(?:-[a-z0-9]+)*",
    r"assets(?:(?:/[^/]+)+\.[0-9a-f]{8,}|/images/[0-9a-f]{16}(?:-[a-z0-9]+)?)\.[a-z0-9]+",
}
# What one turn of a possessive quantifier matches or not, without going back.
ONE_STEP = {PARSER.LITERAL, PARSER.NOT_LITERAL, PARSER.IN, PARSER.ANY, PARSER.ATOMIC_GROUP}


def patterns() -> Iterator[tuple[str, str | bytes]]:
    """Every literal pattern in a call, with its place. F-strings are taken without their fields."""
    for file in sorted((ROOT / "generator/kheo").rglob("*.py")):
        name = file.relative_to(ROOT / "generator/kheo").as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args
            ):
                continue
            if node.func.attr in FUNCTIONS and getattr(node.func.value, "id", "") == "re":
                for text in literals(node.args[0]):
                    yield f"{name}:{node.lineno}", text


def compiled() -> Iterator[tuple[str, str | bytes]]:
    """Every pattern that a module or a class keeps, as it is after all its parts are put together."""
    for module in pkgutil.walk_packages(kheo.__path__, "kheo."):
        if module.name.endswith("__main__"):
            continue
        names = vars(importlib.import_module(module.name))
        classes = [one for one in names.values() if isinstance(one, type)]
        for place in (names, *map(vars, classes)):
            for name, value in list(place.items()):
                yield from ((f"{module.name}.{name}", one.pattern) for one in kept(value))


def kept(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from chain.from_iterable(map(kept, [*value.keys(), *value.values()]))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from chain.from_iterable(map(kept, value))


def literals(node: ast.expr) -> Iterator[str | bytes]:
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(one.value) if isinstance(one, ast.Constant) else "x" for one in node.values
        )


ENDLESS = [PARSER.MAX_REPEAT, PARSER.MIN_REPEAT]


def nested(items: object, inside: bool = False) -> bool:
    """Return whether an endless repetition is in another one, unless it is possessive or atomic."""
    for kind, value in items:  # type: ignore[attr-defined]
        if kind in ENDLESS:
            is_endless = value[1] > MANY
            if (is_endless and inside) or nested(value[2], inside or is_endless):
                return True
        elif kind is PARSER.BRANCH:
            if any(nested(branch, inside) for branch in value[1]):
                return True
        elif kind is PARSER.SUBPATTERN:
            if nested(value[-1], inside):
                return True
        elif kind in {PARSER.ASSERT, PARSER.ASSERT_NOT} and nested(value[1]):
            return True
    return False


@pytest.mark.parametrize(("pattern", "is_found"), [
    (r"(a+)+b", True), (r"(?:a|b*)*c", True), (r"(?:<!--.*?-->\s*)*x", True), (r"(?:ab)+", False), (r"[ab]*c+", False),
    (r"(?:a++)*b", False), (r"(?>a+)*b", False),
])  # fmt: skip
def test_the_test_itself(pattern: str, is_found: bool) -> None:
    assert nested(PARSER.parse(pattern)) == is_found


def test_no_pattern_repeats_what_repeats_itself() -> None:
    all_ = [*patterns(), *compiled()]
    assert len(all_) > 300
    found = {place: text for place, text in all_ if nested(PARSER.parse(text))}
    assert set(found.values()) == REVIEWED, found


def repeated(node: Any) -> Iterator[Any]:
    """Yield what each possessive quantifier repeats."""
    if isinstance(node, tuple) and node and node[0] is PARSER.POSSESSIVE_REPEAT:
        yield node[1][2]
    if isinstance(node, tuple | list | PARSER.SubPattern):
        for inner in node:
            yield from repeated(inner)


def test_a_group_with_a_possessive_quantifier_is_atomic() -> None:
    """``(?:a|bc)*+`` takes the ``b`` of ``abd`` before Python 3.11.5; ``(?>a|bc)*+`` does not.

    The older versions do not go back to where the last, failed turn began (gh-106052).
    """
    turns = [(place, turn) for place, text in compiled() for turn in repeated(PARSER.parse(text))]
    wrong = [place for place, turn in turns if len(turn) != 1 or turn[0][0] not in ONE_STEP]
    assert wrong == []
    assert len(turns) > 100
