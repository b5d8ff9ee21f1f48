"""``new``, as it is used: on one line, and by answering in a terminal."""

import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, SITE, Site, article, told

from kheo.cli import main
from kheo.commands.new_source import completer, known_names, quoted
from kheo.read.settings import read_settings


@pytest.fixture
def used(site: Site) -> Site:
    site.write("articles/a.md", article(author="Hải Hạnh", campaign="Dân vận khéo"))
    assert told(site.build()) == []
    return site


def run(site: Site, *arguments: str) -> tuple[int, str]:
    folders = ["--content", str(site.options.content), "--templates", str(ROOT / "templates"),
               "--cache", str(site.options.cache)]  # fmt: skip
    result = CliRunner().invoke(main, ["new", *arguments, *folders])
    return result.exit_code, result.output


def test_a_line(used: Site) -> None:
    status, said = run(
        used, "Hội nghị: tổng kết  năm #1", "--category", "Tin tức > Trong tỉnh", "--author", "Hải Hạnh",
        "--author", "- Đỗ 'Mai'", "--campaign", "Dân vận khéo", "--date", "2026-03-05",
    )  # fmt: skip
    file = used.options.content / "articles/2026/hoi-nghi-tong-ket-nam-1.md"
    assert (status, said) == (0, f"{file}\n")
    assert file.read_text(encoding="utf-8") == (
        "---\ntitle: 'Hội nghị: tổng kết năm #1'\ndate: 2026-03-05\n"
        "slug: hoi-nghi-tong-ket-nam-1\nauthor:\n  - Hải Hạnh\n"
        "  - '- Đỗ ''Mai'''\ncategory: Tin tức > Trong tỉnh\ncampaign: Dân vận khéo\n---\n\n"
    )
    assert told(used.build()) == []


def test_a_date_as_front_matter_may_have_it(used: Site) -> None:
    status, said = run(used, "Bài", "--category", "Tin", "--date", "5/3/2026 8:30")
    assert status == 0
    assert "\ndate: 2026-03-05 08:30\n" in Path(said.strip()).read_text(encoding="utf-8")
    assert told(used.build(future=True)) == []


def test_what_is_there_is_not_overwritten(used: Site) -> None:
    line = ("Bài", "--category", "Tin", "--date", "2026-03-05")
    assert run(used, *line)[0] == 0
    file = used.options.content / "articles/2026/bai.md"
    file.write_text("mine", encoding="utf-8")
    status, said = run(used, *line)
    assert (status, file.read_text(encoding="utf-8")) == (1, "mine")
    assert "already exists" in said


@pytest.mark.parametrize(
    ("line", "says"),
    [([], "the title is missing"), (["Bài"], "`--category` is missing"),
     (["!!!", "--category", "Tin"], "needs at least one letter or digit"),
     (["Bài", "--category", "Tin > > Xã"], "the category “Tin > > Xã” has an empty level"),
     (["Bài", "--category", "Tin", "--date", "2026-02-31"], "“2026-02-31” does not exist"),
     (["Bài", "--category", "Tin", "--date", "mai"], "write it as year-month-day"),
     (["CON", "--category", "Tin"], "a reserved file name on Windows")],
)  # fmt: skip
def test_misuse(line: list[str], says: str, used: Site) -> None:
    before = used.tree(), sorted(used.options.content.rglob("*"))
    status, said = run(used, *line)
    assert status == 2
    assert says in said
    assert (used.tree(), sorted(used.options.content.rglob("*"))) == before


