"""Whole small sites: what goes in and what must come out. See tests/sites/README.md."""

import shutil
from pathlib import Path

import pytest
from support import ROOT, Site, told, tree

SITES = Path(__file__).parent / "sites"
NAMES = sorted(folder.name for folder in SITES.iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_a_site_gives_its_tree(name: str, site: Site, request: pytest.FixtureRequest) -> None:
    expected = SITES / name / "expected"
    report = site.build(content=SITES / name / "content")
    assert told(report) == []
    drop_copies_of_assets(site.options.output)
    if request.config.getoption("--update"):
        shutil.rmtree(expected, ignore_errors=True)
        shutil.copytree(site.options.output, expected)
    built, wanted = site.tree(), tree(expected)
    assert sorted(built) == sorted(wanted)
    for path, data in wanted.items():
        assert built[path].decode(errors="replace") == data.decode(errors="replace"), path


def drop_copies_of_assets(output: Path) -> None:
    """The theme's own files come out as they are, under names that the manifest has: nothing to read."""
    for file in (ROOT / "templates/assets").iterdir():
        (copy,) = (output / "assets").glob(f"{file.stem}.*{file.suffix}")
        assert copy.read_bytes() == file.read_bytes()
        copy.unlink()
