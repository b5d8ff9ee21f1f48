"""The search index as builds publish it: what is in it, and what changes when reports do."""

import json
import shutil
import sqlite3
import zlib
from binascii import crc32
from datetime import date
from itertools import pairwise

import pytest
from msgspec import structs
from support import Site, article, told

from kheo.assets import is_fingerprinted
from kheo.check.check import CheckOptions, check
from kheo.search.hashing import hash_of
from kheo.search.postings import number_of
from kheo.search.shards import decode_words
from kheo.search.terms import ReportWords, SearchReport
from kheo.stages import search_making, search_patching, searching
from kheo.store.store import Store

FOLDER = "assets/search/"


@pytest.fixture
def searchable(site: Site) -> Site:
    """A site of three reports of two years, with search."""
    site.options = structs.replace(site.options, search=True)
    site.write("articles/a.md", article("Bài một", "Con đường làng.", date="2020-02-12"))
    site.write("articles/b.md", article("Bài hai", "Ruộng lúa.", date="2020-03-12"))
    site.write("articles/c.md", article("Bài ba", "Nhà rông.", date="2021-02-12"))
    return site


def build(site: Site, **choices: object) -> dict[str, bytes]:
    report = site.build(**choices)
    assert report.counts
    assert told(report) == []
    return site.tree()


def clean(site: Site) -> dict[str, bytes]:
    root = site.root / "clean"
    shutil.rmtree(root, ignore_errors=True)
    fresh = Site(root)
    fresh.options = structs.replace(site.options, output=root / "output", cache=root / "cache")
    assert fresh.build().counts
    return fresh.tree()


def files(tree: dict[str, bytes]) -> dict[str, bytes]:
    """The files of the index by name, decompressed."""
    return {
        path.removeprefix(FOLDER): zlib.decompress(data)
        for path, data in tree.items()
        if path.startswith(FOLDER)
    }


def days_with(tree: dict[str, bytes], word: str) -> list[str]:
    """The days of the reports with this word, read as a client does."""
    found = files(tree)
    entry = json.loads(found["entry.bin"])
    shard = hash_of(word) >> 32 - entry["word_bits"]
    shown = entry["words"][shard * 8 : shard * 8 + 8]
    lists = decode_words(found[f"w{shard:x}.{shown}.bin"])
    numbers = [number_of(one, entry["last"]) for one in lists.get(word, ())]
    return [date.fromordinal(number >> 20).isoformat() for number in numbers]


def test_words_of_reports_are_found(searchable: Site) -> None:
    tree = build(searchable)
    assert days_with(tree, "đường") == ["2020-02-12"]
    assert days_with(tree, "bài") == ["2021-02-12", "2020-03-12", "2020-02-12"]
    assert json.loads(files(tree)["entry.bin"])["reports"] == 3


def test_names_tell_the_content_and_may_be_kept_for_a_year(searchable: Site) -> None:
    found = files(build(searchable))
    assert not is_fingerprinted(f"{FOLDER}entry.bin")
    for name, data in found.items():
        if name != "entry.bin":
            assert is_fingerprinted(FOLDER + name)
            assert name.split(".")[1] == f"{crc32(data):08x}"


def test_an_edit_replaces_the_shards_of_its_words(searchable: Site) -> None:
    for number in range(40):
        searchable.write(f"articles/n{number}.md", article(f"Số {number}", f"Lời {number}."))
    keys = {"date": "2021-02-12", "summary": "Tóm tắt."}
    searchable.write("articles/c.md", article("Bài ba", "Nhà rông.", **keys))
    before = build(searchable)
    searchable.write("articles/c.md", article("Bài ba", "Nhà sàn.", **keys))
    after = build(searchable)
    assert after == clean(searchable)
    changed = {path for path in before.keys() | after if before.get(path) != after.get(path)}
    names = {path for path in changed if path.startswith(FOLDER)}
    assert f"{FOLDER}entry.bin" in names
    assert 2 < len(names) < len(files(after)) + len(files(before)) - 4
    assert days_with(after, "sàn") == ["2021-02-12"]
    assert days_with(after, "nhà") == ["2021-02-12"]
    assert days_with(after, "tắt") == ["2021-02-12"]


def test_a_growing_site_is_that_of_a_clean_build(searchable: Site) -> None:
    build(searchable)
    shapes = set()
    for start, end in pairwise((0, 3, 9, 18, 36, 66)):
        for one in range(start, end):
            day = 1 + one % 3
            searchable.write(
                f"articles/n{one}.md",
                article(f"Số {one}", f"Lời thứ {one}.", date=f"2020-05-{day:02}"),
            )
        tree = build(searchable)
        assert tree == clean(searchable)
        entry = json.loads(files(tree)["entry.bin"])
        shapes.add((entry["word_bits"], entry["pair_bits"]))
    assert len(shapes) > 3
    for number in range(0, 60):
        (searchable.options.content / f"articles/n{number}.md").unlink()
    report = searchable.build(max_removed=100)
    assert {one.code for one in report.found} == {"url-withdrawn"}
    assert files(searchable.tree()) == files(clean(searchable))


