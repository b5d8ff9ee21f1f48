"""The search page itself: its form, filters and results, with an engine that answers as the test wants."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import pytest
from looking import DESK, PHONE, run_axe

FAKE = Path(__file__).parent / "fake_find.js"
READY = "#site-results:not([aria-busy])"
ITEMS = "#site-results li, #site-near li"
# What moves without a click or a key in the half second before it (https://web.dev/articles/cls).
MEASURE = """
window.shifts = [];
new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts.push(
    [one.value, ...one.sources.map(source => source.node?.id || source.node?.className || source.node?.nodeName)]) })
    .observe({type: "layout-shift", buffered: true});
"""


@pytest.fixture
def look(address: str, open_page: Any) -> Any:
    """Opens the search page at a query of its address; the visit, once the page has answered."""

    def looked(query: str = "", **choices: Any) -> Any:
        visit = open_page(f"{address}/tim-kiem/", **DESK | choices)
        visit.page.route("**/assets/find.*.js", lambda route: route.fulfill(
            body=FAKE.read_text(encoding="utf-8"), content_type="text/javascript"))  # fmt: skip
        visit.page.add_init_script(MEASURE)
        visit.page.goto(f"{address}/tim-kiem/{query}")
        settle(visit.page)
        return visit

    return looked


def settle(page: Any) -> None:
    page.wait_for_selector(READY, state="attached")


def asked(page: Any) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(page.url).query).items()}


def status(page: Any) -> str:
    return str(page.locator("#site-status").inner_text())


def ask(page: Any, query: str) -> None:
    page.locator("#site-query").fill(query)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**q={quote_plus(query)}**")
    settle(page)


def chosen(page: Any) -> str:
    """The suggestion that is chosen, as a screen reader finds it."""
    return str(page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent ?? ''"
    ))  # fmt: skip


def test_counts_are_said(look: Any) -> None:
    page = look().page
    assert status(page) == ""
    for query, said in (
        ("dân vận", "27 bài"),
        ("một", "1 bài"),
        ("không", "Không có bài nào chứa “không”. Hãy thử ít từ hơn hoặc từ khác."),
        ("gần", "Không có bài nào chứa “gần”. Kết quả gần đúng: 27."),
        ("mảnh", "27 bài Một phần chỉ mục không tải được, nên có thể còn bài khác."),
        ("mất", "27 bài Một phần chỉ mục không tải được, nên có thể còn bài khác."),
        # Nothing was found, but that is no answer to whether there is any.
        ("mất hết", "Một phần chỉ mục không tải được, nên có thể còn bài khác."),
        ("hỏng", "Không tải được chức năng tìm kiếm. Xin thử lại sau."),
    ):
        ask(page, query)
        assert status(page) == said
    assert page.locator("#site-status").get_attribute("role") == "status"
    assert page.title().startswith("hỏng · ")


def test_a_result_tells_what_it_is(look: Any) -> None:
    result = look("?q=d%C3%A2n+v%E1%BA%ADn").page.locator("#site-results li").nth(1)
    assert result.locator("h2 a").get_attribute("href") == "/tin/1/"
    assert result.locator("h2 mark").all_inner_texts() == ["dân", "vận"]
    about = "02/03/2024 · Tin tức > Tin cơ sở · Hải Hạnh"
    assert result.locator(".meta").first.inner_text() == about
    assert result.locator("time").get_attribute("datetime") == "2024-03-02"
    assert result.locator(".summary mark").count() == 2
    assert result.locator(".meta").last.inner_text() == "Tệp đính kèm: Số liệu dân vận"


def test_pages_stand_above_the_reports(look: Any) -> None:
    page = look("?q=d%C3%A2n+v%E1%BA%ADn").page
    links = page.locator("#site-pages a")
    assert [one.split(" ")[0] for one in links.all_inner_texts()] == ["Chiến", "Trang"]
    assert links.last.inner_text() == "Trang Liên hệ"
    ask(page, "một")
    assert not page.locator("#site-pages").is_visible()


def test_nearest_matches_have_a_heading(look: Any) -> None:
    page = look("?q=g%E1%BA%A7n").page
    assert page.locator("#site-near h2").inner_text() == "Kết quả gần đúng"
    assert page.locator("#site-near h3").count() == 3
    assert page.locator("#site-results li").count() == 0
    ask(page, "vài")  # two that have the words, and two that nearly do
    assert status(page) == "2 bài"
    assert page.locator("#site-results h2").count() == 2
    page.locator("#site-more").click()
    page.locator("#site-near li:nth-child(2):not(.room)").wait_for()
    assert page.locator("#site-near h3").count() == 2
    ask(page, "dân vận")
    assert not page.locator("#site-near").is_visible()


def test_more_results_come_with_a_click_and_get_the_focus(look: Any) -> None:
    page = look("?q=d%C3%A2n+v%E1%BA%ADn").page
    for there, then in ((3, 13), (13, 23), (23, 27)):
        assert page.locator(ITEMS).count() == there
        page.locator("#site-more").click()
        page.wait_for_selector(f"#site-results li:nth-child({then})")
        settle(page)
        focused = "document.activeElement.closest('li') === document.querySelectorAll('#site-results li')[%d]"
        assert page.evaluate(focused % there)
    assert not page.locator("#site-more").is_visible()


def test_suggestions_by_keyboard(look: Any) -> None:
    page = look().page
    field, options = page.locator("#site-query"), page.locator("#site-suggestions li")
    field.focus()
    assert not options.first.is_visible()
    page.keyboard.type("dân vận")
    options.first.wait_for()
    assert field.get_attribute("aria-expanded") == "true"
    assert options.count() == 3
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Home"):
        page.keyboard.press(key)
        seen.append(chosen(page)[:9])
    assert seen == ["dân vận k", '"><img sr', "Tin cơ sở", "dân vận k", "Tin cơ sở", ""]
    assert field.evaluate("e => e.selectionStart") == 0, "Home is for the field"
    page.keyboard.press("End")
    assert field.input_value() == "dân vận"
    page.keyboard.press("Escape")
    assert not options.first.is_visible()
    assert field.input_value() == "dân vận"
    page.keyboard.press("Escape")
    assert field.input_value() == ""
    page.keyboard.type("x")
    options.first.wait_for()
    page.keyboard.press("Tab")
    assert not options.first.is_visible()
    assert field.get_attribute("aria-expanded") == "false"


def test_a_suggestion_is_searched_or_leads_to_its_page(look: Any, address: str) -> None:
    page = look().page
    page.locator("#site-query").fill("vận")
    page.locator("#site-suggestions li").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle(page)
    assert asked(page) == {"q": "vận khéo"}
    assert page.locator("#site-query").input_value() == "vận khéo"
    assert not page.locator("#site-suggestions").is_visible()
    page.locator("#site-query").fill("vận d")
    page.locator("#site-suggestions li").nth(2).click()
    page.wait_for_url(f"{address}/tin-tuc/tin-co-so/")


def test_an_input_method_that_is_at_work_has_its_keys(look: Any) -> None:
    page = look().page
    page.locator("#site-query").fill("vận")
    page.locator("#site-suggestions li").first.wait_for()
    page.evaluate("""document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", {key: "ArrowDown", isComposing: true, bubbles: true}))""")
    assert chosen(page) == ""


