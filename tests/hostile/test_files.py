"""What a file system can hold besides files, and what can happen while it is read."""

import contextlib
import os
import socket
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from harmless import build, codes, told
from support import ROOT, Site, article

from kheo.cli import main
from kheo.read import sources


def test_symbolic_links(site: Site) -> None:
    outside = site.root.parent / "precious.txt"
    folder = site.write("articles/a.md", article()).parent
    (folder / "file.md").symlink_to(outside)
    (folder / "picture.png").symlink_to(outside)
    (folder / "folder").symlink_to(site.root.parent, target_is_directory=True)
    (folder / "root").symlink_to("/", target_is_directory=True)
    (folder / "loop").symlink_to("loop")
    (folder / "nothing.md").symlink_to("gone.md")
    (folder / "device.md").symlink_to("/dev/zero")
    assert told(build(site)) == [
        "articles/device.md:0:0 link-outside",
        "articles/file.md:0:0 link-outside",
        "articles/folder:0:0 link-outside",
        "articles/loop:0:0 unreadable",
        "articles/nothing.md:0:0 unreadable",
        "articles/picture.png:0:0 link-outside",
        "articles/root:0:0 link-outside",
    ]


def test_a_folder_that_holds_itself(site: Site) -> None:
    folder = site.write("articles/a.md", article()).parent
    (folder / "again").symlink_to(folder, target_is_directory=True)
    found = told(build(site))
    assert found == ["articles/again:0:0 not-a-file"]


def test_pipes_and_devices(site: Site) -> None:
    folder = site.write("articles/a.md", article()).parent
    os.mkfifo(folder / "pipe.md")
    os.mkfifo(folder / "pipe.png")
    with (
        socket.socket(socket.AF_UNIX) as one,
        contextlib.chdir(folder),
    ):  # its address has 107 bytes
        one.bind("socket.md")
    expected = ["articles/pipe.md:0:0 not-a-file", "articles/pipe.png:0:0 not-a-file",
                "articles/socket.md:0:0 not-a-file"]  # fmt: skip
    if os.geteuid() == 0:
        os.mknod(folder / "zero.md", 0o20644, os.makedev(1, 5))
        expected.append("articles/zero.md:0:0 not-a-file")
    found = told(site.build())  # no snapshot of what is there: a pipe never ends
    assert found == expected


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("a.md", "A.md", "duplicate-file-name"),
        ("hội.md", "hô\u0323i.md", "duplicate-file-name"),
        ("đ.md", "Đ.md", "duplicate-file-name"),
    ],
)
def test_names_that_clash(one: str, other: str, code: str, site: Site) -> None:
    site.write(f"articles/{one}", article("Bài một"))
    site.write(f"articles/{other}", article("Bài hai"))
    assert [line.rpartition(" ")[2] for line in told(build(site))] == [code]


@pytest.mark.parametrize(
    "name",
    ["a\nb.md", "a\x1b[31m.md", "a\u202egp.md", "a\u200b.md", "-rf.md", "'\";$(true).md", "a b.md",
     "con.md", "aux.md", "%2e%2e.md", "a\\b.md", "{{x}}.md", "<b>.md", "x" * 240 + ".md"],
)  # fmt: skip
def test_names_of_sources(name: str, site: Site) -> None:
    site.write(f"articles/{name}", article())
    report = build(site)
    assert {d.code for d in report.found} <= {"file-name"}
    assert bool(report.found) == any(not c.isprintable() for c in name)


def test_a_name_that_is_no_text(site: Site) -> None:
    folder = site.write("articles/a.md", article()).parent
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.md")).write_text(article(), encoding="utf-8")
    assert [line.rpartition(" ")[2] for line in told(build(site))] == ["file-name"]


def test_sources_that_are_folders_and_folders_in_folders(site: Site) -> None:
    site.write("articles/x.md/y.md", article())
    site.write("/".join(f"d{n}" for n in range(100)) + "/deep.md", article("Bài sâu"))
    assert told(build(site)) == ["articles/x.md:0:0 not-a-file"]


def test_a_folder_of_very_many_files(site: Site, many: bool) -> None:
    folder = site.write("articles/a.md", article()).parent
    for number in range(100_000 if many else 20_000):
        os.mknod(f"{folder}/{number}.txt")
    report = site.build()
    assert told(report) == []
    assert len(site.tree()) < 40


@pytest.mark.parametrize("what", ["gone", "changed", "a folder"])
def test_a_source_that_changes_while_it_is_read(
    what: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = site.write("articles/a.md", article())
    site.write("articles/b.md", article("Bài hai"))
    real = sources.read_listing

    def listed_then_changed(content: Path) -> sources.Listing:
        listing = real(content)
        if what == "changed":
            file.write_text(article(body="Bản mới, dài hơn."), encoding="utf-8")
        else:
            file.unlink(missing_ok=True)
            if what == "a folder":
                file.mkdir(exist_ok=True)
        return listing

    monkeypatch.setattr("kheo.stages.looking.read_listing", listed_then_changed)
    report = site.build()
    if what == "changed":
        assert told(report) == []
        monkeypatch.undo()
        site.build()  # the time was not that of what was read: it is looked at once more
        assert "Bản mới" in site.read("tin-tuc/bai-mot/index.html")
    else:
        assert told(report) == ["articles/a.md:0:0 unreadable"]
        assert report.counts is None


def test_a_site_that_lost_all_its_articles(site: Site) -> None:
    files = [site.write(f"articles/{n}.md", article(f"Bài {n}")) for n in range(30)]
    site.build()
    before = site.tree()
    for file in files:
        file.unlink()
    assert codes(site.build(max_removed=100)) == {"all-articles-gone", "url-withdrawn"}
    assert site.tree() == before
    assert codes(site.build(max_removed=100, allow_empty=True)) == {"url-withdrawn"}
    assert not [path for path in site.tree() if "bai-" in path]
    assert codes(site.build()) == {"url-withdrawn"}  # until `gone` lists them


def test_no_site_at_all(site: Site) -> None:
    assert told(build(site)) == []
    (site.options.content / "site.yaml").unlink()
    assert told(site.build()) == ["site.yaml:0:0 site-file-missing"]


@pytest.mark.parametrize(
    "statements",
    ["PRAGMA application_id = 1265133935", "PRAGMA journal_mode = WAL", "DROP TABLE memos",
     "UPDATE memos SET value = x'80', checksum = 0"],
)  # fmt: skip
@pytest.mark.parametrize(
    "command", [["build"], ["check"], ["explain", "/"], ["new", "Bài", "--category", "A"]]
)
def test_a_store_without_its_tables_is_made_anew_by_every_command(
    site: Site, statements: str, command: list[str]
) -> None:
    """As a build leaves it that was killed as it began; or another version of the program."""
    site.write("articles/a.md", article())
    if statements.startswith(("DROP", "UPDATE")):
        site.build()
    site.options.cache.mkdir(exist_ok=True)
    connection = sqlite3.connect(site.options.cache / "store.sqlite")
    connection.execute(statements)
    if "DROP" in statements:
        connection.execute("PRAGMA user_version = 1")
    connection.commit()
    connection.close()
    folders = [f"--{name}={site.root / name}" for name in ("content", "output")]
    folders += [f"--templates={ROOT / 'templates'}", f"--cache={site.options.cache}"]
    if command[:1] == ["new"]:
        del folders[1]
    run = CliRunner().invoke(main, [*command, *folders])
    assert run.exception is None or isinstance(run.exception, SystemExit)
    assert run.exit_code in ({0, 1, 3} if command[:1] == ["explain"] else {0}), run.output
    assert site.build().counts