def test_the_editor_opens_it(used: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "Chào.\\n" >> "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    run(used, "Bài", "--category", "Tin", "--date", "2026-03-05", "--edit")
    file = used.options.content / "articles/2026/bai.md"
    assert file.read_text(encoding="utf-8").endswith("---\n\nChào.\n")


class Terminal:
    """``new`` in a pseudo-terminal."""

    def __init__(self, site: Site, *options: str) -> None:
        self.own, other = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "build.py", "new", *options, "--content", site.options.content,
             "--templates", ROOT / "templates", "--cache", site.options.cache],
            stdin=other, stdout=other, stderr=other, close_fds=True, env={**os.environ, "TERM": "dumb"},
        )  # fmt: skip
        os.close(other)

    def answer(self, question: str, text: str) -> None:
        """Waits for the question, and types."""
        seen = b""
        while question.encode() not in seen:
            seen += os.read(self.own, 1024)
        os.write(self.own, text.encode())

    def rest(self) -> str:
        """What it says until it has ended well."""
        seen = b""
        with suppress(OSError):  # so Linux tells that the other end is closed
            while more := os.read(self.own, 1024):
                seen += more
        assert self.process.wait(20) == 0
        os.close(self.own)
        return seen.decode()


def test_questions_in_a_terminal(used: Site) -> None:
    """The tab key completes what the site has already."""
    terminal = Terminal(used, "--date", "2026-03-05")
    terminal.answer("Title", "Bài mới\n")
    terminal.answer("Category", "tin\t\n")
    terminal.answer("Author", "hai\t\n")
    terminal.answer("Campaign", "\n")
    assert "is new: no article" not in terminal.rest()
    text = (used.options.content / "articles/2026/bai-moi.md").read_text(encoding="utf-8")
    assert (
        text == "---\ntitle: Bài mới\ndate: 2026-03-05\nslug: bai-moi\nauthor: Hải Hạnh\n"
        "category: Tin tức\n---\n\n"
    )


def test_what_cannot_be_is_asked_again_and_what_is_new_is_told(used: Site) -> None:
    terminal = Terminal(
        used, "--date", "2026-03-05", "--author", "Đỗ Mai", "--campaign", "Dân vận khéo"
    )
    terminal.answer("Title", "!!!\n")
    terminal.answer("Title", "Bài hai\n")
    terminal.answer("Category", "Tin tức > \n")
    terminal.answer("Category", "Tin tức\n")
    said = terminal.rest()
    assert "“Đỗ Mai” is new: no article uses it yet" in said
    assert said.count("is new") == 1
    assert (used.options.content / "articles/2026/bai-hai.md").is_file()


@pytest.mark.parametrize(("answer", "written"), [("\n", "Tin tức"), ("y\n", "Tin tức"),
                                                  ("n\n", "Tin tuc")])  # fmt: skip
def test_a_name_that_is_nearly_an_old_one_is_asked_about(
    used: Site, answer: str, written: str
) -> None:
    terminal = Terminal(used, "Bài hai", "--date", "2026-03-05", "--category", "Tin tuc",
                        "--author", "Hải Hạnh", "--campaign", "Dân vận khéo")  # fmt: skip
    terminal.answer("“Tin tuc” is new. Did you mean “Tin tức”? [Y/n]", answer)
    terminal.rest()
    text = (used.options.content / "articles/2026/bai-hai.md").read_text(encoding="utf-8")
    assert f"\ncategory: {written}\n" in text


