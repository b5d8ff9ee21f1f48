"""A body: what an editor writes, and what comes of it."""

import re

import pytest

from kheo.config import BodyOptions
from kheo.diagnostics import Diagnostic, Place
from kheo.model import Body, Position, Reference
from kheo.read.markdown.body import parse_body

FIRST_LINE = 7
TRUSTED = BodyOptions(trusted_html=True)


def parsed(
    text: str, title: str = "Tên bài", options: BodyOptions | None = None
) -> tuple[Body, list[Diagnostic]]:
    place = Place("articles/2020/a.md", FIRST_LINE)
    return parse_body(text, title, "5eed" * 8, place, options or BodyOptions())


def body(text: str, title: str = "Tên bài", options: BodyOptions | None = None) -> Body:
    made, found = parsed(text, title, options)
    assert found == []
    return made


def html(text: str, title: str = "Tên bài", options: BodyOptions | None = None) -> str:
    (part,) = body(text, title, options).parts
    return part


def findings(text: str, options: BodyOptions | None = None) -> list[tuple[str, int, int]]:
    return [(d.code, d.place.line, d.place.column) for d in parsed(text, options=options)[1]]


# --- Markdown and its extensions ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Một.\n\nHai.", "<p>Một.</p>\n<p>Hai.</p>"),
        ("Một\xa0hai.", "<p>Một&nbsp;hai.</p>"),
        ("**Một**\xa0hai.", "<p><strong>Một</strong>&nbsp;hai.</p>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("A & B < C", "<p>A &amp; B &lt; C</p>"),
        ("*a*{: .nho}", '<p><em class="nho">a</em></p>'),
        ("từ\n: nghĩa", "<dl>\n<dt>từ</dt>\n<dd>nghĩa</dd>\n</dl>"),
        ("HTML\n\n*[HTML]: Hyper", '<p><abbr title="Hyper">HTML</abbr></p>'),
        ("```py\na<b\n```", '<pre><code class="language-py">a&lt;b\n</code></pre>'),
        ("1. a\n\n- b", "<ol>\n<li>a</li>\n</ol>\n<ul>\n<li>b</li>\n</ul>"),
        ("a <!-- thầm --> b", "<p>a  b</p>"),
        ("[TOC]", "<p>[TOC]</p>"),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert html(text) == expected


def test_a_table_scrolls_inside_itself() -> None:
    table = html("a | b\n--|-:\n1 | 2{: .nho}")
    assert table.startswith('<div class="table-scroll" tabindex="0"><table>')
    assert table.endswith("</table></div>")
    assert '<th class="right">b</th>' in table
    assert html("<table><tr><td>1</td></tr></table>").startswith('<div class="table-scroll"')
    assert "<div" not in html("<p title='<table>'>a</p>")


def test_footnotes_stand_in_the_last_part() -> None:
    made = body("a[^x]\n\n<!-- page -->\n\nb\n\n[^x]: chú thích")
    assert 'id="fnref:x"' in made.parts[0]
    assert 'class="footnote"' in made.parts[1]
    assert made.anchors == {"fnref:x": 0, "fn:x": 1}
    assert [(r.kind, r.target, r.anchor) for r in made.references] == [
        ("link", "", "fn:x"),
        ("link", "", "fnref:x"),
    ]
    assert 'href="\x000\x00"' in made.parts[0]


def test_a_footnote_that_nothing_refers_to() -> None:
    text = "a\n\n[^x]: chú thích"
    assert findings(text) == [("footnote-unused", FIRST_LINE + 2, 1)]
    assert 'href="#fn:x"' in parsed(text)[0].parts[0]


# --- headings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "# Đổi Mới\n\nb", "#  **đổi**  mới #\nb", "Đổi mới\n===\n\nb", "\n\n# Đổi mới {#x}\n\nb",
        "# [Đổi mới](a.md)\n\nb", "#Đổi mới\n\nb", "# &Dstrok;ổi mới\n\nb", "# <b>Đổi</b> mới\n\nb",
    ],
)  # fmt: skip
def test_a_first_heading_equal_to_the_title_is_dropped(text: str) -> None:
    assert html(text, "Đổi mới") == "<p>b</p>"


@pytest.mark.parametrize(
    "text", ["# Đổi\n\nb", "## Đổi mới\n\nb", "b\n\n# Đổi mới", "    # Đổi mới\n\nb"]
)
def test_other_headings_stay(text: str) -> None:
    assert "i" in html(text, "Đổi mới")
    assert html(text, "Đổi mới") != "<p>b</p>"


