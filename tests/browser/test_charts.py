"""Charts on every screen: letters keep their size, nothing is cut off, colours are those of the page."""

from typing import Any

import pytest

PAGES = {
    "bars": "dan-van-chinh-quyen/bo-phan-mot-cua-than-thien-sau-ba-nam/",
    "stacked": "tin-tuc/tin-trong-tinh/can-nha-tam-cuoi-cung-cua-huyen/",
    "line": "phong-trao-thi-dua/dan-van-kheo/mo-hinh-van-hoa-xa-hoi/lop-hoc-dem-cua-nhung-nguoi-me/",
    "dots": "phong-trao-thi-dua/cac-phong-trao-thi-dua-khac/lang-nong-thon-moi-kieu-mau-nhin-tu-ba-cau-chuyen/",
}
LETTERS = """() => [...document.querySelectorAll(".chart text")].map(text => {
    const box = text.getBoundingClientRect();
    return [parseFloat(getComputedStyle(text).fontSize), box.left >= 0 && box.right <= innerWidth];
})"""
COLOURS = (
    """() => [0, 1].map(n => getComputedStyle(document.querySelector(`.data .k${n}`)).color)"""
)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_letters_keep_their_size_and_none_is_cut_off(
    path: str, address: str, open_page: Any
) -> None:
    page = open_page(f"{address}/{path}").page
    sizes = set()
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        letters = page.evaluate(LETTERS)
        assert len(letters) > 1
        assert all(is_inside for _, is_inside in letters), width
        sizes |= {size for size, _ in letters}
    assert sizes == {16}
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert {size for size, _ in page.evaluate(LETTERS)} == {32}


def test_two_series_differ_in_every_scheme(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/{PAGES['line']}").page
    seen = []
    for choice in (
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"media": "print"},
        {"forced_colors": "active"},
    ):
        page.emulate_media(**choice)
        first, second = page.evaluate(COLOURS)
        assert first != second, choice
        seen.append(first)
    assert seen[0] != seen[1]


def test_the_table_of_a_chart_opens_without_javascript(address: str, open_page: Any) -> None:
    page = open_page(f"{address}/{PAGES['bars']}", java_script_enabled=False).page
    cell = page.locator(".data td", has_text="18.420")
    assert not cell.is_visible()
    page.locator(".data summary").click()
    assert cell.is_visible()
