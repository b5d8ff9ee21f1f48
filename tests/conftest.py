"""Fixtures that all tests share; see ``support`` for what they are made of."""

import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from msgspec import structs
from support import ROOT, Site, told

import kheo.pictures.develop
import kheo.read.documents  # noqa: F401  (or each worker that is forked imports it again: 0.1 s)
from kheo.diagnostics import Diagnostic
from kheo.render.theme import Theme
from kheo.render.theme_files import read_theme
from kheo.stages import versions

os.environ["LANGUAGE"] = "en"  # what tests expect the program to say, child processes too


@pytest.fixture(scope="session", autouse=True)
def _read_once() -> Iterator[None]:
    """Two thousand tests build with the same program and theme. Most of their time went to Jinja's
    compiler and to reading these files again: here each process does that once. Other folders with a
    theme are read every time."""
    known: dict[tuple[str, str], Theme] = {}
    own = cache(lambda: versions.templates_digest(ROOT / "templates"))

    def digest(templates: Path) -> str:
        return own() if templates == ROOT / "templates" else versions.templates_digest(templates)

    def read(templates: Path, language: str) -> tuple[Theme, list[Diagnostic]]:
        key = digest(templates), language
        if key in known:
            return known[key], []
        theme, found = read_theme(templates, language)
        if not found:
            known[key] = theme
        return theme, found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kheo.render.theme_files.read_theme", read)
        for module in ("looking", "setup"):
            patch.setattr(f"kheo.stages.{module}.templates_digest", digest)
        for target in ("looking.program", "rendering.pictures", "searching.search"):
            real = getattr(versions, f"{target.partition('.')[2]}_digest")
            patch.setattr(f"kheo.stages.{target}_digest", cache(real))
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample site of the repository, with search: only to be read. The processes of a run share
    it, and the first that needs it builds it."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    site = Site(folder / "sample")
    site.options = structs.replace(site.options, content=ROOT / "content", search=True)
    with FileLock(folder / "sample.lock"):
        report = site.build()
    assert report.counts
    assert told(report) == []
    return site


@pytest.fixture
def many(request: pytest.FixtureRequest) -> bool:
    """Whether trials are to be long."""
    return bool(request.config.getoption("--many"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[[str], Site]:
    return lambda name: Site(tmp_path / name)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="take what is built as what is expected")
    parser.addoption("--many", action="store_true", help="run long trials, for minutes")


def pytest_configure(config: pytest.Config) -> None:
    """Texts made by Hypothesis: a hundred for each test with ``--many``, or else a quarter. No test
    fails because the machine is busy."""
    count = 100 if config.getoption("--many") else 25
    settings.register_profile("kheo", max_examples=count, deadline=None)
    settings.load_profile("kheo")
