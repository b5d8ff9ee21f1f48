"""From save to painted page in the preview: ``python -m benchmarks.saving --articles 10000``.

A browser shows an article; its source, or something else, is saved; the clock stops when the browser
has painted the new page (its own "first contentful paint", or the second animation frame after the
change where it does not load anew). Needs Chromium and playwright.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Error, sync_playwright

from benchmarks.corpus import Article, make_corpus
from benchmarks.programs import ROOT, Kheo

SEEN = """text => new Promise(done => {
    const now = () => performance.timeOrigin + performance.now();
    const look = () => {
        const painted = performance.getEntriesByName("first-contentful-paint")[0];
        if (!document.body.innerText.includes(text)) return setTimeout(look, 5);
        if (painted) return done(performance.timeOrigin + painted.startTime);
        requestAnimationFrame(() => requestAnimationFrame(() => done(now())));
    };
    look();
})"""
UNTIL = """code => new Promise(done => {
    const now = () => performance.timeOrigin + performance.now();
    const holds = new Function("return " + code);
    const look = () => {
        if (!holds()) return setTimeout(look, 5);
        requestAnimationFrame(() => requestAnimationFrame(() => done(now())));
    };
    look();
})"""
OVERLAY = "document.querySelector('kheo-preview')?.shadowRoot?.firstChild"
LONGEST_SECONDS = 60.0
QUIET_SECONDS = 2.0  # between two saves: what the first started is over


def main() -> None:
    """Prints a table of medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kheo-saving-") as folder:
        program = Kheo(Path(folder) / "site")
        articles = make_corpus(options.articles)
        program.prepare(articles)
        with _previewing(program) as address, _page() as page:
            print(f"{options.articles:,} reports, {options.runs} saves each\n")
            print("| saved | median s | best s | worst s |\n| --- | ---: | ---: | ---: |")
            for name, saves in _scenarios(program, articles[len(articles) // 3], page).items():
                page.goto(address + _url(program, articles[len(articles) // 3]))
                times = []
                for turn in range(options.runs):
                    time.sleep(QUIET_SECONDS)
                    times.append(saves(turn))
                print(f"| {name} | {median(times):.2f} | {min(times):.2f} | {max(times):.2f} |",
                      flush=True)  # fmt: skip


def _scenarios(program: Kheo, article: Article, page: Any) -> dict[str, Callable[[int], float]]:
    """What is saved, by what the table calls it; each returns seconds."""
    style = program.folder / "templates/assets/style.css"

    def words(turn: int) -> float:
        text = f"Thêm chữ số {turn}."
        return _timed(page, SEEN, text, lambda: program.write_article(
            replace(article, body=f"{article.body}\n\n{text}")))  # fmt: skip

    def title(turn: int) -> float:
        text = f"Đầu đề số {turn}"
        return _timed(page, SEEN, text, lambda: program.write_article(replace(article, title=text)))

    def day(turn: int) -> float:
        later = article.day.replace(month=6, day=turn + 1)
        code = f"document.querySelector('.meta time').dateTime.startsWith('{later}')"
        return _timed(page, UNTIL, code, lambda: program.write_article(replace(article, day=later)))

    def mistake(turn: int) -> float:
        bad = replace(article, campaign=f"A\nno_such_key: {turn}")
        code = f"{OVERLAY}?.innerText.includes('no_such_key: {turn}')"
        return _timed(page, UNTIL, code, lambda: program.write_article(bad))

    def mended(turn: int) -> float:
        mistake(turn)
        time.sleep(QUIET_SECONDS)
        code = "!document.querySelector('kheo-preview')"
        return _timed(page, UNTIL, code, lambda: program.write_article(article))

    def stylesheet(turn: int) -> float:
        text = style.read_text(encoding="utf-8")
        code = f"getComputedStyle(document.body).backgroundColor === 'rgb(1, 2, {turn})'"
        seconds = _timed(page, UNTIL, code, lambda: style.write_text(
            f"{text}\nbody {{ background: rgb(1, 2, {turn}) }}\n", encoding="utf-8"))  # fmt: skip
        time.sleep(10)  # every page has the new name
        return seconds

    return {
        "words of the article": words,
        "its title": title,
        "its date, which moves it in lists": day,
        "a mistake in it (overlay)": mistake,
        "the mistake mended (overlay gone)": mended,
        "a stylesheet (swapped)": stylesheet,
    }


def _timed(page: Any, script: str, argument: str, save: Callable[[], object]) -> float:
    started = time.time()
    save()
    while time.time() < started + LONGEST_SECONDS:
        try:
            return float(page.evaluate(script, argument)) / 1000 - started
        except Error:  # the page that was asked has been replaced: ask the new one
            continue
    raise RuntimeError("the page never came to rest")


def _url(program: Kheo, article: Article) -> str:
    return f"/{program.page_of(article).parent.relative_to(program.output).as_posix()}/"


@contextmanager
def _previewing(program: Kheo) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-u", str(ROOT / "build.py"), "serve", "--port", "0"],
        cwd=program.folder, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    try:
        told = (re.search(r"http://[^ /]+", line) for line in process.stdout)
        address = next(match[0] for match in told if match)
        time.sleep(QUIET_SECONDS)
        yield address
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def _page() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser.new_page()
        browser.close()


if __name__ == "__main__":
    main()
