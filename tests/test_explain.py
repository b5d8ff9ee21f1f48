"""``explain``: what made a page, and why the last build rendered it or left it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from support import NOW, ROOT, SITE, Site, article, told

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
    if ".md: " in path:
        state, path, *lines = path, *lines
        assert state.endswith(": published")
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
    assert "no report and no page was found for /none/" in wrong
    store = used.options.cache / "store.sqlite"
    store.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    status, said, wrong = run(used, "explain", "/tin-tuc/mot/")
    assert (status, said) == (3, "")
    assert wrong.strip()
    store.unlink()
    status, said, wrong = run(used, "explain", "/tin-tuc/mot/")
    assert (status, said) == (1, "")
    assert "there is no build to explain" in wrong


# --- where a report is --------------------------------------------------------------------------


@pytest.fixture
def newsroom(site: Site) -> Site:
    reports = {
        "2020/nong-thon": article(
            "Xây dựng nông thôn mới",
            slug="ntm",
            aliases="['/tin/123/', '/Default.aspx?tabid=1&id=2', '/?p=7']",
        ),
        "2026/nhap": article("Đường làng", draft="true"),
        "2026/cho": article("Hội nghị sắp tới", date="2026-12-01 08:00"),
        "2026/nham": article("Hội nghị năm nhầm", date="2062-11-20"),
        "2026/het": article("Thông báo họp", expires="2026-11-01"),
    }
    for name, text in reports.items():
        site.write(f"articles/{name}.md", text)
    assert told(site.build()) == []
    return site


def where(site: Site, *what: str, language: str = "en") -> list[str]:
    """What ``explain`` says before the pages."""
    names = ("content", "templates", "output", "cache")
    folders = [part for name in names for part in (f"--{name}", str(getattr(site.options, name)))]
    options = ["--now", NOW.isoformat(), "--lang", language]
    result = CliRunner().invoke(main, ["explain", *what, *folders, *options])
    assert result.exit_code == (0 if result.stdout else 1), result.output
    lines = result.stdout.replace(str(site.options.content), "content").splitlines()
    pages = (number for number, line in enumerate(lines) if line.endswith(".html"))
    return lines[: next(pages, None)]


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (["nong thon"], ["articles/2020/nong-thon.md: published"]),
        (["XÂY", "mới"], ["articles/2020/nong-thon.md: published"]),
        (["/tin/123/"], ["articles/2020/nong-thon.md: published"]),
        (["/Default.aspx?id=2&tabid=1"], ["articles/2020/nong-thon.md: published"]),
        (["https://lang.example/?p=7"], ["articles/2020/nong-thon.md: published"]),
        (["articles/2020/nong-thon.md"], ["articles/2020/nong-thon.md: published"]),
        (["nong-thon.md"], ["articles/2020/nong-thon.md: published"]),
        (["2020/nong-thon"], ["articles/2020/nong-thon.md: published"]),
        (["duong lang"], ["articles/2026/nhap.md: a draft", "  to publish it, delete `draft: true`"]),
        (["/tin-tuc/duong-lang/"], ["articles/2026/nhap.md: a draft",
                                    "  to publish it, delete `draft: true`"]),
        (["sap toi"], ["articles/2026/cho.md: scheduled until 2026-12-01 08:00"]),
        (["năm nhầm"], ["articles/2026/nham.md: scheduled until 2062-11-20",
                        "  dated 2062: is the year mistyped (2026)?"]),
        (["thong bao"], ["articles/2026/het.md: expired since 2026-11-01"]),
        (["hội nghị"], ["articles/2026/nham.md: “Hội nghị năm nhầm”, scheduled until 2062-11-20",
                        "articles/2026/cho.md: “Hội nghị sắp tới”, scheduled until 2026-12-01 08:00"]),
        (["đường"], ["articles/2026/nhap.md: a draft", "  to publish it, delete `draft: true`"]),
        (["lan"], ["articles/2026/nhap.md: a draft", "  to publish it, delete `draft: true`"]),
        (["làng xa"], []),
        (["…"], []),
    ],
)  # fmt: skip
def test_a_report_is_found(newsroom: Site, what: list[str], says: list[str]) -> None:
    assert where(newsroom, *what) == says


def test_a_report_with_errors(newsroom: Site) -> None:
    """Its own, those of the whole site, and those that keep it from being read."""
    newsroom.write("articles/2026/moi.md", article("Bài mới", "[x](khong.md)"))
    newsroom.write("articles/2026/hong.md", article("'Bài hỏng'", catgory="x"))
    assert newsroom.build().counts is None
    assert where(newsroom, "bài mới") == [
        "articles/2026/moi.md: left out: it has errors",
        "  content/articles/2026/moi.md:7:5: link target not found: “khong.md”",
        "      check the file name and the folder",
    ]
    assert where(newsroom, "bai hong") == [
        "articles/2026/hong.md: left out: it has errors",
        "  content/articles/2026/hong.md:5:1: unknown key `catgory`",
        "      did you mean “category”?",
    ]
    assert len(where(newsroom, "bài")) == 2


def test_a_published_report_with_errors(newsroom: Site) -> None:
    """A page with a broken link is published without it; a source that cannot be read keeps its page."""
    newsroom.write("articles/2026/moi.md", article("Bài mới", "[x](khong.md)"))
    newsroom.build(keep_going=True)
    assert where(newsroom, "bài mới")[0] == "articles/2026/moi.md: published, but it has errors"
    assert where(newsroom, "nông thôn") == ["articles/2020/nong-thon.md: published"]
    newsroom.write("articles/2026/moi.md", article("Bài mới", catgory="x"))
    newsroom.build(keep_going=True)
    assert where(newsroom, "bài mới")[0] == "articles/2026/moi.md: published, but it has errors"


def test_a_report_that_no_build_has_seen(newsroom: Site) -> None:
    newsroom.write("articles/2026/moi.md", article("Bài mới"))
    assert where(newsroom, "bài mới") == ["articles/2026/moi.md: not published yet: build the site"]
    newsroom.write(
        "articles/2020/nong-thon.md", article("Xây dựng nông thôn mới", "Khác.", slug="ntm")
    )
    assert where(newsroom, "nông thôn") == [
        "articles/2020/nong-thon.md: published", "  edited since the last build"]  # fmt: skip


def test_explain_speaks_vietnamese(newsroom: Site) -> None:
    assert where(newsroom, "năm nhầm", language="vi") == [
        "articles/2026/nham.md: chờ đăng đến 2062-11-20",
        "  ghi năm 2062: có phải gõ nhầm năm 2026 không?",
    ]
    folders = ["--content", str(newsroom.options.content), "--cache", str(newsroom.options.cache)]
    said = CliRunner().invoke(main, ["explain", "/tin-tuc/", *folders, "--lang", "vi"]).stdout
    assert "  tạo từ:    chuyên mục “Tin tức”\n" in said
    assert "lần dựng cuối đã tạo lại trang này, vì trước đó chưa có" in said


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
        "published": True, "articles": 2, "drafts": 0, "scheduled": 1, "expired": 0,
        "removed": 0, "left_out": [], "new_names": [], "errors": 0, "warnings": 0,
    }  # fmt: skip
    again = summary()
    assert (again["written"], again["unchanged"], again["published"]) == (0, files, True)
    used.write("articles/2.md", article("Bài hai", slug="hai", catgory="x"))
    bad = summary()
    assert (bad["published"], bad["errors"], bad["written"], bad["unchanged"]) == (False, 1, 0, 0)


@pytest.mark.parametrize("url", ["/cu/", "/van-ban/cu/1/", "https://lang.example/van-ban/2.aspx"])
def test_what_was_withdrawn_on_purpose(site: Site, url: str) -> None:
    site.write("site.yaml", SITE + "gone: [/cu/, /van-ban/*, /tin-tuc/*]\n")
    site.write("articles/1.md", article(slug="mot"))
    site.build()
    status, shown, _ = run(site, "explain", url)
    assert status == 0
    assert "withdrawn on purpose; `gone` in site.yaml lists /" in shown
    assert "articles/1.md: published" in run(site, "explain", "/tin-tuc/mot/")[1]
