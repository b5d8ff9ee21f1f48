"""No URL is ever lost: what was published is compared with what will be."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs
from support import SITE, Site, article, told

from kheo.check.check import CheckOptions, CheckResult, check
from kheo.cli import main
from kheo.diagnostics import Diagnostic
from kheo.known_urls import HEAD, decode_lines, urls_in
from kheo.publish.manifest import MANIFEST

ALL, FIX = CheckOptions(), CheckOptions(fix=True)


def says(found: list[Diagnostic]) -> list[str]:
    return [f"{d.place.path}:{d.place.line} {d.code}: {d.message}" for d in found]


def checked(site: Site, asked: CheckOptions = ALL) -> CheckResult:
    return check(site.options, asked)


@pytest.fixture
def village(site: Site) -> Site:
    site.write("articles/1.md", article("Hội nghị", "Một.", category="Tin tức"))
    site.write("articles/2.md", article("Luật mới", "Hai.", category="Văn bản"))
    assert told(site.build()) == []
    return site


MOVED = (
    "url-lost: /tin-tuc/hoi-nghi/ was “Hội nghị”, now at /tin-tuc/dai-hoi/; nothing redirects there"
)


def test_a_title(village: Site) -> None:
    village.write("articles/1.md", article("Đại hội", "Một.", category="Tin tức"))
    report = village.build()
    assert says(report.found) == [f"articles/1.md:2 {MOVED}"]
    assert report.counts
    assert report.found[0].hint == (
        "add `aliases: /tin-tuc/hoi-nghi/`, or list it under `gone` in site.yaml"
    )


def test_it_is_said_until_something_answers_there(village: Site) -> None:
    """By the builds that follow too: the site is the same, and the URL is still lost."""
    village.write("articles/1.md", article("Đại hội", "Một.", category="Tin tức"))
    for _ in range(2):
        assert says(village.build().found) == [f"articles/1.md:2 {MOVED}"]
        assert says(checked(village).found) == [f"articles/1.md:2 {MOVED}"]
    village.write("articles/2.md", article("Luật mới", "Hai, sửa.", category="Văn bản"))
    assert says(village.build().found) == [f"articles/1.md:2 {MOVED}"]
    village.write("articles/1.md", article("Hội nghị", "Một.", category="Tin tức"))
    assert [d.message for d in village.build().found] == [
        "/tin-tuc/dai-hoi/ was “Đại hội”, now at /tin-tuc/hoi-nghi/; nothing redirects there"
    ]
    village.write("site.yaml", SITE + "gone: /tin-tuc/dai-hoi/\n")
    assert says(village.build().found) == []


def test_strict_builds_publish_nothing_then(village: Site) -> None:
    before = village.tree()
    village.write("articles/1.md", article("Đại hội", "Một.", category="Tin tức"))
    assert village.build(strict=True).counts is None
    assert village.tree() == before


@pytest.mark.parametrize("built", [False, True])
def test_check_fixes_it(village: Site, built: bool) -> None:
    file = village.write("articles/1.md", article("Đại hội", "Một.", category="Tin tức"))
    if built:
        village.build()
    before = checked(village)
    assert (says(before.found), before.fixable) == ([f"articles/1.md:2 {MOVED}"], 1)
    after = checked(village, FIX)
    assert (after.found, after.fixed) == ([], ("articles/1.md",))
    text = file.read_text(encoding="utf-8")
    assert text == article("Đại hội", "Một.", category="Tin tức", aliases="/tin-tuc/hoi-nghi/")
    assert told(village.build(strict=True)) == []
    assert 'url=/tin-tuc/dai-hoi/"' in village.read("tin-tuc/hoi-nghi/index.html")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("aliases: /cu/1/\n", "aliases:\n  - /cu/1/\n  - /tin-tuc/hoi-nghi/\n"),
        ("aliases: '/cu.aspx?a=1'\n", "aliases:\n  - '/cu.aspx?a=1'\n  - /tin-tuc/hoi-nghi/\n"),
        ("aliases: [/cu/1/]  # x\n", "aliases: [/cu/1/, /tin-tuc/hoi-nghi/]  # x\n"),
        ("aliases: []\n", "aliases: [/tin-tuc/hoi-nghi/]\n"),
        ("aliases:\n", "aliases: /tin-tuc/hoi-nghi/\n"),
        ("aliases:\n- /cu/1/\n", "aliases:\n- /cu/1/\n- /tin-tuc/hoi-nghi/\n"),
        ("aliases:\n    - /cu/1/\n    - /cu/2/\n", "aliases:\n    - /cu/1/\n    - /cu/2/\n    - /tin-tuc/hoi-nghi/\n"),
        ("aliases: /cu/1/  # x\n", None), ("aliases: [\n  /cu/1/]\n", None),
    ],
)  # fmt: skip
def test_the_alias_goes_where_the_others_are(village: Site, before: str, after: str | None) -> None:
    head = "---\r\ntitle: Đại hội\r\n{}date: 2020-02-12\r\ncategory: Tin tức\r\n---\r\n\r\nMột.\r\n"
    texts = [head.format((one or before).replace("\n", "\r\n")) for one in (before, after)]
    file = village.write("articles/1.md", texts[0])
    result = checked(village, FIX)
    assert file.read_bytes().decode() == texts[1]
    assert [d.code for d in result.found] == ([] if after else ["url-lost"])


def test_several_are_fixed_at_once(village: Site) -> None:
    village.write("articles/1.md", article("Đại hội", "Một.", aliases="/cu/"))
    assert checked(village, FIX).fixed == ("articles/1.md",)
    village.build()
    file = village.write("articles/1.md", article("Họp", "Một."))
    assert checked(village, FIX).found == []
    lines = file.read_text(encoding="utf-8").split("\n")
    assert lines[4:8] == ["aliases:", "  - /cu/", "  - /tin-tuc/dai-hoi/", "  - /tin-tuc/hoi-nghi/"]


def test_a_report_that_was_renamed_is_found_by_its_text(village: Site) -> None:
    (village.options.content / "articles/1.md").unlink()
    village.write("articles/dai-hoi.md", article("Đại hội", "Một.", category="Tin tức"))
    for _ in range(2):
        assert says(checked(village).found) == [f"articles/dai-hoi.md:2 {MOVED}"]
        village.build()


def test_or_by_its_title(village: Site) -> None:
    (village.options.content / "articles/1.md").unlink()
    village.write("articles/new.md", article("Hội nghị", "Một, sửa.", category="Văn bản"))
    assert "now at /van-ban/hoi-nghi/" in says(village.build().found)[0]


def test_another_report_is_not_taken_for_it(village: Site) -> None:
    (village.options.content / "articles/1.md").unlink()
    village.write("articles/2.md", article("Hội nghị", "Một.", category="Văn bản", slug="luat-moi"))
    assert {d.code for d in village.build().found} == {"url-withdrawn"}


def test_a_deleted_report(village: Site) -> None:
    (village.options.content / "articles/1.md").unlink()
    assert says(village.build().found) == [
        "site.yaml:0 url-withdrawn: /tin-tuc/ was “Tin tức”; no report is listed there any more, and "
        "nothing redirects there",
        "site.yaml:0 url-withdrawn: /tin-tuc/hoi-nghi/ was “Hội nghị”; its source is gone, and nothing "
        "redirects there",
    ]
    village.write("site.yaml", SITE + "gone: /tin-tuc/*\n")
    assert says(village.build().found) == []


@pytest.mark.parametrize(
    ("keys", "line", "reason"),
    [({"draft": "true"}, 5, "it is a draft now"), ({"date": "2027-01-01"}, 3, "its date is in the future now")],
)  # fmt: skip
def test_a_report_that_is_taken_back(
    village: Site, keys: dict[str, str], line: int, reason: str
) -> None:
    village.write("articles/3.md", article("Ba"))
    village.write("articles/1.md", article("Hội nghị", "Một.", **keys))
    assert says(village.build().found) == [
        f"articles/1.md:{line} url-withdrawn: /tin-tuc/hoi-nghi/ was “Hội nghị”; {reason}, and "
        "nothing redirects there"
    ]


def test_an_alias_that_is_deleted(village: Site) -> None:
    village.write(
        "articles/1.md", article("Hội nghị", "Một.", aliases="['/a.aspx?id=1', /Tin-Tuc/Hoi-Nghi/]")
    )
    village.build()
    village.write("articles/1.md", article("Hội nghị", "Một."))
    assert [d.values["url"] for d in village.build().found] == [
        "/Tin-Tuc/Hoi-Nghi/",
        "/a.aspx?id=1",
    ]


def test_drafts_were_never_public(village: Site) -> None:
    village.write("articles/3.md", article("Nháp", draft="true", category="Mới", aliases="/cu/"))
    village.build(drafts=True)
    village.write("articles/3.md", article("Nháp khác", draft="true", category="Khác"))
    assert says(village.build(drafts=True).found) == []
    assert says(village.build().found) == []


def test_the_clock_takes_no_report_for_lost(village: Site) -> None:
    village.write(
        "articles/1.md", article("Hội nghị", "Một.", expires="2026-11-01", date="2026-10-01")
    )
    assert [d for d in village.build().found if d.values.get("title") == "Hội nghị"] == []


def test_a_report_with_errors_is_not_lost(village: Site) -> None:
    """Its last good version stays; so the URL is lost only when the new one is published."""
    village.write("articles/1.md", article("Đại hội", "Một.", catgory="x"))
    assert {d.code for d in village.build(keep_going=True).found} == {"unknown-key"}
    village.write("articles/1.md", article("Đại hội", "Một."))
    assert says(village.build().found) == [f"articles/1.md:2 {MOVED}"]


def test_a_wrong_name_is_reported_alone(site: Site) -> None:
    """Before it is corrected, nobody knows the new URL: there is no alias to add."""
    closed = SITE + "categories: [{name: Tin tức}]\ncategories_closed: true\n"
    site.write("site.yaml", closed)
    site.write("articles/1.md", article("Hội nghị", author="Hải Hạnh", category="Tin tức"))
    site.write("articles/2.md", article("Luật mới", category="Tin tức"))
    assert told(site.build()) == []
    file = site.write("articles/1.md", article("Hội nghị", author="Hải Hạnh", category="Tin tưc"))
    wrong = file.read_bytes()
    assert [d.code for d in checked(site, FIX).found] == ["category-unknown"]
    assert file.read_bytes() == wrong
    report = site.build(keep_going=True, max_removed=100)
    assert report.counts
    assert [d.code for d in report.found] == ["category-unknown"]


def test_a_renamed_category_is_one_finding(site: Site) -> None:
    for number in range(4):
        site.write(f"articles/{number}.md", article(f"Bài {number}", f"{number}", category="A > B"))
    site.build()
    for number in range(4):
        site.write(f"articles/{number}.md", article(f"Bài {number}", f"{number}", category="C > B"))
    report = site.build()
    assert says(report.found) == [
        "site.yaml:0 url-lost: /a/ was “A”, now at /c/; nothing redirects there"
    ]
    assert report.found[0].hint == (
        "in site.yaml, add `aliases: /a/` to “C”: it redirects everything below too"
    )
    site.write("site.yaml", SITE + "categories: [{name: C, aliases: /a/}]\n")
    assert says(site.build().found) == []
    assert 'url=/c/b/bai-3/"' in site.read("a/b/bai-3/index.html")


def test_a_new_slug_of_a_term(site: Site) -> None:
    site.write("site.yaml", SITE + "authors: [{name: Hải Hạnh}]\n")
    site.write("articles/1.md", article("Một", author="Hải Hạnh"))
    site.build()
    site.write("site.yaml", SITE + "authors: [{name: Hải Hạnh, slug: hh}]\n")
    (found,) = site.build().found
    assert found.message == (
        "/tac-gia/hai-hanh/ was “Hải Hạnh”, now at /tac-gia/hh/; nothing redirects there"
    )


# --- the manifest -------------------------------------------------------------------------------


def run(site: Site, *arguments: str) -> tuple[int, str]:
    folders = [
        f"--{name}={getattr(site.options, name)}"
        for name in ("content", "output", "cache", "templates")
    ]
    result = CliRunner().invoke(main, [*arguments, *folders, "--now", "2026-11-23T12:00:00Z"])
    return result.exit_code, result.output


def test_the_manifest_lists_urls_and_is_still_one_of_checksums(village: Site) -> None:
    text = village.read(MANIFEST)
    listed = decode_lines(urls_in(text.encode()).decode().split("\n"))
    assert [(one.url, one.source, one.title) for one in listed] == [
        ("/tin-tuc/", "category: Tin tức", "Tin tức"),
        ("/tin-tuc/hoi-nghi/", "articles/1.md", "Hội nghị"),
        ("/van-ban/", "category: Văn bản", "Văn bản"),
        ("/van-ban/luat-moi/", "articles/2.md", "Luật mới"),
    ]
    command = ["sha256sum", "--check", "--strict", "--quiet", MANIFEST]
    subprocess.run(command, cwd=village.options.output, check=True)


def test_the_manifest_is_that_of_a_clean_build(village: Site, tmp_path: Path) -> None:
    """Also after edits that change no page: of a body, and of a source's name."""
    village.write("articles/1.md", article("Hội nghị", "Một, sửa.", category="Tin tức"))
    village.build()
    old = village.options.content / "articles/2.md"
    old.rename(old.with_name("hai.md"))
    village.build()
    village.build(output=tmp_path / "clean", cache=tmp_path / "cache")
    assert village.read(MANIFEST) == (tmp_path / "clean" / MANIFEST).read_text(encoding="utf-8")
    assert "articles/hai.md" in village.read(MANIFEST)