def test_a_title_that_looks_like_markup() -> None:
    assert html("# Về thẻ <b> & [a](b)\n\nb", "Về thẻ <b> & [a](b)") == "<p>b</p>"


def test_the_dropped_title_keeps_the_lines_counted() -> None:
    assert findings("# Tên bài\n\n![](https://a.vn/x.jpg)")[0][1:] == (FIRST_LINE + 2, 1)


def test_a_body_never_holds_h1() -> None:
    made = body("# A\n\n## B\n\n###### C")
    assert [(h.level, h.anchor, h.title) for h in made.headings] == [
        (2, "a", "A"),
        (3, "b", "B"),
        (6, "c", "C"),
    ]
    assert "<h1" not in made.parts[0]
    assert html("<h1>A</h1>") == "<h2>A</h2>"
    assert html("<H1>A</H1>", options=TRUSTED) == "<h2>A</h2>"
    assert [h.level for h in body("## A\n\n### B").headings] == [2, 3]


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("## Đổi mới", ["doi-moi"]),
        ("## a\n\n## a\n\n## a", ["a", "a-1", "a-2"]),
        ("## a-1\n\n## a\n\n## a", ["a-1", "a", "a-2"]),
        ("## ???", ["section"]),
        ("## ?\n\n## !", ["section", "section-1"]),
        ("## Site map", ["x-site-map"]),
        ("## A {#site-nav}", ["x-site-nav"]),
        ("## A {#b}\n\n## B", ["b", "b-1"]),
        ("## A[^1]\n\n[^1]: x", ["a"]),
        ("## *A* &amp; `b`", ["a--b"]),
        ("## What's new in 1.2?", ["whats-new-in-12"]),
        ("## What’s snake_case – and – 🎉", ["whats-snake_case--and--"]),
        ("## Điều 1.2: what's?", ["dieu-1-2-what-s"]),
    ],
)
def test_anchors_of_headings(text: str, anchors: list[str]) -> None:
    made = body(text)
    assert [heading.anchor for heading in made.headings] == anchors
    assert set(anchors) <= set(made.anchors)


def test_the_title_of_a_heading_is_plain_text() -> None:
    (heading,) = body("## *A* &amp; `b<c` [d](https://a.vn) \\*[^1]\n\n[^1]: x").headings
    assert heading.title == "A & b<c d *"


# --- figures and pictures -----------------------------------------------------------------------


def test_a_picture_alone_is_a_figure() -> None:
    made = body('![Bà con](anh%20a.jpg "Mùa *gặt* & tuốt")')
    assert made.parts == (
        '<figure>\x00[0\x00<img alt="Bà con" src="\x000\x00"\x00+0\x00>\x00]0\x00<figcaption>Mùa *gặt* &amp; tuốt</figcaption></figure>',
    )
    assert made.references == (Reference("image", "anh a.jpg", "", Position(FIRST_LINE, 11)),)
    assert made.lead == ""
    assert html("![a](https://a.vn/b.jpg)") == (
        '<figure><img alt="a" src="https://a.vn/b.jpg"></figure>'
    )


def test_several_pictures_and_pictures_in_text() -> None:
    gallery = body("![a](a.jpg)\n![b](b.jpg)").parts[0]
    assert gallery.startswith('<div class="gallery">')
    assert gallery.count('<figure class="tile">') == 2
    assert "<figure" not in body("Xem ![a](a.jpg)").parts[0]
    assert body("- x\n\n    ![a](a.jpg)").parts[0].count("<figure>") == 1
    wide = "![a](https://a.vn/b.jpg)\n{: .rong}"
    assert html(wide).startswith('<figure class="rong"><img')


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("![](https://a.vn/a.jpg)", 1),
        ("Xem ![ ](https://a.vn/a.jpg) nhé", 5),
        ('a <img src="https://a.vn/a.jpg">', 3),
        ("![a](https://a.vn/a.jpg) ![](https://a.vn/a.jpg)", 26),
    ],
)
def test_a_picture_without_alternative_text(text: str, column: int) -> None:
    assert findings("a\n\n" + text) == [("image-without-alt", FIRST_LINE + 2, column)]


def test_an_ornament_needs_no_text() -> None:
    assert findings('<img src="https://a.vn/a.jpg" alt="">') == []


