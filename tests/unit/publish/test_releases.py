"""``--release-dir``: whole releases, a link that is switched, and no reader who notices."""

import functools
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec import structs
from support import ROOT, Site, article, tree
from unit.publish.readers import edit, reading

from kheo.cli import main
from kheo.errors import FileAccessError
from kheo.publish.manifest import MANIFEST, read_manifest
from kheo.publish.releases import (
    current_release,
    make_release,
    open_releases,
    release_names,
    roll_back,
)

SWITCHES = 5, 20  # the number with --many


@pytest.fixture
def village(site: Site) -> Site:
    templates = site.root / "templates"
    shutil.copytree(ROOT / "templates", templates)
    options = structs.replace(
        site.options, templates=templates, release_dir=site.root / "www", keep=3
    )
    site.options = options
    for number in range(5):
        site.write(f"articles/{number}.md", article(f"Bài {number}", slug=f"bai-{number}"))
    return site


def releases(site: Site) -> Path:
    assert site.options.release_dir
    return site.options.release_dir


def test_a_release_is_the_output_folder(village: Site) -> None:
    village.build()
    www = releases(village)
    assert (www / "current").readlink() == Path("releases/000001")
    assert tree(www / "current") == village.tree()
    village.build()
    assert release_names(www) == ["000001"], "nothing changed: no release"


def test_an_edit_of_words_makes_a_release_too(village: Site) -> None:
    village.build()
    village.write("articles/0.md", article("Bài 0", "Khác.", slug="bai-0"))
    village.build()
    www = releases(village)
    assert (www / "current").readlink() == Path("releases/000002")
    assert tree(www / "current") == village.tree()
    old, new = (www / "releases" / name / "tin-tuc" for name in ("000001", "000002"))
    assert "Khác." not in (old / "bai-0/index.html").read_text(encoding="utf-8")
    same = "bai-1/index.html"
    assert (old / same).stat().st_ino == (new / same).stat().st_ino, "costs no space"


def test_so_many_are_kept(village: Site) -> None:
    for number in range(5):
        edit(village, number)
        village.build()
    assert release_names(releases(village)) == ["000003", "000004", "000005"]


def test_the_style_of_the_releases_beside_it_is_in_each(village: Site) -> None:
    for number in range(3):
        edit(village, number)
        village.build()
    www = releases(village)
    styles = {file.name for file in www.glob("releases/*/assets/style.*.css")}
    assert len(styles) == 3
    assert {file.name for file in (www / "current/assets").glob("style.*.css")} == styles
    listed = (www / "current" / MANIFEST).read_text(encoding="utf-8")
    assert len(re.findall("assets/style", listed)) == 1, "what is carried over is not its own"


def test_back_and_forth(village: Site) -> None:
    www = releases(village)
    for number in range(3):
        edit(village, number)
        village.build()
    assert roll_back(www) == "000002"
    assert "mark 1" in (www / "current/tin-tuc/bai-0/index.html").read_text(encoding="utf-8")
    assert roll_back(www) == "000001"
    assert len(list((www / "current/assets").glob("style.*.css"))) == 3
    village.build()  # the output folder is what editors want: a new release of it
    assert current_release(www) == "000004"
    assert tree(www / "current").items() >= village.tree().items()
    assert release_names(www) == ["000001", "000004"], "what was rolled back is gone"
    assert roll_back(www) == "000001"


def run(site: Site, *arguments: str) -> Result:
    options = site.options
    return CliRunner().invoke(main, [
        "build", "--content", str(options.content), "--templates", str(options.templates),
        "--output", str(options.output), "--cache", str(options.cache), "--jobs", "1",
        "--now", "2026-11-23T12:00:00Z", "--release-dir", str(releases(site)), *arguments,
    ])  # fmt: skip


def test_by_the_command_line(village: Site) -> None:
    assert run(village).exit_code == 0
    result = run(village, "--rollback")
    assert (result.exit_code, "no older release" in result.output) == (1, True)
    edit(village, 1)
    assert run(village).exit_code == 0
    result = run(village, "--rollback")
    assert (result.exit_code, "Switched back to release 000001" in result.output) == (0, True)


def test_folders_lie_apart(village: Site) -> None:
    for folder in ("output", "output/www", "content", "."):
        assert run(village, "--release-dir", str(village.root / folder)).exit_code == 2


def test_a_failed_build_switches_nothing(village: Site) -> None:
    village.build()
    before = tree(releases(village))
    village.write("articles/9.md", "---\ncatgory: x\n---\n")
    village.build()
    assert tree(releases(village)) == before


def test_what_is_not_ours_stays(village: Site) -> None:
    www = releases(village)
    (www / "current").mkdir(parents=True)
    (www / "current/precious").write_text("x", encoding="utf-8")
    with pytest.raises(FileAccessError, match="not a link"):
        village.build()
    assert tree(www)["current/precious"] == b"x"


