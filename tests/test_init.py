"""A site of one's own: from an empty folder to a published site."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support import Site, article, told, tree

from kheo.cli import main

MINIMAL = "title: Tin làng\nbase_url: https://lang.example/\nlanguage: vi\n"
OUTSIDE = (["build"], ["check"], ["check", "a.md"], ["explain", "/"], ["new", "A", "--category", "B"],
           ["schema"], ["serve", "--port", "0"])  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, the current one."""
    folder = tmp_path / "news"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("arguments", OUTSIDE, ids=lambda arguments: arguments[0])
def test_where_there_is_no_site_every_command_says_how_to_start_one(
    arguments: list[str], here: Path
) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.output == (
        "content/site.yaml: error[site-file-missing]: there is no site here: content has no site.yaml\n"
        "    go to the folder of your site, check `--content`, or start a new site with `kheo init`\n"
    )
    assert tree(here) == {}
    assert list(here.iterdir()) == []


def test_three_keys_are_enough_and_the_publisher_has_the_name_of_the_site(site: Site) -> None:
    site.write("site.yaml", MINIMAL)
    site.write("articles/a.md", article())
    assert told(site.build()) == []
    assert '<p class="publisher">Copyright © Tin làng</p>' in site.read("index.html")
    assert '"publisher":{"@type":"Organization","name":"Tin làng"' in site.read(
        "tin-tuc/bai-mot/index.html"
    )
    assert "<author><name>Tin làng</name></author>" in site.read("feed.xml")
    site.write("site.yaml", MINIMAL + "publisher: {since: 2014}\n")
    assert told(site.build()) == []
    assert "© 2014 Tin làng</p>" in site.read("index.html")
