"""Dashboards of campaigns: what readers and programs get, when it changes, and messages for editors."""

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support import NOW, SITE, Site, article, told

SOURCE = "campaigns/dan-van-kheo.md"
PAGE = "chien-dich/dan-van-kheo/index.html"
DAY = timedelta(days=1)
KEYS = """\
name: Dân vận khéo
start: 2026-01-01
end: 2026-12-31
pinned: true
indicators:
  - {name: Nhà, unit: căn, data: so.csv, column: Nhà, target: 1.200}
  - {name: Hộ nghèo, data: so.csv, column: Nghèo, target: 600, falling: true, by: 2026-06-30}
  - {name: Họp, data: so.csv, column: Họp}
milestones:
  - {date: 2026-12-01, text: Tổng kết}
  - {date: 2026-02-01, text: Ra quân, report: ../articles/1.md}
reports: [../articles/2.md]
"""
ROWS = "Tháng;Nhà;Nghèo;Họp\n01/2026;300;1.000;7\n02/2026;600;900;9\n03/2026;900;800;8\n"


def campaign(site: Site, keys: str = KEYS, rows: str = ROWS, body: str = "Lời.") -> Site:
    site.write(SOURCE, f"---\n{keys}---\n\n{body}\n")
    site.write("campaigns/so.csv", rows)
    return site


@pytest.fixture
def village(site: Site) -> Site:
    for number, (date, category) in enumerate(
        [("2026-01-05", "Tin tức"), ("2026-03-06", "Tin tức"), ("2026-03-07", "Đời sống")], start=1
    ):
        keys = {"campaign": "Dân vận khéo", "author": ["Hải Hạnh", "Đỗ Mai"][number % 2]}
        site.write(
            f"articles/{number}.md", article(f"Bài {number}", date=date, category=category, **keys)
        )
    return campaign(site)