def test_another_programs_link_and_releases_stay(village: Site) -> None:
    www = releases(village)
    (www / "releases/20240101").mkdir(parents=True)
    (www / "releases/20240101/precious").write_text("x", encoding="utf-8")
    (www / "current").symlink_to("releases/20240101/site")
    with pytest.raises(FileAccessError, match="not a link"):
        village.build()
    (www / "current").unlink()
    for number in range(5):
        edit(village, number)
        village.build()
    assert (www / "releases/20240101/precious").exists()
    assert tree(www / "current").items() >= village.tree().items()
    assert len(release_names(www)) == 3


def test_a_full_disk_leaves_the_release_that_is_served(
    village: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    village.build()
    www = releases(village)
    before = tree(www / "current")
    edit(village, 1)
    real, count = os.link, 0

    def full(*arguments: Any, **options: Any) -> None:
        nonlocal count
        count += 1
        if count > 10 and str(www) in str(arguments[1]):
            raise OSError(28, "No space left on device", str(arguments[1]))
        real(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", full)
        with pytest.raises(FileAccessError, match="no space left"):
            village.build()
    assert tree(www / "current") == before
    village.build()
    assert tree(www / "current").items() >= village.tree().items()


def test_modes_do_not_depend_on_the_umask(village: Site) -> None:
    old = os.umask(0o077)
    try:
        village.build()
    finally:
        os.umask(old)
    www = releases(village)
    for file in (www, www / "releases", *(www / "current").resolve().rglob("*")):
        expected = 0o755 if file.is_dir() else 0o644
        assert stat.S_IMODE(file.stat().st_mode) == expected, file


def test_another_file_system_gets_copies(village: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.link

    def refused(source: Any, target: Any, **options: Any) -> None:
        if "www" in str(target):
            raise OSError(18, "Invalid cross-device link")
        real(source, target, **options)

    monkeypatch.setattr(os, "link", refused)
    village.build()
    assert tree(releases(village) / "current") == village.tree()


# --- readers ------------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *values: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[int]:
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_no_reader_notices_a_switch(village: Site, many: bool) -> None:
    """Each request is whole, and each page has the stylesheet that it was made with."""
    edit(village, 0)
    village.build()
    with served(releases(village) / "current") as port, reading(port) as seen:
        for number in range(1, SWITCHES[many]):
            edit(village, number)
            assert village.build().counts
        roll_back(releases(village))
    assert len(seen) > SWITCHES[many] // 2, "the readers were there when it was switched"


def test_a_release_whose_switch_was_killed_is_no_obstacle(village: Site) -> None:
    village.build()
    www = releases(village)
    (www / ".kheo-new").mkdir()
    (www / ".kheo-new/half").write_text("x", encoding="utf-8")
    (www / ".kheo-new-current").symlink_to("nowhere")
    shutil.copytree(www / "releases/000001", www / "releases/000002")  # made, and not switched to
    edit(village, 1)
    village.build()
    assert release_names(www) == ["000001", "000003"]
    assert current_release(www) == "000003"
    assert not (www / "current/half").exists()


def test_what_a_killed_build_left_goes_with_the_next_though_nothing_changed(village: Site) -> None:
    village.build()
    www = releases(village)
    for name in (".kheo-new", ".kheo-new-old"):
        shutil.copytree(www / "releases/000001", www / name)
    village.build()
    assert {file.name for file in www.iterdir()} <= {"current", "releases", "lock"}


KILLS = 3, 10


def test_a_build_that_is_killed_leaves_a_whole_release(village: Site, many: bool) -> None:
    """Killed at moments spread over the whole run: what is served is always one whole release."""
    www = releases(village)
    options = village.options
    command = [
        sys.executable, str(ROOT / "build.py"), "--quiet", "--jobs", "1", "--release-dir", str(www),
        "--content", str(options.content), "--templates", str(options.templates),
        "--output", str(options.output), "--cache", str(options.cache), "--keep", "2",
    ]  # fmt: skip
    started = time.monotonic()
    subprocess.run(command, check=True)
    length = time.monotonic() - started
    for number in range(KILLS[many]):
        edit(village, number)
        with subprocess.Popen(command) as process:
            time.sleep(length * (0.3 + 0.7 * number / KILLS[many]))
            process.kill()
        current = (www / "current").resolve()
        listed = read_manifest(current) or {}
        assert listed
        for path, digest in listed.items():
            assert sha256((current / path).read_bytes()).hexdigest() == digest, path
    subprocess.run(command, check=True)
    assert tree(www / "current").items() >= village.tree().items()
    assert len(release_names(www)) == 2
    assert {file.name for file in www.iterdir()} <= {"current", "releases", "lock"}


def test_keeping_one(tmp_path: Path, village: Site) -> None:
    village.build()
    www = tmp_path / "one"
    open_releases(www)
    assert make_release(village.options.output, www, 1) == "000001"
    edit(village, 1)
    village.build()
    assert make_release(village.options.output, www, 1) == "000002"
    assert release_names(www) == ["000002"]
