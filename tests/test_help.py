"""``--help`` of every command, as people read it: ``tests/help/<command>.<language>.txt``.

``--update`` writes the files.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from support import ROOT, SITE, Site

from kheo.cli import OTHERS, main
from kheo.reporting.catalogue import VARIABLES, languages

HELP = ROOT / "tests/help"
COMMANDS = ("kheo", "build", *OTHERS)
WIDTH = 80
OPTION = re.compile(r"^  ((?:-\w, )?--[a-z-]+)", re.MULTILINE)


def shown(*arguments: str, **environment: str) -> Result:
    """Run the program in a terminal of WIDTH columns, with no language in the environment."""
    clean: dict[str, str | None] = dict.fromkeys(VARIABLES)
    return CliRunner().invoke(
        main, arguments, prog_name="kheo", env=clean | environment, terminal_width=WIDTH
    )


def arguments_of(command: str) -> list[str]:
    return [] if command == "kheo" else [command]


def cases() -> Iterator[tuple[str, str]]:
    for command in COMMANDS:
        for language in languages():
            yield command, language


@pytest.mark.parametrize(("command", "language"), list(cases()))
def test_the_help_is_that_of_the_snapshot(
    command: str, language: str, request: pytest.FixtureRequest
) -> None:
    result = shown(*arguments_of(command), "--help", "--lang", language)
    assert result.exit_code == 0, result.output
    assert max(map(len, result.output.splitlines())) <= WIDTH
    file = HELP / f"{command}.{language}.txt"
    if request.config.getoption("--update"):
        HELP.mkdir(exist_ok=True)
        file.write_text(result.output, encoding="utf-8")
    assert result.output == file.read_text(encoding="utf-8")


def test_there_is_no_snapshot_of_anything_else() -> None:
    assert {file.stem for file in HELP.iterdir()} == {".".join(case) for case in cases()}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_language_shows_the_same_options(command: str) -> None:
    texts = [(HELP / f"{command}.{one}.txt").read_text(encoding="utf-8") for one in languages()]
    assert len({tuple(OPTION.findall(text)) for text in texts}) == 1
    assert len(OPTION.findall(texts[0])) > 2


@pytest.mark.parametrize(
    ("arguments", "environment", "heading"),
    [
        (["check", "--lang", "vi", "--help"], {}, "Cách dùng: "),
        (["check", "--lang=vi", "--help"], {"LANG": "en_GB.UTF-8"}, "Cách dùng: "),
        (["--lang", "vi", "--help"], {}, "Cách dùng: kheo [OPTIONS] COMMAND"),
        (["--lang", "vi", "check", "--help"], {}, "Cách dùng: kheo check"),
        (["--lang=vi", "serve", "--help"], {"LANG": "en_GB.UTF-8"}, "Cách dùng: kheo serve"),
        (["--lang=vi", "-h"], {}, "Cách dùng: kheo [OPTIONS] COMMAND"),
        (["check", "-h"], {"LANG": "vi_VN.UTF-8"}, "Cách dùng: "),
        (["check", "-h"], {"LANG": "en_GB.UTF-8"}, "Usage: "),
        (["check", "-h", "--lang", "en"], {"LANG": "vi_VN.UTF-8"}, "Usage: "),
    ],
)
def test_the_language_of_help_is_chosen_as_that_of_messages(
    arguments: list[str], environment: dict[str, str], heading: str
) -> None:
    assert shown(*arguments, **environment).output.startswith(heading)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["-m", "kheo"], "python -m kheo"),
        (["build.py"], "python build.py"),
        ([str(Path(sys.executable).with_name("kheo"))], "kheo"),
    ],
)
def test_messages_name_the_command_that_was_run(command: list[str], name: str) -> None:
    def told(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *command, *arguments], cwd=ROOT, capture_output=True, text=True,
            env=os.environ | {"PYTHONPATH": "generator"}, check=False,
        )  # fmt: skip
        assert done.returncode
        return done.stderr

    assert told("build", "--nowhere").startswith(f"Usage: {name} build ")
    assert f": run `{name}` first" in told("explain", "--cache=nowhere", "/")
    assert f': {name} new "Title" --category "A > B"' in told("new", "--lang=en")


def test_without_a_language_help_is_in_that_of_the_site(site: Site) -> None:
    content = str(site.options.content)
    assert shown("check", "--content", content, "--help").output.startswith("Cách dùng: ")
    site.write("site.yaml", SITE.replace("language: vi", "language: en"))
    assert shown("check", "--content", content, "--help").output.startswith("Usage: ")
