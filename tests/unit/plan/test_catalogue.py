"""The catalogue of the search index: what is in its files, and which of them an edit makes anew."""

import json
import zlib
from typing import Any

import pytest
from msgspec import structs
from support import SITE, Site, article

FOLDER = "assets/search/"


@pytest.fixture
def newsroom(site: Site) -> Site:
    site.options = structs.replace(site.options, search=True)
    site.write("site.yaml", SITE.replace("lang.example/", "lang.example/tin/"))
    site.write("articles/ke-hoach.pdf", "x")
    site.write("articles/a.md", article(
        "Đường hoa", "Con đường.", date="2020-02-12", category="Tin tức > Trong tỉnh", author="[Hải Hạnh, Ân]",
        campaign="Dân vận khéo", attachments="[{file: ke-hoach.pdf, title: Kế hoạch}, ke-hoach.pdf]"))  # fmt: skip
    site.write(
        "articles/b.md", article("Nhà rông", "<b>Mới</b>.", date="2024-03-05", summary="Tóm tắt.")
    )
    site.write(
        "pages/lien-he.md",
        "---\nkind: page\ntitle: Liên hệ\n---\n\nĐiện **thoại**\n\n| A | B |\n|-|-|\n| 1 | 2 |\n",
    )
    return site


def files(site: Site) -> dict[str, Any]:
    """JSON files of the index by name without digits; each is what its name says."""
    assert site.build().counts
    found = {}
    for path, data in site.tree().items():
        name = path.removeprefix(FOLDER)
        if name != path and name[0] not in "wp":
            content = zlib.decompress(data)
            if name != "entry.bin":
                assert name.split(".")[1] == f"{zlib.crc32(content):08x}"
            found[name.split(".")[0]] = json.loads(content)
    return found


def names(site: Site) -> dict[str, Any]:
    """What the entry says of each file, and the pages, which are in it."""
    entry = files(site)["entry"]
    kinds = ("facets", "vocabulary", "suggestions", "site")
    return entry["records"] | {kind: entry[kind] for kind in kinds}


def test_a_record_has_what_a_card_shows(newsroom: Site) -> None:
    found = files(newsroom)
    records = [one for name in found["entry"]["records"] for one in found[f"r{name}"]]
    first = min(records)
    folder = "/tin/tin-tuc/trong-tinh/duong-hoa/"
    day = 737_467
    assert first == [
        day << 20, "Đường hoa", folder, "12/02/2020", "2020-02-12", 1, [4, 3], "Con đường.",
        [["Kế hoạch", f"{folder}ke-hoach.pdf"], ["ke-hoach.pdf", f"{folder}ke-hoach.pdf"]],
    ]  # fmt: skip
    assert max(records)[7] == "Tóm tắt."


def test_pages_are_terms_standing_pages_and_months(newsroom: Site) -> None:
    assert files(newsroom)["entry"]["site"] == {
        "terms": [
            ["category", ["Tin tức"], "/tin/tin-tuc/", 2],
            ["category", ["Tin tức", "Trong tỉnh"], "/tin/tin-tuc/trong-tinh/", 1],
            ["campaign", ["Dân vận khéo"], "/tin/chien-dich/dan-van-kheo/", 1],
            ["author", ["Ân"], "/tin/tac-gia/an/", 1],
            ["author", ["Hải Hạnh"], "/tin/tac-gia/hai-hanh/", 1],
        ],
        "pages": [["Liên hệ", "/tin/lien-he/", "Điện thoại A B 1 2"]],
        "months": [
            [2024, 3, "/tin/luu-tru/2024/03/", 1],
            [2020, 2, "/tin/luu-tru/2020/02/", 1],
            [2024, 0, "/tin/luu-tru/2024/", 1],
            [2020, 0, "/tin/luu-tru/2020/", 1],
        ],
    }


def test_facets_are_columns_oldest_first(newsroom: Site) -> None:
    found = files(newsroom)
    assert found["facets"] == {
        "days": [737_467, 1_483],
        "places": [0, 0],
        "category": [1, 0],
        "also": {},
        "campaigns": [[2], []],
        "authors": [[4, 3], []],
    }


def test_a_long_standing_page_is_cut(newsroom: Site) -> None:
    newsroom.write("pages/dai.md", f"---\nkind: page\ntitle: Dài\n---\n\n{'từ ' * 3_000}\n")
    texts = {title: text for title, _, text in files(newsroom)["entry"]["site"]["pages"]}
    assert len(texts["Dài"]) == 2_000


EDITS = {
    "a word": (article("Nhà rông", "Khác.", date="2024-03-05", summary="Tóm tắt."), set()),
    "a title": (article("Nhà dài", "Mới.", date="2024-03-05", summary="Tóm tắt."), {"r", "suggestions"}),
    "a summary": (article("Nhà rông", "Mới.", date="2024-03-05", summary="Khác."), {"r"}),
    "a category": (
        article("Nhà rông", "Mới.", date="2024-03-05", summary="Tóm tắt.", category="Tin tức > Trong tỉnh"),
        {"r", "site", "facets"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_what_shows_it_and_no_more(newsroom: Site, edit: str) -> None:
    before = names(newsroom)
    text, changed = EDITS[edit]
    newsroom.write("articles/b.md", text)
    after = names(newsroom)
    assert before.keys() == after.keys()
    differing = {name if name in {"site", "facets", "suggestions"} else "r"
                 for name in before if before[name] != after[name] and name != "vocabulary"}  # fmt: skip
    assert differing == changed


def test_an_edited_standing_page_and_another_date_format_are_inputs(newsroom: Site) -> None:
    before = names(newsroom)
    newsroom.write("pages/lien-he.md", "---\nkind: page\ntitle: Liên hệ\n---\n\nKhác\n")
    after = names(newsroom)
    assert {name for name in before if before[name] != after[name]} == {"site"}
    newsroom.write("site.yaml", SITE)  # without the folder /tin/: all addresses
    assert all(
        after[name] != names(newsroom)[name]
        for name in [*files(newsroom)["entry"]["records"], "site"]
    )


def test_a_site_without_reports_has_a_whole_index(site: Site) -> None:
    site.options = structs.replace(site.options, search=True)
    site.write("pages/lien-he.md", "---\nkind: page\ntitle: Liên hệ\n---\n\nA\n")
    found = files(site)
    assert (found["entry"]["reports"], found["entry"]["last"], found["entry"]["records"]) == (
        0,
        4_096,
        {},
    )
    assert found["entry"]["site"]["pages"] == [["Liên hệ", "/lien-he/", "A"]]
    assert found["facets"]["days"] == []