# --- parts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a\n\n<!-- page -->\n\nb", ("<p>a</p>", "<p>b</p>")),
        ("a\n<!-- page -->\nb", ("<p>a</p>", "<p>b</p>")),
        ("a\n\n  <!--page-->\n\nb", ("<p>a</p>", "<p>b</p>")),
        ("<!-- page -->\n\na\n\n<!-- page -->\n<!-- page -->\n\nb\n\n<!-- page -->", ("<p>a</p>", "<p>b</p>")),
        ("<!-- page -->", ("",)),
        ("a <!-- page --> b", ("<p>a  b</p>",)),
        ("<!-- page --> b", ("b",)),
        ("<!-- pages -->\n\nb", ("<p>b</p>",)),
        ("```\n<!-- page -->\n```", ("<pre><code>&lt;!-- page --&gt;\n</code></pre>",)),
        ("    <!-- page -->", ("<pre><code>&lt;!-- page --&gt;\n</code></pre>",)),
        ("<div>\n<!-- page -->\n</div>", ("<div>\n\n</div>",)),
        ("<div>a\n\n</div>\n\n<!-- page -->\n\nb", ("<div>a\n</div>", "<p>b</p>")),
        ("<b>a\n\n<!-- page -->\n\nb", ("<p><b>a</b></p><b>\n</b>", "<p>b</p>")),
        ("<p>page 5eed</p>\n\nb", ("<p>page 5eed</p>\n<p>b</p>",)),
    ],
)  # fmt: skip
def test_page_breaks(text: str, parts: tuple[str, ...]) -> None:
    assert body(text).parts == parts


def test_no_page_break_in_lists_and_quotes() -> None:
    for text in ("> a\n> <!-- page -->\n> b", "- a\n\n    <!-- page -->\n\n    b"):
        assert len(body(text).parts) == 1


def test_links_between_parts_are_references() -> None:
    made = body("## A\n\n[sang](#b) [đây](#a)\n\n<!-- page -->\n\n## B\n\n[về](#a)")
    assert made.anchors == {"a": 0, "b": 1}
    assert '<a href="#a">đây</a>' in made.parts[0]
    assert made.references == (
        Reference("link", "", "b", Position(FIRST_LINE + 2, 8)),
        Reference("link", "", "a", Position(FIRST_LINE + 8, 6)),
    )


# --- references ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "target", "anchor", "column"),
    [
        ("[a](b.md)", "b.md", "", 5),
        ("[b.md](b.md)", "b.md", "", 8),
        ("[a](../2020/b%20c.md#d)", "../2020/b c.md", "d", 5),
        ("[a](<b c.md>)", "b c.md", "", 6),
        ("[a](/lien-he/)", "/lien-he/", "", 5),
        ("[a](/tim/?q=1&amp;r=2)", "/tim/?q=1&r=2", "", 5),
        ("[a](%C4%91%E1%BB%95i.md#%C4%91)", "đổi.md", "đ", 5),
        ("x [a][b]\n\n[b]: c.md", "c.md", "", 6),
        ('<a href="b.md">a</a>', "b.md", "", 10),
        ("<a href='b.md'>a</a>", "b.md", "", 10),
        ("[a](b\\_c.md)", "b_c.md", "", 5),
        ("[a](b%00.md)", "b%00.md", "", 5),
    ],
)
def test_internal_addresses(text: str, target: str, anchor: str, column: int) -> None:
    made = body(text)
    (reference,) = made.references
    assert (reference.kind, reference.target, reference.anchor) == ("link", target, anchor)
    assert reference.position.column == column
    assert 'href="\x000\x00"' in made.parts[0]


def test_the_same_address_twice_has_two_positions() -> None:
    made = body("[a](b.md)\n[a](b.md) [a][r] [a][r]\n\n[r]: c.md")
    assert [(r.position.line, r.position.column) for r in made.references] == [
        (FIRST_LINE, 5), (FIRST_LINE + 1, 5), (FIRST_LINE + 3, 6), (FIRST_LINE + 3, 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://a.vn/b.md)", "[a](//a.vn/b)", "[a](mailto:a@a.vn)", "[a](tel:+84)", "[a]()",
        "[a](#)", "[a](#top)", "`[a](b.md)`", "<https://a.vn>", '<span title=\' href="b.md"\'>a</span>',
        '<a href="/\\a.vn">a</a>', "https://a.vn", "www.a.vn", "a@a.vn",
    ],
)  # fmt: skip
def test_other_addresses_are_left_alone(text: str) -> None:
    assert body(text).references == ()
    assert "\0" not in html(text)


