"""``new``, as it is used: on one line, and by answering in a terminal."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, Site, article, told

from generator.cli import main
from generator.commands.new_source import completer, quoted


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
        "---\ntitle: 'Hội nghị: tổng kết năm #1'\ndate: 2026-03-05\nauthor:\n  - Hải Hạnh\n"
        "  - '- Đỗ ''Mai'''\ncategory: Tin tức > Trong tỉnh\ncampaign: Dân vận khéo\n---\n\n"
    )
    assert told(used.build()) == []


def test_what_is_there_is_not_overwritten(used: Site) -> None:
    line = ("Bài", "--category", "Tin", "--date", "2026-03-05")
    assert run(used, *line)[0] == 0
    file = used.options.content / "articles/2026/bai.md"
    file.write_text("mine", encoding="utf-8")
    status, said = run(used, *line)
    assert (status, file.read_text(encoding="utf-8")) == (1, "mine")
    assert "is there already" in said


@pytest.mark.parametrize(
    ("line", "says"),
    [([], "the title is missing"), (["Bài"], "`--category` is missing"),
     (["!!!", "--category", "Tin"], "needs letters or digits")],
)  # fmt: skip
def test_misuse(line: list[str], says: str, used: Site) -> None:
    status, said = run(used, *line)
    assert status == 2
    assert says in said


def test_the_editor_opens_it(used: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "Chào.\\n" >> "$1"\n', encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    run(used, "Bài", "--category", "Tin", "--date", "2026-03-05", "--edit")
    file = used.options.content / "articles/2026/bai.md"
    assert file.read_text(encoding="utf-8").endswith("---\n\nChào.\n")


def test_questions_in_a_terminal(used: Site) -> None:
    """The tab key completes what the site has already."""
    own, other = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, ROOT / "build.py", "new", "--date", "2026-03-05", "--content", used.options.content,
         "--templates", ROOT / "templates", "--cache", used.options.cache],
        stdin=other, stdout=other, stderr=other, close_fds=True, env={**os.environ, "TERM": "dumb"},
    )  # fmt: skip
    os.close(other)
    seen = b""

    def answer(question: bytes, text: bytes) -> None:
        nonlocal seen
        while question not in seen:
            seen += os.read(own, 1024)
        seen = b""
        os.write(own, text)

    answer(b"Title", "Bài mới\n".encode())
    answer(b"Category", b"tin\t\n")
    answer(b"Author", b"hai\t\n")
    answer(b"Campaign", b"\n")
    assert process.wait(20) == 0
    os.close(own)
    text = (used.options.content / "articles/2026/bai-moi.md").read_text(encoding="utf-8")
    assert (
        text
        == "---\ntitle: Bài mới\ndate: 2026-03-05\nauthor: Hải Hạnh\ncategory: Tin tức\n---\n\n"
    )


def test_names_are_completed_without_accents() -> None:
    complete = completer(["Hải Hạnh", "Hà Mai", "Đỗ Mai"])
    assert [complete("ha", n) for n in range(3)] == ["Hải Hạnh", "Hà Mai", None]
    assert complete("do", 0) == "Đỗ Mai"


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20))
def test_quoting(text: str) -> None:
    import yaml

    node = yaml.compose(f"key: {quoted(text)}\n", Loader=yaml.CBaseLoader)
    assert [(key.value, value.value) for key, value in node.value] == [("key", text)]
