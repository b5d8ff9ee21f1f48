"""Processor time to parse a report, here and in another checkout: ``python -m benchmarks.parsing --against DIR``.

The two take turns in processes of their own, and the best of all turns counts, so that what else the
machine does affects both alike. Of the corpus (see ``corpus.py``) six reports in ten are plain
paragraphs; the others have a heading, a list, a quotation, a table, emphasis and a link.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from time import process_time

ROOT = Path(__file__).parent.parent
REPORTS = 400
KINDS = ("plain", "marked", "all")


def main() -> None:
    """Prints microseconds per report, and the ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--against", type=Path, help="root of another checkout")
    options.add_argument("--turns", type=int, default=10)
    options.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.once:
        print(*measure())
        return
    roots = [ROOT, *([given.against] if given.against else [])]
    best = {root: [1e9] * len(KINDS) for root in roots}
    for _ in range(given.turns):
        for root in roots:
            command = [sys.executable, "-m", "benchmarks.parsing", "--once"]
            path = {"PYTHONPATH": f"{root / 'generator'}:{ROOT}"}
            said = subprocess.run(
                command, cwd=ROOT, env=path, check=True, capture_output=True, text=True
            )
            best[root] = [
                min(pair) for pair in zip(best[root], map(float, said.stdout.split()), strict=True)
            ]
    print("| reports | here µs |", "before µs | ratio |" if given.against else "")
    for at, kind in enumerate(KINDS):
        here, before = best[ROOT][at], best[roots[-1]][at]
        print(
            f"| {kind} | {here:.0f} |",
            f"{before:.0f} | {here / before:.2f} |" if given.against else "",
        )


def measure() -> list[float]:
    """Return microseconds per report, for each of KINDS."""
    from benchmarks.corpus import make_corpus
    from kheo.config import BodyOptions
    from kheo.diagnostics import Place
    from kheo.read.markdown.body import parse_body

    place, options = Place("a.md", 7), BodyOptions()
    times: dict[bool, list[float]] = {False: [], True: []}
    for one in make_corpus(REPORTS):
        best = 1.0
        for _ in range(5):
            started = process_time()
            parse_body(one.body, one.title, "5eed" * 8, place, options)
            best = min(best, process_time() - started)
        times["\n## " in one.body].append(best * 1e6)
    plain, marked = times[False], times[True]
    return [sum(each) / len(each) for each in (plain, marked, plain + marked)]


if __name__ == "__main__":
    main()
