"""``--changes``: what an upload has to do, done by the very commands of the publishing guide."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT, Site, article, tree

from kheo.cli import main
from kheo.publish.changes import compare, read_published, write_changes
from kheo.publish.manifest import MANIFEST, is_safe, manifest_text

GUIDE = (ROOT / "docs/publishing.md").read_text(encoding="utf-8")


def run(site: Site, *arguments: str) -> Result:
    options = site.options
    return CliRunner().invoke(main, [
        "build", "--content", str(options.content), "--templates", str(options.templates),
        "--output", str(options.output), "--cache", str(options.cache), "--jobs", "1",
        "--now", "2026-11-23T12:00:00Z", "--no-search", *arguments,
    ])  # fmt: skip


def build(site: Site, since: str, *arguments: str) -> list[str]:
    """Builds; the lines of the list of changes."""
    (site.root / "published.kheo").write_text(since, encoding="utf-8")
    result = run(site, "--changes", str(site.root / "changes.txt"),
                 "--since", str(site.root / "published.kheo"), *arguments)  # fmt: skip
    assert result.exit_code == 0, result.output
    return (site.root / "changes.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def village(site: Site) -> Site:
    site.write("articles/1.md", article("Bài một", slug="bai-mot"))
    site.write("articles/2.md", article("Bài hai", slug="bai-hai", date="2021-02-12"))
    return site


def manifest(site: Site) -> str:
    return site.read(MANIFEST)


def test_at_first_everything_is_new(village: Site) -> None:
    lines = build(village, "")
    assert lines == [f"added\t{path}" for path in village.tree() if path != MANIFEST]


def test_nothing_changed(village: Site) -> None:
    village.build()
    assert build(village, manifest(village)) == []


def test_what_changed_since_another_build_than_the_last(village: Site) -> None:
    village.build()
    published = manifest(village)
    village.write("articles/1.md", article("Bài một", "Khác.", slug="bai-mot"))
    village.build()
    village.write("articles/2.md", article("Bài ba", slug="bai-ba", date="2021-02-12"))
    lines = build(village, published)
    assert "added\ttin-tuc/bai-ba/index.html" in lines
    assert "changed\ttin-tuc/bai-mot/index.html" in lines
    assert "removed\ttin-tuc/bai-hai/index.html" in lines
    assert not any(line.endswith((".css", ".svg", "robots.txt", MANIFEST)) for line in lines)
    assert [line.split("\t")[0] for line in lines] == sorted(line.split("\t")[0] for line in lines)


def test_the_manifest_is_also_beside_the_store(village: Site) -> None:
    file = village.options.cache / "manifest"
    village.build()
    first = file.read_bytes()
    assert first == manifest(village).encode()
    village.write("articles/1.md", article("Bài một", "Khác.", slug="bai-mot"))
    result = run(village, "--changes", str(village.root / "changes.txt"), "--since", str(file))
    assert result.exit_code == 0, result.output
    lines = (village.root / "changes.txt").read_text(encoding="utf-8").splitlines()
    assert "changed\ttin-tuc/bai-mot/index.html" in lines
    assert file.read_bytes() == manifest(village).encode() != first
    file.unlink()
    village.build()  # nothing changed, and it is there again
    assert file.read_bytes() == manifest(village).encode()


def test_the_list_can_go_to_a_pipe(village: Site) -> None:
    command = [sys.executable, str(ROOT / "build.py"), "--quiet", "--no-cache",
               "--content", str(village.options.content), "--output", str(village.options.output),
               "--templates", str(village.options.templates), "--changes", "/dev/stdout",
               "--since", "/dev/null"]  # fmt: skip
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "added\tindex.html" in told.splitlines()


def test_a_list_that_cannot_be_written_is_told(village: Site) -> None:
    (village.root / "published").write_bytes(b"")
    where = [
        "--changes",
        str(village.root / "no/folder"),
        "--since",
        str(village.root / "published"),
    ]
    result = run(village, *where)
    assert result.exit_code == 3
    assert "no/folder" in result.output


def test_the_manifest_is_the_same_for_the_same_site(make_site: Callable[[str], Site]) -> None:
    manifests = set()
    for name in ("a", "b"):
        site = make_site(name)
        site.write("articles/1.md", article())
        site.build()
        manifests.add(manifest(site))
    assert len(manifests) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<!doctype html>\n", "line 1 is not a SHA-256 and a path"),
        (f"{'0' * 64}  a.html\n{'0' * 64}  ../../etc/passwd\n", "line 2 is not"),
        (f"{'0' * 64}  a.ht", "its last line is not whole"),
    ],
)
def test_a_list_that_is_none_is_refused(village: Site, text: str, message: str) -> None:
    file = village.write("published", text)
    result = run(village, "--changes", str(village.root / "changes"), "--since", str(file))
    assert result.exit_code == 2
    assert message in " ".join(result.output.replace("│", "").split())
    assert not village.options.output.exists()


@pytest.mark.parametrize("arguments", [["--changes", "x"], ["--rollback"]])
def test_options_that_need_each_other(village: Site, arguments: list[str]) -> None:
    assert run(village, *arguments).exit_code == 2


def test_a_failed_build_writes_no_list(village: Site) -> None:
    village.write("articles/1.md", "---\ncatgory: x\n---\n")
    (village.root / "published").write_bytes(b"")
    file = village.root / "changes"
    result = run(village, "--changes", str(file), "--since", str(village.root / "published"))
    assert result.exit_code == 1
    assert not file.exists()


def test_comparing_is_exact(tmp_path: Path) -> None:
    (tmp_path / "m").write_text(f"{'0' * 64}  a b\n{'1' * 64}  tiếng việt.html\n", encoding="utf-8")
    before = read_published(tmp_path / "m").files
    changes = compare(before, {"a b": "0" * 64, "mới": "2" * 64})
    assert (changes.added, changes.changed, changes.removed) == (("mới",), (), ("tiếng việt.html",))


PATHS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"), min_size=1
)
STATES = st.dictionaries(PATHS.filter(is_safe), st.integers(0, 3).map(lambda n: f"{n:064x}"))


@given(before=STATES, after=STATES)
def test_what_the_list_says_leads_from_one_state_to_the_other(
    before: dict[str, str], after: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("x") / "m"
    file.write_bytes(manifest_text(before))
    assert read_published(file).files == before
    write_changes(file, compare(before, after))
    state = dict(before)
    for line in file.read_text(encoding="utf-8").split("\n")[:-1]:
        what, path = line.split("\t")
        assert (path in state) == (what != "added")
        assert (path in after) == (what != "removed")
        assert what != "changed" or state[path] != after[path]
        state.pop(path, None)
        state |= {path: after[path]} if path in after else {}
    assert state == after


# --- the guide's commands -----------------------------------------------------------------------


def commands(tool: str) -> str:
    """The guide's block of commands that uses ``tool``."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    return next(block for block in blocks if f"{tool} " in block and "changes.txt" in block)


