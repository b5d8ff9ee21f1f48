"""What supervised workers cost: ``python -m benchmarks.supervision --articles 5000``.

The same site is built from scratch, in turn, with the program's own workers, which have limits and can be
stopped, and with a plain pool of ``concurrent.futures``, which have neither. The ratio of the medians is
the cost; below 1.02, it cannot be told from noise. Run it on an idle machine.
"""

import argparse
import multiprocessing
import os
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.corpus import make_corpus
from benchmarks.programs import ROOT, Kheo
from kheo.pipeline import build
from kheo.stages.results import BuildOptions, Run


def seconds_of(options: BuildOptions, is_supervised: bool) -> float:
    """Build from scratch; return the time that it took, including that of starting workers."""
    for folder in (options.output, options.cache):
        shutil.rmtree(folder, ignore_errors=True)
    started = time.perf_counter()
    if is_supervised:
        result = build(options)
    else:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(options.jobs, context) as pool:
            result = build(options, Run(executor=pool))
    seconds = time.perf_counter() - started
    assert result.counts, result.found
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.supervision", description=__doc__)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kheo-supervision-") as folder:
        site = Path(folder) / "site"
        Kheo(site).prepare(make_corpus(asked.articles))
        options = BuildOptions(
            content=site / "content",
            templates=ROOT / "templates",
            output=site / "output",
            cache=site / ".cache",
            now=datetime.now(UTC),
            jobs=asked.jobs,
        )
        seconds_of(options, is_supervised=True)  # modules are imported, files are in memory
        supervised, plain = [], []
        for _ in range(asked.runs):
            supervised.append(seconds_of(options, is_supervised=True))
            plain.append(seconds_of(options, is_supervised=False))
    print(
        f"{asked.articles} reports, {asked.jobs} jobs: supervised {median(supervised):.2f} s "
        f"({min(supervised):.2f} to {max(supervised):.2f}), plain pool {median(plain):.2f} s "
        f"({min(plain):.2f} to {max(plain):.2f}), ratio {median(supervised) / median(plain):.3f}"
    )


if __name__ == "__main__":
    main()
