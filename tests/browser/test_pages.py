"""Every kind of page in a real browser: accessible, quiet, without sideways scrolling, printable."""

import gzip
import os
import re
import shutil
import subprocess
from typing import Any

import pytest
from hosting import DEMANDED
from looking import DESK, PHONE, run_axe
from support import Site

REPORT = "tin-tuc/tin-trong-tinh/doi-moi-cach-lam-cong-tac-dan-van-o-co-so/"
SPLIT = "phong-trao-thi-dua/cac-phong-trao-thi-dua-khac/lang-nong-thon-moi-kieu-mau-nhin-tu-ba-cau-chuyen/"
KINDS = {
    "home": "",
    "home, second page": "trang/2/",
    "category": "phong-trao-thi-dua/",
    "category, second page": "phong-trao-thi-dua/trang/2/",
    "campaign": "chien-dich/dan-van-kheo/",
    "campaign that has ended": "chien-dich/chung-suc-xay-dung-nong-thon-moi/",
    "campaign that has not begun": "chien-dich/moi-ngay-mot-viec-tot/",
    "campaigns": "chien-dich/",
    "author": "tac-gia/hai-hanh/",
    "authors": "tac-gia/",
    "archive": "luu-tru/",
    "year": "luu-tru/2026/",
    "month": "luu-tru/2026/11/",
    "report with a table": REPORT,
    "report with attachments": "dan-van-chinh-quyen/bo-phan-mot-cua-than-thien-sau-ba-nam/",
    "report with pictures": "phong-trao-thi-dua/dan-van-kheo/mo-hinh-kinh-te/ruong-lua-nuoc-dau-tien-o-ia-mo/",
    "report with a video and a recording": "dan-van-chinh-quyen/chuyen-doi-so/so-hoa-am-nhac-cong-chieng-giu-hon-lang-tren-dien-thoai/",
    "report with a gallery": "nguoi-tot-viec-tot/nguoi-giu-cau-treo/",
    "report with a file": "van-ban/ke-hoach-nam-dan-van-kheo-2026/",
    "report with a video of another site": "phong-trao-thi-dua/dan-van-kheo/hoi-thi-dan-van-kheo-cap-tinh-san-khau-la-chuyen-that/",
    "report with corrections": "tin-tuc/tin-co-so/nuoc-sach-ve-lang-kep/",
    "report with a line chart": "phong-trao-thi-dua/dan-van-kheo/mo-hinh-van-hoa-xa-hoi/lop-hoc-dem-cua-nhung-nguoi-me/",
    "report with stacked bars": "tin-tuc/tin-trong-tinh/can-nha-tam-cuoi-cung-cua-huyen/",
    "report with a table of data": "tin-tuc/tin-co-so/chuyen-xe-suc-khoe-ve-lang/",
    "split report with dots": SPLIT,
    "split report": f"{SPLIT}trang/2/",
    "standing page": "gioi-thieu/",
    "search": "tim-kiem/?q=dan+van",
    "not found": "404.html",
}
every_kind = pytest.mark.parametrize("path", KINDS.values(), ids=KINDS)
FOUND = "#site-results:not([aria-busy]) li, main:not(:has(#site-finder))"  # on the search page: when it has answered


SPACE_TEXT = """() => {
    const sheet = new CSSStyleSheet(), important = "!important";
    sheet.replaceSync(`* { letter-spacing: .12em ${important}; word-spacing: .16em ${important};
        line-height: 1.5 ${important} } p { margin-bottom: 2em ${important} }`);
    document.adoptedStyleSheets = [sheet];
}"""


@every_kind
def test_a_page_is_accessible_quiet_and_narrow(path: str, address: str, open_page: Any) -> None:
    visit = open_page(f"{address}/{path}", **DESK)
    visit.page.wait_for_selector(FOUND)
    assert visit.said == []
    assert all(one.startswith(address) for one in visit.asked)
    for scheme, size in (("light", DESK), ("dark", PHONE)):
        visit.page.emulate_media(color_scheme=scheme)
        visit.page.set_viewport_size(size["viewport"])
        assert run_axe(visit.page) == [], scheme
        paper = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        lightness = sum(map(int, re.findall(r"\d+", paper)[:3])) / 3
        assert (lightness > 200) == (scheme == "light")
    nothing_scrolls_sideways(visit.page)
    assert visit.said == []


def nothing_scrolls_sideways(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) <= 320
    # A reader who needs large letters: twice the size, and the words still wrap.
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate(width) <= 640
    # A reader who spaces letters, words and lines (WCAG 1.4.12), on the narrowest phone.
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size({"width": 320, "height": 600})
    page.evaluate(SPACE_TEXT)
    assert page.evaluate(width) <= 320
    # Letters are not cut off at the top or the bottom of a line.
    cut = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,p,li')].filter(e => getComputedStyle(e).overflowY"
        " === 'hidden' && !e.matches('.unseen,.summary') && e.scrollHeight > e.clientHeight + 1).length"
    )
    assert cut == 0


FOCUSABLE = """[...document.querySelectorAll(
    'a[href],button,input,select,summary,video,audio,[tabindex="0"]')].filter(
    e => e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}))"""
NOTE_FOCUS = f"""window.reached = []; window.unseen = []; document.addEventListener("focusin", () => {{
    const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
    window.reached.push({FOCUSABLE}.indexOf(e));
    if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2 || !box.width || !box.height)
        window.unseen.push(e.outerHTML);
}})"""


