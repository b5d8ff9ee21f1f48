"""Files that are not pictures, alone in a paragraph: what readers get, and messages for editors."""

from films import pdf
from support import Site, article, told

A = "articles/2026/a.md"
PAGE = "tin-tuc/bai-mot/index.html"
PDF = pdf()


def test_a_pdf_is_a_card_with_its_title_and_size(site: Site) -> None:
    site.write("articles/2026/plan.pdf", PDF)
    site.write(A, article(body='![Kế hoạch](plan.pdf "Năm năm")'))
    assert told(site.build()) == []
    assert (
        '<figure><a class="file" href="/tin-tuc/bai-mot/plan.pdf">Kế hoạch <span class="meta">PDF, '
        f"2 trang, {len(PDF)} B</span></a><figcaption>Năm năm</figcaption></figure>"
    ) in site.read(PAGE)
    assert site.tree()["tin-tuc/bai-mot/plan.pdf"] == PDF


def test_a_file_that_is_not_what_its_name_says_is_an_error_at_its_line(site: Site) -> None:
    site.write("articles/2026/plan.pdf", b"PK\x03\x04")
    site.write(A, article(body="Một.\n\n![Kế hoạch](plan.pdf)"))
    assert told(site.build()) == [
        "articles/2026/a.md:9:13: error[file-content]: “plan.pdf” is not a PDF file"
    ]


def test_a_file_in_the_middle_of_a_text_is_an_error(site: Site) -> None:
    site.write("articles/2026/plan.pdf", PDF)
    site.write(A, article(body="Xem ![Kế hoạch](plan.pdf) này."))
    assert told(site.build()) == [
        "articles/2026/a.md:7:17: error[figure-not-alone]: “plan.pdf” is not a picture, and is in the "
        "middle of a text"
    ]


def test_only_the_pages_that_show_a_file_change_with_it(site: Site) -> None:
    site.write("articles/2026/plan.pdf", PDF)
    site.write(A, article(body="![Kế hoạch](plan.pdf)"))
    site.write("articles/2026/b.md", article("Bài hai"))
    site.build()
    before = site.tree()
    site.write("articles/2026/plan.pdf", PDF + b"more")
    site.build()
    changed = {path for path, data in site.tree().items() if before.get(path) != data}
    assert changed - {".kheo"} == {PAGE, "tin-tuc/bai-mot/plan.pdf"}
