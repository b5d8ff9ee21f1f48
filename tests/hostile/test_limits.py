"""Input that took minutes, gigabytes, or ended in a traceback: each is named, and nothing else suffers."""

import os
import re
import subprocess
import time

import pytest
from harmless import build, told
from support import SITE, Site, article, picture

from kheo.pictures.measure import measure
from kheo.pictures.recipes import BrokenPicture
from kheo.pictures.svg import is_svg
from kheo.plan import links
from kheo.reporting.catalogue import IN_ENGLISH
from kheo.reporting.reporter import _sentence

SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}><circle r="4"/></svg>'


# --- pictures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["body", "attachment"])
def test_a_file_of_comments_is_no_picture(where: str, site: Site) -> None:
    """The time doubled with every seven bytes."""
    site.write("articles/x.png", b"<!---->" * 40 + b"x")
    keys = {"attachments": "x.png"} if where == "attachment" else {}
    site.write("articles/a.md", article(body="![x](x.png)" if where == "body" else "", **keys))
    assert [line.split()[1] for line in told(build(site))] == ["image-broken"]


@pytest.mark.parametrize(
    ("start", "is_drawing"),
    [
        ("", True), ("\ufeff", True), ("<?xml version='1.0'?>\n", True), ("<!-- a > b --> ", True),
        ("<!DOCTYPE svg>", True), (" \n<!--a--><?xml?><!--b-->\n", True), ("<!-- ", False), ("x", False),
        ("<!---->" * 500, True), ("<!---->" * 600, False), ("<?xml" * 800, False),
    ],
)  # fmt: skip
def test_what_a_drawing_starts_with(start: str, is_drawing: bool) -> None:
    assert is_svg((start + SVG).encode()) == is_drawing


@pytest.mark.parametrize(
    "size", ["9" * 400, "1e400", "100001", "0." + "1" * 400, "inf", "99999999999", "1" * 9 + "in"]
)
@pytest.mark.parametrize("key", ["width='{0}' height='9'", "viewBox='0 0 9 {0}'"])
def test_a_drawing_of_an_odd_size(key: str, size: str) -> None:
    found = measure(SVG.format(key.format(size)).encode(), "d")
    assert isinstance(found, BrokenPicture) or max(found.width, found.height) <= 100_000


@pytest.mark.parametrize(
    ("width", "height", "kind"),
    [(1080, 20_000, "PNG"), (20_000, 1080, "PNG"), (3, 60_000, "PNG"), (60_000, 3, "GIF"), (640, 16_384, "JPEG")],
)  # fmt: skip
def test_a_picture_longer_than_webp_allows(width: int, height: int, kind: str, site: Site) -> None:
    site.write("articles/x.png", picture(width, height, kind))
    site.write("articles/a.md", article(body="![x](x.png)", image="x.png", image_alt="x"))
    assert told(build(site)) == []
    images = [path for path in site.tree() if path.startswith("assets/images/")]
    assert any(not path.endswith(".webp") for path in images)


# --- texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["a" * 100_000, "0123456789abcdef" * 6_000, "nghiêng" * 14_000])
def test_one_endless_word(body: str, site: Site) -> None:
    site.write("articles/a.md", article(body=body))
    started = time.process_time()
    assert told(site.build(search=True)) == ["articles/a.md:0:0 search-long-word"]
    assert time.process_time() - started < 10


@pytest.mark.parametrize(("size", "found"), [(300, []), (301, ["title-too-long"]), (30_000, ["title-too-long"])])  # fmt: skip
def test_the_length_of_a_title(size: int, found: list[str], site: Site) -> None:
    site.write("articles/a.md", article("đ" * size, slug="a"))
    assert [line.split()[1] for line in told(build(site))] == found


def test_suggestions_are_bounded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MOST_COMPARISONS", 2_000)
    for number in range(800):
        site.write(f"articles/anh-so-{number}.png", b"")
    site.write("articles/a.md", article(body="".join(f"![x](anh-{n}.png)\n" for n in range(300))))
    found = build(site).found
    assert len(found) == 300
    assert {d.code for d in found} == {"image-missing"}
    assert 1 <= len([d for d in found if d.values["suggestion"]]) <= 3


# --- folders and files ---------------------------------------------------------------------------


def test_folders_in_folders(site: Site) -> None:
    site.write("articles/a.md", article())
    deepest = os.open(site.options.content, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d", dir_fd=deepest)
        deepest, above = os.open("d", os.O_RDONLY, dir_fd=deepest), deepest
        os.close(above)
    os.close(deepest)
    try:
        found = site.build()
    finally:
        subprocess.run(["rm", "-rf", site.options.content / "d"], check=True)
    (told_,) = told(found)
    assert told_.endswith("/d:0:0 path-too-deep")


@pytest.mark.parametrize("is_forced", [False, True])
@pytest.mark.parametrize("is_empty", [False, True])
def test_a_folder_where_a_file_goes(is_forced: bool, is_empty: bool, site: Site) -> None:
    site.write("articles/a.md", article())
    site.build()
    page = site.options.output / "tin-tuc/bai-mot/index.html"
    page.unlink()
    page.mkdir()
    if not is_empty:
        (page / "x").write_text("precious", encoding="utf-8")
    (found,) = site.build(force=is_forced).found
    assert found.code == "output-folder"
    assert found.place.path == "tin-tuc/bai-mot/index.html" + "/x" * (not is_empty)
    assert "--force" not in found.hint


def test_a_damaged_manifest_is_written_again(site: Site) -> None:
    """It was copied to the cache, and once the store was lost too, nothing could be published."""
    for number in range(3):
        site.write(f"articles/{number}.md", article(f"Bài {number}"))
    site.build()
    manifest = site.options.output / ".kheo"
    whole = manifest.read_bytes()
    for damaged in (b"".join(whole.splitlines(keepends=True)[:3]), b"", whole[:-7], whole + b"x\n"):
        manifest.write_bytes(damaged)
        assert told(site.build()) == []
        assert manifest.read_bytes() == whole
        assert (site.options.cache / "manifest").read_bytes() == whole
    (site.options.cache / "store.sqlite").unlink()
    assert told(site.build()) == []


# --- messages -----------------------------------------------------------------------------------


def test_many_sources_are_left_out(site: Site) -> None:
    for number in range(30):
        site.write(f"articles/{number:02}.md", article(f"Bài {number}", catgory="x"))
    site.write("articles/a.md", article())
    sentence = _sentence(site.build(keep_going=True), 1, IN_ENGLISH)
    (line,) = re.findall("Left out.*", sentence)
    assert line.endswith("articles/08.md, articles/09.md and 20 more")


@pytest.mark.parametrize(
    ("language", "code"),
    [("x" * 400, "language-form"), ("xx", "language-unknown"), ("vi-VN", ""), ("pt-BR", "language-unknown")],
)  # fmt: skip
def test_the_language_of_a_site(language: str, code: str, site: Site) -> None:
    site.write("site.yaml", SITE.replace("language: vi", f"language: {language}"))
    found = site.build().found
    assert [d.code for d in found] == [code] * bool(code)
    if code == "language-unknown":
        assert found[0].hint.startswith("choose one of: en, vi, ")
