"""What every published file must be, whatever the site: HTML, feeds, sitemaps, repeatable bytes."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import pytest
from msgspec import structs
from support import NOW, ROOT, Site, article, picture, told, tree

HOSTILE = "\"><script>alert(1)</script> & ' ]]> </script><!-- {{ 7*7 }} {% x %}"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def sample(sample: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample site, drafts and scheduled articles included."""
    site = Site(tmp_path_factory.mktemp("sample"))
    shutil.copytree(sample.options.cache, site.options.cache)  # the pictures are made
    site.options = structs.replace(site.options, content=ROOT / "content", drafts=True, future=True)
    assert told(site.build()) == []
    return site


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with an attack in every place that takes text."""
    site = Site(tmp_path_factory.mktemp("hostile"))
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    site.write(
        "site.yaml",
        f"title: {quoted}\ntagline: {quoted}\nbase_url: https://x.example/\nlanguage: vi\n"
        f"publisher: {{name: {quoted}, responsible: {quoted}, licence: {quoted}, "
        f"developer: {quoted}, address: {quoted}, phone: {quoted}, email: {quoted}}}\n"
        f"campaigns: [{{title: {quoted}, description: {quoted}, slug: c}}]\n"
        f"authors: [{{name: {quoted}, role: {quoted}, slug: a}}]\n"
        f"categories: [{{name: {quoted}, description: {quoted}, slug: k}}]\n",
    )
    keys = dict.fromkeys(("author", "campaign", "summary", "image_alt", "source"), quoted)
    site.write("articles/x.txt", b"x")
    site.write("articles/x.png", picture())
    for number in range(3):
        site.write(
            f"articles/{number}.md",
            article(
                quoted, body=f"# {HOSTILE}\n\n{HOSTILE}\n\n## {HOSTILE}\n",
                category=f"[{quoted}]", slug=f"s{number}", date=f"2026-11-2{number}",
                corrections=f"{{date: 2026-11-22, text: {quoted}}}",
                attachments=f"{{file: x.txt, title: {quoted}}}", image="x.png", **keys,
            ),
        )  # fmt: skip
    report = site.build()
    assert report.counts
    # What is removed from the texts is told.
    assert {one.code for one in report.found} <= {"html-removed", "markup-left"}
    return site


@pytest.fixture(params=["sample", "hostile"])
def built(request: pytest.FixtureRequest) -> Site:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


def pages(site: Site) -> Iterator[tuple[str, str]]:
    for path, data in site.tree().items():
        if path.endswith(".html"):
            yield path, data.decode()


def test_every_page_is_strict_html5(built: Site) -> None:
    for path, text in pages(built):
        parser = html5lib.HTMLParser(strict=True)
        try:
            parser.parse(text)
        except html5lib.html5parser.ParseError as error:
            pytest.fail(f"{path}: {error} {parser.errors}")


def test_every_page_has_one_heading_landmarks_and_unique_ids(built: Site) -> None:
    for path, text in pages(built):
        if 'http-equiv="refresh"' in text:
            continue
        assert len(re.findall(r"<h1[ >]", text)) == 1, path
        assert text.count("<main ") == text.count('<header class="masthead"') == 1, path
        ids = re.findall(r' id="([^"]*)"', text)
        assert len(ids) == len(set(ids)), path


def test_structured_data_is_json_and_stays_in_its_element(built: Site) -> None:
    for path, text in pages(built):
        for script in re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL):
            data = json.loads(script)
            assert data["@context"] == "https://schema.org", path


def test_no_script_but_structured_data(hostile: Site) -> None:
    for path, text in pages(hostile):
        assert set(re.findall(r"<script[^>]*>", text)) <= {'<script type="application/ld+json">'}, (
            path
        )
        assert "49" not in re.sub(r"[0-9]{3,}", "", text) or "7*7" in text, path


def test_feeds(built: Site) -> None:
    feeds = [path for path in built.tree() if path.endswith("feed.xml")]
    assert feeds
    for path in feeds:
        root = ElementTree.fromstring(built.read(path))
        assert root.tag == f"{ATOM}feed", path
        for part in (root, *root.findall(f"{ATOM}entry")):
            assert part.findtext(f"{ATOM}id", "").startswith("https://"), path
            assert part.findtext(f"{ATOM}title"), path
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d|1970.*",
                                part.findtext(f"{ATOM}updated", "")), path  # fmt: skip
        data = json.loads(built.read(path.replace(".xml", ".json")))
        assert data["version"] == "https://jsonfeed.org/version/1.1"
        assert len(data["items"]) == len(root.findall(f"{ATOM}entry"))


def test_sitemaps_name_pages_that_exist(built: Site) -> None:
    root = ElementTree.fromstring(built.read("sitemap.xml"))
    addresses = [element.text or "" for element in root.iter(f"{SITEMAP}loc")]
    assert addresses
    for address in addresses:
        path = address.split("/", 3)[3]
        assert (built.options.output / path / "index.html").is_file(), address
    ElementTree.fromstring(built.read("sitemap-news.xml"))
    assert "Sitemap: https://" in built.read("robots.txt")


def test_internal_links_lead_to_files(built: Site) -> None:
    tree = built.tree()
    for path, text in pages(built):
        for link in re.findall(r' (?:href|src)="(/[^"#]*)', text):
            file = link.lstrip("/") + ("index.html" if link.endswith("/") else "")
            assert file in tree, f"{path} -> {link}"


def test_news_sitemap_has_the_last_two_days(sample: Site) -> None:
    text = sample.read("sitemap-news.xml")
    assert "doi-thoai" in text
    assert text.count("<url>") == 1


def test_drafts_and_scheduled_articles_are_marked(sample: Site) -> None:
    text = sample.read("van-ban/chuyen-de-quy-bon/index.html")
    assert "Bản nháp" in text
    assert 'content="noindex"' in text
    assert "chuyen-de-quy-bon" not in sample.read("sitemap.xml")


def test_builds_are_alike_in_every_surrounding(tmp_path: Path) -> None:
    here = {"PYTHONHASHSEED": "1", "TZ": "America/New_York", "LC_ALL": "C"}
    there = {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"}
    assert built_in(ROOT, here, tmp_path / "here") == built_in(tmp_path, there, tmp_path / "there")


def built_in(folder: Path, surroundings: dict[str, str], to: Path) -> dict[str, bytes]:
    """A whole small site as a process with another working folder and environment makes it; the
    sample site is for ``.ci/reproducible``."""
    subprocess.run(
        [sys.executable, str(ROOT / "build.py"), "--content", str(ROOT / "tests/sites/lang/content"),
         "--templates", str(ROOT / "templates"), "--output", str(to / "output"),
         "--cache", str(to / "cache"), "--now", NOW.isoformat(), "--quiet"],
        cwd=folder, env=os.environ | surroundings, check=True,
    )  # fmt: skip
    return tree(to / "output")
