"""Names of categories, campaigns and authors: mistyped ones, those that are two, closed lists."""

import pytest
from support import SITE, Site, article

from kheo.reporting.catalogue import Words
from kheo.reporting.reporter import _sentence, _summary

Reports = dict[str, int]  # a value of front matter -> how many reports have it


def named(site: Site, key: str, uses: Reports, more: str = "", **titles: str) -> list[str]:
    """What a build says of reports with these values of a key: the file, the code, the names."""
    site.write("site.yaml", SITE + more)
    for number, value in enumerate(value for value, count in uses.items() for _ in range(count)):
        keys = {"title": f"Bài {number}", "date": f"2020-01-{number % 28 + 1:02}", key: value}
        site.write(f"articles/{number:03}.md", article(**keys))
    for name, title in titles.items():
        site.write(f"articles/{name}.md", article(title))
    return [
        f"{d.place.path[9:12]} {d.code}: {d.values['name']} -> {d.values['other']}"
        for d in site.build().found
    ]


@pytest.mark.parametrize(
    ("key", "uses", "says"),
    [
        ("category", {"Tin tức": 3, "Tin tuc": 1}, ["003 term-twice: Tin tuc -> Tin tức"]),
        # Of two rare spellings, the one with accents is right, whichever came first.
        ("category", {"Tin tuc": 2, "Tin tức": 1}, ["000 term-twice: Tin tuc -> Tin tức",
                                                    "001 term-twice: Tin tuc -> Tin tức"]),
        ("category", {"Doi song": 1, "Đời sống": 9}, ["000 term-twice: Doi song -> Đời sống"]),
        ("category", {"News": 2, "Newss": 1}, ["002 name-close: Newss -> News"]),
        ("category", {"News": 2, "Nwess": 1}, []),
        ("category", {"Sports": 2, "Sprots": 1}, ["002 name-close: Sprots -> Sports"]),
        ("category", {"Tin tức > Trong tỉnh": 6, "Tin tức > Trongtỉnh": 1},
         ["006 name-close: Tin tức > Trongtỉnh -> Tin tức > Trong tỉnh"]),
        # A mistake above: one message, not one for each level.
        ("category", {"Tin tức > Trong tỉnh": 6, "Tin tuc > Trong tỉnh": 1},
         ["006 term-twice: Tin tuc -> Tin tức"]),
        ("campaign", {"Dân vận khéo": 6, "Dan van kheo": 1},
         ["006 term-twice: Dan van kheo -> Dân vận khéo"]),
        ("campaign", {"Xuân biên phòng": 6, "Xuân biênn phòng": 1},
         ["006 name-close: Xuân biênn phòng -> Xuân biên phòng"]),
        ("author", {"Hải Hạnh": 6, "Hai Hanh": 1}, ["006 term-twice: Hai Hanh -> Hải Hạnh"]),
        ("author", {"hải hạnh": 1, "Hải Hạnh": 6}, ["000 term-spelling: hải hạnh -> Hải Hạnh"]),
    ],
)  # fmt: skip
def test_mistyped(site: Site, key: str, uses: Reports, says: list[str]) -> None:
    assert named(site, key, uses) == says


@pytest.mark.parametrize(
    ("key", "uses"),
    [
        ("campaign", {"Quý 1": 6, "Quý 2": 1}),
        ("campaign", {"Kế hoạch năm 2025": 9, "Kế hoạch năm 2026": 1}),
        ("campaign", {"Đại hội khóa X": 9, "Đại hội khóa XI": 1}),
        ("category", {"Khu phố A": 9, "Khu phố B": 1}),
        ("category", {"Health": 9, "Wealth": 5}),  # many reports use both
        ("category", {"Văn bản": 9, "Văn hóa": 1}),
        ("category", {"Tin tức > Trong tỉnh": 9, "Hoạt động > Trong tỉnhh": 1}),
        ("author", {"Minh An": 9, "Minh Anh": 1}),
        ("author", {"Văn Thanh": 9, "Văn Thịnh": 1}),
        ("author", {"Minh Quân": 9, "Minh Quang": 1}),
        ("author", {"An Hạnh": 9, "Anh Anh": 1}),
        ("author", {"P.V.": 9, "PV": 1}),  # `check` says this
    ],
)
def test_two_names(site: Site, key: str, uses: Reports) -> None:
    assert named(site, key, uses) == []