@pytest.mark.parametrize(
    ("option", "name", "meant"),
    [("--category", "Newss", "News"), ("--category", "Doi song > Y tế", "Đời sống > Y tế"),
     ("--category", "Y tế", "Đời sống > Y tế"), ("--author", "Hai Hanh", "Hải Hạnh"),
     ("--author", "Hải Hạn", "Hải Hạnh"), ("--campaign", "Dân vận khoé", "Dân vận khéo"),
     ("--author", "Đỗ Mai", ""), ("--category", "Đời sống", "")],
)  # fmt: skip
def test_where_nobody_can_be_asked_a_note_says_what_may_be_meant(
    used: Site, option: str, name: str, meant: str
) -> None:
    used.write("articles/b.md", article("Bài hai", category="News", also="Đời sống > Y tế"))
    used.build()
    given = [] if option == "--category" else ["--category", "Tin tức"]
    status, said = run(used, "Bài mới", "--date", "2026-03-05", option, name, *given)
    assert status == 0
    assert (f"did you mean “{meant}”?" in said) == bool(meant)
    assert name in (used.options.content / "articles/2026/bai-moi.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("option", "name", "says"),
    [("--category", "Tin tuc", "the category “Tin tuc” is not listed in site.yaml\n    did you mean “Tin tức”?"),
     ("--author", "Zung", "the author “Zung” is not listed in site.yaml\n    add the name"),
     ("--campaign", "Làng xanh", "the campaign “Làng xanh” is not listed in site.yaml")],
)  # fmt: skip
def test_a_closed_list_is_closed(site: Site, option: str, name: str, says: str) -> None:
    lists = "categories: [{name: Tin tức}]\nauthors: [{name: Hải Hạnh}]\n"
    closed = "".join(f"{kind}_closed: true\n" for kind in ("categories", "authors", "campaigns"))
    site.write("site.yaml", SITE + lists + closed)
    given = [] if option == "--category" else ["--category", "Tin tức"]
    status, said = run(site, "Bài mới", option, name, *given)
    assert status == 2
    assert says in said
    assert not list(site.options.content.rglob("*.md"))


def test_names_are_known_before_the_first_build(site: Site) -> None:
    """Those of the reports, the most used first, and those that site.yaml lists."""
    site.write(
        "site.yaml",
        SITE + "authors: [{name: Bá Tho}]\ncategories: [{name: Tin, children: [{name: Xã}]}]\n",
    )
    for number, name in enumerate(["Hải Hạnh", "An Thùy", "An Thùy"]):
        site.write(f"{number}.md", article(f"Bài {number}", author=name, category="Tin > Xã"))
    settings, _ = read_settings(site.options.content, ROOT / "templates", "")
    known = known_names(site.options.content, site.options.cache, settings)
    assert known.authors == ["An Thùy", "Hải Hạnh", "Bá Tho"]
    assert known.categories == ["Tin > Xã", "Tin"]
    assert not site.options.cache.exists()


def test_names_are_completed_without_accents() -> None:
    complete = completer(["Hải Hạnh", "Hà Mai", "Đỗ Mai"])
    assert [complete("ha", n) for n in range(3)] == ["Hải Hạnh", "Hà Mai", None]
    assert complete("do", 0) == "Đỗ Mai"


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20))
def test_quoting(text: str) -> None:
    import yaml

    node = yaml.compose(f"key: {quoted(text)}\n", Loader=yaml.CBaseLoader)
    assert [(key.value, value.value) for key, value in node.value] == [("key", text)]


def test_the_url_stays_when_the_title_is_edited(used: Site) -> None:
    _, said = run(used, "Bài mới", "--category", "Tin tức", "--date", "2026-03-05")
    file = Path(said.strip())
    text = file.read_text(encoding="utf-8")
    assert "\nslug: bai-moi\n" in text
    file.write_text(text.replace("title: Bài mới", "title: Bài hay"), encoding="utf-8")
    assert told(used.build()) == []
    assert "Bài hay" in used.read("tin-tuc/bai-moi/index.html")


def test_the_page_of_a_campaign(used: Site) -> None:
    status, said = run(used, "--campaign-page", "Dân vận  khéo", "--date", "2026-03-05")
    file = used.options.content / "campaigns/dan-van-kheo.md"
    assert (status, said) == (0, f"{file}\n")
    text = "---\nname: Dân vận khéo\nslug: dan-van-kheo\nstart: 2026-03-05\n---\n\n"
    assert file.read_text(encoding="utf-8") == text
    assert told(used.build()) == []
    assert run(used, "--campaign-page", "Dân vận khéo")[0] == 1  # it is there
    used.write("site.yaml", SITE + "campaigns: [{title: Khác, description: D}]\n")
    for line in (
        ["Bài", "--campaign-page", "A"],
        ["--campaign-page", "!!!"],
        ["--campaign-page", "Khác"],
    ):
        status, said = run(used, *line)
        assert status == 2, said
