"""The clock never stops a site: what time changes, and what is reported before it does."""

import json
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from msgspec import structs
from support import NOW, SITE, Site, article, picture, told, tree

from benchmarks import month
from kheo.check.check import CheckOptions, check
from kheo.cli import main

TODAY, TOMORROW, LATER = "2026-11-23", "2026-11-24", "2026-11-26"
DAY = timedelta(days=1)


def checked(site: Site, **choices: object) -> list[str]:
    """What ``check`` says, without the findings in the style of texts."""
    return told(check(structs.replace(site.options, **choices), CheckOptions()))  # type: ignore[arg-type]


def codes(lines: list[str]) -> list[tuple[str, str]]:
    """``a.md:7:3: error[link-broken]: …`` -> ``("a.md", "error[link-broken]")``."""
    return [(line.split(":")[0], line.split(": ")[1]) for line in lines]


def run(site: Site, *arguments: str) -> int:
    names = ("content", "templates", "output", "cache")
    folders = [part for name in names for part in (f"--{name}", str(getattr(site.options, name)))]
    now = ["--now", site.options.now.isoformat()]
    return CliRunner().invoke(main, [*arguments, *folders, *now, "--lang", "en"]).exit_code


def wrong_report(**keys: str) -> str:
    """A report with a missing picture, a broken picture, a broken link and a wrong category."""
    body = "![a](khong-co.jpg)\n\n![b](hong.jpg)\n\n[c](khong-co.md) [d](/khong-co/)"
    return article("Bài sai", body, category="Sai", **keys)


WRONG = {"category-unknown", "image-missing", "image-broken", "link-broken"}


@pytest.fixture
def closed(site: Site) -> Site:
    """A site with a good report, and with listed categories only."""
    site.write("site.yaml", SITE + "categories: [{name: Tin tức}]\ncategories_closed: true\n")
    site.write("a.md", article("Bài tốt"))
    site.write("hong.jpg", picture(1200, 800, "JPEG")[:900])
    return site


# --- what is not public yet ---------------------------------------------------------------------


def test_what_is_wrong_tomorrow_is_told_today(closed: Site) -> None:
    closed.write("b.md", wrong_report(date=TOMORROW))
    lines = codes(told(closed.build()))
    assert {code for _, code in lines} == {f"error[{code}]" for code in WRONG}
    assert {path for path, _ in lines} == {"b.md"}
    assert codes(checked(closed)) == lines
    for command in ("check", "build"):
        assert run(closed, command, "--strict") == 1
        assert run(closed, command) == 1
    assert codes(told(closed.build(now=NOW + DAY))) == lines, "the same as when it is due"


def test_problems_of_a_draft_are_warnings(closed: Site) -> None:
    closed.write("b.md", wrong_report(draft="true"))
    result = closed.build()
    assert result.counts is not None
    assert {code for _, code in codes(told(result))} == {f"warning[{code}]" for code in WRONG}
    assert codes(checked(closed)) == codes(told(result))
    assert run(closed, "check") == run(closed, "build") == 0
    assert run(closed, "check", "--strict") == run(closed, "build", "--strict") == 1
    assert "error[image-missing]" in {code for _, code in codes(checked(closed, drafts=True))}


def test_a_draft_that_cannot_be_parsed_holds_nothing_back(closed: Site) -> None:
    closed.write("b.md", article("Bài nháp", date="2026-02-31", draft="true  # chưa xong"))
    for result in (closed.build(), closed.build(keep_going=True)):
        assert codes(told(result)) == [("b.md", "warning[date-impossible]")]
        assert result.counts is not None
        assert result.left_out == ()
    closed.write("b.md", article("Bài nháp", draft="có"))
    assert closed.build().counts is None, "whether that is a draft is not known"


def test_a_report_that_becomes_a_bad_draft_is_withdrawn(site: Site) -> None:
    site.write("a.md", article("Một"))
    site.write("b.md", article("Hai"))
    site.build()
    site.write("b.md", article("Hai", draft="true", catgory="x"))
    assert site.build(keep_going=True).left_out == ()
    assert "tin-tuc/hai/index.html" not in site.tree()


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"title": "Bài tốt"}, "error[url-twice]"),
        ({"slug": "tin-tuc"}, "error[url-twice]"),
        ({"aliases": "/bai-tot/"}, "error[alias-live]"),
        ({"aliases": "/cu/"}, "error[alias-twice]"),
        ({"author": "hải hạnh"}, "error[term-spelling]"),
        ({"title": "???"}, "error[slug-empty]"),
    ],
)
def test_addresses_and_names_are_looked_at_ahead(
    site: Site, keys: dict[str, str], found: str
) -> None:
    """And the new report is blamed, today and on its day: the old one is not left out."""
    site.write("site.yaml", SITE + "permalink: '{slug}/'\n")
    site.write("z.md", article("Bài tốt", aliases="/cu/", author="Hải Hạnh"))
    site.write("b.md", article(**{"title": "Bài mới"} | keys, date=TOMORROW))
    for now in (NOW, NOW + 2 * DAY):
        assert codes(told(site.build(now=now))) == [("b.md", found)]
    site.build(now=NOW + 2 * DAY, keep_going=True)
    assert "bai-tot/index.html" in site.tree()


