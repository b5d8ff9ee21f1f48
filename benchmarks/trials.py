"""``python -m benchmarks.trials``: what mishaps leave of a published site, here and with others.

Sites of 300 pages, default settings. Killed: of so many builds killed with -9 at a random moment while all
pages change, how many leave a damaged site: a page torn, or gone that was there before and will be
after. The others: what comes of one bad source, and what the command says by its exit status. A program
that is not installed is passed over, which is said.
"""

import argparse
import os
import random
import re
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
from benchmarks.others import Eleventy, Jekyll, MkDocs
from benchmarks.programs import Hugo, Kheo, Pelican, Program

REPORTS = 300
TRIED = (Kheo, Hugo, Pelican, MkDocs, Eleventy, Jekyll)
# How each lets a source say its own address; MkDocs has no way.
ADDRESSES = {
    "kheo": "slug: ../../x",
    "hugo": "url: ../../x/",
    "pelican": "Save_as: ../../x/index.html",
    "eleventy": "permalink: ../../x/index.html",
    "jekyll": "permalink: /../../x/",
}
SECRET = "SECRET"


def build(program: Program) -> int:
    return subprocess.run(
        program.command(), cwd=program.folder, capture_output=True, check=False
    ).returncode


def version(program: Program) -> str:
    """What the program calls itself; empty where it is not installed."""
    command = {
        "pelican": [sys.executable, "-m", "pelican", "--version"],
        "mkdocs": [sys.executable, "-m", "mkdocs", "--version"],
        "hugo": ["version"],
    }.get(program.name, ["--version"])
    try:
        start = [] if command[0] == sys.executable else program.command()[:1]
        start += [str(Path(__file__).parent.parent / "build.py")] * (program.name == "kheo")
        said = subprocess.run([*start, *command], capture_output=True, text=True, check=True).stdout
    except (OSError, RuntimeError, subprocess.CalledProcessError):
        return ""
    found = re.search(r"\d+\.\d+(\.\d+)?", said)
    return found[0] if found else ""


def pages(program: Program) -> dict[str, bytes]:
    return {path: data for path, data in tree(program.output).items() if path.endswith(".html")}


def killed(program: Program, runs: int, chance: random.Random) -> str:
    """``damaged of killed``."""
    damaged = done = 0
    for turn in range(runs * 2):
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
        if kill(program, chance.uniform(0.2, 0.95) * seconds):
            done += 1
            now = pages(program)
            # Programs that stamp their pages with the time give other bytes in each run.
            torn = [path for path, data in now.items() if b"</html>" not in data[-400:]]
            gone = [path for path in before if path in after and path not in now]
            damaged += bool(torn or gone)
        build(program)
        if done == runs:
            break
    return f"{damaged} of {done}"


def kill(program: Program, seconds: float) -> bool:
    """Builds; whether the build could be killed before it ended."""
    process = subprocess.Popen(
        program.command(), cwd=program.folder, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def bad_source(program: Program, article: Article, spoil: Callable[[Path], None]) -> str:
    """What comes of it when one source is spoilt: the exit status, and what is published."""
    before, around = len(pages(program)), outside(program)
    file = program.write_article(article)
    spoil(file)
    status, left = build(program), len(pages(program))
    signs = (b"\xff\xfe", "\ufffd".encode(), SECRET.encode())
    bad = any(sign in data for data in pages(program).values() for sign in signs)
    told = f"exit {status}, {left} of {before} pages"
    if bad:
        told += ", **published**"
    if outside(program) - around - {file}:
        told += ", **written outside**"
    file.unlink()
    program.write_article(article)
    build(program)
    return told


def outside(program: Program) -> set[Path]:
    """Files beside the project, and in it beside what it publishes."""
    return {
        file for file in program.folder.parent.rglob("*")
        if not file.is_relative_to(program.output) and ".cache" not in file.parts
        and "x" in file.parts and file.is_file()
    }  # fmt: skip


def spoil_utf8(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\n\xff\xfe broken \xff\xfe\n")


def spoil_link(file: Path) -> None:
    """The source is a link to a file that is not of the site."""
    secret = Path(tempfile.gettempdir()) / "kheo-secret.md"
    write_text(secret, f"{file.read_text(encoding='utf-8')}\n\n{SECRET}\n")
    file.unlink()
    file.symlink_to(secret)


def spoil_address(line: str) -> Callable[[Path], None]:
    """The source says that it is published two folders up."""

    def spoil(file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        key = line.partition(":")[0]
        text = re.sub(rf"^{key}:.*\n", "", text, flags=re.MULTILINE)
        text = (
            text.replace("---\n", f"---\n{line}\n", 1) if "---\n" in text[:4] else f"{line}\n{text}"
        )
        file.write_text(text, encoding="utf-8")

    return spoil


def tried(program: Program, articles: list[Article], runs: int) -> list[str]:
    program.prepare(articles)
    assert build(program) == 0, program.name
    address = ADDRESSES.get(program.name)
    return [
        killed(program, runs, random.Random(1)),
        bad_source(program, articles[0], spoil_utf8),
        bad_source(program, articles[0], spoil_address(address)) if address else "has none",
        bad_source(program, articles[0], spoil_link),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trials")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--programs", default=",".join(kind.name for kind in TRIED))
    arguments = parser.parse_args()
    articles = make_corpus(REPORTS)
    print("| program | damaged by kill -9 | invalid UTF-8 in one source | an address `../../x` "
          "| a link to a file outside |\n| --- | --- | --- | --- | --- |")  # fmt: skip
    for kind in TRIED:
        if kind.name not in arguments.programs.split(","):
            continue
        with tempfile.TemporaryDirectory(prefix="kheo-trials-") as folder:
            program = kind(Path(folder) / "a/b" / kind.name)
            if not (number := version(program)):
                print(f"note: {kind.name} is not installed", file=sys.stderr)
                continue
            cells = tried(program, articles, arguments.runs)
        print(f"| {kind.name} {number} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
