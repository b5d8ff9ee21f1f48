"""docs/search.md describes the index well enough: the client in it finds what is there."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from support import SITE, Site, article

ROOT = Path(__file__).parent.parent
FOLDER = "assets/search"


@pytest.fixture
def search() -> Callable[..., list[list[Any]]]:
    text = (ROOT / "docs/search.md").read_text(encoding="utf-8")
    (code,) = re.findall("```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    found: Callable[..., list[list[Any]]] = names["search"]
    return found


def build(site: Site, **settings: str) -> Callable[[str], bytes]:
    site.options = structs.replace(site.options, search=True)
    site.write(
        "site.yaml", SITE.replace("language: vi", f"language: {settings.get('language', 'vi')}")
    )
    assert site.build().counts
    return lambda name: (site.options.output / FOLDER / name).read_bytes()


def test_the_documented_client_finds_reports_with_all_words(site: Site, search: Any) -> None:
    site.write("articles/a.md", article("Đường hoa", "Hòa giải ở làng.", date="2020-02-12"))
    site.write(
        "articles/b.md", article("Hoà giải", "Con đường.", date="2024-03-05", author="Hải Hạnh")
    )
    fetch = build(site)
    assert [one[1] for one in search(fetch, "duong hoa giai")] == ["Hoà giải", "Đường hoa"]
    assert [one[1] for one in search(fetch, "hai hanh")] == ["Hoà giải"]
    assert search(fetch, "sông") == []
    (found,) = search(fetch, "làng")
    assert found[2:5] == ["/tin-tuc/duong-hoa/", "12/02/2020", "2020-02-12"]


def test_a_crowded_day_has_records_in_parts(site: Site, search: Any) -> None:
    for number in range(70):
        site.write(f"articles/{number:02}.md", article(f"Bài {number}", f"Từ{number} chung."))
    fetch = build(site)
    assert len(search(fetch, "chung")) == 70
    assert [one[1] for one in search(fetch, "từ69")] == ["Bài 69"]


def test_words_are_found_with_another_ending(site: Site, search: Any) -> None:
    site.write("articles/a.md", article("A new road", "Stories of villages."))
    fetch = build(site, language="en")
    for query in ("roads", "story", "village", "ROAD stories"):
        assert len(search(fetch, query)) == 1, query