def test_a_list_that_gets_a_second_page(site: Site) -> None:
    site.write("site.yaml", SITE + "page_size: 1\n")
    site.write("a.md", article("Một", "[x](/tin-tuc/trang/2/)"))
    site.write("b.md", article("Hai", date=TOMORROW))
    assert codes(told(site.build())) == [("a.md", "warning[link-later]")]
    assert told(site.build(now=NOW + DAY)) == []


def test_a_bad_scheduled_report_holds_back_no_other(site: Site) -> None:
    """An unattended build publishes what is good, and ends red before and after the date."""
    site.write("a.md", article("Một"))
    site.write("b.md", article("Hai", "![x](khong-co.jpg)", date=TOMORROW))
    site.write("c.md", article("Ba", date=TOMORROW))
    for now, pages in ((NOW, {"mot"}), (NOW + DAY, {"mot", "ba"})):
        site.options = structs.replace(site.options, now=now)
        assert run(site, "build", "--keep-going") == 1
        names = re.findall(r"tin-tuc/([a-z]+)/index", "\n".join(site.tree()))
        assert set(names) - {"trang"} == pages


# --- what expires ---------------------------------------------------------------------------------


@pytest.fixture
def notices(site: Site) -> Site:
    """A notice in two parts with a file, that expires today, and a report that links to it."""
    site.options = structs.replace(site.options, search=True)
    site.write("don.pdf", b"%PDF-1.4")
    body = "[Mẫu](don.pdf)\n\n## Hạn nộp\n\nA.\n\n<!-- page -->\n\n## Địa điểm\n\nThanhan.\n"
    site.write(
        "b.md",
        article("Thông báo", body, category="Thông báo", expires=TODAY, author="Hải Hạnh",
                campaign="Dân vận khéo", aliases="/cu/tb/", date="2026-11-22"),
    )  # fmt: skip
    links = (
        "[b](b.md) [c](b.md#dia-diem) [d](/thong-bao/thong-bao/) [e](/thong-bao/) "
        "[f](/tac-gia/hai-hanh/) [g](/cu/tb/) [h](/luu-tru/2026/11/)"
    )
    site.write("a.md", article("Bài một", links))
    return site


def test_an_expired_report_keeps_its_url(notices: Site) -> None:
    assert told(notices.build()) == []
    before = notices.tree()
    site = notices
    site.options = structs.replace(site.options, now=NOW + DAY)
    result = site.build()
    assert told(result) == []
    after = site.tree()
    for path in ("thong-bao/thong-bao/index.html", "thong-bao/thong-bao/trang/2/index.html"):
        page = after[path].decode()
        assert "<h1>Thông báo</h1>" in page
        assert 'content="noindex"' in page
        assert 'hết hạn vào <time datetime="2026-11-23">' in page
        assert '<a href="/thong-bao/">' in page
        assert "Thanhan" not in page
    assert after["tin-tuc/bai-mot/index.html"] == before["tin-tuc/bai-mot/index.html"]
    gone = {path for path in before.keys() - after.keys() if not path.startswith("assets/")}
    assert gone == {"thong-bao/thong-bao/don.pdf"}
    assert b"/thong-bao/thong-bao/" in after["cu/tb/index.html"], "aliases go on"
    named = [
        path for path, data in after.items()
        if b"/thong-bao/thong-bao/" in data and not path.startswith(("assets/", "cu/", ".kheo"))
    ]  # fmt: skip
    assert named == [
        "_nginx.conf", "_redirects", "thong-bao/thong-bao/index.html",
        "thong-bao/thong-bao/trang/2/index.html", "tin-tuc/bai-mot/index.html",
    ]  # fmt: skip
    words = b"".join(data for path, data in after.items() if path.startswith("assets/search/"))
    assert b"thong-bao/thong-bao" not in words
    assert result.unlisted.expired == 1
    fresh = site.build(output=site.root / "new", cache=site.root / "new-cache")
    assert fresh.counts is not None
    assert tree(site.root / "new") == after


