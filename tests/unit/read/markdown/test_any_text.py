"""The shortcut for plain paragraphs changes nothing, and the parsers take any text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kheo.diagnostics import Place
from kheo.read.decoding import decode_source
from kheo.read.markdown.convert import convert
from kheo.read.markdown.plain import plain_paragraphs
from kheo.read.markdown.sanitise import sanitise

PROSE = (
    "Quán triệt sâu sắc các nội dung lãnh đạo, chỉ đạo của Trung ương, Tỉnh ủy, Ủy ban nhân dân tỉnh "
    "về công tác dân vận, với quan điểm“Dân vận khéo thì việc gì cũng thành công”. \n\n"
    "Mô hình “Trình diễn lúa nước” tại địa bàn xã Ia Mơ: 5.483 m2 (75,6 ha); 500.000đ/cháu/tháng.\n"
    "04 cháu là người Campuchia… tặng 05 con bò - trị giá 45 triệu đồng!\n\n\n"
    '12/02/2020, thi đua "Dân vận khéo” + nông thôn mới = 951 hộ; Chỉ thị số 12-CT/TU #1 | 50% ~ 8.'
)

# One line for every construct of Python-Markdown's syntax page and of the extensions in use.
CONSTRUCTS = [
    "Đổi mới", "văn bản thường, có dấu phẩy.", "a", "", "", "", " ", "\t", "\xa0", "x  ", "x   ",
    "# Một", "## Hai ##", "###Ba", "#### Bốn {#bon}", "####### Bảy", "# *a* `b` [c](d) &amp; <b>x</b>",
    "## Đổi mới", "## Đổi mới", "## site-map", "## ??", "##", "===", "---", "- - -", "***", "___", "* * *",
    "> trích", ">> hai lần", "> - mục", "> # đầu", ">", "    mã < > & *x*", "\tmã", "        sâu",
    "- một", "* hai", "+ ba", "- - lồng", "1. thứ nhất", "2. thứ hai", "7) không", "12.không", "3. ",
    "    - con", "    1. con", "    tiếp", "        - cháu", "  lười", "- [ ] việc", "-không", "1.x",
    "```", "``` python", "~~~", "```{.py #a k=v}", "`mã`", "`` a ` b ``", "`hở", "\\`x`",
    "*nghiêng*", "**đậm**", "***cả hai***", "_nghiêng_", "__đậm__", "a_b_c", "*hở", "**hở", "* *", "*a **b** c*",
    "[chữ](dia-chi.md)", '[chữ](dia-chi.md "tên")', "[chữ](<a b.md>)", "[chữ][mã]", "[mã]", "[mã][]",
    "[mã]: https://a.vn/x 'Tên'", "[Mã]: <b.md>", "  [mã]: c.md", "[mã]:", "  'tên'", "[hở", "[hở](", "](", "[[a](b)",
    "![ảnh](a.jpg)", '![ảnh](a.jpg "chú thích")', "![](a.jpg)", "![ảnh][mã]", "![mã]", "![", "[![a](b.jpg)](c)",
    "<https://a.vn/?x=1&y=2>", "<ai@a.vn>", "<b>", "</b>", "<div>", "</div>", "<p class='x'>khối</p>", "<br/>", "<br>",
    "<!-- ghi chú -->", "<!-- hở", "-->", "<!-- page -->", "  <!-- page -->", "<?php x ?>", "<![CDATA[x]]>", "<",
    "<script>alert(1)</script>", "<hr>", "<img src=x>", "<span>*a*</span>", '<a href="x">*y*</a>', "1 < 2 > 0",
    "&amp;", "&copy;", "&#169;", "&x", "A & B", "&", "&lt;b&gt;", "\\*sao\\*", "\\#", "\\", "\\\\", "\\[a]", "\\{",
    "a[^1]", "a[^hai][^1]", "[^1]: chú", "[^hai]: chú **đậm**", "    đoạn hai của chú", "[^1]:", "[^x]", "///Footnotes Go Here///",
    "*[HTML]: Hyper Text", "*[ĐV]: Dân vận", "HTML và ĐV", "*[x]: ''", "HTML",
    "thuật ngữ", ": định nghĩa", ":   nghĩa hai", "  : nghĩa", ":không", "thuật ngữ\n: nghĩa",
    "| a | b |", "|---|---|", "| :-: | --: |", "a | b", "--|--", "| `x|y` | \\| |", "| 1 | 2 |", "|", "|a|", "|-|",
    "{: .lop}", "{: #ma k=v}", "đoạn {: .lop}", "*a*{: .lop}", "{: onclick=x}", "{", "}", "{: .a } }", "{.x}",
    "http://a.vn/b_c_d", "$x$", "~xoá~", "~~xoá~~", "=", "-", "+", ":", "|", "!", "!a", "“ngoặc”", "– gạch", "…",
    "12/02/2020", "5.483 m2", "1.", "1986. Năm", "İ", "ﬁ", "한국", "👍🏽", "e\u0301", "a\u3000b", "\u3000lùi", "\xa0lùi",
    "\x02", "\x03", "\x02klzzwxh:0000\x03", "\x02wzxhzdk:0\x03", "klzzwxh:0000", "a\x0bb",
    "[TOC]", "Câu một.  ", "Câu hai\\", "'nháy'", "(ngoặc)", "a*b*c", "2*3*4", "_", "**", "`",
]  # fmt: skip

LINES = st.one_of(
    st.sampled_from(CONSTRUCTS),
    st.lists(st.sampled_from(CONSTRUCTS), min_size=2, max_size=3).map(" ".join),
    st.tuples(st.sampled_from(["> ", "- ", "1. ", "    ", "  ", "* ", ": "]), st.sampled_from(CONSTRUCTS)).map("".join),
    st.text(alphabet="ab đ*_`[]()<>!&#-+=:|~\\{}^.1\"' \t\n", max_size=12),
    st.text(max_size=6),
)  # fmt: skip
TEXTS = st.lists(LINES, max_size=12).map("\n".join)


NEARLY_PLAIN = st.one_of(
    TEXTS,
    st.text(alphabet="aĐ1. \t\xa0“-–(|:~!#\n", max_size=24),
    st.lists(
        st.sampled_from(["Đổi mới", "a", " ", "  ", "\t", "\n", "\n\n", "1", "2.", ". ", "\xa0", "“", "| ", "#", "!", "}", ">"]),
        max_size=12,
    ).map("".join),
)  # fmt: skip


@example("a  \nb")
@example("a \nb \n\n\n\nc  ")
@example("a\tb")
@example("1. a\n2. b")
@example("1986.a\n12/02/2020\n2")
@example("a\n b")
@example("a\n\xa0b\n\n\xa0c")
@example("a | b\nc | d\n| e")
@example("a\n1.")
@example("a\n===")
@example("a www.b.vn")
@given(NEARLY_PLAIN)
@settings(deadline=None, derandomize=True, max_examples=6 * settings().max_examples)
def test_plain_paragraphs_are_what_all_stages_would_give(text: str) -> None:
    clean, found = decode_source(text.encode(errors="replace"), Place("a.md"), "en")
    plain = None if found else plain_paragraphs(clean, escape_spaces=True)
    if plain is not None:
        (part,) = convert(clean, "0a1b2c").parts
        assert plain == sanitise(part)[0]


@given(TEXTS)
@settings(deadline=None, derandomize=True, max_examples=5 * settings().max_examples)
def test_any_text_is_converted(text: str) -> None:
    convert(text, "0a1b2c")


@pytest.mark.parametrize(
    "form", ["{}", "đoạn\n{}", "{}\ntiếp", "- {}\n    {}", "> {}\n{}", "a {} b"]
)
def test_each_construct_is_converted(form: str) -> None:
    for line in CONSTRUCTS:
        convert(form.format(line, line), "0a1b2c")


def test_prose() -> None:
    text = PROSE.rpartition("\n\n")[0]
    (part,) = convert(text, "0a1b2c").parts
    assert plain_paragraphs(text, escape_spaces=False) == part


def test_the_shortcut_is_taken() -> None:
    assert plain_paragraphs(PROSE.rpartition("\n\n\n")[0], escape_spaces=True) is not None
    assert plain_paragraphs("# a", escape_spaces=True) is None