def test_the_back_button_and_shared_links(look: Any) -> None:
    page = look("?q=m%E1%BB%99t").page
    ask(page, "dân vận")
    page.locator("#site-filters summary").click()
    page.wait_for_selector("#site-year option:nth-child(4)", state="attached")
    page.locator("#site-year").select_option("2021")
    page.wait_for_url("**year=2021**")
    settle(page)
    assert status(page) == "9 bài"
    page.locator("#site-sort").select_option("date")
    page.wait_for_url("**sort=date**")
    settle(page)
    assert page.locator("#site-results h2").first.inner_text().endswith("25")
    link = page.url
    page.go_back()
    page.go_back()
    page.wait_for_url("**q=d%C3%A2n+v%E1%BA%ADn")
    page.locator("#site-status", has_text="27 bài").wait_for()
    assert page.locator("#site-year").input_value() == ""
    page.go_back()
    page.locator("#site-status", has_text=re.compile("^1 bài")).wait_for()
    assert page.locator("#site-query").input_value() == "một"
    page.goto(link)
    page.locator("#site-status", has_text="9 bài").wait_for()
    assert asked(page) == {"q": "dân vận", "year": "2021", "sort": "date"}
    assert page.locator("#site-sort").input_value() == "date"
    assert page.locator("#site-year").input_value() == "2021"


def test_filters_need_no_query(look: Any) -> None:
    page = look().page
    page.locator("#site-filters summary").click()
    options = page.locator("#site-category option")
    page.wait_for_selector("#site-category option:nth-child(5)", state="attached")
    assert options.all_text_contents() == [
        "Tất cả", "Tin tức (21)", "\u2003Tin cơ sở (14)", "\u2003\u2003Xã (7)", "Đời sống (6)"
    ]  # fmt: skip
    page.locator("#site-category").select_option("Tin tức > Tin cơ sở")
    page.wait_for_url("**category=**")
    settle(page)
    assert status(page) == "14 bài", "with those of the categories below"
    assert asked(page) == {"category": "Tin tức > Tin cơ sở"}
    page.locator("#site-author option", has_text="Đỗ Mai (7)").wait_for(state="attached")
    assert options.nth(4).text_content() == "Đời sống (6)", "the other choices are still there"
    page.locator("#site-year").select_option("2020")
    page.wait_for_url("**year=**")
    settle(page)
    assert status(page) == "4 bài"