# Those that have what others have too, and no other way to reach it.
ALIKE = {"home, second page", "category, second page", "campaigns", "campaign", "author", "authors",
         "report with stacked bars", "split report with dots",
         "year", "month", "report with pictures", "report with corrections", "standing page"}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_keyboard_reaches_everything(
    kind: str, address: str, open_page: Any, many: bool
) -> None:
    if kind in ALIKE and not many:
        pytest.skip("only with --many")
    path = KINDS[kind]
    page = open_page(f"{address}/{path}", **DESK).page
    page.wait_for_selector(FOUND)
    page.evaluate(NOTE_FOCUS)
    count = page.evaluate(f"{FOCUSABLE}.length")
    # The buttons of a player are inside of it: the page does not see the steps from one to the next.
    more = 12 * page.locator("video, audio").count()
    for _ in range(count + more):
        if page.evaluate("window.reached.length") < count:
            page.keyboard.press("Tab")
    assert page.evaluate("window.reached") == list(range(count))
    assert page.evaluate("window.unseen") == []


def test_the_skip_link_leads_to_the_content(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/{REPORT}").page
    page.keyboard.press("Tab")
    assert page.locator(".skip").bounding_box()["width"] > 100
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_menu_opens_without_javascript(size: Any, address: str, open_page: Any) -> None:
    page = open_page(f"{address}/", java_script_enabled=False, **size).page
    entry = page.locator(".menu-list >> text=Tin cơ sở")
    assert not entry.is_visible()
    if size is PHONE:
        page.locator(".menu-switch summary").tap()
    summary = page.locator(".menu-list summary", has_text="Tin tức")
    summary.tap() if size is PHONE else (summary.focus(), page.keyboard.press("Enter"))
    entry.click()
    assert page.url == f"{address}/tin-tuc/tin-co-so/"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_the_pager_walks_a_category_to_its_end_and_back(
    javascript: bool, address: str, open_page: Any
) -> None:
    page = open_page(f"{address}/phong-trao-thi-dua/", java_script_enabled=javascript).page
    walked, titles = [page.url], page.locator(".card h2").all_inner_texts()
    while (step := page.locator(".pager a[rel=next]")).count():
        step.click()
        walked.append(page.url)
        titles += page.locator(".card h2").all_inner_texts()
    assert len(walked) >= 2
    assert len(titles) == len(set(titles)) > 5
    back = [page.url]
    while (step := page.locator(".pager a[rel=prev]")).count():
        step.click()
        back.append(page.url)
    assert back[::-1] == walked


def test_a_printed_report_has_no_navigation(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/{REPORT}").page
    page.emulate_media(media="print")
    for gone in (
        ".masthead",
        ".footer",
        ".breadcrumb",
        ".neighbours",
        ".related",
        ".skip",
        ".contents",
    ):
        assert not page.locator(gone).first.is_visible(), gone
    for there in ("h1", ".report .meta", ".body", ".signature", ".address"):
        assert page.locator(there).first.is_visible(), there
    assert page.locator(".address").inner_text().endswith(f"/{REPORT}")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_report_with_its_style_is_light(sample: Site) -> None:
    output = sample.options.output
    (file,) = (output / "assets").glob("*.css")
    assert re.fullmatch(r"style\.[0-9a-f]{8}\.css", file.name)
    style = file.read_bytes()
    assert len(style) < 20_000
    for report in output.rglob("*.html"):
        page = report.read_bytes()
        if b'class="report"' in page:
            size = len(gzip.compress(page, 6)) + len(gzip.compress(style, 6))
            assert size < 20_000, report


def test_the_scripts_of_the_search_are_light(sample: Site) -> None:
    scripts = (sample.options.output / "assets").glob("*.js")
    sizes = {one.name.split(".")[0]: len(gzip.compress(one.read_bytes(), 9)) for one in scripts}
    assert sizes.keys() == {"search", "find", "form", "more", "moved"}
    # Every search loads two of them; `form` is for who uses the field or the filters, `more` for mistyped
    # words, dates, filters and suggestions.
    assert sizes["search"] + sizes["find"] < 10_700
    assert sizes["form"] < 1_800
    assert sizes["more"] < 5_200
    assert sizes["moved"] < 1_500  # on pages of old URLs with a query only


FOOTER = """\
Copyright © 2014 Ban Dân vận tỉnh ủy Gia Lai
Chịu trách nhiệm: Trưởng Ban Biên tập
Giấy phép số: 10/GP-STTTT ngày 22 tháng 12 năm 2014 của Sở Thông tin và Truyền thông tỉnh Gia Lai
Phát triển bởi Trung tâm Công nghệ thông tin và Truyền thông Gia Lai
Địa chỉ: 02 Hai Bà Trưng, Tp. Pleiku, tỉnh Gia Lai
Điện thoại: (0269) 3716046. Email: bandanvangl@gmail.com"""


def test_the_footer_tells_who_answers_for_the_site(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/lien-he/", **PHONE).page
    lines = [line for line in page.locator(".footer address").inner_text().splitlines() if line]
    assert lines == FOOTER.splitlines()
    assert page.locator(".footer a[href^='tel:']").get_attribute("href") == "tel:02693716046"


def test_every_page_passes_the_nu_checker(sample: Site) -> None:
    jar, java = os.environ.get("KHEO_NU", ""), shutil.which("java")
    if not (jar and java):
        assert not DEMANDED, "KHEO_DEMAND_BROWSER is set, but KHEO_NU names no vnu.jar, or no Java"
        pytest.skip("KHEO_NU does not name the Nu checker's vnu.jar")
    done = subprocess.run(
        [java, "-jar", jar, "--skip-non-html", "--also-check-css", "--format", "gnu",
         str(sample.options.output)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)
