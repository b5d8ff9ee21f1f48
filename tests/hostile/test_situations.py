"""What an operator meets, or a hostile contributor leaves: links in the cache, files that act, odd names,
a terminal that is full, signals."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from harmless import build, told
from support import ROOT, SITE, Site, article, picture

ACTING = ["x.html", "x.HTM", "x.xhtml", "x.pdf.html", "x.html.pdf", "x.xml", "x.js", "x.css", "x.wasm", "x.svgz",
          "x.php", "x.shtml", "x.mhtml", "x.swf", "x.rss", "x.webmanifest"]  # fmt: skip
SCRIPT = b"<script>alert(1)</script>"


@pytest.mark.parametrize("name", ACTING)
def test_a_file_that_acts_in_the_name_of_the_site_is_not_published(name: str, site: Site) -> None:
    site.write(f"articles/{name}", SCRIPT)
    site.write("articles/a.md", article(body=f"[x]({name})", attachments=name))
    assert told(build(site)) == ["articles/a.md:5:14 file-type", "articles/a.md:8:5 file-type"]


@pytest.mark.parametrize("name", ["x.pdf", "x.zip", "x", "a b.docx", "Đơn xin.odt", "feed.txt"])
def test_other_files_are_published_as_they_are(name: str, site: Site) -> None:
    site.write(f"articles/{name}", SCRIPT)
    site.write("articles/a.md", article(attachments=f"'{name}'"))
    assert told(build(site)) == []
    assert site.tree()[f"tin-tuc/bai-mot/{name}"] == SCRIPT


def test_who_is_trusted_may_publish_pages(site: Site) -> None:
    site.write("site.yaml", SITE + "trusted_html: true\n")
    site.write("articles/x.html", b"<!doctype html><title>x</title>")
    site.write("articles/a.md", article(attachments="x.html"))
    assert told(site.build()) == []


@pytest.mark.parametrize("name", ["a.MD", "a.markdown", "a.md.txt", "a.Md"])
def test_a_report_that_nobody_would_read_is_told(name: str, site: Site) -> None:
    site.write(f"articles/{name}", article())
    assert told(build(site)) == [f"articles/{name}:0:0 source-name"]


@pytest.mark.parametrize("name", [".md", "..md", ".a.md", "a.md~", "a.md.swp", ".DS_Store"])
def test_what_editors_and_systems_leave_is_no_source(name: str, site: Site) -> None:
    site.write(f"articles/{name}", article())
    assert told(build(site)) == []
    assert not (site.options.output / "tin-tuc").exists()


@pytest.mark.parametrize(
    "alias",
    ["/assets/x/", "/ASSETS/x.html", "/assets/search/x/", "/CON/", "/nul.txt", "/a./", "/a/./b/"],
)
def test_aliases_where_nothing_may_be(alias: str, site: Site) -> None:
    site.write("articles/a.md", article(aliases=alias))
    codes = {d.code for d in site.build(search=True).found}
    assert codes in ({"alias-live"}, {"address-form"})


@pytest.mark.parametrize(
    "address", ["https://x.example/../", "https://x.example/./", "https://[::1", "https://x.example:0/",
                "https://x.example//", "https://x.example./", "https://x.example/a;b/", "https://a:b@x.example/"],
)  # fmt: skip
def test_addresses_of_a_site_that_are_none(address: str, site: Site) -> None:
    site.write("site.yaml", SITE.replace("https://lang.example/", f"'{address}'"))
    assert told(build(site)) == ["site.yaml:2:1 base-url-form"]


@pytest.mark.parametrize(
    "name", ["manifest", "building", "lock", "store.sqlite", "pictures", "search"]
)
def test_no_link_in_the_cache_is_followed(name: str, site: Site) -> None:
    """As somebody can commit it. What it leads to is neither written nor emptied nor deleted."""
    precious = site.root.parent / "folder"
    precious.mkdir()
    (precious / "file").write_text("precious", encoding="utf-8")
    (site.options.cache / name).unlink(missing_ok=True)
    is_folder = name in {"pictures", "search"}
    (site.options.cache / name).symlink_to(precious if is_folder else precious / "file")
    site.write("articles/x.png", picture())
    for body in ("![x](x.png)", "Không còn ảnh."):
        site.write("articles/a.md", article(body=body))
        command(site)
    assert [file.name for file in precious.iterdir()] == ["file"]
    assert (precious / "file").read_text(encoding="utf-8") == "precious"


def command(site: Site, *more: str, shell: str = 'exec "$@"') -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", shell, "x", *arguments(site), *more],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def arguments(site: Site) -> list[str]:
    folders = [f"--{name}={site.root / name}" for name in ("content", "output")]
    folders += [f"--templates={ROOT / 'templates'}", f"--cache={site.options.cache}"]
    return [sys.executable, str(ROOT / "build.py"), *folders, "--jobs=1"]


@pytest.mark.parametrize(
    ("shell", "status"),
    [('exec "$@" >/dev/full', 3), ('exec "$@" >&-', 0), ('exec "$@" 2>&-', 0), ('exec "$@" <&-', 0),
     ('cd $(mktemp -d); rmdir $PWD; exec "$@"', 0), ('exec env -i "$@"', 0), ('ulimit -f 8; exec "$@"', 3)],
)  # fmt: skip
def test_terminals_and_limits(shell: str, status: int, site: Site) -> None:
    site.write("articles/a.md", article())
    run = command(site, shell=shell)
    assert "Traceback" not in run.stderr
    assert run.returncode == status, run.stderr


@pytest.mark.parametrize(
    ("target", "status"), [("output", 3), ("nowhere", 3), ("content", 1), ("/", 1), ("file", 2)]
)
def test_the_output_folder_is_a_link(target: str, status: int, site: Site) -> None:
    """To itself, to nothing, to the sources, to everything, to a file: refused, and nothing is lost."""
    site.write("articles/a.md", article())
    (site.root / "file").write_text("precious", encoding="utf-8")
    site.options.output.symlink_to(target)
    run = command(site)
    assert "Traceback" not in run.stderr
    assert run.returncode == status, run.stderr
    assert (site.options.content / "articles/a.md").read_text(encoding="utf-8") == article()
    assert (site.root / "file").read_text(encoding="utf-8") == "precious"


def test_a_clock_that_goes_back_deletes_nothing(site: Site) -> None:
    site.write("articles/a.md", article())
    assert command(site, "--now", "2026-11-24").returncode == 0
    before = site.tree()
    for moment in ("2001-01-01", "0001-01-01"):
        assert command(site, "--now", moment).returncode == 1
        assert site.tree() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_the_last_good_site(number: signal.Signals, site: Site) -> None:
    for n in range(150):
        site.write(f"articles/{n}.md", article(f"Bài {n}"))
    site.build()
    before = site.tree()
    site.write("site.yaml", SITE.replace("Tin làng", "Tin xã"))
    process = subprocess.Popen(
        arguments(site), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    staging = site.options.output / ".staging"
    while not staging.exists() and process.poll() is None:
        time.sleep(0.005)
    process.send_signal(number)
    process.wait(timeout=120)
    after = {path: data for path, data in site.tree().items() if not path.startswith(".staging")}
    assert after == before or process.returncode == 0
    site.build()
    assert b"Tin x\xc3\xa3" in site.tree()["index.html"]
    assert not staging.exists()


def test_the_cache_goes_while_it_is_used(site: Site) -> None:
    for n in range(100):
        site.write(f"articles/{n}.md", article(f"Bài {n}"))
    process = subprocess.Popen(
        arguments(site), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    while not (site.options.cache / "building").exists() and process.poll() is None:
        time.sleep(0.005)
    shutil.rmtree(site.options.cache, ignore_errors=True)
    _, said = process.communicate(timeout=120)
    assert "Traceback" not in said
    assert process.returncode in {0, 3}
    assert site.build().counts


def test_three_builds_at_once(site: Site) -> None:
    for n in range(30):
        site.write(f"articles/{n}.md", article(f"Bài {n}"))
    started = [
        subprocess.Popen(arguments(site), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    assert len([path for path in site.tree() if "/bai-" in path]) == 30


def test_strange_things_where_the_cache_has_its_files(site: Site) -> None:
    os.mkfifo(site.options.cache / "pipe")
    (site.options.cache / "store.sqlite").unlink()
    os.mkfifo(site.options.cache / "store.sqlite")
    Path(site.options.cache / "pictures/folder").mkdir(parents=True)
    site.write("articles/a.md", article())
    run = command(site)
    assert run.returncode == 0, run.stderr
    assert "was not a store of this program" in run.stderr
