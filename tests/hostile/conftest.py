"""Sites for hostile input: in a folder of their own, so that a step out of it is seen."""

import shutil
from pathlib import Path

import pytest
from support import Site


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a site without articles: it has the theme, which takes 0.1 s to compile."""
    site = Site(tmp_path_factory.mktemp("warm"))
    site.build()
    return site.options.cache / "store.sqlite"


@pytest.fixture
def site(tmp_path: Path, store: Path) -> Site:
    (tmp_path / "precious.txt").write_text("precious", encoding="utf-8")
    site = Site(tmp_path / "site")
    site.options.cache.mkdir()
    shutil.copy(store, site.options.cache)
    return site
