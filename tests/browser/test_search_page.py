"""Readers search: with accents and without, with filters, with odd input, without JavaScript."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hosting import served
from msgspec import structs
from support import SITE, Site, article

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
    return page.locator("#site-results h2").all_inner_texts()


HALL, ROAD = "Hội thi “Dân vận khéo” cấp tỉnh", "Con đường hoa dài bốn cây số"
FIRST = {
    "dan van kheo": HALL,
    "DÂN VẬN KHÉO": HALL,
    '"dân vận khéo"': HALL,
    '"khéo vận dân"': "",
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


NOISE = "Kế hoạch hoàn thành văn hóa, bê tông hóa đường làng; giải thưởng, biên giới, hoạt động. "
PEACE, FLOWERS = "Tổ hòa giải ở làng Kép", "Đường hoa ở biên giới"
RANKED = {
    "hòa": [PEACE, "Già làng kể chuyện"],  # and nothing of `hóa`, `hoàn`, `hoạch`
    "hòa giải": [PEACE, "Già làng kể chuyện"],  # the second has both, not together
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
        for query, wanted in (("roads", ["The new road"]), ("CAFE", ["A café"]), ("roadblock", [])):
            page = open_page(f"{address}/search/?q={query}").page
            page.wait_for_selector(READY, state="attached")
            assert titles(page) == wanted


def test_a_result_tells_what_it_is(search: Any) -> None:
    page = search("duong hoa")
    result = page.locator("#site-results li").first
    assert "10/09/2025 · " in result.locator(".meta").inner_text() or "/20" in result.inner_text()
    assert result.locator("mark").count() > 0
    assert page.locator("#site-results .summary", has_text="… ").count() > 0, "cut in a sentence"
    assert page.locator("#site-status").inner_text().endswith("bài")
    result.locator("a").click()
    assert page.locator("h1").inner_text().startswith("Con đường hoa")


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
    page.locator("#site-year").select_option("2026")
    page.wait_for_url("**year=2026**")
    page.wait_for_selector(READY, state="attached")
    assert page.locator("#site-status").inner_text() != every
    assert {
        text.split(" · ")[0][-4:] for text in page.locator(".results .meta").all_inner_texts()
    } == {"2026"}
    page.locator("#site-category").select_option("Phong trào thi đua > Dân vận khéo")
    page.wait_for_url("**category=**")
    page.wait_for_selector(READY, state="attached")
    places = page.locator(".results .meta").all_inner_texts()
    assert places
    assert all("Phong trào thi đua > Dân vận khéo" in place for place in places)
    page.go_back()
    page.go_back()
    page.wait_for_selector(READY, state="attached")
    assert page.locator("#site-status").inner_text() == every
    page.locator("#site-query").fill("")
    page.locator("#site-author").select_option("Đỗ Mai")
    page.wait_for_url("**author=**")
    page.wait_for_selector(READY, state="attached")
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
        assert visit.page.locator("#site-results script").count() == 0
        assert len(visit.page.locator("#site-query").input_value()) <= 200
    assert all(one.startswith(address) for one in visit.asked)


def test_nothing_found_is_said(search: Any) -> None:
    page = search("khôngcótừnày")
    assert "khôngcótừnày" in page.locator("#site-status").inner_text()
    assert titles(page) == []


def test_more_results_are_shown_on_demand(search: Any) -> None:
    page = search("dân")
    assert len(titles(page)) == 10
    page.locator("#site-more").click()
    page.wait_for_selector("#site-results li:nth-child(11)")
    assert page.evaluate(
        "document.activeElement.closest('li') === document.querySelectorAll('#site-results li')[10]"
    )


def test_a_lost_part_leaves_the_others(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/tim-kiem/").page
    page.route("**/pagefind/2025/**", lambda route: route.abort())
    page.goto(f"{address}/tim-kiem/?q=dan+van+kheo")
    page.wait_for_selector(f"{READY} li")


def test_a_lost_index_is_said(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/tim-kiem/").page
    page.route("**/pagefind/**", lambda route: route.abort())
    page.goto(f"{address}/tim-kiem/?q=dan+van+kheo")
    page.wait_for_selector(READY, state="attached")
    assert "Không tải được" in page.locator("#site-status").inner_text()


def test_without_javascript_it_says_so(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/tim-kiem/?q=x", java_script_enabled=False).page
    assert "JavaScript" in page.locator("main").inner_text()
    page.locator("main noscript a, main .box a").first.click()
    assert page.url != f"{address}/tim-kiem/?q=x"
