"""The search index: what is in it, when it is made again, and sites without one."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from subprocess import run

import html5lib
import pytest
from msgspec import structs
from support import NOW, ROOT, SITE, Site, article, picture, told

from kheo.search import pagefind
from kheo.search import parts as search_tasks
from kheo.search.pagefind import indexer
from kheo.search.parts import IndexTask, folded_words, title_keys
from kheo.stages import setup

pytestmark = pytest.mark.skipif(not indexer(), reason="Pagefind is not made for this system")

Indexed = Callable[[], list[str]]


@pytest.fixture
def searchable(site: Site) -> Site:
    """A site of three articles of two years, with search."""
    site.options = structs.replace(site.options, search=True)
    site.write("articles/a.md", article("Bài một", "Con đường làng.", date="2020-02-12"))
    site.write("articles/b.md", article("Bài hai", "Ruộng lúa.", date="2020-03-12"))
    site.write("articles/c.md", article("Bài ba", "Nhà rông.", date="2021-02-12"))
    return site


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> Indexed:
    """Tells which years were indexed since it was last asked."""
    names: list[str] = []
    stock = search_tasks._index

    def noting(job: search_tasks.IndexJob, task: IndexTask) -> search_tasks.IndexPart:
        if not search_tasks.cache_file(job.cache, task.name, task.fingerprint).exists():
            names.append(task.name)
        return stock(job, task)

    monkeypatch.setattr(search_tasks, "_index", noting)

    def answer() -> list[str]:
        found = sorted(names)
        names.clear()
        return found

    return answer


def build(site: Site) -> dict[str, bytes]:
    """Builds one after the other: another process could not tell what it indexed."""
    report = site.build(jobs=1)
    assert report.counts
    assert told(report) == []
    return site.tree()


def clean(site: Site) -> dict[str, bytes]:
    root = site.root / "clean"
    fresh = Site(root)
    fresh.options = structs.replace(site.options, output=root / "output", cache=root / "cache")
    report = fresh.build()
    assert report.counts
    return fresh.tree()


def parts(tree: dict[str, bytes]) -> set[str]:
    return {path.split("/")[1] for path in tree if path.startswith("pagefind/")}


def test_every_year_has_an_index_of_its_own(searchable: Site) -> None:
    tree = build(searchable)
    assert parts(tree) == {"2020", "2021"}
    for year, count in (("2020", 2), ("2021", 1)):
        names = {path.removeprefix(f"pagefind/{year}/") for path in tree if f"/{year}/" in path}
        assert {"pagefind.js", "pagefind-worker.js", "pagefind-entry.json"} < names
        assert sum(name.startswith("fragment/") for name in names) == count
        assert not any("ui" in name for name in names)
    page = tree["tim-kiem/index.html"].decode()
    assert 'data-parts="/pagefind/2021/ /pagefind/2020/"' in page
    assert re.search(r'<script type="module" src="/assets/search\.[0-9a-f]{8}\.js">', page)
    assert '<meta name="robots" content="noindex">' in page
    home = tree["index.html"].decode()
    assert 'role="search"' in home
    assert 'action="/tim-kiem/"' in home
    assert home.count("<script") == home.count("application/ld+json")
    assert "wasm-unsafe-eval" in tree["_headers"].decode()
    listed = tree[".kheo"].decode()
    assert all(path in listed for path in tree if path.startswith("pagefind/"))


def test_an_unchanged_site_starts_no_indexer(searchable: Site, indexed: Indexed) -> None:
    first = build(searchable)
    assert indexed() == ["2020", "2021"]
    assert build(searchable) == first
    searchable.write("articles/d.txt", "no report")  # a whole build
    assert build(searchable) == first
    assert indexed() == []


def test_a_new_checkout_of_an_unchanged_site_needs_no_whole_build(
    searchable: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build(searchable)
    for file in searchable.options.content.rglob("*.md"):
        os.utime(file, (2_000_000_000, 2_000_000_000))
    monkeypatch.setattr("kheo.pipeline.build", lambda *a: pytest.fail("a whole build"))
    assert build(searchable) == before


def test_one_edit_indexes_one_year(searchable: Site, indexed: Indexed) -> None:
    before = build(searchable)
    indexed()
    searchable.write("articles/c.md", article("Bài ba", "Nhà rông mới.", date="2021-02-12"))
    after = build(searchable)
    assert indexed() == ["2021"]
    assert after == clean(searchable)
    changed = {path for path in before.keys() | after if before.get(path) != after.get(path)}
    assert {path.split("/")[1] for path in changed if path.startswith("pagefind/")} == {"2021"}


def test_whatever_happens_the_index_is_that_of_a_clean_build(searchable: Site) -> None:
    build(searchable)
    searchable.write("articles/c.md", article("Bài ba", "Nhà rông.", date="2019-02-12"))
    assert parts(build(searchable)) == {"2019", "2020"}
    assert searchable.tree() == clean(searchable)
    (searchable.options.content / "articles/a.md").unlink()
    assert build(searchable) == clean(searchable)
    searchable.write("articles/b.md", article("Bài hai khác", "Ruộng lúa.", author="Đỗ Mai"))
    assert build(searchable) == clean(searchable)


def test_a_lost_output_folder_needs_no_indexer(searchable: Site, indexed: Indexed) -> None:
    first = build(searchable)
    indexed()
    for file in sorted(searchable.options.output.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    assert build(searchable) == first
    assert indexed() == []


def test_a_lost_or_torn_file_comes_back(searchable: Site) -> None:
    first = build(searchable)
    fragment = next(path for path in first if "/fragment/" in path)
    (searchable.options.output / fragment).unlink()
    assert build(searchable) == first
    for file in (searchable.options.cache / "search").iterdir():
        file.write_bytes(file.read_bytes()[:-9])
    (searchable.options.output / fragment).write_bytes(b"x")
    assert build(searchable) == first


def test_the_cache_has_no_more_than_the_site(searchable: Site) -> None:
    build(searchable)
    for number in range(3):
        searchable.write("articles/c.md", article("Bài ba", f"{number}.", date="2021-02-12"))
        build(searchable)
    assert len(list((searchable.options.cache / "search").iterdir())) == 2
    assert not list(searchable.options.cache.glob("index-*"))


@pytest.mark.parametrize("way", ["option", "site.yaml"])
def test_a_site_without_search(way: str, searchable: Site) -> None:
    build(searchable)
    if way == "option":
        searchable.options = structs.replace(searchable.options, search=False)
    else:
        searchable.write("site.yaml", SITE + "search: false\n")
    tree = build(searchable)
    assert not parts(tree)
    assert "tim-kiem/index.html" not in tree
    assert 'role="search"' not in tree["index.html"].decode()
    assert "wasm" not in tree["_headers"].decode()


def test_where_there_is_no_pagefind_the_site_has_no_search(
    searchable: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "indexer", str)
    report = searchable.build()
    assert report.counts
    assert [d.code for d in report.found] == ["search-unavailable"]
    assert not parts(searchable.tree())
    assert 'role="search"' not in searchable.read("index.html")


def test_an_indexer_that_fails_stops_no_publication(
    searchable: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagefind, "indexer", lambda: sys.executable)
    report = searchable.build(jobs=1)
    assert report.counts
    assert [d.code for d in report.found] == ["search-failed"]
    assert not parts(searchable.tree())
    assert "Bài một" in searchable.read("tin-tuc/bai-mot/index.html")
    monkeypatch.undo()
    assert parts(build(searchable)) == {"2020", "2021"}


def test_the_indexer_obeys_nobody_else(searchable: Site) -> None:
    """Pagefind reads settings from the environment and from its working directory."""
    build(searchable)
    environment = os.environ | {"PAGEFIND_SITE": "/nowhere", "PAGEFIND_EXCLUDE_SELECTORS": "body"}
    (searchable.root / "pagefind.toml").write_text('exclude_selectors = ["body"]\n')
    done = run(
        [sys.executable, str(ROOT / "build.py"), "--now", NOW.isoformat(), "--output", "other",
         "--cache", "other-cache", "--content", "content", "--templates", str(ROOT / "templates")],
        cwd=searchable.root, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert " 0 warnings" in done.stdout
    other = {
        path.relative_to(searchable.root / "other").as_posix(): path.read_bytes()
        for path in Path(searchable.root, "other").rglob("*")
        if path.is_file()
    }
    assert other == searchable.tree()


def test_a_site_in_any_language_is_searched(site: Site, tmp_path: Path) -> None:
    """English, and a language that has words of its own for only some addresses."""
    theme = tmp_path / "theme"
    copytree(ROOT / "templates", theme)
    (theme / "locale/fr").mkdir()
    (theme / "locale/fr/language.yaml").write_text("url_words: {authors: auteurs}\n")
    site.write("articles/a.md", article("Bài một", author="Hải Hạnh"))
    site.options = structs.replace(site.options, search=True, templates=theme)
    for language, authors in (("en", "authors"), ("fr", "auteurs"), ("xx", "authors")):
        site.write("site.yaml", SITE.replace("language: vi", f"language: {language}"))
        tree = build(site)
        assert {"search/index.html", f"{authors}/index.html", "archive/index.html"} <= set(tree)


def test_a_page_may_not_lie_in_the_index(searchable: Site) -> None:
    searchable.write("articles/d.md", article("Bài tư", category="pagefind"))
    assert "url-twice" in [d.code for d in searchable.build().found]


def test_words_with_a_stroke_are_found_without() -> None:
    assert folded_words("Con đường, ĐƯỜNG làng; Đỗ Mai đi") == "di dường dỗ"
    assert folded_words("Làng hoa") == ""


def test_a_title_is_found_by_its_words_and_pairs_of_them() -> None:
    assert title_keys("Đường hoa") == "duongzq hoazq duonghoazq"
    assert title_keys("65 điển hình, điển hình") == "dienzq hinhzq dienhinhzq hinhdienzq"
    assert title_keys("2026") == ""


HOSTILE = '"><script>alert(1)</script><h1>x</h1>'


def test_names_in_the_index_are_text(searchable: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[str] = []
    stock = search_tasks._page

    def noting(*values: object) -> str:
        pages.append(stock(*values))  # type: ignore[arg-type]
        return pages[-1]

    monkeypatch.setattr(search_tasks, "_page", noting)
    text = f"'{HOSTILE}'"
    searchable.write(
        "articles/a.md",
        article(text, f"Chữ. {HOSTILE}", author=text, campaign=text, slug="a"),
    )
    assert searchable.build(jobs=1).counts
    assert len(pages) == 3
    for page in pages:
        document = html5lib.HTMLParser(strict=True).parse(page)
        tags = {one.tag.rpartition("}")[2] for one in document.iter() if isinstance(one.tag, str)}
        assert tags <= {"html", "head", "body", "meta", "p", "h2"}
        assert "\0" not in page


def test_a_year_of_reports_without_words_is_indexed_by_title(searchable: Site) -> None:
    searchable.write("articles/anh.png", picture(8, 6))
    searchable.write("articles/d.md", article("Chùm ảnh", "![Ảnh](anh.png)", date="2019-02-12"))
    assert told(searchable.build()) == []