def test_pictures_films_and_sounds() -> None:
    made = body(
        '<video src="a.mp4" poster="b.jpg" controls></video>\n\n<audio src="c.mp3"></audio>'
    )
    assert [(r.kind, r.target) for r in made.references] == [
        ("media", "a.mp4"), ("poster", "b.jpg"), ("media", "c.mp3"),
    ]  # fmt: skip


def test_trusted_html_is_read_tag_by_tag() -> None:
    script = "<script>x = \"<a href='b.md'>\"</script>"
    assert html(script, options=TRUSTED) == script
    made = body("<a class=x HREF=b.md>a</a>\n\n<p onclick='a>b'>c</p>", options=TRUSTED)
    assert made.parts == ("<p><a class=x HREF=\"\x000\x00\">a</a></p>\n<p onclick='a>b'>c</p>",)


def test_a_value_cannot_break_out_of_its_attribute() -> None:
    made = body("<b title=\" href='b.md' onmouseover=alert(1) x\">a</b>")
    assert made.references == ()
    assert made.parts[0].count('"') == 2


def test_a_broken_anchor() -> None:
    _, (found,) = parsed("## Đổi mới\n\nXem [bài](#doi-moo).")
    assert found.code == "anchor-broken"
    assert (found.place.line, found.place.column) == (FIRST_LINE + 2, 11)
    assert found.values["known"] == "doi-moi"
    assert found.hint == "did you mean “doi-moi”?"


# --- lead ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Một.\n\nHai.", "Một."),
        ("Một\nhai\xa0ba.", "Một hai ba."),
        ("## Đầu\n\n![a](https://a.vn/a.jpg \"b\")\n\n*Một* &amp; <b>hai</b>[^1]  \nba\n\n[^1]: x", "Một & hai ba"),
        ("<!-- page -->\n\n- a\n\n<!-- page -->\n\nb", "b"),
        ("## A", ""),
        ("## A[^1]\n\n[^1]: chú", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_lead_is_the_first_paragraph(text: str, lead: str) -> None:
    assert body(text).lead == lead


def test_an_id_is_on_a_page_once() -> None:
    """The first keeps it; a page with two alike is no valid HTML."""
    text = '## Một {#a}\n\n## Hai {#a}\n\n<p id="a">z</p>\n\n<p id="a-2">y</p>'
    made, _ = parsed(text)
    assert re.findall(r'id="([^"]*)"', "".join(made.parts)) == ["a", "a-3", "a-4", "a-2"]
    assert made.anchors == {"a": 0, "a-2": 0, "a-3": 0, "a-4": 0}


def test_references_make_no_control_characters() -> None:
    made, _ = parsed("Một&#1;&#x1F; hai&#1;. *ba* &#xFFFE;&#127;")
    assert made.parts == ("<p>Một hai. <em>ba</em> </p>",)
    assert made.lead == "Một hai. ba"


# --- frames, and texts that cannot be read ------------------------------------------------------


def test_frames() -> None:
    allowed = BodyOptions(iframe_hosts=("www.youtube.com",))
    frame = '<iframe src="https://www.youtube.com/embed/x?a=1&amp;b=2" width="5"></iframe>'
    assert html(frame, options=allowed) == frame.replace("<iframe", '<iframe loading="lazy"')
    text = 'a\n\n<iframe src="https://evil.example/"></iframe>'
    assert findings(text, allowed) == [("iframe-host", FIRST_LINE + 2, 22)]
    assert parsed(text, options=allowed)[0].parts == ("<p>a</p>",)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("    " * level + "- x" for level in range(500)), "- " * 500 + "x", ">" * 500 + "x",
        "<div>" * 20_000, "x <b>" * 5000,
    ],
    ids=["lists", "lists on a line", "quotes", "blocks", "inline"],
)  # fmt: skip
def test_what_nests_too_deeply_is_an_error_and_leaves_no_trace(text: str) -> None:
    assert findings(text) == [("markdown-depth", FIRST_LINE, 0)]
    assert html("- a\n- b") == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"


def test_nothing_is_left_over_for_the_next_text() -> None:
    before = body("x [a] HTML b[^1]").parts
    body("[a]: https://a.vn\n\n*[HTML]: Hyper\n\nb[^1]\n\n[^1]: chú\n\n## A\n\n**x*")
    assert body("x [a] HTML b[^1]").parts == before
    assert body("**c**").headings == ()
