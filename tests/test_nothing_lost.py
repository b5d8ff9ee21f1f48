"""Nothing that an editor wrote disappears without a message, and all problems of a file are reported in one run."""

import re
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs
from support import SITE, Site, article, picture

from kheo.check.check import CheckOptions, check
from kheo.diagnostics import Diagnostic, Place
from kheo.read.markdown.body import BodyOptions, parse_body
from kheo.reporting.catalogue import Words

PAGE = "tin-tuc/bai-mot/index.html"


def removed(site: Site, body: str) -> list[Diagnostic]:
    site.write("a.md", article(body=body))
    return [d for d in site.build().found if d.code == "html-removed"]


# What an editor writes, what is removed from it, and a part of the hint.
REMOVED = {
    "<script>alert(1)</script>": ("<script>", "scripts do not run"),
    '<p style="color: red">Chữ</p>': ("style=", "the theme decides"),
    '<p align="center">Chữ</p>': ("align=", 'class="center"'),
    '<p onclick="x()">Chữ</p>': ("onclick=", "scripts do not run"),
    "<form>Chữ</form>": ("<form>", "a link to the form"),
    "<button>Chữ</button>": ("<button>", "a link to the form"),
    "<p><input></p>": ("<input>", "a link to the form"),
    '<svg><path d="M0 0"/></svg>': ("<svg>", "save it as a file"),
    '<picture><source srcset="a.webp"><img src="a.jpg" alt="x"></picture>': ("<picture>", "![what it shows]"),
    '<img src="a.jpg" srcset="b.jpg 2x" alt="x">': ("srcset=", "![what it shows]"),
    '<object data="a.pdf">Chữ</object>': ("<object>", "a link to the file"),
    '<embed src="a.swf">': ("<embed>", "a link to the file"),
    '<a href="https://x.vn" target="_blank">x</a>': ("target=", "readers choose"),
    '<font color="red">Chữ</font>': ("<font>", "**bold**"),
    "<footer>Chữ</footer>": ("<footer>", "<div>"),
    '<div data-id="1">Chữ</div>': ("data-…=", "no effect"),
    '[x](javascript:alert(1))': ("javascript:", "scripts do not run"),
    '![x](data:image/png;base64,AAAA)': ("data:", "save it as a file"),
    '[x](file:///C:/a.pdf)': ("file:", "copy the file"),
    '[x](feed:https://x.vn)': ("feed:", "https://, http://"),
    '<a href="https://x y/">x</a>': ("href=https://x y/", "correct the address"),
    "*Chữ*{: data-x=1 }": ("data-…=", "no effect"),
}  # fmt: skip


@pytest.mark.parametrize("body", REMOVED)
def test_what_is_removed_is_told_with_what_to_write(body: str, site: Site) -> None:
    site.write("a.jpg", picture(kind="JPEG"))
    site.write("b.jpg", picture(kind="JPEG"))
    what, hint = REMOVED[body]
    (found,) = removed(site, f"Trước.\n\n{body}")
    assert found.values["what"] == what
    assert hint in found.hint
    assert (found.severity, found.place.line) == ("warning", 9)
    written = body.index(
        what.removeprefix("href=").removesuffix("=").removesuffix("…=").rstrip(">…")
    )
    assert found.place.column == written + 1
    vietnamese = Words("vi")
    assert vietnamese.hint(found) != found.hint


def test_one_warning_for_each_kind_and_source(site: Site) -> None:
    body = (
        '<p style="a">Một</p>\n\n<p style="b">Hai</p>\n\n`<form>` <form>Ba</form> <form>Bốn</form>'
    )
    assert [(d.values["what"], d.place.line, d.place.column) for d in removed(site, body)] == [
        ("style=", 7, 4),
        ("<form>", 11, 10),
    ]
    assert site.build(strict=True).counts is None


def test_the_place_is_in_a_tag(site: Site) -> None:
    """Not where the text has the same word."""
    site.write(
        "articles/1.md",
        article("Bài", "Một and hai, style = ba.\n\na<b and c>d</b> <p style=x>e</p>"),
    )
    assert [(d.values["what"], d.place.line, d.place.column) for d in site.build().found] == [
        ("and=", 9, 5), ("c=", 9, 9), ("style=", 9, 20)]  # fmt: skip


