"""Tables and charts in reports: what readers get, messages for editors, what is built again."""

from support import Site, article, told

from kheo.config import BodyOptions
from kheo.diagnostics import Place
from kheo.read.markdown.body import parse_body
from kheo.search.words import plain_text

A, PAGE = "articles/2026/a.md", "tin-tuc/bai-mot/index.html"
CSV = "Năm;Đúng hẹn;Trễ hẹn\n2023;17.905;515\n2024;18.870;196\n2025;9.841;33\n"
CHART = """\
```chart
data: so-lieu.csv
type: bars
title: Hồ sơ đúng hẹn tăng
unit: hồ sơ
source: Bộ phận một cửa
```"""


def write(site: Site, body: str, csv: str | bytes = CSV) -> None:
    site.write("articles/2026/so-lieu.csv", csv)
    site.write(A, article("Bài một", body))
    site.write("articles/2026/b.md", article("Bài hai"))


def test_a_chart_of_a_file(site: Site) -> None:
    write(site, f"Đầu.\n\n{CHART}\n\nCuối.")
    assert told(site.build()) == []
    html = site.read(PAGE)
    assert html.count('<figure class="data">') == 1
    assert "<strong>Hồ sơ đúng hẹn tăng</strong><br>hồ sơ</figcaption>" in html
    assert (
        'aria-label="Biểu đồ thanh: Hồ sơ đúng hẹn tăng. Đúng hẹn: cao nhất 18.870 (2024)' in html
    )
    assert '<td class="right">17.905</td>' in html
    assert "Nguồn: Bộ phận một cửa." in html
    assert '<a href="/tin-tuc/bai-mot/so-lieu.csv" download>Tải số liệu (CSV, 76 B)</a>' in html
    assert site.tree()["tin-tuc/bai-mot/so-lieu.csv"] == CSV.encode()
    assert "style=" not in html
    assert "\0" not in html


def test_a_chart_with_its_own_table_in_a_list(site: Site) -> None:
    chart = "```chart\ndata:\n  Huyện; Hộ\n  Đức Cơ; 48\n  Chư Sê; 17\ntitle: T\n```"
    write(site, "- Một\n\n  " + chart.replace("\n", "\n  "))
    assert told(site.build()) == []
    html = site.read(PAGE)
    assert "<li>" in html.partition('<figure class="data">')[0][-30:]
    assert "<p>Đức Cơ</p>" in html
    assert "download>" not in html.partition("</figure>")[0]


def test_a_table_from_a_file(site: Site) -> None:
    write(site, '![Số liệu một cửa](so-lieu.csv "Nguồn: Bộ phận một cửa")')
    assert told(site.build()) == []
    html = site.read(PAGE)
    figure = html[html.index("<figure>") : html.index("</figure>")]
    assert "<caption><strong>Số liệu một cửa</strong></caption>" in figure
    assert '<th scope="col" class="right">Đúng hẹn</th>' in figure
    assert '<th scope="row">2023</th>' in figure
    assert "Tải số liệu (CSV, 76 B)</a>" in figure
    assert figure.endswith("<figcaption>Nguồn: Bộ phận một cửa</figcaption>")


def test_all_mistakes_are_told_in_one_run_where_they_are(site: Site) -> None:
    site.write("articles/2026/rong.csv", "a;b\n")
    body = f"{CHART}\n\n![Bảng](rong.csv)\n\n![Bảng](mat.csv)\n\n" + CHART.replace("type", "tipe")
    write(site, body, "Năm;Số\n2023;1;2\n2024;=A1\n")
    assert told(site.build()) == [
        "articles/2026/a.md:8:1: error[data-errors]: “so-lieu.csv” has errors, so it cannot be shown here",
        "articles/2026/a.md:15:9: error[data-errors]: “rong.csv” has errors, so it cannot be shown here",
        "articles/2026/a.md:17:9: error[link-broken]: link target not found: “mat.csv”",
        "articles/2026/a.md:21:1: error[unknown-key]: unknown key `tipe`",
        "articles/2026/rong.csv:1:1: error[data-empty]: this table has no rows",
        "articles/2026/so-lieu.csv:2:1: error[data-row]: this row has 3 cells, but the table has 2 columns",
    ]


