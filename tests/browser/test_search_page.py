"""Readers search: with accents and without, with filters, with odd input, without JavaScript."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hosting import served
from msgspec import structs
from support import SITE, Site, article

PHONE = {"width": 360, "height": 740}
READY = "#site-results:not([aria-busy])"


@pytest.fixture
def search(address: str, open_page: Any) -> Any:
    """Opens the search page with a query; the page once it has answered. Nothing goes wrong."""

    def searched(query: str) -> Any:
        visit = open_page(f"{address}/tim-kiem/?q={quote(query)}")
        visit.page.wait_for_selector(READY, state="attached")
        assert visit.said == []
        assert all(one.startswith(address) for one in visit.asked)
        return visit.page

    return searched


def titles(page: Any) -> list[str]:
    """Of the reports that have the words; the nearest matches have headings of another level."""
    return list(page.locator("#site-results h2").all_inner_texts())


HALL, ROAD = "Hội thi “Dân vận khéo” cấp tỉnh", "Con đường hoa dài bốn cây số"
FIRST = {
    "dan van kheo": HALL,
    "DÂN VẬN KHÉO": HALL,
    '"dân vận khéo"': HALL,
    "duong hoa": ROAD,
    "đường hoa": ROAD,
    "Duong Hoa": ROAD,
    "hòa": "Già làng hòa giải",
}


def test_words_are_found(search: Any) -> None:
    page = search("")
    for query, first in FIRST.items():
        page.locator("#site-query").fill(query)
        page.keyboard.press("Enter")
        page.wait_for_selector(READY, state="attached")
        found = titles(page)
        assert found[0].startswith(first) if first else found == [], query


def test_words_in_quotes_stand_together(search: Any) -> None:
    assert titles(search('"khéo vận dân"')) == []


NOISE = "Kế hoạch hoàn thành văn hóa, bê tông hóa đường làng; giải thưởng, biên giới, hoạt động. "
PEACE, FLOWERS = "Tổ hòa giải ở làng Kép", "Đường hoa ở biên giới"
RANKED = {
    "hòa": [PEACE, ...],  # and then others, of `hóa` too
    "hòa giải": [PEACE, ...],
    '"hòa thuận"': ["Già làng kể chuyện"],
    '"ở làng"': [PEACE],
    "duong hoa": [FLOWERS, ...],
    "hoa giai": [PEACE, ...],
    "to hoa giai o lang": [PEACE, ...],
    "hòa gỉai": [PEACE, ...],  # a mark on the wrong letter
}


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site is served whose every report has words that begin as those that are looked for."""
    site = Site(tmp_path_factory.mktemp("crowded"))
    site.options = structs.replace(site.options, search=True)
    for number in range(120):
        title = f"Kế hoạch bê tông hóa đường, giải quyết việc số {number}"
        site.write(
            f"articles/{number}.md", article(title, NOISE * 3, date=f"20{20 + number % 2}-02-12")
        )
    site.write("articles/a.md", article(PEACE, f"{NOISE * 9} Một tổ hòa giải.", date="2020-02-12"))
    site.write("articles/b.md", article(FLOWERS, f"{NOISE * 9} Một con đường.", date="2021-02-12"))
    site.write("articles/c.md", article("Già làng kể chuyện", f"{NOISE * 9} Cùng nhau hòa thuận."))
    assert site.build().counts
    with served(Path(site.options.output)) as address:
        yield address


def test_what_is_meant_comes_first(crowded: str, open_page: Any) -> None:
    page = open_page(f"{crowded}/tim-kiem/").page
    for query, wanted in RANKED.items():
        page.goto(f"{crowded}/tim-kiem/?q={quote(query)}")
        page.wait_for_selector(READY, state="attached")
        first = [title for title in wanted if title is not ...]
        found = titles(page)
        assert found[: len(first)] == first, query
        assert len(found) == len(first) or ... in wanted, query


def test_endings_of_words_are_no_hindrance_in_english(site: Site, open_page: Any) -> None:
    site.options = structs.replace(site.options, search=True)
    site.write("site.yaml", SITE.replace("language: vi", "language: en"))
    site.write("articles/a.md", article("The new road", "It is open."))
    site.write("articles/b.md", article("A café", "Coffee and roses."))
    assert site.build().counts
    with served(Path(site.options.output)) as address:
        for query, wanted in (("roads", ["The new road"]), ("roadblock", [])):
            page = open_page(f"{address}/search/?q={query}").page
            page.wait_for_selector(READY, state="attached")
            assert titles(page) == wanted


