"""Input that took minutes, gigabytes, or ended in a traceback: each is named, and nothing else suffers."""

import os
import re
import resource
import shutil
import subprocess
import sys
import time
import zlib
import zoneinfo
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from harmless import build, told
from support import ROOT, SITE, Site, article, needs_fork, picture

from kheo import pipeline
from kheo.check.check import CheckOptions, check
from kheo.diagnostics import BrokenFile
from kheo.pictures.measure import measure
from kheo.pictures.svg import is_svg
from kheo.plan import links
from kheo.read import zones
from kheo.read.markdown import body as markdown
from kheo.reporting.catalogue import IN_ENGLISH
from kheo.reporting.reporter import _sentence
from kheo.stages import rendering, versions

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
    assert isinstance(found, BrokenFile) or max(found.width, found.height) <= 100_000


@pytest.mark.parametrize(
    ("width", "height", "kind"),
    [(400, 18_000, "PNG"), (18_000, 400, "PNG"), (3, 60_000, "PNG"), (60_000, 3, "GIF"), (330, 16_384, "JPEG")],
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
    assert told(site.build(search=True)) == ["articles/a.md:7:1 search-long-word"]
    assert time.process_time() - started < 10


@pytest.mark.parametrize(("size", "found"), [(300, []), (301, ["title-too-long"]), (30_000, ["title-too-long"])])  # fmt: skip
def test_the_length_of_a_title(size: int, found: list[str], site: Site) -> None:
    site.write("articles/a.md", article("đ" * size, slug="a"))
    assert [line.split()[1] for line in told(build(site))] == found


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("".join(f'<b class="{"y" * 190}{n}">' for n in range(40)) + "<p>a" * 3000, {"too-large", "too-slow"}),
        ("".join(f'<b class="{"y" * 190}{n}">' for n in range(40)) + "<p>a" * 300, {"too-large"}),
        ("<li><dd>" * 50_000, {"too-slow", "markdown-depth"}),
        ("<li><dd>" * 200, {"markdown-depth"}),
        ("<dd><li>" * 49, set()),
        ("- một\n" * 3_000, set()),
        ("| a | b |\n|--:|--:|\n" + "| 1 | 2 |\n" * 3_000, set()),
    ],
)  # fmt: skip
def test_markup_that_grows(
    body: str, codes: set[str], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """32 KB made a page of 62 MB, in ten minutes; another one was 25,000 levels deep."""
    if "too-slow" in codes:
        monkeypatch.setattr("kheo.stages.parsing.SOURCE_SECONDS", 1)
    site.write("articles/a.md", article(body=body))
    site.write("articles/b.md", article("Bài hai"))
    started = time.process_time()
    found = {d.code for d in site.build(keep_going=True).found} - {"html-unclosed"}
    assert bool(found) == bool(codes)
    assert found <= codes
    assert time.process_time() - started < 6
    assert "Bài hai" in site.read("index.html")
    assert all(len(data) < 2_000_000 for data in site.tree().values())


@needs_fork
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("a\n\n<!-- page -->\n\n" * 9 + "a", "it is divided into more than 9 pages"),
        ("## a\n" * 10, "it has more than 9 headings"),
        ("[a](b.md) ![c](c.png)\n" * 5, "it has more than 9 links and pictures"),
    ],
)
def test_each_page_has_all_headings_and_links(
    body: str, reason: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1 MB of parts would be 50,000 pages, each with the headings of all."""
    for name in ("MOST_PARTS", "MOST_HEADINGS", "MOST_REFERENCES"):
        monkeypatch.setattr(markdown, name, 9)
    site.write("articles/b.md", article("Bài hai"))
    site.write("articles/c.png", picture())
    site.write("articles/a.md", article(body=body))
    found = [d.message for d in build(site).found if d.code == "too-large"]
    assert [str(one) for one in found] == [f"this file is too large: {reason}"]
    site.write("articles/a.md", article(body=body[: len(body) // 10 * 9]))
    assert told(build(site)) == []


def test_the_costliest_text_that_is_allowed(site: Site) -> None:
    """Rendering and indexing have no limit of time: what they get is bounded. Half of each limit makes a
    quarter of the work; all of it took 3 s, and 17 MB of pages."""
    site.write("articles/b.md", article("Bài hai"))
    text = [
        f"## {n}\n" + "\n[b](b.md)\n[b](b.md)\n" * 2 for n in range(markdown.MOST_HEADINGS // 2)
    ]
    pages = markdown.MOST_PARTS // 2
    parts = ["\n".join(text[at::pages]) for at in range(pages)]
    site.write("articles/a.md", article(body="\n<!-- page -->\n\n".join(parts)))
    started = time.process_time()
    assert told(site.build(search=True)) == []
    assert time.process_time() - started < 5
    assert sum(map(len, site.tree().values())) < 10_000_000


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


@pytest.mark.parametrize("is_forced", [False, True])
def test_what_force_does_not_overwrite_is_not_told_to_be_forced(
    is_forced: bool, site: Site
) -> None:
    """A link where a page goes, and a file where a folder goes."""
    site.write("articles/a.md", article())
    site.build()
    page = site.options.output / "index.html"
    page.unlink()
    page.symlink_to("/etc/passwd")
    folder = site.options.output / "tin-tuc"
    shutil.rmtree(folder)
    folder.write_text("precious", encoding="utf-8")
    found = site.build(force=is_forced).found
    assert [(d.place.path, d.code) for d in found] == [
        ("index.html", "output-folder"),
        ("tin-tuc", "output-folder"),
    ]
    assert (folder.read_text(encoding="utf-8"), page.is_symlink()) == ("precious", True)


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


# --- what was read is what is recorded -----------------------------------------------------------


def test_the_same_size_and_time_but_other_bytes(site: Site) -> None:
    """As tar, git-restore-mtime and layers of images make files."""
    file = site.write("articles/a.md", article(body="Có 125 hộ."))
    attached = site.write("articles/x.txt", "125")
    shown = site.write("articles/x.png", picture(mode="L"))
    keys = {"attachments": "x.txt", "image": "x.png", "image_alt": "x"}
    file.write_text(article(body="Có 125 hộ.", **keys), encoding="utf-8")
    site.build()
    before = site.tree()
    for one, data in (
        (file, file.read_bytes().replace(b"125", b"152")), (attached, b"152"),
        (shown, shown.read_bytes()),
    ):  # fmt: skip
        times = one.stat()
        new = one.with_name("new")
        new.write_bytes(data)
        os.utime(new, ns=(times.st_atime_ns, times.st_mtime_ns))
        new.replace(one)
    report = site.build()
    assert report.counts
    assert report.counts.written > 2
    assert "Có 152 hộ." in site.read("tin-tuc/bai-mot/index.html")
    assert site.tree()["tin-tuc/bai-mot/x.txt"] == b"152"
    assert [one for one in before if one.startswith("assets/images")]


@pytest.mark.parametrize("what", ["template", "catalogue", "site.yaml", "asset"])
def test_what_changes_while_a_build_waits(
    what: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is as before afterwards: the store must not keep the other under its digest."""
    templates = site.root / "templates"
    shutil.copytree(ROOT / "templates", templates)
    shutil.rmtree(site.options.cache)  # it has a theme of the same digest
    site.write("articles/a.md", article())
    file = {
        "template": templates / "base.html",
        "catalogue": templates / "locale/vi/language.yaml",
        "site.yaml": site.options.content / "site.yaml",
        "asset": next((templates / "assets").glob("*.css")),
    }[what]
    good = file.read_text(encoding="utf-8")
    other = {
        "template": good.replace("<body", '<body data-other="x"'),
        "catalogue": good.replace("not_found: Không tìm", "not_found: Chẳng tìm"),
        "site.yaml": good.replace("Tin làng", "Tin khác"),
        "asset": good + "/* other */",
    }[what]
    assert other != good
    real = pipeline._build_locked

    def edited(*arguments: Any) -> Any:
        """Another editor saves after the digests were taken, and takes it back when all is read."""
        file.write_text(other, encoding="utf-8")
        monkeypatch.setattr(pipeline, "_build_locked", real)
        return real(*arguments)

    monkeypatch.setattr(pipeline, "_build_locked", edited)
    assert told(site.build(templates=templates)) == []
    changed = site.tree()
    file.write_text(good, encoding="utf-8")
    assert told(site.build(templates=templates)) == []
    incremental = site.tree()
    assert incremental != changed
    shutil.rmtree(site.options.output)
    shutil.rmtree(site.options.cache)
    site.build(templates=templates)
    assert site.tree() == incremental


def test_a_file_that_changes_before_it_is_copied(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    attached = site.write("articles/x.txt", "một")
    site.write("articles/a.md", article(attachments="x.txt"))
    real = rendering.render_chunk

    def late(*arguments: Any) -> Any:
        attached.write_text("hai, dài hơn", encoding="utf-8")
        return real(*arguments)

    monkeypatch.setattr(rendering, "render_chunk", late)
    assert told(site.build()) == ["articles/x.txt:0:0 file-changed"]
    monkeypatch.undo()
    assert told(site.build()) == []
    assert site.tree()["tin-tuc/bai-mot/x.txt"] == "hai, dài hơn".encode()


PACKAGES = sorted(versions.SHAPING)


@pytest.mark.parametrize("what", ["zlib", "python", *PACKAGES, "wheel"])
def test_every_version_that_shapes_the_output_counts(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache made by Python 3.12 was used by 3.13, and 40 files differed from those of a clean build."""
    for package in PACKAGES:
        folder = tmp_path / f"{package.replace('-', '_')}-1.0.dist-info"
        folder.mkdir()
        (folder / "WHEEL").write_text(
            "Wheel-Version: 1.0\nTag: cp311-cp311-manylinux_2_28_x86_64\n"
        )
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    before = digests()
    assert before == digests()
    if what == "zlib":
        monkeypatch.setattr(zlib, "ZLIB_RUNTIME_VERSION", "9.9")
    elif what == "python":
        monkeypatch.setattr(sys, "version", "3.99")
    elif what == "wheel":
        (tmp_path / "pillow-1.0.dist-info/WHEEL").write_text("Tag: cp311-cp311-linux_x86_64\n")
    else:
        old = tmp_path / f"{what.replace('-', '_')}-1.0.dist-info"
        old.rename(old.with_name(old.name.replace("1.0", "1.1")))
    program, pictures, search = (old != new for old, new in zip(before, digests(), strict=True))
    assert program
    assert search == (what in {"zlib", "python"})
    assert pictures == (what in {"zlib", "python", "wheel", "pillow", "font-source-serif-pro"})


def test_time_zones_are_those_of_the_package(tmp_path: Path) -> None:
    """Not those of the system, which no digest knows."""
    folder = tmp_path / "Asia"
    folder.mkdir()
    shutil.copy(zones.FOLDER / "zoneinfo/UTC", folder / "Ho_Chi_Minh")
    usual = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([tmp_path])
    zones.zone_of.cache_clear()
    try:
        offset = zones.zone_of("Asia/Ho_Chi_Minh").utcoffset(datetime(2020, 2, 12))  # noqa: DTZ001
    finally:
        zoneinfo.reset_tzpath(usual)
    assert offset == timedelta(hours=7)
    assert {"UTC", "Asia/Ho_Chi_Minh", "Europe/Berlin"} <= zones.zone_names()


def digests() -> tuple[str, str, str]:
    return versions.program_digest(), versions.pictures_digest(), versions.search_digest()


# --- sizes --------------------------------------------------------------------------------------


def sparse(site: Site, path: str, size: int) -> Path:
    file = site.write(path, b"")
    os.truncate(file, size)
    return file


def test_files_that_are_too_large_are_not_read(site: Site) -> None:
    sparse(site, "articles/b.md", 20 << 30)
    sparse(site, "articles/x.png", 20 << 30)
    sparse(site, "articles/x.zip", 20 << 30)
    site.write("articles/a.md", article(body="![x](x.png)", attachments="x.zip"))
    found = told(site.build())
    assert found == [
        "articles/a.md:5:14 attachment-too-large",
        "articles/a.md:8:6 image-broken",
        "articles/b.md:0:0 too-large",
    ]


def test_an_attachment_takes_no_memory(site: Site) -> None:
    sparse(site, "articles/x.zip", 100 << 20)
    site.write("articles/a.md", article(attachments="x.zip"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert told(site.build()) == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KB
    copy = site.options.output / "tin-tuc/bai-mot/x.zip"
    assert copy.stat().st_size == 100 << 20
    states = copy.stat().st_mtime_ns
    (site.options.content / "articles/x.zip").touch()
    assert told(site.build()) == []
    assert copy.stat().st_mtime_ns == states, "the same bytes are not written again"
    copy.unlink()


# --- what cannot be made -------------------------------------------------------------------------


def unmakable(*arguments: Any) -> bytes:
    while True:
        pass


@needs_fork
def test_a_picture_that_cannot_be_made_is_named_where_it_is_used(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("articles/x.png", picture())
    site.write("articles/a.md", article(body="\n![x](x.png)"))
    site.write("articles/b.md", article("Bài hai"))
    monkeypatch.setattr("kheo.pictures.develop.develop", unmakable)
    monkeypatch.setattr("kheo.stages.rendering.PICTURE_SECONDS", 0.3)
    expected = ["articles/a.md:8:6 image-too-slow"]
    result = check(site.options, CheckOptions())
    assert [(d.place.line, d.code) for d in result.found] == [(8, "image-too-slow")]
    assert told(site.build()) == expected
    assert not site.options.output.exists()
    report = site.build(keep_going=True)
    assert told(report) == expected
    assert report.left_out == ("articles/a.md",)
    assert "Bài hai" in site.read("index.html")
    monkeypatch.undo()
    assert check(site.options, CheckOptions()).found == []
    assert told(site.build()) == []


def test_check_makes_the_pictures_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write("articles/x.png", picture())
    site.write("articles/a.md", article(body="![x](x.png)", image="x.png", image_alt="x"))
    assert check(site.options, CheckOptions()).found == []
    monkeypatch.setattr("kheo.pictures.develop.develop", unmakable)
    site.write("articles/b.md", article("Bài hai"))
    assert check(site.options, CheckOptions()).found == []
    assert told(site.build()) == []
    assert len([path for path in site.tree() if path.startswith("assets/images/")]) == 4
