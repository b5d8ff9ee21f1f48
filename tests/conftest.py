"""Fixtures that all tests share; see ``support`` for what they are made of."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support import Site

os.environ["LANGUAGE"] = "en"  # what tests expect the program to say, child processes too


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[[str], Site]:
    return lambda name: Site(tmp_path / name)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="take what is built as what is expected")
    parser.addoption("--many", action="store_true", help="run long trials, for minutes")