def test_arabic_is_found_from_right_to_left(site: Site, open_page: Any) -> None:
    """Without its marks of vowels, and whatever form of alef is typed."""
    site.options = structs.replace(site.options, search=True)
    site.speak("ar")
    site.write("articles/a.md", article("مُعَلِّم الأَمْن في القرية", "مدرسة جديدة.", slug="a"))
    site.write("articles/b.md", article("طريق جديد", "إلى آخر القرية.", slug="b"))
    assert site.build().counts
    (found,) = [
        one.parent.name
        for one in Path(site.options.output).glob("*/index.html")
        if 'id="site-finder"' in one.read_text(encoding="utf-8")
    ]
    with served(Path(site.options.output)) as address:
        for query in ("معلم الامن", "مُعَلِّم الأَمْن"):
            visit = open_page(f"{address}/{found}/?q={quote(query)}", viewport=PHONE)
            page = visit.page
            page.wait_for_selector(f"{READY} li")
            assert titles(page) == ["مُعَلِّم الأَمْن في القرية"]
            assert page.locator("#site-results h2 mark").count() > 0
            assert (
                page.evaluate("getComputedStyle(document.querySelector('main')).direction") == "rtl"
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            assert visit.said == []


def test_a_word_with_an_ending_is_found_without_its_accent(site: Site, open_page: Any) -> None:
    site.options = structs.replace(site.options, search=True)
    site.write("site.yaml", SITE.replace("language: vi", "language: en"))
    site.write("articles/a.md", article("A café", "Coffee and roses."))
    assert site.build().counts
    with served(Path(site.options.output)) as address:
        page = open_page(f"{address}/search/?q=CAFE").page
        page.wait_for_selector(READY, state="attached")
        assert titles(page) == ["A café"]


def test_a_result_tells_what_it_is(search: Any) -> None:
    page = search("duong hoa")
    result = page.locator("#site-results li").first
    assert re.match(r"\d\d/\d\d/20\d\d · ", result.locator(".meta").inner_text())
    assert result.locator("h2 mark").all_inner_texts() == ["đường", "hoa"]
    assert page.locator("#site-status").inner_text().endswith("bài")
    result.locator("h2 a").click()
    assert page.locator("h1").inner_text().startswith("Con đường hoa")


def test_pages_and_months_are_found_too(search: Any) -> None:
    page = search("liên hệ")
    kinds = {
        "liên hệ": "Trang Liên hệ",
        "dân vận khéo": "Chiến dịch Dân vận khéo",
        "hải hạnh": "Tác giả Hải Hạnh",
    }
    for query, link in kinds.items():
        page.locator("#site-query").fill(query)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**q={quote_plus(query)}**")
        page.wait_for_selector(READY, state="attached")
        assert any(one.startswith(link) for one in page.locator("#site-pages a").all_inner_texts())
    page.goto(f"{page.url.partition('?')[0]}?q={quote_plus('tháng 11/2026')}")
    page.locator("#site-pages a[href='/luu-tru/2026/11/']").wait_for()


def test_a_letter_that_is_wrong_shows_the_nearest_matches(search: Any) -> None:
    page = search("chiêgn")
    assert titles(page) == []
    assert page.locator("#site-near h2").inner_text() == "Kết quả gần đúng"
    assert page.locator("#site-near h3").count() > 0


def test_suggestions_come_from_the_index(search: Any) -> None:
    page = search("")
    page.locator("#site-query").fill("hai ha")
    page.locator("#site-suggestions li", has_text="Hải Hạnh").click()
    page.wait_for_url("**/tac-gia/hai-hanh/")


def test_the_box_in_the_masthead_leads_to_the_search(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/").page
    page.locator(".masthead input").fill("cà phê")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{READY} li")
    assert page.url == f"{address}/tim-kiem/?q=c%C3%A0+ph%C3%AA"
    assert any("cà phê" in title for title in titles(page))
    assert page.locator("#site-query").input_value() == "cà phê"


def test_filters_narrow_and_the_address_tells_them(search: Any) -> None:
    page = search("dân vận")
    every = page.locator("#site-status").inner_text()
    page.locator("#site-filters summary").click()
    page.locator("#site-year option", has_text="2026").wait_for(state="attached")
    for name, value in (("year", "2026"), ("category", "Phong trào thi đua > Dân vận khéo")):
        option = page.locator(f"#site-{name} option[value='{value}']")
        option.wait_for(state="attached")
        (count,) = re.findall(r"\((\d+)\)", option.text_content())
        page.locator(f"#site-{name}").select_option(value)
        page.wait_for_url(f"**{name}=**")
        page.wait_for_selector(READY, state="attached")
        assert page.locator("#site-status").inner_text() == f"{count} bài"
    places = page.locator(".results .meta").all_inner_texts()
    assert places
    assert all("2026 · Phong trào thi đua > Dân vận khéo" in place for place in places)
    page.go_back()
    page.go_back()
    page.locator("#site-status", has_text=every).wait_for()
    page.locator("#site-query").fill("")
    page.locator("#site-author").select_option("Đỗ Mai")
    page.wait_for_url("**author=**")
    page.wait_for_selector(READY, state="attached")
    assert all("Đỗ Mai" in one for one in page.locator(".results .meta").all_inner_texts())
    assert titles(page)


ODD = ["x" * 10_000, "<script>alert(1)</script>", '"', '""', '" "', "<b onclick=alert(1)>", "zq", "hoazq", "%", "\\", "😀", "q0", "- +",
       "a" * 40, "constructor", "đ", "\u202e", "&#60;"]  # fmt: skip


def test_odd_input_is_survived(address: str, open_page: Any) -> None:
    visit = open_page(f"{address}/tim-kiem/")
    visit.page.wait_for_selector(READY, state="attached")
    for number, query in enumerate(ODD):
        if number < 3:  # by address, then by hand: what a reader types is cut by the field
            visit.page.goto(f"{address}/tim-kiem/?q={quote(query)}")
        else:
            visit.page.locator("#site-query").fill(query)
            visit.page.keyboard.press("Enter")
        visit.page.wait_for_selector(READY, state="attached")
        assert visit.said == [], query
        assert visit.page.locator("main :is(script, img, b)").count() == 0
        assert len(visit.page.locator("#site-query").input_value()) <= 200
    assert all(one.startswith(address) for one in visit.asked)


def test_nothing_found_is_said(search: Any) -> None:
    page = search("khôngcótừnày")
    assert "khôngcótừnày" in page.locator("#site-status").inner_text()
    assert titles(page) == []


def test_a_lost_shard_leaves_the_others(address: str, open_page: Any) -> None:
    """Cut off, of another word, or not there: what is left is shown, and that it is not all."""
    page = open_page(f"{address}/tim-kiem/").page
    shards: list[str] = []
    page.on("request", lambda one: shards.append(one.url) if "/search/w" in one.url else None)
    page.goto(f"{address}/tim-kiem/?q=bộ+đội+giúp+dân+gặt+lúa")
    page.wait_for_selector(f"{READY} li")
    lost = shards[0]
    assert len(set(shards)) > 1
    other = page.request.get(shards[-1]).body()
    for answer in (
        lambda route: route.abort(),
        lambda route: route.fulfill(body=page.request.get(lost).body()[:40]),
        lambda route: route.fulfill(body=other),
        lambda route: route.fulfill(body="<!doctype html>", status=404),
    ):
        page.route(lost, answer)
        page.reload()
        page.locator("#site-status", has_text="Một phần chỉ mục không tải được").wait_for()
        assert page.locator("#site-results li, #site-near li").count() > 0
        page.unroute(lost)
        page.locator("#site-query").press("Enter")
        page.locator("#site-status", has_text=re.compile("bài$")).wait_for()


def test_a_lost_index_is_said(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/tim-kiem/").page
    page.route("**/assets/search/**", lambda route: route.abort())
    page.goto(f"{address}/tim-kiem/?q=dan+van+kheo")
    page.locator("#site-status", has_text="Không tải được").wait_for()
    page.unroute("**/assets/search/**")
    page.route("**/entry.bin", lambda route: route.fulfill(body=zlib.compress(b'{"version": 2}')))
    page.reload()
    page.locator("#site-status", has_text="Không tải được").wait_for()


def test_a_lost_script_is_asked_for_again(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/tim-kiem/").page
    page.route("**/assets/more.*.js", lambda route: route.abort())
    page.goto(f"{address}/tim-kiem/?q=chi%C3%AAgn")
    page.locator("#site-status", has_text="Một phần chỉ mục không tải được").wait_for()
    page.unroute("**/assets/more.*.js")
    page.locator("#site-query").press("Enter")
    page.locator("#site-near h3").first.wait_for()


def test_html_in_every_field_is_text(site: Site, open_page: Any) -> None:
    attack = '"><img src=x onerror=alert(1)><b>đậm</b>'
    text = f"'{attack}'"
    site.options = structs.replace(site.options, search=True)
    site.write("articles/phieu.pdf", b"%PDF-1.7")
    for number in range(2):
        site.write(f"articles/{number}.md", article(
            text, "Chữ onerror.", slug=f"bai-{number}", author=f"[{text}, Ai]", campaign=f"[{text}, Gì]", summary=text,
            attachments=f"[{{file: phieu.pdf, title: {text}}}]", date=f"202{number}-02-12"))  # fmt: skip
    site.write("pages/x.md", f"---\nkind: page\ntitle: {text}\nslug: x\n---\n\nA.\n")
    assert site.build().counts
    with served(Path(site.options.output)) as address:
        visit = open_page(f"{address}/tim-kiem/?q=onerror")
        page = visit.page
        page.wait_for_selector(f"{READY} li")
        page.locator("#site-filters summary").click()
        page.locator("#site-author option", has_text="onerror").wait_for(state="attached")
        page.locator("#site-query").fill("onerr")
        page.locator("#site-suggestions li", has_text="onerror").first.wait_for()
        assert page.locator("#site-pages a", has_text="onerror").count() > 0
        assert page.locator("main :is(img, b, script)").count() == 0
        assert visit.said == []
