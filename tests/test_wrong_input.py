"""Every mistake that the program knows: what the editor wrote, and exactly what is said of it."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support import ARTICLE, SITE, Site, article, told

from kheo.cli import main

A = "articles/a.md"


# name: (bytes or text of articles/a.md, all that is said)
SOURCES: dict[str, tuple[str | bytes, list[str]]] = {
    "no front matter": (
        "Chỉ có chữ.\n",
        [f"{A}:1:1: error[no-front-matter]: there is no front matter"],
    ),
    "unclosed front matter": (
        "---\ntitle: A\n\nText.\n",
        [
            f"{A}:1:1: error[unclosed-front-matter]: the front matter that begins here is never closed"
        ],
    ),
    "bad YAML": (
        "---\ntitle: Hội nghị: tổng kết\n---\n",
        [
            f"{A}:2:16: error[yaml-syntax]: the YAML cannot be read: this value contains a second `: `"
        ],
    ),
    "an open quote": (
        '---\ntitle: "Hội nghị\ndate: 2020-02-12\n---\nText.\n',
        [
            f"{A}:2:8: error[yaml-syntax]: the YAML cannot be read: a quotation mark is opened but not closed"
        ],
    ),
    "a tab in YAML": (
        "---\ntitle: A\n\tdate: 2020-02-12\n---\n",
        [f"{A}:3:1: error[yaml-tab]: a tab is used for indentation"],
    ),
    "a duplicate key": (
        "---\ntitle: A\ndate: 2020-02-12\ncategory: B\ntitle: C\n---\n",
        [f"{A}:5:1: error[duplicate-key]: the key `title` appears twice; the first is on line 2"],
    ),
    "an unknown key": (
        article(catgory="x"),
        [f"{A}:5:1: error[unknown-key]: unknown key `catgory`"],
    ),
    "a misspelt key is not a missing one too": (
        "---\ntitel: A\ndate: 2020-02-12\ncatgory: B\n---\n",
        [
            f"{A}:2:1: error[unknown-key]: unknown key `titel`",
            f"{A}:4:1: error[unknown-key]: unknown key `catgory`",
        ],
    ),
    "everything missing": (
        "---\nauthor: B\n---\n",
        [
            f"{A}:2:1: error[missing-key]: the key `category` is missing",
            f"{A}:2:1: error[missing-key]: the key `date` is missing",
            f"{A}:2:1: error[missing-key]: the key `title` is missing",
        ],
    ),
    "an empty front matter": (
        "---\n---\nText.\n",
        [
            f"{A}:2:1: error[missing-key]: the key `category` is missing",
            f"{A}:2:1: error[missing-key]: the key `date` is missing",
            f"{A}:2:1: error[missing-key]: the key `title` is missing",
        ],
    ),
    "an empty title": (
        article(title='""'),
        [f"{A}:2:8: error[empty-value]: `title` is empty"],
    ),
    "an empty date": (
        article(date=""),
        [f"{A}:3:1: error[empty-value]: `date` is empty"],
    ),
    "an impossible day": (
        article(date="31/02/2020"),
        [f"{A}:3:7: error[date-impossible]: the date or time “31/02/2020” does not exist"],
    ),
    "an impossible month": (
        article(date="2020-13-45"),
        [f"{A}:3:7: error[date-impossible]: the date or time “2020-13-45” does not exist"],
    ),
    "an unreadable date": (
        article(date="hôm qua"),
        [f"{A}:3:7: error[date-unreadable]: “hôm qua” cannot be read as a date"],
    ),
    "a list for a title": (
        article(title="[a, b]"),
        [f"{A}:2:8: error[wrong-type]: `title` must be one value, not a list"],
    ),
    "a word for a boolean": (
        article(draft="maybe"),
        [f"{A}:5:8: error[wrong-type]: `draft` must be `true` or `false`, not “maybe”"],
    ),
    "a word for a number": (
        article(weight="heavy"),
        [f"{A}:5:9: error[wrong-type]: `weight` must be a whole number, not “heavy”"],
    ),
    "a number out of range": (
        article(weight="5000"),
        [f"{A}:5:9: error[value-range]: `weight` must be between -1000 and 1000"],
    ),
    "too many names": (
        article(author="[" + ", ".join(f"A{n}" for n in range(51)) + "]"),
        [f"{A}:5:250: error[list-too-long]: `author` has more than 50 entries"],
    ),
    "too many other categories": (
        article(also="[" + ", ".join(f"A{n}" for n in range(51)) + "]"),
        [f"{A}:5:248: error[list-too-long]: `also` has more than 50 entries"],
    ),
    "another kind": (
        article(kind="artikel"),
        [f"{A}:5:7: error[value-choice]: `kind` cannot be “artikel”"],
    ),
    "an empty category part": (
        article(category="A > > B"),
        [f"{A}:4:11: error[category-segment]: the category “A > > B” has an empty level"],
    ),
    "too many levels of category": (
        article(category=" > ".join("ABCDEFGHI")),
        [f"{A}:4:11: error[category-depth]: the category is more than 8 levels deep"],
    ),
    "a slug with a slash": (
        article(slug="a/b"),
        [
            f"{A}:5:1: error[slug-form]: the slug “a/b” may contain only letters a-z, digits and hyphens"
        ],
    ),
    "a slug that climbs": (
        article(slug="../x"),
        [
            f"{A}:5:1: error[slug-form]: the slug “../x” may contain only letters a-z, digits and hyphens"
        ],
    ),
    "a slug of nothing": (
        article(title="'!!!'"),
        [f"{A}:2:1: error[slug-empty]: no URL can be made from “!!!”"],
    ),
    "a slug that Windows reserves": (
        article(slug="con"),
        [f"{A}:5:1: error[slug-reserved]: “con” in the URL is a reserved file name on Windows"],
    ),
    "a slug too long": (
        article(slug="a" * 201),
        [f"{A}:5:1: error[slug-too-long]: the slug has 201 characters; the limit is 200"],
    ),
    "an alias elsewhere": (
        article(aliases="https://x.example/"),
        [f"{A}:5:10: error[address-form]: “https://x.example/” is not a valid URL path"],
    ),
    "an alias that climbs": (
        article(aliases="/a/../../b/"),
        [f"{A}:5:10: error[address-form]: “/a/../../b/” is not a valid URL path"],
    ),
    "expired before it began": (
        article(expires="2019-01-01"),
        [
            f"{A}:5:1: error[expires-before-date]: the article expires (2019-01-01) before its publication date"
        ],
    ),
    "a missing picture": (
        article(body="Một.\n\n![ruộng](ruong.jpg)"),
        [f"{A}:9:10: error[image-missing]: the picture “ruong.jpg” does not exist"],
    ),
    "a missing lead picture": (
        article(image="ruong.jpg", image_alt="Ruộng"),
        [f"{A}:5:1: error[image-missing]: the picture “ruong.jpg” does not exist"],
    ),
    "a missing attachment": (
        article(attachments="bieu-mau.pdf"),
        [f"{A}:5:14: error[attachment-missing]: the attachment “bieu-mau.pdf” does not exist"],
    ),
    "a broken link": (
        article(body="Xem [bài](../b.md)."),
        [f"{A}:7:11: error[link-broken]: link target not found: “../b.md”"],
    ),
    "a broken link in HTML": (
        article(body='Xem <a href="b.md">bài</a>.'),
        [f"{A}:7:14: error[link-broken]: link target not found: “b.md”"],
    ),
    "a link out of the content folder": (
        article(body="Xem [bài](../../../etc/passwd)."),
        [
            f"{A}:7:11: error[link-outside-content]: “../../../etc/passwd” points outside the content folder"
        ],
    ),
    "a broken link inside the site": (
        article(body="Xem [bài](/khong-co/)."),
        [f"{A}:7:11: error[link-broken]: link target not found: “/khong-co/”"],
    ),
    "a broken anchor": (
        article(body="## Đổi mới\n\nXem [bài](#doi-moo)."),
        [f"{A}:9:11: error[anchor-broken]: there is no heading “#doi-moo” in articles/a.md"],
    ),
    "an anchor given twice": (
        article(body="## Một {#a}\n\n## Hai {#a}\n\nXem [bài](#a)."),
        [
            f"{A}:9:9: warning[anchor-twice]: the anchor “#a” is defined twice: links go to the first one"
        ],
    ),
    "a link to itself as a draft": (
        article(body="Xem [bài](nhap.md)."),
        [f"{A}:7:11: error[link-unpublished]: “nhap.md” links to an article that is not published"],
    ),
    "a picture without alternative text": (
        article(body="![](nhap.md)"),
        [
            f"{A}:7:1: warning[image-without-alt]: the picture has no alternative text",
            f"{A}:7:5: error[image-missing]: the picture “nhap.md” does not exist",
        ],
    ),
    "an iframe from nowhere": (
        article(body='<iframe src="https://evil.example/"></iframe>'),
        [f"{A}:7:22: warning[iframe-host]: the frame from “evil.example” was removed"],
    ),
    "not UTF-8": (
        b"---\ntitle: t\xfa\n---\n",
        [
            f"{A}:2:9: error[not-utf8]: this file is not UTF-8: byte 0xFA at position 12 cannot be read"
        ],
    ),
    "UTF-16": (
        ARTICLE.encode("utf-16"),
        [f"{A}:1:1: error[encoding]: this file is UTF-16, not UTF-8"],
    ),
    "TCVN3": (
        "---\ntitle: Céng hoµ x· héi chñ nghÜa ViÖt Nam. §éc lËp - Tù do - H¹nh phóc. B¸o c¸o tæng kÕt c«ng t¸c d©n vËn\n---\n".encode(
            "latin-1"
        ),
        [f"{A}:1:1: error[encoding]: this file is TCVN3 (ABC), not UTF-8"],
    ),
    "UTF-8 read as Windows-1252": (
        "---\ntitle: Tiáº¿ng Viá»‡t\n---\nDÃ¢n váº­n khÃ©o thÃ¬ viá»‡c gÃ¬\n",
        [
            f"{A}:1:1: error[encoding]: this file is garbled text (UTF-8 once read as Windows-1252), not UTF-8"
        ],
    ),
    "an empty file": (b"", [f"{A}:0:0: error[empty-file]: this file is empty"]),
    "a blank file": (b"\n \n", [f"{A}:0:0: error[empty-file]: this file is empty"]),
    "a control character": (
        article(body="Một\x0bhai"),
        [
            f"{A}:7:4: error[control-character]: the control character U+000B VERTICAL TAB is not allowed"
        ],
    ),
    "a control character behind an escape": (
        article(title='"a\\u0001b"'),
        [f"{A}:2:8: error[control-character]: the control character U+0001 is not allowed"],
    ),
    "a bidi override": (
        article(body="Một \u202eiah"),
        [
            f"{A}:7:5: error[control-character]: the control character "
            "U+202E RIGHT-TO-LEFT OVERRIDE is not allowed"
        ],
    ),
    "a YAML anchor": (
        article(title="&x A"),
        [f"{A}:2:8: error[yaml-feature]: an anchor (`&x`) is not allowed here"],
    ),
    "a YAML tag": (
        article(title="!!python/object:os.system A"),
        [
            f"{A}:2:8: error[yaml-feature]: a tag (`tag:yaml.org,2002:python/object:os.system`) "
            "is not allowed here"
        ],
    ),
    "a merge bomb": (
        "---\na: &a {b: c}\n" + "".join(f"k{n}: {{<<: [*a, *a]}}\n" for n in range(40)) + "---\n",
        [f"{A}:2:4: error[yaml-feature]: an anchor (`&a`) is not allowed here"],
    ),
    "deep YAML": (
        article(title="[" * 30 + "]" * 30),
        [f"{A}:2:23: error[yaml-depth]: the values are nested more than 16 levels deep"],
    ),
    "long front matter": (
        article(summary="x" * 70_000),
        [
            f"{A}:1:1: error[front-matter-too-long]: the front matter is 70064 bytes long; the limit is 64000"
        ],
    ),
    "a list for front matter": (
        "---\n- a\n---\n",
        [f"{A}:2:1: error[yaml-not-keys]: keys and values are expected here"],
    ),
    "a long text": (
        article(body="x" * 1_000_001),
        [f"{A}:6:1: error[body-too-long]: the text is 1000003 bytes long; the limit is 1000000"],
    ),
}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source(name: str, site: Site) -> None:
    text, expected = SOURCES[name]
    site.write("articles/nhap.md", article(title="Bản nháp", draft="true"))
    site.write(A, text)
    report = site.build()
    assert told(report) == expected
    assert (report.counts is None) == any("error[" in line for line in expected)
    assert site.options.output.exists() == (report.counts is not None)


# name: (files, all that is said)
SITES: dict[str, tuple[dict[str, str | bytes], list[str]]] = {
    "two articles with one address": (
        {A: article(), "articles/b.md": article()},
        [
            "articles/b.md:2:1: error[url-twice]: the URL /tin-tuc/bai-mot/ is already used by articles/a.md"
        ],
    ),
    "an article where a category is": (
        {A: article(category="Tin tức > Bài một"), "articles/b.md": article()},
        [
            "articles/b.md:2:1: error[url-twice]: the URL /tin-tuc/bai-mot/ is already used by "
            "the category “Tin tức > Bài một”"
        ],
    ),
    "an alias to a live page": (
        {A: article(aliases="/tin-tuc/")},
        [f"{A}:5:10: error[alias-live]: the alias /tin-tuc/ is the URL of the category “Tin tức”"],
    ),
    "an alias given twice": (
        {A: article(aliases="/cu/"), "articles/b.md": article(title="B", aliases="/cu")},
        [f"articles/b.md:5:10: error[alias-twice]: the alias /cu/ is also used by {A}"],
    ),
    "an attachment where a part is": (
        {A: article(body="a\n\n<!-- page -->\n\nb", attachments="trang"), "articles/trang": b"x"},
        [
            f"{A}:2:1: error[url-twice]: the URL /tin-tuc/bai-mot/trang/2/index.html is already "
            "used by “articles/trang”"
        ],
    ),
    "two names with one slug": (
        {A: article(author="C++"), "articles/b.md": article(title="B", author="C#")},
        [
            "articles/b.md:5:9: error[term-twice]: “C#” and “C++” would have the same URL, "
            "/tac-gia/c/; “C++” is in articles/a.md:5"
        ],
    ),
    "names that differ by capitals": (
        {A: article(author="Hải Hạnh"), "articles/b.md": article(title="B", author="hải hạnh")},
        [
            "articles/b.md:5:9: error[term-spelling]: “hải hạnh” and “Hải Hạnh” differ only in "
            "capital letters; “Hải Hạnh” is in articles/a.md:5"
        ],
    ),
    "a name without a slug": (
        {A: article(author="'***'")},
        [f"{A}:5:9: error[slug-empty]: no URL can be made from “***”"],
    ),
    "file names that differ by capitals": (
        {A: article(), "articles/A.md": article(title="B")},
        [
            "articles/a.md:0:0: error[duplicate-file-name]: the names of this file and “articles/A.md” differ only in capital letters"
        ],
    ),
    "a folder called x.md": (
        {A: article(), "articles/x.md/b.txt": b""},
        ["articles/x.md:0:0: error[not-a-file]: this is a folder, not a file"],
    ),
    "an unknown category where the list is closed": (
        {
            A: article(category="Tin túc"),
            "site.yaml": SITE + "categories_closed: true\ncategories: [{name: Tin tức}]\n",
        },
        [f"{A}:4:1: error[category-unknown]: the category “Tin túc” is not listed in site.yaml"],
    ),
    "a numeric date in a language without an order": (
        {A: article(date="05/03/2026"), "site.yaml": SITE.replace("language: vi", "language: en")},
        [
            f"{A}:3:7: error[date-ambiguous]: “05/03/2026” is ambiguous: it could be two different dates"
        ],
    ),
    "no site.yaml": (
        {A: article(), "site.yaml": b""},
        ["site.yaml:0:0: error[empty-file]: this file is empty"],
    ),
    "all mistakes of site.yaml": (
        {
            "site.yaml": SITE.replace("Asia/Ho_Chi_Minh", "Asia/Saigo").replace("https:", "ftp:")
            + "page_size: 0\npermalnk: x\nauthors: [{name: A, slug: B C}]\n"
        },
        [
            "site.yaml:2:11: error[url-scheme]: `base_url` must be a URL that starts with https:// or http://",
            "site.yaml:6:12: error[value-range]: `page_size` must be between 1 and 500",
            "site.yaml:7:1: error[unknown-key]: unknown key `permalnk`",
        ],
    ),
    "more mistakes of site.yaml": (
        {
            "site.yaml": SITE.replace("Asia/Ho_Chi_Minh", "Asia/Saigo")
            + 'permalink: "{categry}/{slug}/"\nauthors: [{name: A, slug: B C}]\niframe_hosts: "a b"\n'
        },
        [
            "site.yaml:4:1: error[zone-unknown]: unknown time zone “Asia/Saigo”",
            "site.yaml:6:1: error[permalink-form]: unknown field {categry} in the permalink pattern",
            "site.yaml:7:21: error[slug-form]: the slug “B C” may contain only letters a-z, digits and hyphens",
            "site.yaml:8:1: error[host-form]: “a b” is not a host name",
        ],
    ),
    "a menu that leads nowhere": (
        {A: article(), "site.yaml": SITE + "menu: [{title: X, link: pages/x.md}]\n"},
        ["site.yaml:6:25: error[link-broken]: link target not found: “pages/x.md”"],
    ),
    "mistakes of three files in one run": (
        {A: article(catgory="x"), "articles/b.md": b"\xff", "articles/c.md": article(date="x")},
        [
            f"{A}:5:1: error[unknown-key]: unknown key `catgory`",
            "articles/b.md:1:1: error[not-utf8]: this file is not UTF-8: byte 0xFF at position 0 cannot be read",
            "articles/c.md:3:7: error[date-unreadable]: “x” cannot be read as a date",
        ],
    ),
}


@pytest.mark.parametrize("name", SITES)
def test_a_site(name: str, site: Site) -> None:
    files, expected = SITES[name]
    for path, text in files.items():
        site.write(path, text)
    report = site.build()
    assert told(report) == expected
    assert report.counts is None
    assert not site.options.output.exists()


def test_suggestions(site: Site) -> None:
    site.write("articles/ruong-lua.jpg", b"x")
    site.write(A, article(catgory="x", image="ruong-lau.jpg", image_alt="Ruộng", kind="pages"))
    assert [d.hint for d in site.build().found] == [
        "did you mean “category”?", "did you mean “ruong-lua.jpg”?", "did you mean “page”?",
    ]  # fmt: skip
    site.write(A, article(image="ruong-lau.jpg", image_alt="Ruộng"))
    assert [d.hint for d in site.build().found] == ["did you mean “ruong-lua.jpg”?"]


def test_links_and_special_files(site: Site, tmp_path: Path) -> None:
    site.write(A, article())
    secret = tmp_path / "secret.md"
    secret.write_text(article(title="Secret"), encoding="utf-8")
    folder = site.options.content / "articles"
    (folder / "out.md").symlink_to(secret)
    (folder / "inside.md").symlink_to(folder / "a.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "folder").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "pipe.md")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "s.md"))
        report = site.build()
    assert told(report) == [
        "articles/folder:0:0: error[link-outside]: this symbolic link points outside the folder content",
        "articles/inside.md:2:1: error[url-twice]: the URL /tin-tuc/bai-mot/ is already used by articles/a.md",
        "articles/loop.md:0:0: error[unreadable]: this file cannot be read: Too many levels of symbolic links",
        "articles/out.md:0:0: error[link-outside]: this symbolic link points outside the folder content",
        "articles/pipe.md:0:0: error[not-a-file]: this is a named pipe, not a file",
        "articles/s.md:0:0: error[not-a-file]: this is a socket, not a file",
    ]


def test_a_file_that_may_not_be_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    file = site.write(A, article())

    def refuse(
        path: str, *how: Any, **more: Any
    ) -> Any:  # root may read everything; CI is often root
        if path == str(file):
            raise PermissionError(13, "Permission denied", path)
        return open(path, *how, **more)  # noqa: PTH123 - what stands for it here

    monkeypatch.setattr("kheo.read.sources.open", refuse, raising=False)
    assert told(site.build()) == [
        f"{A}:0:0: error[unreadable]: this file cannot be read: Permission denied"
    ]


def test_a_long_title_is_cut_at_a_word_and_stays_unique(site: Site) -> None:
    long = "Hội nghị tổng kết công tác dân vận " * 8
    site.write(A, article(title=long + "một"))
    site.write("articles/b.md", article(title=long + "hai"))
    assert told(site.build()) == []
    slugs = [
        path.parent.name for path in (site.options.output / "tin-tuc").glob("hoi-*/index.html")
    ]
    assert len(slugs) == 2
    assert all(len(slug) <= 120 for slug in slugs)


class TestTemplates:
    @pytest.fixture
    def theme(self, site: Site) -> Path:
        import shutil

        site.write(A, article())
        shutil.copytree(site.options.templates, site.root / "templates")
        return site.root / "templates"

    def test_syntax_errors_of_all_templates(self, site: Site, theme: Path) -> None:
        (theme / "home.html").write_text("one\n{% if %}\n", encoding="utf-8")
        (theme / "page.html").write_text("{{ \n", encoding="utf-8")
        assert told(site.build(templates=theme)) == [
            "home.html:2:1: error[template-syntax]: the template cannot be read: "
            "Expected an expression, got 'end of statement block'",
            "page.html:1:1: error[template-syntax]: the template cannot be read: "
            "unexpected 'end of template'",
        ]

    def test_an_undefined_name(self, site: Site, theme: Path) -> None:
        (theme / "article.html").write_text("one\ntwo {{ page.titel }}\n", encoding="utf-8")
        assert told(site.build(templates=theme)) == [
            "article.html:2:1: error[template-name]: 'kheo.views.ArticleView object' "
            "has no attribute 'titel' (while rendering /tin-tuc/bai-mot/)"
        ]
        assert not site.tree()

    def test_a_mistake_that_many_pages_show_is_told_once(self, site: Site, theme: Path) -> None:
        for number in range(5):
            site.write(f"{number}.md", article(f"Bài {number}"))
        (theme / "article.html").write_text("\n{{ page.khong_co }}", encoding="utf-8")
        (found,) = told(site.build(templates=theme))
        assert found.endswith("(while rendering /tin-tuc/bai-0/)")

    def test_a_missing_template(self, site: Site, theme: Path) -> None:
        (theme / "page.html").write_text('\n{% include "kheo/nowhere.html" %}', encoding="utf-8")
        assert told(site.build(templates=theme)) == [
            "page.html:2:1: error[template-missing]: the template kheo/nowhere.html does not exist"
        ]

    def test_a_folder_that_is_asked_for_and_not_there(self, site: Site) -> None:
        result = CliRunner().invoke(main, ["check", "--templates", str(site.root / "nowhere")])
        assert result.exit_code == 2
        assert "there is no folder" in result.output


class TestOutput:
    def test_a_folder_with_other_files_is_refused(self, site: Site) -> None:
        site.write(A, article())
        site.options.output.mkdir()
        (site.options.output / "thesis.doc").write_text("mine", encoding="utf-8")
        report = site.build()
        assert told(report) == [
            "thesis.doc:0:0: error[output-foreign]: thesis.doc was not written by this program"
        ]
        assert set(site.tree()) == {"thesis.doc"}
        assert site.build(force=True).counts is not None
        assert site.read("thesis.doc") == "mine"

    def test_a_foreign_file_in_the_way(self, site: Site) -> None:
        site.write(A, article())
        site.build()
        site.write("articles/b.md", article(title="Bài hai"))
        way = site.options.output / "tin-tuc" / "bai-hai"
        way.write_text("mine", encoding="utf-8")  # where a folder goes: `--force` leaves it too
        before = site.tree()
        assert [d.code for d in site.build().found] == ["output-folder"]
        assert site.tree() == before

    @pytest.mark.parametrize("output", ["content/output", "content", "."])
    def test_overlapping_folders_are_refused(self, output: str, site: Site) -> None:
        site.write(A, article())
        report = site.build(output=site.root / output)
        assert [d.code for d in report.found] == ["output-overlap"]

    def test_the_last_good_site_stays_byte_for_byte(self, site: Site) -> None:
        site.write(A, article())
        site.build()
        before = site.tree()
        site.write(A, article(title="Khác", catgory="x"))
        site.write("articles/b.md", article(title="Bài hai"))
        assert site.build().counts is None
        assert site.tree() == before
