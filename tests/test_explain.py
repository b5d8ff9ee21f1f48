"""``explain``: what made a page, and why the last build rendered it or left it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from support import NOW, ROOT, Site, article

from kheo.cli import main

PAGE = "tin-tuc/mot/index.html"


@pytest.fixture
def used(site: Site) -> Site:
    site.write("articles/1.md", article(slug="mot"))
    site.write("articles/2.md", article("Bài hai", slug="hai", category="Khác"))
    site.build()
    return site


def run(site: Site, command: str, *arguments: str) -> tuple[int, str, str]:
    names = ("content", "templates", "output", "cache")
    folders = [part for name in names for part in (f"--{name}", str(getattr(site.options, name)))]
    result = CliRunner().invoke(main, [command, *arguments, *folders, "--lang", "en"])
    return result.exit_code, result.stdout, result.stderr


def facts(text: str) -> dict[str, str]:
    """The facts of the one output that ``text`` is about."""
    path, *lines = text.splitlines()
    return {"path": path} | dict(
        (part.strip() for part in line.split(":", 1)) for line in lines if line[2] != " "
    )


@pytest.mark.parametrize(
    "what",
    ["/tin-tuc/mot/", "/tin-tuc/mot", "tin-tuc/mot/", "https://lang.example/tin-tuc/mot/", PAGE,
     "articles/1.md"],
)  # fmt: skip
def test_a_page_is_named_in_any_way(used: Site, what: str) -> None:
    status, said, _ = run(used, "explain", what)
    assert status == 0
    page = facts(said)
    size = (used.options.output / PAGE).stat().st_size
    assert page.pop("bytes").startswith(f"{size}, SHA-256 ")
    assert page.pop("why").startswith("the last build rendered it, because ")
    assert page == {
        "path": PAGE,
        "URL": "/tin-tuc/mot/",
        "made from": "articles/1.md",
        "template": "article.html",
    }


def test_files_are_named_as_they_lie_on_the_disk(used: Site) -> None:
    for file in (used.options.output / PAGE, used.options.content / "articles/1.md"):
        assert facts(run(used, "explain", str(file))[1])["path"] == PAGE


def test_a_site_in_a_folder(used: Site) -> None:
    text = (used.options.content / "site.yaml").read_text(encoding="utf-8")
    used.write("site.yaml", text.replace("lang.example/", "lang.example/tin/"))
    used.build()
    for what in ("https://lang.example/tin/tin-tuc/mot/", "/tin/tin-tuc/mot/", "/tin-tuc/mot/"):
        assert facts(run(used, "explain", what)[1])["path"] == PAGE


def test_a_page_that_was_left_tells_how_long_ago_it_was_made(used: Site) -> None:
    for times, words in ((1, "1 build earlier"), (2, "2 builds earlier")):
        used.write(
            "articles/2.md", article("Bài hai", f"Lần {times}.", slug="hai", category="Khác")
        )
        used.build()
        said = run(used, "explain", PAGE)[1]
        assert "the last build kept it: none of its inputs had changed" in said
        assert f"(last rendered {words}, because " in said
        other = run(used, "explain", "/khac/hai/")[1]
        assert "the last build rendered it, because " in other


def test_what_it_cannot_explain(used: Site) -> None:
    status, said, wrong = run(used, "explain", "/none/")
    assert (status, said) == (1, "")
    assert "the last build produced nothing for /none/" in wrong
    store = used.options.cache / "store.sqlite"
    store.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    status, said, wrong = run(used, "explain", "/tin-tuc/mot/")
    assert (status, said) == (3, "")
    assert wrong.strip()
    store.unlink()
    status, said, wrong = run(used, "explain", "/tin-tuc/mot/")
    assert (status, said) == (1, "")
    assert "there is no build to explain" in wrong


def test_the_summary_for_programs(used: Site, tmp_path: Path) -> None:
    """``build --format json``: every count, of a build that publishes and of one that does not."""
    used.write("articles/3.md", article("Bài ba", slug="ba", date="2999-01-01"))
    options = ["--format", "json", "--now", NOW.isoformat(), "--templates", str(ROOT / "templates")]

    def summary() -> dict[str, object]:
        found = json.loads(run(used, "build", *options)[1])["summary"]
        assert isinstance(found.pop("seconds"), float)
        return dict(found)

    first = summary()
    files = len(used.tree()) - 1  # all but the manifest
    assert first.pop("written") + first["unchanged"] == files
    assert first["next_publication"] == "2999-01-01T00:00:00+07:00"
    del first["unchanged"], first["next_publication"]
    assert first == {
        "published": True, "articles": 2, "removed": 0, "left_out": [], "new_names": [],
        "errors": 0, "warnings": 0,
    }  # fmt: skip
    again = summary()
    assert (again["written"], again["unchanged"], again["published"]) == (0, files, True)
    used.write("articles/2.md", article("Bài hai", slug="hai", catgory="x"))
    bad = summary()
    assert (bad["published"], bad["errors"], bad["written"], bad["unchanged"]) == (False, 1, 0, 0)
