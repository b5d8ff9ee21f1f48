"""This program alone at a size that no newsroom has: ``python -m benchmarks.million``.

The reports are made one by one and not kept: the memory in the table is the program's, and what this
process has when it starts one, which the system counts for it, stays small. A million take some 60 GB
of disk and hours.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.__main__ import EDITED, RETITLED, _set_up
from benchmarks.corpus import Article, each_report
from benchmarks.measure import run
from benchmarks.programs import Kheo, KheoWithSearch

SCENARIOS = ("cold", "nothing changed", EDITED, RETITLED, "one article added")
KEPT = 60  # so many reports are remembered, spread over all: to edit, and to look for in the site
NEEDED_KB, NEEDED_FILES = 65, 5  # of disk for each report: 56 and 4 were seen; edits add


def main() -> None:
    """Prints a row of the table when it is known: what breaks late does not take all with it."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="kheo-million-", dir=arguments.folder) as folder:
        _check_room(Path(folder), arguments.reports)
        program = (KheoWithSearch if arguments.search else Kheo)(Path(folder) / "kheo")
        print("\n".join(_header(arguments.reports, program)), flush=True)
        for row in _rows(program, arguments.reports):
            print(row, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million")
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--search", action="store_true", help="with the index for readers")
    parser.add_argument("--folder", help="where to make a folder to work in; else the system's")
    return parser.parse_args()


def _check_room(folder: Path, reports: int) -> None:
    disk = os.statvfs(folder)
    free, files = disk.f_bavail * disk.f_frsize, disk.f_favail or sys.maxsize  # some count no files
    if free < reports * NEEDED_KB * 1000 or files < reports * NEEDED_FILES:
        sys.exit(
            f"{reports:,} reports need {reports * NEEDED_KB / 1e6:.0f} GB and "
            f"{reports * NEEDED_FILES:,} files; {folder.parent} has room for {free / 1e9:.0f} GB "
            f"and {files:,} files: see --folder"
        )


def _header(reports: int, program: Kheo) -> Iterator[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    yield (
        f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}; Python {platform.python_version()}; {reports:,} reports, "
        f"{'with' if program.has_search else 'no'} search; one run of each."
    )
    yield ""
    yield "| scenario | wall s | CPU s | memory MB | pages | store MB |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"


def _rows(program: Kheo, reports: int) -> Iterator[str]:
    some = _prepare(program, reports)
    for scenario in SCENARIOS:
        if scenario != "cold":
            _set_up(program, scenario, some, 0)
        one = run(program.command(), program.folder)
        pages = program.check(some)
        assert pages > reports, f"only {pages} pages"
        store = sum(file.stat().st_size for file in (program.folder / ".cache").iterdir())
        yield (
            f"| {scenario} | {one.wall:.2f} | {one.cpu:.2f} | {one.memory / 1e6:.0f} | {pages} "
            f"| {store / 1e6:.0f} |"
        )


def _prepare(program: Kheo, reports: int) -> list[Article]:
    """Writes the project; some of its reports, and at their end the newest: one is added beside it."""
    program.prepare([])
    some: list[Article] = []
    newest = None
    for number, article in enumerate(each_report(reports)):
        program.write_article(article)
        if number % max(1, reports // KEPT) == 0:
            some.append(article)
        if newest is None or article.day > newest.day:
            newest = article
    return [*some, newest] if newest else some


if __name__ == "__main__":
    main()