def test_filters_are_counted_when_they_are_opened(look: Any) -> None:
    page = look("?q=m%E1%BB%99t").page
    assert page.locator("#site-year option").count() == 1
    assert not page.locator("#site-year").is_visible()
    page.locator("#site-filters summary").click()
    page.locator("#site-year option", has_text="2020 (1)").wait_for(state="attached")
    assert page.locator("#site-year option").count() == 2, "nothing that leaves no report"


def test_a_filter_that_there_is_no_more_is_none(look: Any) -> None:
    page = look("?q=m%E1%BB%99t&category=Xưa&year=x&sort=y").page
    assert status(page) == "1 bài"
    page.locator("#site-category option", has_text="Tin tức (1)").wait_for(state="attached")
    assert page.locator("#site-category").input_value() == ""
    assert page.locator("#site-sort").input_value() == ""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("query", ["", "?late=700&q=d%C3%A2n+v%E1%BA%ADn", "?late=700&q=g%E1%BA%A7n&year=2021"])  # fmt: skip
def test_nothing_moves_by_itself(query: str, size: Any, look: Any) -> None:
    page = look(query, **size).page
    if query:
        page.locator(ITEMS).first.wait_for()
        if "year" not in query:
            page.locator("#site-more").click()  # its results come when the click is long over
            page.locator(ITEMS).nth(12).wait_for()
            page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
            for other in ("một", "gần", "dân vận"):  # with pages above the reports, and without
                ask(page, other)
    page.locator("#site-query").fill("vận")
    page.locator("#site-suggestions li").first.wait_for()
    page.wait_for_timeout(300)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, *_ in shifts) < 0.02, shifts


def test_the_page_is_accessible_in_every_state(look: Any) -> None:
    visit = look("?q=d%C3%A2n+v%E1%BA%ADn&year=2021", viewport={"width": 320, "height": 700})
    page = visit.page
    page.locator("#site-query").fill("vận")
    page.locator("#site-suggestions li").first.wait_for()
    page.keyboard.press("ArrowDown")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert run_axe(page) == [], scheme
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Escape")
    small = page.evaluate("""[...document.querySelectorAll("main :is(a, button, select, input, summary)")].filter(
        e => e.checkVisibility() && e.getBoundingClientRect().height < 24 && !e.closest("p, h2, .breadcrumb")).map(e => e.outerHTML)""")  # fmt: skip
    assert small == []
    assert visit.said == []


def test_html_is_text_in_every_field(look: Any) -> None:
    visit = look("?q=d%C3%A2n+v%E1%BA%ADn")
    page = visit.page
    page.locator("#site-filters summary").click()
    page.locator("#site-campaign option", has_text="onerror").wait_for(state="attached")
    attack = "<img src=x onerror=document.title='taken'>"
    page.locator("#site-query").fill(attack)
    page.locator("#site-suggestions li", has_text="onerror").first.wait_for()
    page.keyboard.press("Enter")
    page.locator("#site-status", has_text="27").wait_for()
    settle(page)
    assert page.locator("main :is(img, script, b)").count() == 0
    assert page.locator("#site-results li").nth(2).inner_text().count("onerror") == 6
    page.locator("#site-query").fill("không")
    page.goto(
        f"{page.url.partition('?')[0]}?q=kh%C3%B4ng&category={quote(attack)}&x={quote(attack)}"
    )
    settle(page)
    assert "taken" not in page.title()
    assert visit.said == []


def test_a_printed_page_has_the_results(look: Any) -> None:
    page = look("?q=d%C3%A2n+v%E1%BA%ADn").page
    page.emulate_media(media="print")
    assert page.locator("#site-results li").first.is_visible()
    for gone in ("#site-finder", "#site-more"):
        assert not page.locator(gone).is_visible(), gone


def test_an_engine_that_did_not_come_comes_later(look: Any) -> None:
    page = look().page
    page.unroute("**/assets/find.*.js")
    lost = [True]

    def answer(route: Any) -> None:
        if lost:
            return route.abort()
        return route.fulfill(body=FAKE.read_text(encoding="utf-8"), content_type="text/javascript")

    page.route(re.compile(r"/assets/find\..*\.js"), answer)
    page.goto(f"{page.url}?q=m%E1%BB%99t")
    page.locator("#site-status", has_text="Không tải được").wait_for()
    lost.clear()
    page.locator("#site-query").press("Enter")
    page.locator("#site-status", has_text=re.compile("^1 bài")).wait_for()


def test_without_javascript_there_are_links_and_no_form(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/tim-kiem/?q=x", java_script_enabled=False).page
    assert "JavaScript" in page.locator("main").inner_text()
    assert not page.locator("#site-finder").is_visible()
    links = page.locator("main .box a").all_inner_texts()
    assert "Tin tức" in links
    assert "Lưu trữ" in links
    page.locator("main .box a").last.click()
    assert page.url != f"{address}/tim-kiem/?q=x"
    assert not page.locator(".masthead .search").is_visible()
