"""``python -m benchmarks``: see README.md beside this file."""

import argparse
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.corpus import Article, make_corpus
from benchmarks.measure import Run, run
from benchmarks.programs import HERE, PROGRAMS, Kheo, Program

RESTORED = "cold, store restored, new mtimes"
KEPT = "store and output restored, new mtimes"
EDITED = "one article edited: words of its body"
RETITLED = "one article edited: its title"
SCENARIOS = (
    "cold",
    RESTORED,
    KEPT,
    "nothing changed",
    EDITED,
    RETITLED,
    "one article added",
    "base template edited",
)
ONCE = {"pelican", "kheo+search", "hugo+pagefind"}  # they take many times as long


def main() -> None:
    """Runs the comparison and, if asked for, the growth of this program alone."""
    arguments = _arguments()
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="kheo-bench-"))
    lines = [*_header(arguments.reports, arguments.runs)]
    names = arguments.programs.split(",")
    scenarios = arguments.scenarios.split("; ")
    lines += _compare(folder, names, arguments.reports, arguments.runs, scenarios)
    if arguments.scale:
        sizes = [int(size) for size in arguments.scale.split(",")]
        lines += ["", "Khéo alone, as the site grows:", "", *_grow(folder, sizes)]
    shutil.rmtree(folder, ignore_errors=True)
    if arguments.write:
        _write("\n".join(lines))
    print("\n".join(lines))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3, help="of each; the median counts")
    parser.add_argument("--programs", default=",".join(PROGRAMS))
    parser.add_argument("--scenarios", default="; ".join(SCENARIOS), help="with '; ' between them")
    parser.add_argument(
        "--scale", default="", help="sizes for this program alone: 1000,10000,100000"
    )
    parser.add_argument("--folder", help="where to work; else a temporary folder")
    parser.add_argument(
        "--write", action="store_true", help="put the tables into benchmarks/README.md"
    )
    return parser.parse_args()


def _header(reports: int, runs: int) -> Iterator[str]:
    packages = ", ".join(
        f"{name} {_version(name)}" for name in ("hugo", "pelican", "Markdown", "Jinja2")
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield (
        f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}; Python {platform.python_version()}, {packages}; {reports:,} reports; "
        f"median of {runs}, {' and '.join(sorted(ONCE))} once."
    )
    yield ""


def _version(package: str) -> str:
    try:
        return version(package)
    except ModuleNotFoundError:
        return "(not installed)"


def _compare(
    folder: Path, names: list[str], reports: int, runs: int, scenarios: list[str]
) -> Iterator[str]:
    articles = make_corpus(reports)
    programs = [PROGRAMS[name](folder / name) for name in names]
    for program in programs:
        program.prepare(articles)
    yield "| scenario | program | wall s | CPU s | memory MB | pages | wall, to Hugo | memory, to Hugo |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for scenario in scenarios:
        results: dict[str, list[Run]] = {program.name: [] for program in programs}
        pages: dict[str, int] = {}
        for turn in range(runs):
            for program in programs:  # in alternation: the machine's moods are shared
                if turn and program.name in ONCE:
                    continue
                _set_up(program, scenario, articles, turn)
                results[program.name].append(run(program.command(), program.folder))
                if turn == 0:
                    pages[program.name] = program.check(articles)
        yield from _rows(scenario, results, pages)


def _set_up(program: Program, scenario: str, articles: list[Article], turn: int) -> None:
    if scenario == "cold":
        program.forget()
    elif scenario in {RESTORED, KEPT}:
        program.check_out(articles, keep_output=scenario == KEPT)
    elif scenario == EDITED:
        changed = articles[len(articles) // 3]
        program.write_article(replace(changed, body=f"{changed.body}\n\nThêm chữ {turn}."))
    elif scenario == RETITLED:
        changed = articles[len(articles) // 2]
        program.write_article(replace(changed, title=f"{changed.title} {turn}"))
    elif scenario == "one article added":
        new = articles[len(articles) // 3]
        program.write_article(
            replace(new, slug=f"{new.slug}-moi-{turn}", day=max(a.day for a in articles))
        )
    elif scenario == "base template edited":
        program.edit_base_template(f"edit {turn}")


def _rows(scenario: str, results: dict[str, list[Run]], pages: dict[str, int]) -> Iterator[str]:
    middle = {
        name: Run(
            *(median(getattr(one, field) for one in runs) for field in ("wall", "cpu", "memory"))
        )
        for name, runs in results.items()
    }
    for name, one in middle.items():
        hugo = middle.get("hugo")
        wall = _ratio(one.wall, hugo.wall) if hugo and name != "hugo" else ""
        memory = _ratio(one.memory, hugo.memory) if hugo and name != "hugo" else ""
        yield (
            f"| {scenario} | {name} | {one.wall:.2f} | {one.cpu:.2f} | {one.memory / 1e6:.0f} "
            f"| {pages[name]} | {wall} | {memory} |"
        )


def _ratio(own: float, other: float) -> str:
    """``1/3.5`` where ours is less, ``1.4 ×`` where it is more."""
    return f"1/{other / own:.1f}" if own < other else f"{own / other:.1f} ×"


def _grow(folder: Path, sizes: list[int]) -> Iterator[str]:
    yield (
        "| reports | cold s | memory MB | nothing changed s | words edited s | memory MB "
        "| title edited s | memory MB | store MB |"
    )
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for size in sizes:
        articles = make_corpus(size)
        program = Kheo(folder / f"kheo-{size}")
        program.prepare(articles)
        cold = run(program.command(), program.folder)
        program.check(articles)
        same = run(program.command(), program.folder)
        _set_up(program, EDITED, articles, 0)
        edit = run(program.command(), program.folder)
        _set_up(program, RETITLED, articles, 0)
        title = run(program.command(), program.folder)
        store = sum(file.stat().st_size for file in (program.folder / ".cache").iterdir())
        yield (
            f"| {size:,} | {cold.wall:.2f} | {cold.memory / 1e6:.0f} | {same.wall:.2f} "
            f"| {edit.wall:.2f} | {edit.memory / 1e6:.0f} "
            f"| {title.wall:.2f} | {title.memory / 1e6:.0f} | {store / 1e6:.0f} |"
        )


def _write(text: str) -> None:
    file = HERE / "README.md"
    old = file.read_text(encoding="utf-8")
    new = re.sub(
        r"<!-- table -->\n.*?<!-- end -->",
        lambda _: f"<!-- table -->\n{text}\n<!-- end -->",
        old,
        flags=re.DOTALL,
    )
    file.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