def test_a_standing_page_expires_too(site: Site) -> None:
    site.write("a.md", article(body="[x](p.md)"))
    site.write(
        "p.md", "---\nkind: page\ntitle: Hẹn\nexpires: 2026-11-23 18:00\n---\n\nNội dung cũ.\n"
    )
    assert told(site.build()) == []
    assert "Nội dung cũ." not in site.read("hen/index.html")
    page = site.read("hen/index.html")
    assert "Trang này đã hết hạn" in page
    assert "18:00" in page
    assert "Hẹn" not in site.read("index.html"), "it leaves the list of pages"


def test_the_last_report_may_expire(site: Site) -> None:
    """Neither too few reports nor many removed pages stop a build: the clock did it."""
    site.write("site.yaml", SITE + "page_size: 1\nmenu: [{title: T, link: Tin tức}]\n")
    for number in range(12):
        site.write(f"{number}.md", article(f"Bài {number}", expires=TODAY))
    site.build()
    result = site.build(now=NOW + DAY)
    assert told(result) == []
    assert result.counts is not None
    assert result.counts.removed > 20
    assert "tin-tuc/bai-3/index.html" in site.tree()


def test_a_file_of_an_expired_report(notices: Site) -> None:
    """It is gone; the words that linked to it stay, and no build fails."""
    notices.write("a.md", article("Bài một", "Xem [mẫu **đơn**](/thong-bao/thong-bao/don.pdf)."))
    assert told(notices.build()) == []
    assert '<a href="/thong-bao/thong-bao/don.pdf">' in notices.read("tin-tuc/bai-mot/index.html")
    assert told(notices.build(now=NOW + DAY, strict=True)) == []
    page = notices.read("tin-tuc/bai-mot/index.html")
    assert "<p>Xem mẫu <strong>đơn</strong>.</p>" in page


def test_check_warns_of_expiries_that_others_link_to(notices: Site) -> None:
    assert {code for _, code in codes(checked(notices))} == {"warning[link-expires]"}
    assert len(checked(notices)) == 4, "of the report, its heading, its URL and its alias"
    assert told(notices.build(strict=True)) == [], "builds do not: the clock must not stop them"
    assert checked(notices, now=NOW - 29 * DAY, future=True) != []
    assert checked(notices, now=NOW + DAY) == [], "links to an expired report stay valid"
    notices.write("a.md", article("Bài một", "[b](b.md)", expires=TODAY))
    assert checked(notices) == [], "it expires no later"


def test_a_check_is_repeated_when_an_expiry_comes_near(site: Site) -> None:
    site.write("a.md", article("Một", "[b](b.md)"))
    site.write("b.md", article("Hai", expires="2026-12-31"))
    assert checked(site) == []
    assert checked(site, now=NOW + 8 * DAY) == []
    assert checked(site, now=NOW + 9 * DAY) == [
        "a.md:7:5: warning[link-expires]: “b.md” expires on 2026-12-31"
    ]


# --- links to what comes later ----------------------------------------------------------------------


def test_a_link_to_a_later_report_is_told_in_advance(site: Site) -> None:
    links = '[b <em>x</em>](b.md "t > u") [c](/tin-tuc/hai/) <a class="k" href="/su-kien/">d</a>'
    site.write("a.md", article("Một", links))
    site.write("b.md", article("Hai", date=LATER, category="Tin tức"))
    site.write("c.md", article("Ba", date=LATER, category="Sự kiện"))
    site.write("d.md", article("Bốn", "[b](b.md), [a](a.md)", date=TOMORROW))
    lines = told(site.build())
    assert codes(lines) == [("a.md", "warning[link-later]")] * 3 + [("d.md", "warning[link-later]")]
    assert "“b.md” is not published before 2026-11-26" in lines[0]
    assert codes(checked(site)) == codes(lines)
    assert "<p>b <em>x</em> c d</p>" in site.read("tin-tuc/mot/index.html")
    site.build(now=NOW + DAY)
    assert '<p>b, <a href="/tin-tuc/mot/">a</a></p>' in site.read("tin-tuc/bon/index.html")
    assert told(site.build(now=NOW + 3 * DAY)) == []
    page = site.read("tin-tuc/mot/index.html")
    assert '<a href="/tin-tuc/hai/" title="t &gt; u">b <em>x</em></a>' in page
    assert '<a href="/tin-tuc/hai/">c</a>' in page
    assert 'href="/su-kien/"' in page
    site.build(now=NOW + 3 * DAY, output=site.root / "new", cache=site.root / "new-cache")
    site.build(now=NOW + 3 * DAY)
    assert tree(site.root / "new") == site.tree()


