"""``also``: a report is listed in more than one category, and its place stays the same."""

import json
import re
import zlib

import pytest
from support import SITE, Site, article, told


def titles(html: str) -> list[str]:
    return re.findall(r"<h2><a [^>]*>([^<]*)</a></h2>", html)


@pytest.fixture
def newsroom(site: Site) -> Site:
    site.write("articles/1.md", article("Bài một", slug="mot", category="Tin tức > Trong tỉnh",
                                        also="[Văn bản > Mẫu, Đời sống]"))  # fmt: skip
    site.write("articles/2.md", article("Bài hai", slug="hai", category="Văn bản > Mẫu"))
    return site


def test_it_is_in_the_listings_and_feeds_of_each(newsroom: Site) -> None:
    assert told(newsroom.build()) == []
    for folder, both in {
        "tin-tuc": False, "tin-tuc/trong-tinh": False, "doi-song": False,
        "van-ban": True, "van-ban/mau": True,
    }.items():  # fmt: skip
        assert titles(newsroom.read(f"{folder}/index.html")) == ["Bài một", "Bài hai"][: 1 + both]
        feed = json.loads(newsroom.read(f"{folder}/feed.json"))
        assert [one["title"] for one in feed["items"]] == ["Bài một", "Bài hai"][: 1 + both]
    assert feed["items"][0]["tags"] == ["Trong tỉnh", "Mẫu", "Đời sống"]
    assert '<category term="Đời sống"/>' in newsroom.read("feed.xml")


def test_its_place_and_its_breadcrumb_stay(newsroom: Site) -> None:
    newsroom.build()
    page = newsroom.read("tin-tuc/trong-tinh/mot/index.html")
    crumbs = re.search(r'"BreadcrumbList".*?</script>', page)
    assert crumbs
    assert re.findall(r'"name": "([^"]*)"', json.dumps(json.loads("{" + crumbs[0][:-9].join(('"@type": ', ""))), ensure_ascii=False)) == [
        "Tin tức", "Trong tỉnh", "Bài một"]  # fmt: skip
    assert re.findall(r"<d[dt]>(?:<a [^>]*>)?([^<]*)", page) == ["Cũng đăng ở", "Mẫu", "Đời sống"]
    # On a card in another category, its own category is shown.
    assert '<a href="/tin-tuc/trong-tinh/">Trong tỉnh</a>' in newsroom.read("doi-song/index.html")
    assert not (newsroom.options.output / "doi-song/mot").exists()


def test_it_is_counted_once_in_what_both_are_below(site: Site) -> None:
    site.write("articles/1.md", article(category="Tin tức > Trong tỉnh", also="Tin tức > Cơ sở"))
    assert told(site.build(search=True)) == []
    assert titles(site.read("tin-tuc/index.html")) == ["Bài một"]
    entry = site.options.output / "assets/search/entry.bin"
    terms = json.loads(zlib.decompress(entry.read_bytes()))["site"]["terms"]
    assert {tuple(trail): count for kind, trail, _, count in terms if kind == "category"} == {
        ("Tin tức",): 1, ("Tin tức", "Cơ sở"): 1, ("Tin tức", "Trong tỉnh"): 1,
    }  # fmt: skip


def test_search_knows_the_other_categories(newsroom: Site) -> None:
    newsroom.build(search=True)
    folder = newsroom.options.output / "assets/search"
    entry, facets = (
        json.loads(zlib.decompress(next(folder.glob(f"{name}.*")).read_bytes()))
        for name in ("entry", "facets")
    )
    names = [trail[-1] for _, trail, _, _ in entry["site"]["terms"]]
    assert {row: [names[one] for one in ids] for row, ids in facets["also"].items()} == {
        "0": ["Mẫu", "Đời sống"]
    }


def test_a_category_below_is_another_place(site: Site) -> None:
    """In ``Tin tức`` itself, and below it too."""
    site.write("articles/1.md", article(category="Tin tức", also="Tin tức > Cơ sở"))
    assert told(site.build()) == []
    assert titles(site.read("tin-tuc/index.html")) == ["Bài một"]
    assert titles(site.read("tin-tuc/co-so/index.html")) == ["Bài một"]


def test_what_lists_it_in_any_case_is_told(site: Site) -> None:
    site.write("articles/1.md", article(category="Tin tức > Cơ sở",
                                        also="[Tin tức > Cơ sở, Văn bản, Tin tức]"))  # fmt: skip
    assert told(site.build()) == [
        "articles/1.md:5:8: warning[also-repeated]: `also` has no effect here: `category` already "
        "lists the report in “Tin tức > Cơ sở”",
        "articles/1.md:5:34: warning[also-repeated]: `also` has no effect here: `category` already "
        "lists the report in “Tin tức”",
    ]
    page = site.read("tin-tuc/co-so/bai-mot/index.html")
    assert re.findall(r"<dd><a [^>]*>([^<]*)", page) == ["Văn bản"]


def test_a_closed_list_is_closed_for_it_too(site: Site) -> None:
    site.write(
        "site.yaml",
        SITE + "categories: [{name: Tin tức}, {name: Văn bản}]\ncategories_closed: true\n",
    )
    site.write("articles/1.md", article(also="[Văn bản, Đời > Sống]"))
    assert told(site.build(search=True)) == [
        "articles/1.md:5:17: error[category-unknown]: the category “Đời > Sống” is not listed in "
        "site.yaml"
    ]


def test_every_wrong_entry_is_told(site: Site) -> None:
    site.write("articles/1.md", article(also="[A > > B, {name: C}, D]"))
    assert [line.split(": ")[1] for line in told(site.build())] == [
        "error[category-segment]", "error[wrong-type]"]  # fmt: skip
