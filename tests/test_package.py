"""What is published as a package: what is in the wheel, and that it works far from the repository."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from urllib.request import urlopen
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from support import ROOT, Site

from kheo import __version__
from kheo.cli import main

INFO = f"kheo-{__version__}.dist-info"
PLACES = {"generator/kheo/": "kheo/", "templates/": "kheo/theme/"}
# What a checkout, an editor or a test leaves behind.
STRAY = re.compile(r"__pycache__|\.py[co]$|~$|\.(orig|rej|swp|bak)$|(^|/)tests?/|(^|/)content/")
SECONDS = 60


def run(*command: str | Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command as somebody without the repository does."""
    clean = {"PATH": os.defpath, "HOME": str(folder), "LANGUAGE": "en", "PYTHONNOUSERSITE": "1"}
    done = subprocess.run(
        command, cwd=folder, env=clean, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def make(source: Path, folder: Path, *targets: str) -> None:
    """Make an sdist, a wheel or both. No network: the environment of the tests has the backend."""
    arguments = [part for target in targets for part in ("-t", target)]
    folder.mkdir()
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, *arguments, folder=source)


def repository_files() -> list[str]:
    done = subprocess.run(
        ["git", "ls-files", *PLACES], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip("the repository is no clone")
    return done.stdout.splitlines()


def test_the_wheel_has_what_a_site_needs_and_nothing_else(tmp_path: Path) -> None:
    """The same bytes come from the repository and from an sdist."""
    make(ROOT, tmp_path / "both", "sdist", "wheel")
    (wheel,) = (tmp_path / "both").glob("*.whl")
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(f"{INFO}/METADATA").decode()
    wanted = {
        packed + name.removeprefix(place)
        for name in repository_files()
        for place, packed in PLACES.items()
        if name.startswith(place)
    }
    info = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}
    assert names == wanted | {f"{INFO}/{name}" for name in info}
    inside = {name for name in names if not name.startswith("kheo/starter/")}
    assert [name for name in inside if STRAY.search(name)] == []
    needed = {"py.typed", "serve/preview.js", "locale/vi/messages.po", "theme/assets/style.css"}
    assert {f"kheo/{name}" for name in needed} < names
    for key in ("License-Expression: MIT", "Requires-Python: >=3.11", "Project-URL: ",
                "Description-Content-Type: text/markdown", "Provides-Extra: serve",
                "Classifier: Programming Language :: Python :: 3.14"):  # fmt: skip
        assert f"\n{key}" in metadata

    (packed,) = (tmp_path / "both").glob("*.tar.gz")
    (tmp_path / "unpacked").mkdir()
    run("tar", "-xzf", packed, "-C", "unpacked", folder=tmp_path)
    (source,) = (tmp_path / "unpacked").iterdir()
    make(source, tmp_path / "again", "wheel")
    assert (tmp_path / "again" / wheel.name).read_bytes() == wheel.read_bytes()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The folder of the programs of a new environment in which the wheel is installed.

    The other packages are those of the running environment, so that nothing is downloaded.
    """
    make(ROOT, tmp_path / "dist", "wheel")
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    home = tmp_path / "environment"
    venv.create(home, symlinks=os.name != "nt")
    places = {"base": str(home), "platbase": str(home)}
    programs, packages = (
        Path(sysconfig.get_path(name, "venv", places)) for name in ("scripts", "purelib")
    )
    python = programs / Path(sys.executable).name
    run(
        sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel,
        folder=tmp_path,
    )  # fmt: skip
    # A line of a .pth file adds a folder, but not the .pth files in it: no editable installation.
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return programs


def test_a_wheel_is_enough_for_a_site(program: Path, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    start = (
        "--yes",
        "--title=Village News",
        "--language=en",
        "--base-url=https://village.example/",
    )
    run(program / "kheo", "init", folder, *start, folder=tmp_path)
    where = run(program / "python", "-c", "import kheo; print(kheo.__file__)", folder=folder).stdout
    assert Path(where.strip()).is_relative_to(program.parent)
    assert (
        run(program / "kheo", "--version", folder=folder).stdout == f"kheo, version {__version__}\n"
    )
    run(program / "kheo", "build", "--strict", folder=folder)
    home = (folder / "output/index.html").read_text(encoding="utf-8")
    assert f'<meta name="generator" content="Khéo {__version__}">' in home
    assert run(program / "python", "-m", "kheo", "check", "--strict", folder=folder).stdout
    served(program / "kheo", folder)


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("en", "the preview needs packages that are not installed (uvicorn, watchfiles)"),
        ("vi", "trang xem thử cần những gói chưa được cài (uvicorn, watchfiles)"),
    ],
)
def test_without_the_extra_the_preview_says_what_to_install(
    site: Site, language: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("uvicorn", "watchfiles"):
        monkeypatch.setitem(sys.modules, name, None)
    folders = [f"--{name}={getattr(site.options, name)}" for name in ("content", "templates")]
    result = CliRunner().invoke(main, ["serve", *folders, "--lang", language])
    assert result.exit_code == 2
    assert f'{why}: python -m pip install "kheo[serve]"\n' in result.stderr
    assert CliRunner().invoke(main, ["serve", "--help"]).exit_code == 0


def served(kheo: Path, folder: Path) -> None:
    """Start the preview, read its home page, and end it as Ctrl+C does."""
    process = subprocess.Popen(
        [kheo, "serve", "--port", "0"], cwd=folder, text=True, stdout=subprocess.PIPE,
        env={"PATH": os.defpath, "LANGUAGE": "en", "PYTHONUNBUFFERED": "1"}, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        assert process.stdout
        found = None
        while not found:
            line = process.stdout.readline()
            assert line, "the preview has ended"
            found = re.search(r"http://\S+", line)
        with urlopen(found[0], timeout=SECONDS) as answer:
            assert "<title>Village News</title>" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SECONDS)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()