def test_drafts_of_a_preview_and_two_outputs_share_one_store(searchable: Site) -> None:
    searchable.write("articles/d.md", article("Bài nháp", "Chưa xong.", draft="true"))
    first = build(searchable)
    other = searchable.root / "other"
    assert searchable.build(output=other, drafts=True, force=True).counts
    searchable.write("articles/c.md", article("Bài ba", "Nhà rông mới.", date="2021-02-12"))
    tree = build(searchable, force=True)
    assert tree == clean(searchable)
    assert tree.keys() != first.keys()


def test_a_failed_build_does_not_leave_its_words(searchable: Site) -> None:
    build(searchable)
    file = searchable.options.content / "articles/c.md"
    text = file.read_bytes()
    theme = searchable.root / "templates"
    shutil.copytree(searchable.options.templates, theme)
    build(searchable, templates=theme)
    page = theme / "article.html"
    good = page.read_text(encoding="utf-8")
    page.write_text(good.replace('<article class="report">', "{{ 1 // 0 }}"), encoding="utf-8")
    file.write_bytes(text.replace("Nhà rông".encode(), "Nhà sàn".encode()))
    assert not searchable.build(templates=theme).counts
    file.write_bytes(text)
    page.write_text(good, encoding="utf-8")
    tree = build(searchable, templates=theme)
    assert days_with(tree, "rông") == ["2021-02-12"]


def test_a_damaged_shard_is_made_again(searchable: Site) -> None:
    first = build(searchable)
    with sqlite3.connect(searchable.options.cache / "store.sqlite") as store:
        store.execute("UPDATE search_shards SET data = x'00'")
    store.close()
    searchable.write("articles/c.md", article("Bài ba", "Nhà sàn.", date="2021-02-12"))
    report = searchable.build()
    assert report.counts
    assert searchable.tree() == clean(searchable)
    assert searchable.tree() != first


def test_files_that_a_killed_build_left_are_removed(searchable: Site) -> None:
    folder = searchable.options.cache / "search"
    folder.mkdir(parents=True)
    (folder / "ab").write_bytes(b"left")
    build(searchable)
    assert not folder.exists()


def test_processes_make_the_same_index(searchable: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        searchable.write(f"articles/n{number}.md", article(f"Số {number}", f"Lời {number} làng."))
    first = build(searchable)
    monkeypatch.setattr(search_making, "FEW_REPORTS", 8)
    monkeypatch.setattr(search_patching, "FEW_SHARDS", 2)
    assert clean(searchable) == first
    searchable.write("articles/n3.md", article("Số 3", "Sàn sạch sẽ."))
    assert build(searchable) == clean(searchable)


def test_an_index_that_was_not_finished_is_made_again(
    searchable: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    build(searchable)
    new = [f"articles/n{number}.md" for number in range(30)]
    for number, path in enumerate(new):
        searchable.write(path, article(f"Số {number}", f"Lời {number} làng."))
    with monkeypatch.context() as patch:
        patch.setattr(search_making, "_merge", stop)
        with pytest.raises(KeyboardInterrupt):
            build(searchable)
    for path in new[2:]:
        (searchable.options.content / path).unlink()
    assert build(searchable) == clean(searchable)


def test_without_search_there_is_no_index(searchable: Site) -> None:
    build(searchable)
    assert not files(build(searchable, search=False))
    searchable.write(
        "site.yaml", (searchable.options.content / "site.yaml").read_text() + "search: false\n"
    )
    assert not files(build(searchable))


def test_check_remembers_the_long_words_of_reports_that_no_build_has_indexed(
    searchable: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    searchable.write("articles/a.md", article("Bài một", "a" * 65))
    read: list[str] = []
    table = searching._table

    def counted(store: Store, report: SearchReport, language: str) -> ReportWords:
        read.append(report.path)
        return table(store, report, language)

    monkeypatch.setattr(searching, "_table", counted)

    def long_words() -> list[str]:
        read.clear()
        result = check(searchable.options, CheckOptions())
        return [one.place.path for one in result.found if one.code == "search-long-word"]

    assert long_words() == ["articles/a.md"]
    assert len(read) == 3
    searchable.write("articles/b.md", article("Bài hai", "Ruộng lúa chín."))
    assert long_words() == ["articles/a.md"]
    assert read == ["articles/b.md"]
    searchable.write("articles/a.md", article("Bài một", "a" * 64))
    assert long_words() == []
