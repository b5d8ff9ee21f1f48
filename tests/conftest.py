"""Fixtures that all tests share; see ``support`` for what they are made of."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import Site

from kheo.diagnostics import Diagnostic
from kheo.render.theme import Theme
from kheo.render.theme_files import read_theme
from kheo.stages.versions import templates_digest

os.environ["LANGUAGE"] = "en"  # what tests expect the program to say, child processes too


@pytest.fixture(scope="session", autouse=True)
def _themes_compiled_once() -> Iterator[None]:
    """A thousand tests build with the theme of the project, and half of their time went to Jinja's
    compiler: here the same files of a theme are compiled once in each process."""
    known: dict[tuple[str, str], Theme] = {}

    def read(templates: Path, language: str) -> tuple[Theme, list[Diagnostic]]:
        key = templates_digest(templates), language
        if key in known:
            return known[key], []
        theme, found = read_theme(templates, language)
        if not found:
            known[key] = theme
        return theme, found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kheo.render.theme_files.read_theme", read)
        yield


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[[str], Site]:
    return lambda name: Site(tmp_path / name)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="take what is built as what is expected")
    parser.addoption("--many", action="store_true", help="run long trials, for minutes")