def words(html: str) -> str:
    """The text of a page, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_page_one_says_how_far_a_campaign_has_got(village: Site) -> None:
    assert told(village.build()) == []
    page = village.read(PAGE)
    text = words(page)
    for part in (
        "Tình trạng Đang diễn ra Số bài 3 Chuyên mục 2 Tác giả 2 Bài mới nhất Bài 3",
        "Nhà 900 căn 75% chỉ tiêu 1.200 căn, hạn 31/12/2026 03/2026: +300 so với 02/2026",
        "Hộ nghèo 800 Không đạt: 50% chỉ tiêu 600, hạn 30/06/2026 03/2026: −100 so với 02/2026",
        "Họp 8 03/2026: −1 so với 02/2026",
        "Tháng Nhà Nghèo Họp 01/2026 300 1.000 7",
        "01/02/2026 Ra quân 01/12/2026 Tổng kết dự kiến",
        "Số bài mỗi tháng",
        "Tháng 02/2026 0",
        "Tin tức 2 (67%) Đời sống 1 (33%)",
    ):
        assert part in text, part
    assert '<a href="/tin-tuc/bai-1/">Ra quân</a>' in page
    assert page.count("/tin-tuc/bai-2/") == 2  # above the list, and in it
    assert 'href="/chien-dich/dan-van-kheo/so.csv"' in page
    assert page.count('<svg role="img" aria-label="75%"') == 1
    listed = words(village.read("chien-dich/index.html"))
    assert "Đang diễn ra từ 01/01/2026 đến 31/12/2026 Nhà 75% chỉ tiêu" in listed
    assert "Bài mới nhất: Bài 3" in listed
    assert "75% chỉ tiêu" in words(village.read("index.html"))


def test_the_same_numbers_for_programs(village: Site) -> None:
    village.build()
    data = json.loads(village.read("chien-dich/dan-van-kheo/data.json"))
    assert data["version"] == 1
    assert data["state"] == "running"
    assert data["latest"]["url"] == "https://lang.example/doi-song/bai-3/"
    assert data["months"] == [
        {"month": "2026-01", "reports": 1}, {"month": "2026-03", "reports": 2}
    ]  # fmt: skip
    house, poor, meetings = data["indicators"]
    assert (house["target"], house["by"], house["share"]) == (1200, "2026-12-31", 0.75)
    assert house["rows"][0] == {"date": "2026-01-01", "value": 300}
    assert (poor["state"], meetings["state"]) == ("missed", None)
    lines = village.read("chien-dich/dan-van-kheo/data.csv").splitlines()
    assert lines[:2] == ["\ufeffkind,name,date,value,unit", "reports,,,3,"]
    assert "indicator,Nhà,2026-01-01,300,căn" in lines
    assert "target,Hộ nghèo,2026-06-30,600," in lines


def test_a_campaign_without_a_source_has_a_dashboard_too(site: Site) -> None:
    """Of years, if it is longer than four of them."""
    for number in range(6):
        site.write(
            f"articles/{number}.md",
            article(f"Bài {number}", date=f"202{number}-02-01", campaign="C"),
        )
    assert told(site.build()) == []
    text = words(site.read("chien-dich/c/index.html"))
    assert "Tình trạng" not in text
    assert "Số bài mỗi năm" in text
    assert "Chỉ tiêu" not in text


def test_the_list_goes_on_without_the_dashboard(village: Site) -> None:
    village.write("site.yaml", SITE + "page_size: 2\n")
    village.build()
    text = words(village.read("chien-dich/dan-van-kheo/trang/2/index.html"))
    assert "Bài 1" in text
    assert "Chỉ tiêu" not in text
    assert "Lời." not in text


# --- time -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2025-12-31", "Chưa bắt đầu"),
        ("2026-01-01", "Đang diễn ra"),
        ("2026-12-31", "Đang diễn ra"),
        ("2027-01-01", "Đã kết thúc"),
    ],
)
def test_the_clock_begins_and_ends_a_campaign(village: Site, day: str, said: str) -> None:
    at = datetime.fromisoformat(f"{day} 00:00:00").replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    village.build(now=at - timedelta(seconds=1))
    village.build(now=at)
    assert f"Tình trạng {said}" in words(village.read(PAGE))


def test_a_target_is_missed_when_its_last_day_is_over(village: Site) -> None:
    last = datetime(2026, 6, 30, 23, 59, 59, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    village.build(now=last)
    assert "50% chỉ tiêu 600, hạn 30/06/2026" in words(village.read(PAGE))
    before = village.tree()
    village.build(now=last + timedelta(seconds=1))
    assert "Không đạt: 50%" in words(village.read(PAGE))
    changed = {path for path, data in village.tree().items() if data != before[path]} - {".kheo"}
    assert changed == {PAGE, "chien-dich/dan-van-kheo/data.json"}


def test_nothing_changes_while_nothing_is_due(village: Site) -> None:
    village.build(now=NOW)
    before = village.tree()
    village.build(now=NOW + DAY)
    assert village.tree() == before


# --- edits ------------------------------------------------------------------------------------------


def test_a_new_row_changes_what_shows_it(village: Site) -> None:
    village.build()
    before = village.tree()
    campaign(village, rows=ROWS + "04/2026;1.200;700;5\n")
    village.build()
    assert "Đã đạt chỉ tiêu 1.200 căn: 100%" in words(village.read(PAGE))
    changed = {path for path, data in village.tree().items() if data != before[path]} - {".kheo"}
    folder = "chien-dich/dan-van-kheo"
    assert changed == {
        PAGE, f"{folder}/data.json", f"{folder}/data.csv", f"{folder}/so.csv", "chien-dich/index.html",
        "index.html",
    }  # fmt: skip


def test_a_new_report_changes_a_handful_of_files(village: Site) -> None:
    """Of the campaign: its first page, its two feeds, its data, and the list of campaigns."""
    village.build()
    before = village.tree()
    village.write("articles/4.md", article("Bài 4", date="2026-03-08", campaign="Dân vận khéo"))
    village.build()
    changed = {path for path, data in village.tree().items() if before.get(path) != data}
    folder = "chien-dich/dan-van-kheo"
    assert {path for path in changed if path.startswith("chien-dich/")} == {
        PAGE, f"{folder}/data.json", f"{folder}/data.csv", f"{folder}/feed.xml", f"{folder}/feed.json",
        "chien-dich/index.html",
    }  # fmt: skip


def test_words_of_the_source_change_one_page(village: Site) -> None:
    village.build()
    before = village.tree()
    campaign(village, body="Lời khác.")
    village.build()
    changed = {path for path, data in village.tree().items() if data != before[path]} - {".kheo"}
    assert changed == {PAGE}


# --- mistakes ---------------------------------------------------------------------------------------

A = "  - {name: A, data: so.csv, column: Nhà}\n"
WRONG: dict[str, tuple[str, str, list[str]]] = {
    "no such column": (A.replace("Nhà", "Nha"), ROWS, ["{source}:4:29 indicator-column"]),
    "a column of text": (A, "Ngày;Nhà\n2026-01-01;a\n2026-01-02;b\n", ["{source}:4:29 indicator-text"]),
    "no dates": (A, "Xã;Nhà\nIa Ke;1\nIa Pết;2\n", ["{csv}:2:1 indicator-dates"]),
    "a wrong date": (A, "Ngày;Nhà\n2026-01-01;1\n2026-02-31;2\n", ["{csv}:3:1 indicator-dates"]),
    "a row without a date": (A, "Năm;Nhà\n2024;1\n;2\n2026;3\n", ["{csv}:3:1 indicator-no-date"]),
    "rows out of order": (A, "Năm;Nhà\n2024;1\n2026;2\n2025;3\n", ["{csv}:4:1 indicator-order"]),
    "the same date twice": (A, "Năm;Nhà\n2024;1\n2024;2\n", ["{csv}:3:1 indicator-order"]),
    "a missing month": (A, "T;Nhà\n1/2026;1\n2/2026;2\n3/2026;3\n5/2026;4\n", ["{csv}:5:1 indicator-gap"]),
    "an empty cell": (A, "Năm;Nhà\n2024;1\n2025;\n2026;3\n", ["{csv}:3:1 indicator-empty"]),
    "a word among numbers": (A, "Năm;Nhà\n2024;1\n2025;hai\n2026;3\n", ["{csv}:3:6 data-number"]),
    "a wrong target": (
        A.replace("}", ", target: nhiều}"), ROWS, ["{source}:4:42 indicator-target"]
    ),
    "a target of another language": (
        A.replace("}", ', target: "1,200.5"}'), ROWS, ["{source}:4:42 indicator-target"]
    ),
    "no such file": (A.replace("so.csv", "xo.csv"), ROWS, ["{source}:4:15 link-broken"]),
    "not a CSV file": (A.replace("so.csv", "so.xlsx"), ROWS, ["{source}:4:15 chart-file"]),
    "no rows": (A, "Năm;Nhà\n", ["{csv}:1:1 data-empty"]),
    "a ragged row": (A, "Năm;Nhà\n2024;1\n2025;2;3;4\n", ["{csv}:3:1 data-row"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_has_its_file_and_line(site: Site, name: str) -> None:
    keys, rows, said = WRONG[name]
    campaign(site, f"name: Dân vận khéo\nindicators:\n{keys}", rows)
    found = [f"{d.place.path}:{d.place.line}:{d.place.column} {d.code}" for d in site.build().found]
    assert found == [one.format(source=SOURCE, csv="campaigns/so.csv") for one in said]


def test_what_is_named_must_be_a_report(site: Site) -> None:
    site.write("pages/a.md", "---\nkind: page\ntitle: A\n---\n")
    keys = "name: D\nreports: [../pages/a.md, nowhere.md]\nmilestones: {date: 2026-01-01, text: A, report: x.md}\n"
    campaign(site, keys)
    assert [d.code for d in site.build().found] == ["campaign-report", "link-broken", "link-broken"]


def test_mistakes_in_a_draft_are_warnings(site: Site) -> None:
    keys, rows, _ = WRONG["rows out of order"]
    campaign(site, f"name: D\ndraft: true\nindicators:\n{keys}", rows)
    report = site.build()
    assert report.counts is not None
    assert [(d.code, d.severity) for d in report.found] == [("indicator-order", "warning")]
