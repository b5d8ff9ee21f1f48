"""``python -m benchmarks.trials``: what mishaps leave of a published site, here and with others.

Sites of 300 pages, default settings. Killed: of so many builds killed with -9 at a random moment while all
pages change, how many leave a damaged site: a page torn, or gone that was there before and will be
after. The others: what comes of one bad source, and what the command says by its exit status.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.corpus import Article, make_corpus, write_text
from benchmarks.kills import tree
from benchmarks.programs import Hugo, Kheo, Pelican, Program

REPORTS = 300


class MkDocs(Program):
    """MkDocs with its own theme; a page for each report."""

    name = "mkdocs"
    article_template = "mkdocs.yml"

    def write_article(self, article: Article) -> Path:
        file = self.folder / f"docs/{article.slug}.md"
        write_text(file, f"---\ntitle: '{article.title}'\n---\n\n{article.body}\n")
        return file

    def write_project(self, articles: list[Article]) -> None:
        write_text(self.folder / "mkdocs.yml", "site_name: Bench\n")
        write_text(self.folder / "docs/index.md", "# Bench\n")

    def command(self) -> list[str]:
        return [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(self.output)]

    def page_of(self, article: Article) -> Path:
        return self.output / article.slug / "index.html"

    def edit_base_template(self, text: str) -> None:
        write_text(self.folder / "mkdocs.yml", f"site_name: Bench {text}\n")


def build(program: Program, *more: str) -> int:
    return subprocess.run(
        [*program.command(), *more], cwd=program.folder, capture_output=True, check=False
    ).returncode


def pages(program: Program) -> dict[str, bytes]:
    return {path: data for path, data in tree(program.output).items() if path.endswith(".html")}


def killed(program: Program, runs: int, chance: random.Random) -> str:
    """``damaged of killed``."""
    damaged = done = 0
    for turn in range(runs):
        program.edit_base_template(f"new {turn}")
        saved = program.folder / "saved"
        shutil.rmtree(saved, ignore_errors=True)
        shutil.copytree(program.output, saved)
        before = pages(program)
        started = time.perf_counter()
        build(program)
        seconds = time.perf_counter() - started
        after = pages(program)
        shutil.rmtree(program.output)
        saved.rename(program.output)
        process = subprocess.Popen(
            program.command(), cwd=program.folder, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            process.wait(chance.uniform(0.3, 0.95) * seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            done += 1
        now = pages(program)
        # Programs that stamp their pages with the time give other bytes in each run.
        torn = [p for p in now if b"</html>" not in now[p][-400:]]
        gone = [p for p in before if p in after and p not in now]
        damaged += bool(torn or gone)
        build(program)
    return f"{damaged} of {done}"


def bad_source(program: Program, articles: list[Article], spoil: Callable[[Path], None]) -> str:
    """What comes of it when one source is spoilt: the exit status, and the pages that are left."""
    before = len(pages(program))
    file = program.write_article(articles[0])
    spoil(file)
    status = build(program)
    left = len(pages(program))
    page = program.page_of(articles[0])
    broken = page.is_file() and (b"\xff\xfe" in page.read_bytes() or b"SECRET" in page.read_bytes())
    told = f"exit {status}, {left} of {before} pages"
    file.unlink()
    program.write_article(articles[0])
    build(program)
    return told + (", **published**" if broken else "")


def spoil_utf8(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\n\xff\xfe broken \xff\xfe\n")


def spoil_link(file: Path) -> None:
    secret = Path(tempfile.gettempdir()) / "kheo-secret.md"
    text = file.read_text(encoding="utf-8")
    secret.write_text(text + "\n\nSECRET\n", encoding="utf-8")
    file.unlink()
    file.symlink_to(secret)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trials")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--programs", default="kheo,hugo,pelican,mkdocs")
    arguments = parser.parse_args()
    kinds = {kind.name: kind for kind in (Kheo, Hugo, Pelican, MkDocs)}
    articles = make_corpus(REPORTS)
    print(
        "| program | damaged by kill -9 | invalid UTF-8 in one source | a link to a file outside |"
    )
    print("| --- | --- | --- | --- |")
    for name in arguments.programs.split(","):
        with tempfile.TemporaryDirectory(prefix="kheo-trials-") as folder:
            program = kinds[name](Path(folder) / name)
            program.prepare(articles)
            assert build(program) == 0, name
            kills = killed(program, arguments.runs, random.Random(1))
            utf8 = bad_source(program, articles, spoil_utf8)
            link = bad_source(program, articles, spoil_link)
        print(f"| {name} | {kills} | {utf8} | {link} |", flush=True)


if __name__ == "__main__":
    main()