def test_check_tells_it_too(site: Site) -> None:
    site.write("a.md", article(body="<form>Chữ</form>"))
    assert [d.code for d in check(site.options, CheckOptions()).found] == ["html-removed"]


@pytest.mark.parametrize(
    "body",
    ['<track src="a.vtt" kind="captions" srclang="vi" label="Tiếng Việt">', '<progress value="1" max="2">nửa</progress>',
     "<ruby>漢<rt>kan</rt></ruby>", '<video src="https://x.vn/a.mp4" controls loop muted></video>',
     '<p role="note" aria-label="Chú ý">Chữ</p>', "<!-- ghi chú -->"],
)  # fmt: skip
def test_what_does_no_harm_is_kept_or_meant_to_be_unseen(body: str, site: Site) -> None:
    site.write("a.vtt", b"WEBVTT\n")
    assert removed(site, f"<div>{body}</div>") == []


# Text that only looks like a tag, and what readers see.
TEXTS = {
    "Kiểu `a` là HashMap<K, V> nhé": "HashMap<K, V> nhé",
    "Write <your name> in the box": "Write <your name> in the box",
    "<details><summary>Xem</summary>\n<https://x.vn/a?b=1> đây\n</details>": "<https://x.vn/a?b=1> đây",
    "Vec<String> và Vec<S> rồi": "Vec<String> và Vec<S> rồi",
    "<div>\nnếu a </3 rồi\n</div>": "</3 rồi",
    "<div><hàng xóm> tới</div>": "<hàng xóm> tới",
    "Ghi <họ tên> vào ô": "Ghi <họ tên> vào ô",
    "Thẻ <lite-video> và <Tabs>": "Thẻ <lite-video> và <Tabs>",
    "List<A> rồi Map<B>": "List<A> rồi Map<B>",
}