def test_a_listed_name_is_right(site: Site) -> None:
    lists = "categories: [{name: News}, {name: Newss}]\n"
    assert named(site, "category", {"News": 6, "Newss": 1}, lists) == []


def test_a_word_of_a_title_is_no_mistake(site: Site) -> None:
    assert named(site, "category", {"Health": 6, "Wealth": 1}, a="Wealth of a village") == []


def test_two_people_with_one_slug(site: Site) -> None:
    """``Hà`` and ``Hạ`` have one URL: the message says what to do if both are right, and that helps."""
    uses = {"Hà": 6, "Hạ": 2}
    assert named(site, "author", uses) == ["006 term-twice: Hạ -> Hà", "007 term-twice: Hạ -> Hà"]
    (first, _) = site.build().found
    assert first.message == (
        "“Hạ” and “Hà” would have the same URL, /tac-gia/ha/; “Hà” is in articles/000.md:5"
    )
    assert first.hint == (
        "did you mean “Hà”? If these are two names, give one of them another `slug:` in site.yaml"
    )
    lists = "authors: [{name: Hạ, slug: ha-2}]\n"
    assert named(site, "author", uses, lists) == []


def test_an_accent_less_is_a_mistake_although_the_urls_differ(site: Site) -> None:
    lists = "authors: [{name: Hà, slug: ha-1}, {name: Hạ, slug: ha-2}]\n"
    assert named(site, "author", {"Hà": 6, "Hạ": 1, "Ha": 1}, lists) == ["007 name-close: Ha -> Hà"]


def test_two_mistakes_in_one_category(site: Site) -> None:
    uses = {"News": 6, "Newss > Tin tức": 1, "Newss > Tin tuc": 1}
    assert named(site, "category", uses) == [
        "006 name-close: Newss -> News",
        "007 name-close: Newss -> News",
        "007 term-twice: Newss > Tin tuc -> Newss > Tin tức",
    ]


def test_what_is_listed_is_meant_although_few_use_it(site: Site) -> None:
    lists = "campaigns: [{title: Dân vận khéo}]\n"
    found = named(site, "campaign", {"Dan van kheo": 6, "Dân vận khéo": 1}, lists)
    assert found == [f"00{number} term-twice: Dan van kheo -> Dân vận khéo" for number in range(6)]


@pytest.mark.parametrize(
    ("key", "lists", "given", "says"),
    [
        ("category", "categories: [{name: Tin tức}]", "Tin tuc", "Tin tức"),
        ("category", "categories: [{name: Đời sống, children: [{name: Y tế}]}]", "Doi song > Y te",
         "Đời sống > Y tế"),
        ("category", "categories: [{name: Tin tức}]", "Tin tuc > Y tế", ""),  # nor is this one listed
        ("campaign", "campaigns: [{title: Dân vận khéo}]", "dan van kheo", "Dân vận khéo"),
        ("author", "authors: [{name: Hải Hạnh}, {name: Bá Tho}]", "Ba Tho", "Bá Tho"),
        ("author", "authors: [{name: Hải Hạnh}, {name: Bá Tho}]", "Hải Hạn", "Hải Hạnh"),
        ("author", "authors: [{name: Hải Hạnh}, {name: Bá Tho}]", "Zung", ""),
    ],
)  # fmt: skip
def test_a_closed_list(site: Site, key: str, lists: str, given: str, says: str) -> None:
    plural = {"category": "categories", "campaign": "campaigns", "author": "authors"}[key]
    for place in (2, 1):
        site.write(f"articles/{place}.md", article(f"Bài {place}", **{key: given}))
    site.write("site.yaml", f"{SITE}{lists}\n")
    assert [d for d in site.build().found if "unknown" in d.code] == []
    site.write("site.yaml", f"{SITE}{lists}\n{plural}_closed: true\n")
    found = site.build().found
    assert [(d.place.path, d.code) for d in found if "unknown" in d.code] == [
        ("articles/1.md", f"{key}-unknown"), ("articles/2.md", f"{key}-unknown")]  # fmt: skip
    assert found[0].hint == (f"did you mean “{says}”?" if says else found[0].hint)
    assert found[0].values["suggestion"] == says


