"""A small site in, a tree out: what most tests here are made of."""

import asyncio
import shutil
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from msgspec import structs
from PIL import Image

from kheo.pipeline import build
from kheo.stages.results import BuildOptions, BuildResult
from kheo.stages.workers import METHOD

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

SITE = """\
title: Tin làng
base_url: https://lang.example/
language: vi
timezone: Asia/Ho_Chi_Minh
publisher: {name: Ban biên tập}
"""

ARTICLE = """\
---
title: Bài một
date: 2020-02-12
category: Tin tức
---

Nội dung.
"""


def article(title: str = "Bài một", body: str = "Nội dung.", **keys: str) -> str:
    """A good source; ``keys`` replace or add front matter, as YAML text."""
    front = {"title": title, "date": "2020-02-12", "category": "Tin tức"} | keys
    lines = "".join(f"{key}: {value}\n" for key, value in front.items())
    return f"---\n{lines}---\n\n{body}\n"


def picture(
    width: int = 400, height: int = 300, kind: str = "PNG", mode: str = "RGB", **choices: object
) -> bytes:
    """A picture with a gradient and a mark in its upper left corner, as a file's bytes."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image.paste("#94251b", (0, 0, max(1, width // 4), max(1, height // 4)))
    file = BytesIO()
    image.convert(mode).save(file, kind, **choices)
    return file.getvalue()


# For tests that replace what workers do: a new interpreter does not have the replacement.
needs_fork = pytest.mark.skipif(METHOD != "fork", reason="workers are new interpreters")


def program(*arguments: str, cwd: Path = ROOT) -> "CompletedProcess[str]":
    """Runs ``python build.py`` in this process, which saves half a second."""
    from click.testing import CliRunner  # not at the top: spawned workers import this module

    from kheo.cli import main

    with chdir(cwd):
        done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    return CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


class Site:
    """A site in a temporary folder, built as a person would build it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.options = BuildOptions(
            content=root / "content",
            templates=ROOT / "templates",
            output=root / "output",
            cache=root / ".cache",
            now=NOW,
            search=False,  # tests of search ask for it
        )
        self.write("site.yaml", SITE)

    def write(self, path: str, text: str | bytes) -> Path:
        """Writes a file under ``content/``."""
        file = self.options.content / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def speak(self, language: str) -> None:
        """Puts the site into a language for which it has a theme of its own."""
        templates = self.root / "templates"
        shutil.copytree(self.options.templates, templates)
        shutil.copytree(templates / "locale/en", templates / f"locale/{language}")
        self.options = structs.replace(self.options, templates=templates)
        self.write("site.yaml", SITE.replace("language: vi", f"language: {language}"))

    def build(self, **choices: object) -> BuildResult:
        return build(structs.replace(self.options, **choices))

    def read(self, path: str) -> str:
        return (self.options.output / path).read_text(encoding="utf-8")

    def tree(self) -> dict[str, bytes]:
        return tree(self.options.output)


def in_a_thread(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """``asyncio.run``, also in a process in which a browser of Playwright has a loop of its own."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` with its bytes."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def told(report: BuildResult) -> list[str]:
    """What an editor reads of a build, without the hints."""
    return [
        f"{d.place.path}:{d.place.line}:{d.place.column}: {d.severity}[{d.code}]: {d.message}"
        for d in report.found
    ]
