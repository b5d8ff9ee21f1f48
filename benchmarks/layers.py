"""What a site's own templates cost: ``python -m benchmarks.layers --articles 3000``.

The same reports are built from scratch with the default theme alone, with own templates that override one
block each, and with a copy of the whole theme. They take turns; the ratios are those of processor time.
"""

import argparse
import shutil
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.corpus import make_corpus, write_text
from benchmarks.measure import Run, run
from benchmarks.programs import Kheo

BLOCKS = {
    "base.html": "top",
    "article.html": "below",
    "card.html": "below",
    "footer.html": "columns",
}


class WithoutTemplates(Kheo):
    name = "the default theme alone"

    def prepare_theme(self) -> None:
        shutil.rmtree(self.folder / "templates")


class WithBlocks(WithoutTemplates):
    name = f"own blocks in {len(BLOCKS)} templates"

    def prepare_theme(self) -> None:
        super().prepare_theme()
        for file, block in BLOCKS.items():
            text = (
                f'{{% extends "kheo/{file}" %}}\n{{% block {block} %}}<p>Own</p>{{% endblock %}}\n'
            )
            write_text(self.folder / "templates" / file, text)


class WithCopy(WithoutTemplates):
    name = "a copy of the whole theme"

    def prepare_theme(self) -> None:
        """Leave the copy that every site of the benchmarks has."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=3_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    articles = make_corpus(options.articles)
    with tempfile.TemporaryDirectory(prefix="kheo-layers-") as folder:
        sites = [
            kind(Path(folder) / str(number))
            for number, kind in enumerate((WithoutTemplates, WithBlocks, WithCopy))
        ]
        for site in sites:
            site.prepare(articles)
            site.prepare_theme()
        cold: dict[str, list[Run]] = {site.name: [] for site in sites}
        warm: dict[str, list[Run]] = {site.name: [] for site in sites}
        for _ in range(options.runs):
            for site in sites:
                site.forget()
                cold[site.name].append(run(site.command(), site.folder))
                warm[site.name].append(run(site.command(), site.folder))
    print(f"{options.articles:,} reports, {options.runs} runs each\n")
    print("| theme | from scratch: CPU s | ratio | nothing changed: CPU s | ratio |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for site in sites:
        cells = (cell for runs in (cold, warm) for cell in _cells(runs, site.name, sites[0].name))
        print(f"| {site.name} | {' | '.join(cells)} |")


def _cells(runs: dict[str, list[Run]], name: str, first: str) -> tuple[str, str]:
    """The median of the processor time, and of its ratio to that of the first in the same turn."""
    pairs = zip(runs[name], runs[first], strict=True)
    ratio = median(one.cpu / other.cpu for one, other in pairs)
    return f"{median(one.cpu for one in runs[name]):.2f}", f"{ratio:.2f}"


if __name__ == "__main__":
    main()
