"""Sources of terms: pages that people write about a category, a campaign or an author."""

import re

import pytest
from support import SITE, Site, article, picture, told

from kheo.check.check import CheckOptions, check

AUTHOR = """\
---
name: Hải Hạnh
role: Phóng viên
photo: anh.png
photo_alt: Hải Hạnh trên đồng
links:
  - {title: Sổ tay, link: so-tay.pdf}
  - {title: Bài đầu tiên, link: ../articles/1.md}
  - {title: Thư, link: "mailto:hh@lang.example"}
---

Viết về **đồng ruộng**. Xem [bài một](../articles/1.md) và [tổ](#to).

## Tổ

![Sông](anh.png)
"""
CAMPAIGN = """\
---
name: Dân vận khéo
slug: dvk
description: Khéo vận động.
start: 2026-01-01
end: 2026-12-31
aliases: /cu/dan-van/
---

Mở đầu.
"""


@pytest.fixture
def village(site: Site) -> Site:
    for number in (1, 2, 3):
        keys = {"author": "Hải Hạnh", "campaign": "Dân vận khéo", "date": f"2026-02-0{number}"}
        site.write(f"articles/{number}.md", article(f"Bài {number}", **keys))
    site.write("site.yaml", SITE + "page_size: 2\n")
    site.write("authors/hai-hanh.md", AUTHOR)
    site.write("authors/anh.png", picture())
    site.write("authors/so-tay.pdf", b"%PDF-1.4")
    site.write("campaigns/dan-van-kheo.md", CAMPAIGN)
    return site


def test_page_one_of_a_term_has_what_its_source_says(village: Site) -> None:
    assert told(village.build()) == []
    page = village.read("tac-gia/hai-hanh/index.html")
    for part in (
        "<h1>Hải Hạnh</h1>",
        '<p class="summary">Phóng viên</p>',
        'alt="Hải Hạnh trên đồng"',
        "<strong>đồng ruộng</strong>",
        '<a href="/tin-tuc/bai-1/">bài một</a>',
        '<h2 id="to">Tổ</h2>',
        '<a href="/tac-gia/hai-hanh/so-tay.pdf">Sổ tay</a>',
        '<a href="/tin-tuc/bai-1/">Bài đầu tiên</a>',
        '<a href="mailto:hh@lang.example">Thư</a>',
        '<meta name="description" content="Phóng viên">',
        '<meta property="og:image"',
    ):
        assert part in page, part
    assert (village.options.output / "tac-gia/hai-hanh/so-tay.pdf").exists()
    assert "đồng ruộng" not in village.read("tac-gia/hai-hanh/trang/2/index.html")
    assert "Phóng viên" in village.read("tin-tuc/bai-1/index.html")
    campaign = village.read("chien-dich/dvk/index.html")
    assert "<p>Mở đầu.</p>" in campaign
    assert '<a href="/chien-dich/dvk/">Dân vận khéo</a>' in village.read("tin-tuc/bai-1/index.html")
    for old in ("cu/dan-van/index.html", "cu/dan-van/trang/2/index.html"):
        assert "/chien-dich/dvk/" in village.read(old)


def test_a_term_without_reports_has_a_page_too(site: Site) -> None:
    site.write(
        "articles/1.md", article("Bài", "[đm](../authors/do-mai.md) [c](../categories/x.md)")
    )
    site.write("authors/do-mai.md", "---\nname: Đỗ Mai\n---\n\nMới đến.\n")
    site.write("categories/x.md", "---\nname: Đời sống > Y tế > Xã\n---\n\nVề y tế.\n")
    site.write("categories/y.md", "---\nname: Đời sống\nslug: song\ndescription: D\n---\n")
    assert told(site.build()) == []
    assert "Mới đến." in site.read("tac-gia/do-mai/index.html")
    assert "Về y tế." in site.read("song/y-te/xa/index.html")
    page = site.read("tin-tuc/bai/index.html")
    assert 'href="/tac-gia/do-mai/"' in page
    assert 'href="/song/y-te/xa/"' in page
    assert "Đỗ Mai" in site.read("tac-gia/index.html")


def test_words_of_a_source_change_one_page(village: Site) -> None:
    village.build()
    before = village.tree()
    for edit in (("đồng ruộng", "sông nước"), ("**sông nước**", "sông")):
        text = village.options.content.joinpath("authors/hai-hanh.md").read_text("utf-8")
        village.write("authors/hai-hanh.md", text.replace(*edit))
        village.build()
        after = village.tree()
        changed = {path for path in before | after if before.get(path) != after.get(path)}
        assert changed - {".kheo"} == {"tac-gia/hai-hanh/index.html"}
        before = after


def test_a_draft_is_not_shown(village: Site) -> None:
    village.write("authors/x.md", "---\nname: Đỗ Mai\ndraft: true\n---\n\nNháp.\n")
    village.write("authors/hai-hanh.md", AUTHOR.replace("role:", "draft: true\nrole:"))
    assert told(village.build()) == []
    assert "tac-gia/do-mai/index.html" not in village.tree()
    assert "đồng ruộng" not in village.read("tac-gia/hai-hanh/index.html")
    assert "/tac-gia/" not in "".join(
        line for line in village.read(".kheo").splitlines(keepends=True) if "do-mai" in line
    )
    village.build(drafts=True)
    page = village.read("tac-gia/do-mai/index.html")
    assert "Nháp." in page
    assert '<p class="status">' in page
    assert "noindex" in page


