"""Whole small sites: what goes in and what must come out. See tests/sites/README.md."""

import shutil
from pathlib import Path

import pytest
from support import Site, told, tree

SITES = Path(__file__).parent / "sites"
NAMES = sorted(folder.name for folder in SITES.iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_a_site_gives_its_tree(name: str, site: Site, request: pytest.FixtureRequest) -> None:
    expected = SITES / name / "expected"
    report = site.build(content=SITES / name / "content")
    assert told(report) == []
    if request.config.getoption("--update"):
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(site.options.output, expected)
    built, wanted = site.tree(), tree(expected)
    assert sorted(built) == sorted(wanted)
    for path, data in wanted.items():
        assert built[path].decode(errors="replace") == data.decode(errors="replace"), path