def test_reports_with_a_wrong_name_hold_back_no_other(site: Site) -> None:
    site.write("site.yaml", SITE + "categories: [{name: Tin tức}]\ncategories_closed: true\n")
    site.write("articles/a.md", article())
    for number in range(3):
        site.write(f"articles/{number}.md", article(f"Bài {number}", category="Tin > Xã"))
    result = site.build(keep_going=True)
    assert (result.articles, len(result.found)) == (1, 3)
    assert (site.options.output / "tin-tuc/bai-mot/index.html").exists()
    assert not (site.options.output / "tin").exists()


# --- new names in the summary -------------------------------------------------------------------


def summary(site: Site, language: str = "en", **choices: object) -> list[str]:
    """The lines of a build's summary about names."""
    sentence = _sentence(site.build(**choices), 0.1, Words(language))
    return [line for line in sentence.split("\n")[1:] if "“" in line]


def test_new_names_are_in_the_summary_once(site: Site) -> None:
    site.write("articles/1.md", article("Bài một", author="Hải Hạnh"))
    assert summary(site) == []  # of a first build, nothing is new
    site.write(
        "articles/2.md",
        article(
            "Bài hai", category="Văn bản > Mẫu", author="[Hải Hạn, Đỗ Mai]", campaign="Làng xanh"
        ),
    )
    site.write("articles/3.md", article("Bài ba", also="Tin tức > Cơ sở"))
    assert summary(site) == [
        "New categories: “Tin tức > Cơ sở”, “Văn bản > Mẫu”",
        "New campaigns: “Làng xanh”",
        "New authors: “Đỗ Mai”, “Hải Hạn” (did you mean “Hải Hạnh”?)",
    ]
    assert summary(site) == []
    site.write("articles/3.md", article("Bài ba", "Lời khác.", also="Tin tức > Cơ sở"))
    assert summary(site) == []
    site.write("articles/4.md", article("Bài bốn", category="Mẫu"))
    assert summary(site, "vi") == ["Chuyên mục mới: “Mẫu” (ý bạn là “Văn bản > Mẫu”?)"]


def test_listed_names_are_not_new(site: Site) -> None:
    site.write("articles/1.md", article())
    site.build()
    site.write("site.yaml", SITE + "authors: [{name: Đỗ Mai}]\n")
    site.write("articles/2.md", article("Bài hai", author="Đỗ Mai"))
    assert summary(site) == []


def test_names_are_new_when_they_are_published(site: Site) -> None:
    """Not in a build that fails, nor in one without the draft."""
    site.write("articles/1.md", article())
    site.build()
    site.write("articles/2.md", article("Bài hai", "[x](nowhere.md)", author="Đỗ Mai"))
    assert summary(site) == []
    site.write("articles/2.md", article("Bài hai", author="Đỗ Mai", draft="true"))
    assert summary(site) == []
    site.write("articles/2.md", article("Bài hai", author="Đỗ Mai"))
    assert summary(site) == ["New authors: “Đỗ Mai”"]


def test_many_new_names_are_cut_short(site: Site) -> None:
    site.write("articles/1.md", article())
    site.build()
    for number in range(25):
        site.write(f"articles/{number}.md", article(f"Bài {number}", author=f"Người {number:02}"))
    (line,) = summary(site)
    assert line.endswith("“Người 19”, …")
    assert len(_summary(site.build(cache=site.root / "no"), 0)["new_names"]) == 0  # type: ignore[arg-type]