@pytest.mark.parametrize("tool", ["rsync", "rclone"])
def test_the_guides_commands_upload_only_what_changed(village: Site, tool: str) -> None:
    if not shutil.which(tool):
        pytest.skip(f"there is no {tool}")
    target = village.root / "target"
    target.mkdir()
    (target / "not-ours.txt").write_text("stays", encoding="utf-8")
    script = (
        commands(tool).replace("server:/srv/www", str(target)).replace("remote:site", str(target))
    )
    script = re.sub(r"^kheo build.*$", "", script, flags=re.MULTILINE)

    def upload() -> None:
        listed = target / MANIFEST
        build(village, listed.read_text(encoding="utf-8") if listed.exists() else "")
        subprocess.run(["bash", "-euxc", script], cwd=village.root, check=True)

    def published() -> dict[str, bytes]:
        return {path: data for path, data in tree(target).items() if path != "not-ours.txt"}

    upload()
    assert published() == village.tree()
    style = next((target / "assets").glob("*.css"))
    style.chmod(0o600)  # whoever uploads it again gives it another mode
    village.write("articles/1.md", article("Bài một", "Khác.", slug="bai-mot"))
    (village.options.content / "articles/2.md").unlink()
    upload()
    assert published() == village.tree()
    assert not (target / "tin-tuc/bai-hai/index.html").exists()
    assert style.stat().st_mode & 0o777 == 0o600
    assert (target / "not-ours.txt").exists()
