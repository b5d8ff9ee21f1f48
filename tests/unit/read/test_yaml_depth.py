"""Our limit of nesting is the one that is told, whatever limits the YAML parser has."""

from collections.abc import Iterator

import pytest
import yaml

from kheo.diagnostics import Diagnostic, Findings, Place
from kheo.read.yaml_nodes import MAX_DEPTH, Mapping, parse_yaml

DEEP = {
    "lists": ("a: " + "[" * 2000 + "]" * 2000, (1, 19)),
    "lists that never end": ("a: " + "[" * 60_000, (1, 19)),
    "maps": ("a: " + "{a: " * 2000 + "}" * 2000, (1, 64)),
    "lists in blocks": ("a:\n" + "".join(" " * n + "-\n" for n in range(1, 300)), (17, 17)),
    "lists on one line": ("a:\n  " + "- " * 2000 + "x", (2, 33)),
    "maps in blocks": ("".join(" " * n + "a:\n" for n in range(300)), (17, 17)),
    "one too many": ("a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH, (1, 19)),
}


@pytest.fixture(params=[None, 1, 2, 5, MAX_DEPTH, 100])
def parser_limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that gives up at so many levels, as libyaml 0.2.6 does at 1,000 and others might."""
    limit, parse = request.param, yaml.parse
    if limit is None:
        return  # the parser that is installed, as it is

    def parse_with_limit(text: str, Loader: type) -> Iterator[object]:  # noqa: N803
        depth = 0
        for event in parse(text, Loader=Loader):
            if Loader is yaml.CBaseLoader and isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > limit:
                    problem = "exceeded maximum nesting depth"
                    raise yaml.scanner.ScannerError("", event.start_mark, problem, event.start_mark)
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            yield event

    monkeypatch.setattr(yaml, "parse", parse_with_limit)


def parse(text: str) -> tuple[Mapping | None, list[Diagnostic]]:
    findings = Findings()
    return parse_yaml(text, Place("a.md", 1, 1), findings), findings.list


@pytest.mark.usefixtures("parser_limit")
@pytest.mark.parametrize("name", DEEP)
def test_what_is_too_deep(name: str) -> None:
    text, at = DEEP[name]
    root, found = parse(text)
    assert root is None
    assert [(d.code, d.place.line, d.place.column) for d in found] == [("yaml-depth", *at)]
    assert f"{MAX_DEPTH} levels" in str(found[0].message)


@pytest.mark.usefixtures("parser_limit")
def test_what_is_just_not_too_deep() -> None:
    levels = MAX_DEPTH - 1
    text = "a: " + "[" * levels + "]" * levels + "\nb: 1\nb: 2\n"
    root, found = parse(text)
    assert root is not None
    assert list(root.items) == ["a", "b"]
    assert [(d.code, d.place.line) for d in found] == [("duplicate-key", 3)], "told once"


@pytest.mark.usefixtures("parser_limit")
def test_what_is_wrong_before_it_is_too_deep_comes_first() -> None:
    root, found = parse("b: 1\nb: &x 2\na: " + "[" * 2000)
    assert root is None
    assert [(d.code, d.place.line, d.place.column) for d in found] == [("yaml-feature", 2, 4)]