def test_mistakes_are_reported_where_they_are(site: Site) -> None:
    """All in one build, each with its line."""
    site.write("site.yaml", SITE + "authors:\n  - name: Một\n    role: Nhà báo\n  - name: Hai\n")
    front = {
        "authors/mot.md": "name: Một",  # described in site.yaml too
        "authors/hai.md": "name: Hai\nrole: Biên tập",  # only its place is there: right
        "authors/hai2.md": "name: Hai",
        "authors/b.md": "name: B\nbirth: 1990\ntitle: B",
        "authors/c.md": "name: C\nlinks: {title: X, link: 'javascript:1'}",
        "authors/d.md": "name: D\nlinks: [{title: X, link: nowhere.md}, {title: Y, link: /no/}]",
        "authors/e.md": "name: E\nphoto: nowhere.png",
        "authors/f.md": "role: F",
        "authors/g.md": "title: G\ndate: 2020-02-12\ncategory: Tin tức",
        "authors/h.md": "name: H\nslug: Sai\naliases: x",
        "categories/i.md": "name: A > > B",
        "campaigns/j.md": "name: J\nstart: 2026-02-01\nend: 2026-01-01",
        "campaigns/k.md": "name: '!!!'",
    }
    for path, keys in front.items():
        site.write(path, f"---\n{keys}\n---\n\nLời.\n")
    site.write("campaigns/l.md", "---\nname: L\n---\n\nMột.\n\n<!-- page -->\n\nHai.\n")
    site.write("articles/1.md", article("Bài"))
    report = site.build()
    assert report.counts is None
    found = {(d.place.path, d.place.line, d.code) for d in report.found}
    assert found == {
        ("authors/mot.md", 2, "term-described-twice"),
        ("authors/hai2.md", 2, "term-source-twice"),
        ("authors/b.md", 3, "unknown-key"),
        ("authors/b.md", 4, "unknown-key"),
        ("authors/c.md", 3, "url-scheme"),
        ("authors/d.md", 3, "link-broken"),
        ("authors/e.md", 3, "image-missing"),
        ("authors/e.md", 3, "cover-without-alt"),
        ("authors/f.md", 2, "missing-key"),
        ("authors/g.md", 3, "report-among-terms"),
        ("authors/h.md", 3, "slug-form"),
        ("authors/h.md", 4, "address-form"),
        ("categories/i.md", 2, "category-segment"),
        ("campaigns/j.md", 4, "end-before-start"),
        ("campaigns/k.md", 2, "slug-empty"),
        ("campaigns/l.md", 7, "term-page-break"),
    }
    texts = "\n".join(told(report))
    assert "described here and in site.yaml:7" in texts
    assert "has a source already: authors/hai.md:2" in texts
    assert any(d.hint == "did you mean “name”?" for d in report.found)


def test_a_source_with_errors_still_lists_its_name(site: Site) -> None:
    """Else each report of this author would have an error too."""
    site.write("site.yaml", SITE + "authors_closed: true\n")
    site.write("authors/hh.md", "---\nname: Hải Hạnh\nrol: x\n---\n")
    site.write("articles/1.md", article("Bài", author="Hải Hạnh"))
    assert [d.code for d in site.build().found] == ["unknown-key"]
    report = site.build(keep_going=True)
    assert "tac-gia/hai-hanh/index.html" in site.tree()
    assert report.left_out == ("authors/hh.md",)


def test_a_source_makes_a_name_right(site: Site) -> None:
    site.write("site.yaml", SITE + "authors_closed: true\ncampaigns_closed: true\n")
    site.write("authors/hh.md", "---\nname: Hải Hạnh\n---\n")
    site.write("articles/1.md", article("Bài", author="Hải Hạnh"))
    site.write("articles/2.md", article("Bài hai", author="Hai Hạnh"))
    site.write("articles/3.md", article("Bài ba", campaign="Dân vận khéo"))
    found = site.build().found
    assert [(d.place.path, d.code) for d in found] == [
        ("articles/2.md", "author-unknown"),
        ("articles/3.md", "campaign-unknown"),
    ]
    assert found[0].hint == "did you mean “Hải Hạnh”?"


def test_a_lost_url_of_a_term_is_added_to_its_source(village: Site) -> None:
    village.build()
    text = CAMPAIGN.replace("dvk", "moi").replace("Dân vận khéo", "Dân vận")
    village.write("campaigns/dan-van-kheo.md", text)
    for number in (1, 2, 3):
        file = village.options.content / f"articles/{number}.md"
        file.write_text(file.read_text("utf-8").replace("Dân vận khéo", "Dân vận"), "utf-8")
    found = [(d.place.path, d.place.line, d.code) for d in village.build().found]
    assert found == [("campaigns/dan-van-kheo.md", 3, "url-lost")]


def test_check_fixes_a_source(village: Site) -> None:
    village.build()
    village.write("campaigns/dan-van-kheo.md", CAMPAIGN.replace("dvk", "moi") + "\nMột ,hai.\n")
    check(village.options, CheckOptions(fix=True))
    text = (village.options.content / "campaigns/dan-van-kheo.md").read_text("utf-8")
    assert re.search(r"aliases:\n  - /cu/dan-van/\n  - /chien-dich/dvk/\n", text)
    assert "Một, hai." in text
    assert [d.code for d in check(village.options, CheckOptions()).found] == []