def test_a_menu_may_wait_for_a_report(site: Site) -> None:
    menu = "menu: [{title: Bài hẹn, link: b.md}, {title: Sự kiện, link: Sự kiện}, {title: T, link: a.md}]\n"
    site.write("site.yaml", SITE + menu)
    site.write("a.md", article("Một", expires=LATER))
    site.write("b.md", article("Hai", date=TOMORROW, category="Sự kiện"))
    assert codes(told(site.build())) == [("site.yaml", "warning[link-later]")] * 2
    assert "Bài hẹn" not in site.read("index.html")
    for day in (1, 9):
        assert told(site.build(now=NOW + day * DAY)) == []
        assert "Bài hẹn" in site.read("index.html")
        assert '<a href="/tin-tuc/mot/">T</a>' in site.read("index.html")


def test_links_among_drafts(site: Site) -> None:
    site.write("a.md", article("Một", "[b](b.md)"))
    site.write("b.md", article("Hai", "[c](c.md) [a](a.md)", draft="true"))
    site.write("c.md", article("Ba", draft="true"))
    assert codes(told(site.build())) == [("a.md", "error[link-unpublished]")]
    result = site.build(keep_going=True)
    assert result.left_out == ()
    assert "<p>b</p>" in site.read("tin-tuc/mot/index.html")


def test_an_edit_elsewhere_takes_no_page_away(site: Site) -> None:
    """Unattended: a deleted target or heading is reported, and the pages with the links stay."""
    site.write("site.yaml", SITE + "menu: [{title: Hai, link: b.md}]\n")
    site.write("a.md", article("Một", "[b](b.md) [c](c.md#muc)"))
    site.write("b.md", article("Hai"))
    site.write("c.md", article("Ba", "## Mục\n\nA."))
    assert told(site.build()) == []
    (site.options.content / "b.md").unlink()
    site.write("c.md", article("Ba", "A."))
    assert site.build().counts is None
    result = site.build(keep_going=True)
    assert result.counts is not None
    assert result.errors == 3
    assert '<p>b <a href="/tin-tuc/ba/">c</a></p>' in site.read("tin-tuc/mot/index.html")


# --- the summary ------------------------------------------------------------------------------------


def test_the_summary_counts_what_is_not_listed(site: Site) -> None:
    site.write("a.md", article("Một"))
    for name, keys in {
        "b": {"draft": "true"}, "c": {"draft": "true"}, "d": {"date": TOMORROW},
        "e": {"expires": "2026-01-01"},
    }.items():  # fmt: skip
        site.write(f"{name}.md", article(f"Bài {name}", **keys))
    names = ("content", "templates", "output", "cache")
    folders = [part for name in names for part in (f"--{name}", str(getattr(site.options, name)))]
    command = ["build", *folders, "--now", NOW.isoformat()]
    for _ in range(2):  # also when there is nothing to build
        said = CliRunner().invoke(main, [*command, "--lang", "en"]).stdout
        assert "Not listed: 2 drafts, 1 scheduled, 1 expired\n" in said
        said = CliRunner().invoke(main, [*command, "--lang", "vi"]).stdout
        assert "Không có trong danh sách: 2 bản nháp, 1 bài hẹn ngày, 1 bài hết hạn\n" in said
    data = json.loads(CliRunner().invoke(main, [*command, "--format", "json"]).stdout)["summary"]
    assert (data["drafts"], data["scheduled"], data["expired"]) == (2, 1, 1)


# --- a month ----------------------------------------------------------------------------------------