def test_since(village: Site, tmp_path: Path) -> None:
    """With the manifest of the published site, where no store is kept."""
    since = tmp_path / "published"
    since.write_text(village.read(MANIFEST), encoding="utf-8")
    village.write("articles/1.md", article("Đại hội", "Một.", category="Tin tức"))
    village.options = structs.replace(village.options, cache=tmp_path / "c", output=tmp_path / "o")
    assert "url-lost" not in run(village, "check")[1]
    status, said = run(village, "check", "--since", str(since), "--strict")
    assert (status, "warning[url-lost]" in said) == (1, True)
    status, said = run(village, "build", "--since", str(since))
    assert (status, "warning[url-lost]" in said) == (0, True)
    since.write_text("<!doctype html>\n", encoding="utf-8")
    assert run(village, "check", "--since", str(since))[0] == 2


def test_without_a_store_the_manifest_counts(village: Site, tmp_path: Path) -> None:
    village.write("articles/1.md", article("Đại hội", "Một.", category="Tin tức"))
    report = village.build(cache=tmp_path / "another", force=True)
    assert says(report.found) == [f"articles/1.md:2 {MOVED}"]


def test_a_manifest_of_another_format_counts_for_nothing(village: Site) -> None:
    text = village.read(MANIFEST).replace(HEAD, "# kheo-urls 2\n")
    assert urls_in(text.encode()) == b""


def test_the_committed_site_loses_nothing(sample: Site) -> None:
    """Nothing was told when it was built; nor is anything now that it is there."""
    assert sample.build().found == []
