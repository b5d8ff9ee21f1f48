"""A site with a look of its own, in a browser: readable, still, and within the policy."""

from collections.abc import Iterator
from typing import Any

import pytest
from hosting import served
from looking import run_axe
from msgspec import structs
from support import SITE, Site, article, picture

BAND = "<svg xmlns='http://www.w3.org/2000/svg' width='14' height='7'><path d='M0 7l7-7 7 7z' fill='#7cc4f0'/></svg>"
LOOK = """\
tagline: Một dòng ở dưới tên
look:
  logo: look/logo.png
  band: look/band.svg
  colors: {accent: "#14527a", ink: "#1a1d22", paper: "#f4f7fa", ink_dark: "#e4e9ef", paper_dark: "#10161c"}
"""
BODY = """Một [liên kết](https://x.example/) và ==chữ tô== trong bài.

> [!WARNING]
> Có [một liên kết](https://x.example/) ở đây.

> Trích lời.

| Cột | Số |
|---|---:|
| [Một](https://x.example/) | 1 |
"""
PAGES = {"home": "", "report": "tin-tuc/bai-mot/", "listing": "tin-tuc/trang/2/"}


@pytest.fixture(scope="module")
def dressed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = Site(tmp_path_factory.mktemp("look"))
    site.options = structs.replace(site.options, search=True)
    site.write("site.yaml", SITE + "page_size: 2\n" + LOOK)
    site.write("look/logo.png", picture(400, 200))
    site.write("look/band.svg", BAND)
    site.write("articles/lua.jpg", picture(900, 600, "JPEG"))
    site.write("articles/phieu.pdf", b"%PDF-1.7")
    site.write("articles/0.md", article(
        "Bài một", BODY, campaign="Dân vận khéo", author="Hải Hạnh", image="lua.jpg", image_alt="Lúa",
        attachments="[phieu.pdf]", corrections="[{date: 2020-02-14, text: Sửa.}]",
    ))  # fmt: skip
    for number in range(1, 5):
        site.write(f"articles/{number}.md", article(f"Bài {number}", date=f"2020-01-0{number}"))
    assert site.build().found == []
    with served(site.options.output) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_look_can_be_read(path: str, scheme: str, dressed: str, open_page: Any) -> None:
    size = {"width": 360, "height": 740}
    visit = open_page(f"{dressed}/{path}", viewport=size, color_scheme=scheme)
    for wide in (360, 1280):
        visit.page.set_viewport_size({"width": wide, "height": 740})
        assert run_axe(visit.page) == []
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= wide
        logo = visit.page.locator(".name img")
        assert logo.evaluate("e => e.complete && e.naturalWidth > 0")
        box = logo.bounding_box()
        assert (box["width"], box["height"]) == (112, 56)
        assert box["x"] == visit.page.locator(".name").bounding_box()["x"]
    assert visit.said == []


def test_the_colours_of_the_look_are_for_screens(dressed: str, open_page: Any) -> None:
    page = open_page(f"{dressed}/tin-tuc/bai-mot/", color_scheme="light").page
    ground = "getComputedStyle(document.querySelector('.masthead')).backgroundColor"
    letters = "getComputedStyle(document.querySelector('.body a')).color"
    band = "getComputedStyle(document.querySelector('.masthead'), '::after').backgroundImage"
    assert page.evaluate(ground) == "rgb(16, 67, 100)"
    assert "/assets/images/" in page.evaluate(band)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == "rgb(12, 48, 72)"
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(letters) == "rgb(0, 0, 0)"
    page.emulate_media(color_scheme="light", media="screen", forced_colors="active")
    assert page.locator(".name img").is_visible()
