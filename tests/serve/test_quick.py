"""The first look at a saved report: what it shows, the build makes too, to the byte."""

from pathlib import Path

import pytest
from msgspec import structs
from support import Site, article, picture

from kheo.serve.quick import FEW, Glance, glance
from kheo.serve.rebuilding import preview_options
from kheo.stages.results import BuildOptions

LONG_TITLE = "Một đầu đề rất dài " * 8
BODY = (
    "Mở đầu.\n\n## Mục một\n\nXem [bài hai](2.md#muc-hai).\n\n![Ảnh](anh.png)\n\n## Mục hai\n\nHết."
)


@pytest.fixture
def options(site: Site) -> BuildOptions:
    """Of a site of three reports and a page, built as the preview builds."""
    site.write("articles/anh.png", picture())
    site.write("articles/1.md", article(slug="mot", body=BODY))
    site.write(
        "articles/2.md", article("Bài hai", slug="hai", body="## Mục hai\n\nChữ.", draft="true")
    )
    site.write(
        "articles/3.md",
        article("Bài ba", body="Một.\n\n<!-- page -->\n\n## Hai\n\nHai.", slug="ba"),
    )
    site.write("pages/lien-he.md", "---\nkind: page\ntitle: Liên hệ\nslug: lien-he\n---\n\nA.\n")  # fmt: skip
    options = preview_options(
        site.options.content, site.options.templates, site.options.cache, site.options.now, 1
    )
    assert not [d for d in site_build(site, options) if d.severity == "error"]
    return options


def site_build(site: Site, options: BuildOptions) -> list[object]:
    site.options = options
    return list(site.build().found)  # type: ignore[return-value]


def look(options: BuildOptions, *files: Path) -> Glance:
    return glance(options, [file.resolve() for file in files])


@pytest.mark.parametrize(
    ("path", "text"),
    {
        "other words": ("articles/1.md", article(slug="mot", body=f"{BODY}\n\nThêm.")),
        "another beginning": ("articles/1.md", article(slug="mot", body=f"Khác.\n\n{BODY}")),
        "another title": ("articles/1.md", article("Đầu đề khác", slug="mot", body=BODY)),
        "a long title": ("articles/1.md", article(LONG_TITLE, slug="mot", body=BODY)),
        "a summary": ("articles/1.md", article(slug="mot", body=BODY, summary="Tóm lại.")),
        "a heading": ("articles/1.md", article(slug="mot", body=BODY.replace("Mục một", "Mục mới"))),
        "a draft": ("articles/2.md", article("Bài 2", slug="hai", body="## Mục hai\n\nC.", draft="true")),
        "in two parts": ("articles/3.md", article("Bài 3", slug="ba", body="M.\n\n<!-- page -->\n\n## Hai\n\nH.")),
        "a standing page": ("pages/lien-he.md", "---\nkind: page\ntitle: Liên hệ\nslug: lien-he\n---\n\nB.\n"),
    }.items(),
    ids=lambda case: case[0] if isinstance(case, tuple) else str(case),
)  # fmt: skip
def test_it_is_what_the_build_makes(
    site: Site, options: BuildOptions, path: str, text: tuple[str, str]
) -> None:
    file = site.write(text[0], text[1])
    seen = look(options, file)
    assert seen.pages
    site_build(site, options)
    for name, data in seen.pages.items():
        assert data == (options.output / name).read_bytes(), name


@pytest.mark.parametrize(
    "text",
    {
        "another address": article(slug="khac", body=BODY),
        "another day": article(slug="mot", body=BODY, date="2021-01-01"),
        "another category": article(slug="mot", body=BODY, category="Khác"),
        "another author": article(slug="mot", body=BODY, author="Hải Hạnh"),
        "published no more": article(slug="mot", body=BODY, draft="true"),
        "a link more": article(slug="mot", body=f"{BODY}\n\n[ba](3.md)"),
        "a part more": article(slug="mot", body=f"{BODY}\n\n<!-- page -->\n\nHai."),
    }.items(),
    ids=lambda case: case[0],
)
def test_what_takes_a_build(site: Site, options: BuildOptions, text: tuple[str, str]) -> None:
    seen = look(options, site.write("articles/1.md", text[1]))
    assert (seen.pages, seen.failed, seen.good) == ({}, {}, {"articles/1.md"})


def test_the_title_of_a_standing_page_is_on_all(site: Site, options: BuildOptions) -> None:
    text = "---\nkind: page\ntitle: Địa chỉ\nslug: lien-he\n---\n\nA.\n"
    seen = look(options, site.write("pages/lien-he.md", text))
    assert (seen.pages, seen.good) == ({}, {"pages/lien-he.md"})


def test_mistakes_are_those_of_the_build(site: Site, options: BuildOptions) -> None:
    file = site.write("articles/1.md", article(slug="mot", catgory="x", dat="y"))
    seen = look(options, file)
    errors = [d for d in site_build(site, options) if d.severity == "error"]  # type: ignore[attr-defined]
    assert list(seen.failed["articles/1.md"]) == errors
    assert seen.pages == {}
    assert look(options, site.write("articles/1.md", article(slug="mot"))).good


def test_a_new_report_is_a_matter_for_the_build(site: Site, options: BuildOptions) -> None:
    seen = look(options, site.write("articles/9.md", article("Bài chín")))
    assert (seen.pages, seen.good) == ({}, {"articles/9.md"})


def test_what_is_no_report(site: Site, options: BuildOptions, tmp_path: Path) -> None:
    outside = tmp_path / "x.md"
    outside.write_text(article())
    content = options.content
    (content / "articles/link.md").symlink_to(outside)
    files = [outside, content / "articles/link.md", content / "gone.md", content / "site.yaml",
             content / "articles", site.write("articles/.swap.md", article()),
             site.write(".drafts/a.md", article())]  # fmt: skip
    assert glance(options, files) == Glance()


def test_many_at_once_are_a_checkout(site: Site, options: BuildOptions) -> None:
    files = [site.write(f"articles/{n}.md", article(f"Bài {n}")) for n in range(FEW + 1)]
    assert look(options, *files) == Glance()


def test_nothing_was_ever_built(site: Site, options: BuildOptions, tmp_path: Path) -> None:
    file = site.write("articles/1.md", article(slug="mot"))
    assert look(structs.replace(options, cache=tmp_path / "none"), file) == Glance()


def test_it_writes_nothing(site: Site, options: BuildOptions) -> None:
    def state() -> dict[str, tuple[int, int]]:
        return {
            str(file): (file.stat().st_mtime_ns, file.stat().st_size)
            for file in options.output.parent.rglob("*")
            if file.is_file() and not file.name.endswith(("-shm", "-wal"))
        }

    file = site.write("articles/1.md", article("Đầu đề khác", slug="mot", body=BODY))
    before = state()
    assert look(options, file).pages
    assert state() == before
