"""``python -m benchmarks.search_quality``: whether readers find the report that they have in mind.

Builds a site of reports with real word statistics, draws queries by rule, and asks the engine of the
search page in Chromium. Weights of ``find.js`` are tuned with other seeds than the one that is shown.
"""

import argparse
import gzip
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from statistics import median
from typing import Any

from benchmarks.corpus import fresh, write_text
from benchmarks.known_items import Query, draw_queries
from benchmarks.natural import NaturalReport, each_natural

ROOT = Path(__file__).parent.parent
SHOWN = 3  # results at first
SITE = "title: Dân vận\nbase_url: https://example.org/\nlanguage: vi\ntimezone: Asia/Ho_Chi_Minh\npublisher: {name: Ban Dân vận}\n"

# What the page does for a query: how often it fetches, how many bytes, and which addresses it shows.
ASK = """async ([module, more, queries, shown, isNew]) => {
    let requests = 0, bytes = 0;
    const { Index } = await import(module), own = globalThis.plainFetch ??= globalThis.fetch;
    globalThis.fetch = async (...of) => {
        const answer = await own(...of);
        requests++;
        const { byteLength } = await answer.clone().arrayBuffer();
        bytes += byteLength;
        return answer;
    };
    const answers = [];
    let index = new Index("/assets/search/", "vi", () => import(more));
    for (const query of queries) {
        requests = bytes = 0;
        if (isNew) index = new Index("/assets/search/", "vi", () => import(more));
        const started = performance.now();
        const [found] = await Promise.all([index.search(query), index.pages(query)]);
        const records = await index.records(found.numbers.slice(0, shown));
        const time = performance.now() - started;
        answers.push({ urls: records.map(one => one?.url ?? ""), requests, bytes, time });
    }
    return answers;
}"""
ASK_PAGEFIND = """async ([queries, shown]) => {
    const pagefind = await import("/pagefind/pagefind.js");
    const answers = [];
    for (const query of queries) {
        const { results } = await pagefind.search(query);
        const data = await Promise.all(results.slice(0, shown).map(one => one.data()));
        answers.push({ urls: data.map(one => one.url) });
    }
    return answers;
}"""

Answers = list[dict[str, Any]]


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_quality")
    parser.add_argument("--reports", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--folder", help="where a site of an earlier run is used again")
    parser.add_argument("--pagefind", action="store_true", help="its own interface, on these pages")
    parser.add_argument(
        "--misses", action="store_true", help="print queries that miss their report"
    )
    chosen = parser.parse_args()
    reports = list(each_natural(chosen.reports))
    queries = draw_queries(reports, chosen.seed)
    folder = Path(chosen.folder or tempfile.mkdtemp(prefix="kheo-search-"))
    output = folder / "output"
    if not output.exists():
        build(reports, folder)
    if chosen.pagefind and not (output / "pagefind").exists():
        run("-m", "pagefind", "--site", str(output), "--glob", "**/bai-*/*.html")
    (engine,) = output.glob("assets/find*.js")
    (more,) = output.glob("assets/more*.js")
    (script,) = output.glob("assets/search.*js")
    texts = [query.text for query in queries]
    with served(output) as address, browser() as chromium:
        page = chromium.new_page()
        page.goto(f"{address}/404.html")
        modules = [f"/assets/{one.name}" for one in (engine, more)]
        first = page.evaluate(ASK, [*modules, texts, SHOWN, True])
        later = page.evaluate(ASK, [*modules, texts, SHOWN, False])[1:]
        other = page.evaluate(ASK_PAGEFIND, [texts, SHOWN]) if chosen.pagefind else None
    scripts = sum(len(gzip.compress(one.read_bytes(), 9)) for one in (engine, script))
    print(f"{chosen.reports:,} reports, {len(queries)} queries of seed {chosen.seed}\n")
    print_kinds(queries, first, other)
    print(f"\nFirst query, with scripts of {scripts:,} bytes: {costs(first, 2, scripts)}")
    print(f"Later queries: {costs(later, 0, 0)}")
    if chosen.misses:
        for query, answer in zip(queries, first, strict=True):
            if rank(query, answer) > 3:
                print(f"{query.kind}: {query.text} -> {query.wanted}")


def run(*command: str) -> None:
    subprocess.run([sys.executable, *command], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def build(reports: list[NaturalReport], folder: Path) -> None:
    content = fresh(folder / "content")
    write_text(content / "site.yaml", SITE)
    for report in reports:
        place = content / "articles" / str(report.day.year)
        lines = [
            f"title: {report.title}",
            f"slug: {report.name}",
            f"date: {report.day}",
            f"author: {report.author}",
            f"category: {' > '.join(report.category)}",
        ]
        lines += [f"campaign: {report.campaign}"] if report.campaign else []
        if report.attachment:
            write_text(place / f"{report.name}.pdf", "%PDF-1.4\n")
            lines += [f"attachments:\n  - file: {report.name}.pdf\n    title: {report.attachment}"]
        head = "\n".join(lines)
        body = "\n\n".join(report.paragraphs)
        write_text(place / f"{report.name}.md", f"---\n{head}\n---\n\n{body}\n")
    paths = (f"--{name}={folder / name}" for name in ("content", "output", "cache"))
    run("build.py", *paths)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *values: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    program = which("chromium") or which("google-chrome")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def rank(query: Query, answer: dict[str, Any]) -> int:
    """1 for the first; more than are shown where the report is not among them."""
    urls: list[str] = answer["urls"]
    return next((n for n, url in enumerate(urls, 1) if f"/{query.wanted}/" in url), SHOWN + 1)


def print_kinds(queries: list[Query], first: Answers, other: Answers | None) -> None:
    answers = [first, *([other] if other else [])]
    heads = ["top 1", "top 3"] + ["Pagefind, top 1", "top 3"] * (other is not None)
    print(f"| kind | queries | {' | '.join(heads)} | requests | KB |")
    print(f"| --- |{' ---: |' * (len(heads) + 3)}")
    rows: dict[str, list[int]] = defaultdict(list)
    for at, query in enumerate(queries):
        rows[query.kind].append(at)
    rows["all"] = list(range(len(queries)))
    for kind, places in rows.items():
        found = [
            sum(rank(queries[at], one[at]) <= best for at in places)
            for one in answers
            for best in (1, 3)
        ]
        requests = median(first[at]["requests"] + 2 for at in places)
        size = median(first[at]["bytes"] for at in places) / 1_000
        cells = [kind, len(places), *found, f"{requests:.0f}", f"{size:.0f}"]
        print(f"| {' | '.join(map(str, cells))} |")
    share = sum(rank(queries[at], first[at]) <= 3 for at in rows["all"]) / len(queries)
    print(f"\nIn the top 3: {share:.1%}")


def costs(answers: Answers, requests: int, size: int) -> str:
    """Median, nine in ten, and most."""

    def three(values: list[float], form: str) -> str:
        values = sorted(values)
        chosen = (values[len(values) // 2], values[len(values) * 9 // 10], values[-1])
        return ", ".join(format(value, form) for value in chosen)

    counts = three([one["requests"] + requests for one in answers], ".0f")
    sizes = three([(one["bytes"] + size) / 1_000 for one in answers], ".0f")
    times = three([one["time"] for one in answers], ".0f")
    return f"requests {counts}; KB {sizes}; ms {times} (median, nine in ten, most)"


if __name__ == "__main__":
    main()