def test_a_file_that_is_something_else_is_an_error_at_its_line(site: Site) -> None:
    write(site, CHART, b"PK\x03\x04")
    assert told(site.build()) == [
        "articles/2026/a.md:8:1: error[file-content]: “so-lieu.csv” is not a CSV file"
    ]


def test_warnings_in_the_data_do_not_stop_a_build(site: Site) -> None:
    write(site, CHART, "Năm;Số;Ghi chú\n2023;1;-x\n2024;3;y\n")
    result = site.build()
    assert [line.partition(":")[0] for line in told(result)] == ["articles/2026/so-lieu.csv"]
    assert "<td>-x</td>" in site.read(PAGE)


def test_a_draft_with_wrong_data_does_not_stop_a_build(site: Site) -> None:
    write(site, "Một.")
    site.write("articles/2026/sai.csv", "a;b\n1;2;3\n")
    draft = article("Nháp", "![Bảng](sai.csv)", draft="true")
    site.write("articles/2026/nhap.md", draft)
    assert site.build().counts
    site.write("articles/2026/nhap.md", draft.replace("date:", "dat:"))
    assert site.build().counts


def test_only_the_pages_that_show_a_file_change_with_it(site: Site) -> None:
    write(site, CHART)
    site.build()
    before = site.tree()
    site.write("articles/2026/so-lieu.csv", CSV.replace("9.841", "9.999"))
    result = site.build()
    changed = {path for path, data in site.tree().items() if before.get(path) != data}
    assert changed - {".kheo"} == {PAGE, "tin-tuc/bai-mot/so-lieu.csv"}
    assert result.counts
    assert "9.999" in site.read(PAGE)


def test_in_another_language_other_texts_are_numbers(site: Site) -> None:
    write(site, "![Bảng](so-lieu.csv)", "a;b\nx;1,234\ny;1,5\n")
    site.build()
    assert "1,234</td>" in site.read(PAGE)
    site.write(
        "site.yaml",
        (site.options.content / "site.yaml").read_text().replace("language: vi", "language: en"),
    )
    result = site.build()
    assert "articles/2026/so-lieu.csv:3:3: warning[data-mixed]" in "\n".join(told(result))


def test_rows_beyond_the_limit_of_a_page_are_in_the_download(site: Site) -> None:
    long = "a;b\n" + "".join(f"x;{number}\n" for number in range(1_500))
    write(site, "![Một](so-lieu.csv)\n\n![Hai](so-lieu.csv)", long)
    assert told(site.build()) == []
    html = site.read(PAGE)
    assert html.count("<tr>") == 2 * 1 + 2_000
    assert "500 dòng đầu trong 1.500 dòng" in html


def test_the_words_of_a_chart_are_found(site: Site) -> None:
    chart = (
        '```chart\ndata:\n  Huyện; Hộ\n  Đức Cơ; 48\ntitle: "Tăng & <gấp> ba"\nsource: Sở Y tế\n```'
    )
    text = f"{chart}\n\n![Bảng số liệu](so-lieu.csv)"
    body, _ = parse_body(text, "T", "5eed" * 8, Place("a.md", 1), BodyOptions())
    words = plain_text("".join(body.parts)).split()
    assert words == [
        "Tăng",
        "&",
        "<gấp>",
        "ba",
        "Sở",
        "Y",
        "tế",
        "Huyện",
        "Đức",
        "Cơ",
        "Hộ",
        "48",
        "Bảng",
        "số",
        "liệu",
    ]
    write(site, text)
    assert told(site.build()) == []
    assert "@" not in site.read(PAGE).partition("<main")[2].partition("</main")[0]
