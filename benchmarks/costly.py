"""Texts that cost Markdown programs much, in sizes that grow: ``python -m benchmarks.costly``.

Each generator is tried at N and 2N, N so large that stock Python-Markdown takes seconds to minutes for
many of them. What takes twice as long grows as it should; what takes four times as long is quadratic,
and ends at the limit of five seconds that a source may take.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from kheo.config import BodyOptions, ParseOptions
from kheo.read.sources import read_listing
from kheo.stages.parsing import ParseJob, parse_chunk
from kheo.store.connection import open_store

OPTIONS = ParseOptions("vi", "Asia/Ho_Chi_Minh", "day-first", BodyOptions(), 10**7)

SIZE = 4  # what N is
COSTLY: dict[str, Callable[[int], str]] = {
    "CDATA": lambda n: "<![CDATA[" * 1000 * n,
    "footnote marks": lambda n: "[^1]" * 1000 * n + "\n\n[^1]: x",
    "pictures that are not closed": lambda n: "![" * 1000 * n,
    "abbreviations": lambda n: "\n".join(f"*[A{k}]: x" for k in range(1000 * n)) + "\n\nA1 A2",
    "emphasis in one paragraph": lambda n: "a *b* " * 2000 * n,
    "nested lists": lambda n: "\n".join("    " * level + "- x" for level in range(125 * n)),
    "nested quotes": lambda n: "> " * 750 * n + "x",
    "open brackets": lambda n: "[" * 5000 * n,
    "closed brackets": lambda n: "]" * 5000 * n,
    "nested brackets": lambda n: "[" * 500 * n + "x" + "](#)" * 500 * n,
    "backticks": lambda n: "`" * 5000 * n,
    "backticks of all lengths": lambda n: " ".join("`" * k for k in range(1, 50 * n)),
    "stars": lambda n: "*" * 5000 * n,
    "stars and underlines": lambda n: "*_" * 2500 * n,
    "open tags": lambda n: "<a " * 2500 * n,
    "open tags with attributes": lambda n: '<a href="' * 1250 * n,
    "nested tags": lambda n: "<div>" * 1250 * n,
    "nested spans": lambda n: "<b>" * 2000 * n,
    "comments": lambda n: "<!--" * 2000 * n,
    "references": lambda n: "\n".join(f"[{k}]: #" for k in range(1250 * n)) + "\n\n" + "[1]" * 2000,
    "definitions": lambda n: "x\n:   y\n" * 750 * n,
    "tables": lambda n: (
        "| a " * 500 * n + "|\n" + "| - " * 500 * n + "|\n" + ("| b " * 50 + "|\n") * 50
    ),
    "attribute lists": lambda n: "x {: a=b }\n" * 750 * n,
    "headings": lambda n: "# x\n" * 1250 * n,
    "setext": lambda n: "x\n---\n" * 1250 * n,
    "entities": lambda n: "&amp;" * 2000 * n,
    "backslashes": lambda n: "\\" * 10_000 * n,
    "one long line": lambda n: "a" * 25_000 * n,
    "one long line of words": lambda n: "từ " * 7500 * n,
    "blank lines": lambda n: "\n" * 250_000 * n,
    "spaces": lambda n: " " * 25_000 * n + "x",
    "angle brackets": lambda n: "<" * 5000 * n,
    "links in links": lambda n: "[a](" * 1000 * n,
    "autolinks": lambda n: "<https://x.example/" * 750 * n,
    "fences": lambda n: "```\n" * 2000 * n,
    "rules": lambda n: "- - " * 2500 * n,
    "digits": lambda n: "1. " * 2000 * n,
    "page marks": lambda n: "<!-- page -->\n\nx\n\n" * 125 * n,
}


def main() -> None:
    """Prints how the time grows, and where the limit was needed."""
    print("| text | KB | seconds at N | at 2N | grows by | told |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    for name, make in COSTLY.items():
        (small, _), (large, told) = parse(make(SIZE)), parse(make(2 * SIZE))
        size = len(make(SIZE).encode()) / 1000
        print(
            f"| {name} | {size:.0f} | {small:.3f} | {large:.3f} | {large / max(small, 1e-4):.1f} | {told} |"
        )


def parse(body: str) -> tuple[float, str]:
    """Seconds of processor time, and the codes of what is told."""
    with TemporaryDirectory(prefix="kheo-costly-") as folder:
        content = Path(folder)
        head = "---\ntitle: Bài\ndate: 2020-02-12\ncategory: Tin\n---\n\n"
        (content / "a.md").write_text(head + body, encoding="utf-8")
        job = ParseJob(content, content, OPTIONS)
        entries = [(entry, "") for entry in read_listing(content).sources]
        started = process_time()
        with open_store(content):
            failed = parse_chunk(job, entries).failed
        return process_time() - started, ", ".join(
            one.code for found in failed.values() for one in found
        )


if __name__ == "__main__":
    main()