def visible(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", html)).split())


@pytest.mark.parametrize("body", TEXTS)
def test_what_is_no_html_element_stays_text(body: str, site: Site) -> None:
    assert removed(site, body) == []
    assert TEXTS[body] in visible(site.read(PAGE))


def test_the_content_of_what_cannot_be_shown_stays(site: Site) -> None:
    """Without scripts, ``<noscript>`` is for everyone; ``<object>`` has a text for those without it."""
    site.write("a.jpg", picture(kind="JPEG"))
    body = '<noscript><img src="a.jpg" alt="Biểu đồ"></noscript>\n\n<object>Bản chữ</object>'
    assert [d.values["what"] for d in removed(site, body)] == ["<object>"]
    assert 'alt="Biểu đồ"' in site.read(PAGE)
    assert "Bản chữ" in site.read(PAGE)


def test_anchors_of_old_pages_still_work(site: Site) -> None:
    site.write("a.md", article(body='[x](#cũ)\n\n<a name="cũ">Đây</a>'))
    assert site.build().found == []


def test_commands_that_markdown_takes_for_attributes_are_told_once(site: Site) -> None:
    site.write("a.md", article(body="Chữ.\n\n{% for x in y %}\n## Đề mục {% endfor %}"))
    assert {d.code for d in site.build().found} == {"markup-left"}


# --- markup of other programs -------------------------------------------------------------------

LEFT = {
    '{{< figure src="a.jpg" >}}': "![what it shows]",
    "{{% notice tip %}}": "> [!NOTE]",
    "{{< youtube w7Ft2ymGmfc >}}": "the video",
    '[x]({{< ref "a.md" >}})': "the other report",
    "{% highlight rust %}": "two lines ```",
    '{% image "a.jpg" "x" %}': "![what it shows]",
    "{% include figure.html %}": "![what it shows]",
    "{% post_url 2020-01-01-a %}": "the other report",
    "{% if page.x %}": "what it stood for",
    '[x]({{ "/a/" | relative_url }})': "the address itself",
    "{{ site.baseurl }}/a/": "the address itself",
    '{{ youtube(id="x") }}': "the video",
    "<%= link_to 'x' %>": "what it stood for",
    ":::note Chú ý\nChữ\n:::": "> [!NOTE]",
    "::: {.warning}\nChữ\n:::": "> [!NOTE]",
    '!!! note "Chú ý"\n    Chữ': "> [!NOTE]",
    "import Tabs from '@theme/Tabs';": "delete it",
    "export const x = 1": "delete it",
    "<Tabs>\n\nChữ\n\n</Tabs>": "as Markdown",
    'Chữ <Chart src="a.csv" /> chữ': "as Markdown",
    "{/* ghi chú */}": "as Markdown",
    '[caption id="1"]Chữ[/caption]': "![what it shows]",
    '[gallery ids="1,2"]': "![what it shows]",
    "[toc]": "of its own",
    "![[anh.jpg]]": "![what it shows]",
}


@pytest.mark.parametrize("body", LEFT)
def test_markup_of_other_programs_is_told_by_builds_and_checks(body: str, site: Site) -> None:
    site.write("a.md", article(body=f"Trước.\n\n{body}"))
    built = [d for d in site.build().found if d.code == "markup-left"]
    assert (built[0].place.line, built[0].severity) == (9, "warning")
    assert LEFT[body] in built[0].hint
    assert Words("vi").hint(built[0]) != built[0].hint
    checked = [d for d in check(site.options, CheckOptions()).found if d.code == "markup-left"]
    assert checked == built


@pytest.mark.parametrize(
    "body",
    ["`{{ x }}`", "```\n{% raw %}\n:::note\n```", "    {{ x }}", "<pre>{{ x }}</pre>", "import duties rise. export it",
     "Vec<String>", "[video](https://x.vn/a)", "Giá: 5 {đồng}", "a::: b", "!!!", "Sao???", "Tỉ lệ 50%}", "- import a"],
)  # fmt: skip
def test_what_is_no_markup_of_other_programs(body: str, site: Site) -> None:
    site.write("a.md", article(body=body))
    assert site.build().found == []


def test_each_command_is_told_once(site: Site) -> None:
    body = (
        '{% image "a" %}\n\n{% image "b" %}\n\n{{ site.url }}/a {{ site.url }}/b\n\n:::tip\nx\n:::'
    )
    site.write("a.md", article(body=body))
    assert [d.place.line for d in site.build().found] == [7, 11, 13]


# --- all problems of a file in one run -----------------------------------------------------------

BODY = """[x](khong-co.md) ![y](khong-co.jpg) [z](#khong) ![](hong.jpg)

<form>Chữ</form> {{ site.url }}
"""
IN_BODY = ["link-broken", "image-missing", "anchor-broken", "image-without-alt", "image-broken", "html-removed",
           "markup-left"]  # fmt: skip
WRONG_KEYS = {
    "a bad date": ({"date": "hôm qua"}, ["date-unreadable"]),
    "an unknown key": ({"catgory": "x"}, ["unknown-key"]),
    "bad YAML": ({"summary": "a: b: c"}, ["yaml-syntax"]),
    "a bad key and a missing lead picture": (
        {"draft": "maybe", "image": "mat.jpg", "attachments": "mat.pdf"},
        ["wrong-type", "image-missing", "cover-without-alt", "attachment-missing"],
    ),
}


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("name", WRONG_KEYS)
def test_a_wrong_key_does_not_hide_the_problems_of_the_text(
    name: str, jobs: int, site: Site
) -> None:
    site.write("hong.jpg", picture(kind="JPEG")[:300])
    keys, codes = WRONG_KEYS[name]
    site.write("a.md", article(body=BODY, **keys))
    site.write("b.md", article("Bài hai"))
    site.options = structs.replace(site.options, jobs=jobs)
    assert sorted(d.code for d in site.build().found) == sorted([*codes, *IN_BODY])
    assert {*codes, *IN_BODY} <= {d.code for d in check(site.options, CheckOptions()).found}
    result = site.build(keep_going=True)
    assert result.left_out == ("a.md",)
    assert result.counts is not None


TWELVE = """---
title: Bài hai
date: 2026-02-31
category: Tin tuc
author: Hải Hanh
slug: Bài Hai
aliases: [tin cũ]
expires: mai
draft: maybe
attachments: mat.pdf
catgory: x
---

## Một

[x](khong-co.md) ![a](mat.jpg)
"""


def test_twelve_mistakes_of_one_file_are_told_in_one_run(site: Site) -> None:
    names = "categories: [{name: Tin tức}]\nauthors: [{name: Hải Hạnh}]\n"
    site.write("site.yaml", SITE + names + "categories_closed: true\nauthors_closed: true\n")
    site.write("a.md", TWELVE)
    wanted = [
        (3, "date-impossible"), (4, "category-unknown"), (5, "author-unknown"), (6, "slug-form"),
        (7, "address-form"), (8, "date-unreadable"), (9, "wrong-type"), (10, "attachment-missing"),
        (11, "unknown-key"), (16, "link-broken"), (16, "image-missing"),
    ]  # fmt: skip
    for found in (site.build().found, check(site.options, CheckOptions()).found):
        assert [(d.place.line, d.code) for d in found] == wanted


def test_a_control_character_does_not_hide_them_either(site: Site) -> None:
    site.write("a.md", article(body="Chữ\x02 [x](khong-co.md)", catgory="x"))
    codes = [d.code for d in site.build().found]
    assert codes == ["unknown-key", "control-character", "link-broken"]


def test_good_references_of_a_bad_source_are_not_reported(site: Site) -> None:
    site.write("anh.jpg", picture(kind="JPEG"))
    site.write("tep.pdf", b"%PDF-1.4")
    site.write("b.md", article("Bài hai", "## Đề mục"))
    body = "![x](anh.jpg) [y](tep.pdf) [z](b.md#de-muc) [a](b.md) [t](/tin-tuc/)"
    site.write("a.md", article(body=body, catgory="x", image="anh.jpg", image_alt="x"))
    assert [d.code for d in site.build().found] == ["unknown-key"]


# --- any text -----------------------------------------------------------------------------------

NAMES = ("K, V", "your name", "T", "https://x.vn/a", "họ tên", "x-y", "Tabs", "3", "S")
TAGS = (
    "div", "p", "b", "span", "form", "button", "header", "details", "table", "td", "object", "noscript",
    "font", "section", "center", "blockquote", "label",
)  # fmt: skip
GONE = ("script", "svg", "style", "template")
HEADS = ("", "- ", "> ", "## ", "1. ", "* ")
ENDS = ("\n", "\n\n", " ", "\n\n")


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, list[str], list[str]]:
    """A text, the words in it that readers should see, and those in elements that are removed whole."""
    pieces: list[str] = []
    words: list[str] = []
    hidden: list[str] = []

    def word() -> str:
        words.append(f"từ{len(words) + len(hidden)}x")
        return words[-1]

    for _ in range(draw(st.integers(1, 8))):
        kind = draw(st.integers(0, 5))
        head = draw(st.sampled_from(HEADS))
        if kind == 0:
            pieces.append(f"{head}{word()} **{word()}** `{word()}`")
        elif kind == 1:
            pieces.append(f"{head}{word()} <{draw(st.sampled_from(NAMES))}> {word()}")
        elif kind == 2:
            tag = draw(st.sampled_from(TAGS))
            pieces.append(f'<{tag} style="x">{word()} <b onclick=1>{word()}</b></{tag}>')
        elif kind == 3:
            tag = draw(st.sampled_from(GONE))
            hidden.append(f"từ{len(words) + len(hidden)}x")
            pieces.append(f"{head}<{tag}>{hidden[-1]}</{tag}> {word()}")
        elif kind == 4:
            pieces.append(f"{head}{word()}{{{{ {word()} }}}} [{word()}](https://x.vn)")
        else:
            pieces.append(f"{head}{word()} a < b & c <3 {word()}")
        pieces.append(draw(st.sampled_from(ENDS)))
    return "".join(pieces), words, hidden


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies())
def test_every_visible_word_is_on_the_page_or_in_a_diagnostic(
    case: tuple[str, list[str], list[str]],
) -> None:
    text, words, hidden = case
    body, found = parse_body(text, "T", "5eed" * 8, Place("a.md", 1), BodyOptions(False, ()))
    codes = {d.code for d in found}
    page = " ".join(body.parts)
    assert "markdown-depth" in codes or [word for word in words if word not in page] == []
    assert not hidden or "html-removed" in codes or all(word in page for word in hidden)
    for name in NAMES:
        if f"<{name}>" in text and not name.startswith("https"):
            assert all(part in page for part in re.findall(r"\w+", name))