def newsroom(site: Site) -> set[int]:
    """A site in which time changes something on most days, with links in every direction.

    Returns the hours after NOW with a build that changes something, and each hour before.
    """
    times: list[datetime] = []
    site.write(
        "site.yaml",
        SITE + "page_size: 3\nmenu: [{title: Tin, link: Tin tức}, {title: A, link: n0.md}, "
        "{title: B, link: /thong-bao/}]\n",
    )
    site.write("don.pdf", b"%PDF-1.4")
    site.write("anh.jpg", picture(200, 100, "JPEG"))
    start = NOW.replace(hour=0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    for number in range(24):
        date = start + timedelta(hours=30 * number - 100)
        keys = {
            "date": f"{date:%Y-%m-%d %H:%M}",
            "category": ["Tin tức", "Thông báo", f"Sự kiện > Số {number}"][number % 3],
            "author": ["Hải Hạnh", f"Người {number}"][number % 2],
            "aliases": f"/cu/{number}/",
            "campaign": ["C", "", "D"][number % 3],
        }
        times += [date, date + 2 * DAY]  # it leaves the sitemap of news
        if number % 3:
            times.append(date + timedelta(hours=50 + 20 * number))
            keys["expires"] = f"{times[-1]:%Y-%m-%d %H:%M}"
        if number % 8 == 7:
            keys |= {"draft": "true"}
        others = " ".join(f"[{one}](n{one}.md)" for one in range(24) if one % 8 != 7)
        body = (
            f"![ảnh](anh.jpg) [đơn](don.pdf) {others} [x](/thong-bao/trang/2/) [y](/cu/3/) "
            f"[z](/thong-bao/bai-4/don.pdf) [s](/su-kien/so-5/)\n\n<!-- page -->\n\nHai."
        )
        site.write(f"n{number}.md", article(f"Bài {number}", body, **keys))
    # A campaign begins and ends, is reached and missed; its milestones are named in the order of time.
    begin, due, met, end = (start + timedelta(days=days) for days in (2, 5, 9, 12))
    times += [begin, due + DAY, met, end + DAY]
    site.write(
        "campaigns/c.md",
        f"---\nname: C\nstart: {begin:%Y-%m-%d}\nend: {end:%Y-%m-%d}\npinned: true\n"
        f"milestones: {{date: {met:%Y-%m-%d}, text: A, report: ../n5.md}}\nreports: [../n2.md]\n"
        "indicators:\n  - {name: A, data: so.csv, column: A, target: 9}\n"
        f"  - {{name: B, data: so.csv, column: A, target: 8, by: {due:%Y-%m-%d}}}\n---\n",
    )
    site.write("campaigns/so.csv", "Năm;A\n2024;1\n2025;2\n")
    hours = {-(-(time - NOW) // timedelta(hours=1)) for time in times}
    return {hour for one in hours for hour in (one - 1, one) if hour >= 0}


def test_a_month_of_hours_without_an_edit(site: Site, tmp_path: Path, many: bool) -> None:
    """Every third hour in which the clock changes something (all with ``--many``), and the hour before. No build fails; what was
    not reported by the first is never reported; each gives the bytes of a clean one (every tenth is
    compared). ``python -m benchmarks.month`` runs the command of the workflows every hour.
    """
    hours = sorted(one for one in newsroom(site) if one < 24 * 31)
    if not many:
        hours = [hour for at, hour in enumerate(hours) if at % 6 < 2 or hour == hours[-1]]
    first = site.build()
    accepted = {(d.code, d.place) for d in first.found}
    assert {code for code, _ in accepted} == {"link-later"}
    published: set[str] = set()
    changes = 0
    for number, hour in enumerate(hours):
        now = NOW + timedelta(hours=hour)
        result = site.build(now=now)
        assert result.counts is not None, (now, told(result))
        changes += bool(result.counts.written)
        assert {(d.code, d.place) for d in result.found} <= accepted, "the clock adds nothing"
        files = (path.relative_to(tmp_path).as_posix() for path in site.options.output.rglob("*"))
        pages = {path for path in files if "/bai-" in path and path.endswith("index.html")}
        assert published <= pages, "no URL is lost"
        published = pages
        if number % 10 == 0:
            clean = tmp_path / str(hour)
            site.build(now=now, output=clean / "output", cache=clean / "cache")
            assert tree(clean / "output") == site.tree()
    assert changes > (40 if many else 13)
    assert len(published) == 2 * 21, "all but the drafts, in two parts"
    assert result.found == []


def test_every_hour_by_the_command_of_the_workflows(tmp_path: Path) -> None:
    """The benchmark, for some hours, with an edit that is wrong and corrected later or not."""
    lived = month.run(tmp_path / "site", reports=60, hours=range(8, 12), seed=1)
    assert len(lived.reports) == 61


def test_time_may_go_back(site: Site) -> None:
    """A machine with a wrong clock was corrected."""
    newsroom(site)
    for days in (20, 0, 31, 3):
        now: datetime = NOW + timedelta(days=days)
        site.build(now=now, max_removed=100)
        shutil.rmtree(site.root / "clean", ignore_errors=True)
        site.build(now=now, output=site.root / "clean/o", cache=site.root / "clean/c")
        assert tree(site.root / "clean/o") == site.tree()
