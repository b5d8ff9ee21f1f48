"""Sites that nobody designs for: endless words and names, many campaigns, other scripts, no pictures."""

from collections.abc import Iterator
from typing import Any

import pytest
from hosting import served
from looking import DESK, PHONE, run_axe
from support import SITE, Site, article, picture

WORD = "Khôngcódấucách" * 9
NAMES = (
    "Nâng cao chất lượng đội ngũ cán bộ làm công tác dân vận của hệ thống chính trị các cấp",
    "Công tác vận động đồng bào dân tộc thiểu số trên địa bàn các xã biên giới đặc biệt khó khăn",
    WORD,
)
CAMPAIGNS = [f"Chiến dịch {number}: {NAMES[0]}" for number in range(9)]
CATEGORIES = [f"Chuyên mục thứ {number}" for number in range(1, 12)]
ARABIC = "تقرير عن العمل الجماهيري في المقاطعة الحدودية"
BODY = f"""Một đoạn với {WORD}.

![Ảnh dọc](doc.png "{WORD}")

| Cột | {"Cột dài | " * 9}
|---|{"---:|" * 9}
| {WORD} | {"1.234.567,89 | " * 9}

> {ARABIC}.

    {WORD * 3}
"""
PAGES = {"home": "", "category": "a/b/c/", "report": "a/b/c/du/"}
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where such a site is served."""
    site = Site(tmp_path_factory.mktemp("odd"))
    path = " > ".join(NAMES)
    deep = f"""\
  - name: {NAMES[0]}
    slug: a
    children:
      - name: {NAMES[1]}
        slug: b
        children:
          - name: {NAMES[2]}
            slug: c
"""
    rest = "".join(
        f"  - name: {name}\n    children: [{{name: Con của {name}}}]\n" for name in CATEGORIES
    )
    campaigns = "".join(f"  - title: '{name}'\n" for name in CAMPAIGNS)
    site.write("site.yaml", SITE.replace("Tin làng", f"{NAMES[1]} {WORD}") + f"tagline: {NAMES[0]}\n"
               f"page_size: 3\ncategories:\n{rest}{deep}campaigns:\n{campaigns}")  # fmt: skip
    site.write("articles/doc.png", picture(200, 900))
    site.write("articles/phieu.pdf", b"%PDF-1.7")
    site.write(
        "articles/truoc.md", article(WORD, "", category=path, date="2020-02-10", slug="truoc")
    )
    site.write("articles/the.md", article("'<script>alert(1)</script> & <b>'", category=path,
               date="2020-02-11", slug="the", summary="'<img src=x onerror=alert(1)>'"))  # fmt: skip
    site.write("articles/du.md", article(
        f"{NAMES[0]} " * 3, BODY, category=path, date="2020-02-12 07:30", slug="du", summary=WORD,
        campaign=str(CAMPAIGNS), author=f"['{NAMES[0]}', Ai]", source=f"https://a.example/{WORD}",
        image="doc.png", image_alt="Ảnh dọc", updated="2020-02-13", attachments=f"[{{file: phieu.pdf, title: {WORD}}}]",
        corrections=f"[{{date: 2020-02-14, text: {WORD}}}]",
    ))  # fmt: skip
    site.write("articles/arab.md", article(ARABIC, f"{ARABIC}.", category=path, slug="arab"))
    for number, name in enumerate(CATEGORIES):
        site.write(f"articles/{number}.md", article(f"Bài {number}", category=name))
    assert site.build().counts
    with served(site.options.output) as address:
        yield address


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_nothing_leaves_the_screen(path: str, odd: str, open_page: Any) -> None:
    visit = open_page(f"{odd}/{path}", viewport={"width": 320, "height": 700})
    assert run_axe(visit.page) == []
    for wide in (320, 900):
        visit.page.set_viewport_size({"width": wide, "height": 700})
        assert visit.page.evaluate(WIDTH) <= wide
    assert visit.said == []


@pytest.mark.parametrize("wide", [320, 900, 1280])
def test_no_menu_leaves_the_screen(wide: int, odd: str, open_page: Any) -> None:
    page = open_page(f"{odd}/trang/3/", viewport={"width": wide, "height": 700}).page
    for entry in page.locator(".menu summary").all():
        if entry.is_visible():
            entry.click()
            assert page.evaluate(WIDTH) <= wide
    assert page.locator(".menu a", has_text=WORD).first.is_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_pager_is_one_row(size: Any, odd: str, open_page: Any) -> None:
    page = open_page(
        f"{odd}/trang/3/",
        **size | {"viewport": {"width": size["viewport"]["width"] - 40, "height": 700}},
    ).page
    steps = [step for step in page.locator(".pager li").all() if step.is_visible()]
    shown = [step.inner_text() for step in steps]
    assert shown == (["|<", "<", "2", "3", "4", ">", ">|"] if size is PHONE else
                     ["|<", "<", "1", "2", "3", "4", "5", ">", ">|"])  # fmt: skip
    assert len({step.bounding_box()["y"] for step in steps}) == 1


def test_a_tall_picture_is_seen_whole_and_on_one_sheet(odd: str, open_page: Any) -> None:
    page = open_page(f"{odd}/a/b/c/du/", **DESK).page
    picture = page.locator(".body figure img")
    assert picture.bounding_box()["height"] <= 800
    page.emulate_media(media="print")
    assert picture.bounding_box()["height"] < 400


def test_a_wide_table_scrolls_in_itself(odd: str, open_page: Any) -> None:
    page = open_page(f"{odd}/a/b/c/du/", **PHONE).page
    table = page.locator(".table-scroll")
    assert table.evaluate("e => e.scrollWidth") > 1.5 * table.evaluate("e => e.clientWidth")
    table.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(3000):  # its policy forbids what Playwright waits with
        if table.evaluate("e => e.scrollLeft") > 0:
            return
        page.wait_for_timeout(20)
    raise AssertionError("the arrow key does not scroll the table")


def test_words_of_another_script_run_their_own_way(odd: str, open_page: Any) -> None:
    page = open_page(f"{odd}/a/b/c/arab/", **DESK).page
    text = page.locator(".body p").first
    right = "e => { const r = document.createRange(); r.selectNodeContents(e); return e.getBoundingClientRect().right - r.getBoundingClientRect().right }"
    assert text.evaluate(right) < 2
    assert page.locator("html").get_attribute("dir") is None


def test_a_site_in_arabic_is_a_mirror(site: Site, open_page: Any) -> None:
    site.speak("ar")
    site.write(
        "articles/1.md", article(ARABIC, f"{ARABIC}.\n\n| {ARABIC} |\n|---|\n| 1 |", slug="a")
    )
    site.build()
    with served(site.options.output) as address:
        page = open_page(f"{address}/tin-tuc/a/", viewport={"width": 320, "height": 700}).page
        first, second = [step.bounding_box()["x"] for step in page.locator(".breadcrumb li").all()]
        assert first > second
        assert page.evaluate(WIDTH) <= 320
