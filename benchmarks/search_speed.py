"""``python -m benchmarks.search_speed``: what a first query costs a reader with a phone.

Needs nginx. Opens the search page of a site of ``search_quality`` in Chromium with an empty cache, slow 4G as its
developer tools have it, and a processor four times slower; asks queries for known reports, and counts.
"""

import argparse
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from statistics import median
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

from benchmarks.corpus import write_text
from benchmarks.known_items import Query, draw_queries
from benchmarks.natural import each_natural
from benchmarks.search_quality import browser, build, run

PHONE = {"width": 360, "height": 740}
LATER = "hệ thống tập tin"
PROCESSOR = 4  # times slower
# Chromium's preset: 1.6 Mbit/s down and 0.75 up, of which it takes nine in ten, and 562.5 ms a request.
SLOW_4G = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 180_000,
    "uploadThroughput": 84_375,
}
THINKING = 2_000  # milliseconds before the first letter and before Enter
GOAL = 2.0  # seconds from Enter to results
SHIFTS = """window.shift = 0;
new PerformanceObserver(list => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value; })
    .observe({ type: "layout-shift", buffered: true });"""
# Milliseconds from the key or, for an address with a query, from the navigation, to the first result that is painted.
TIMER = """window.started = 0;
addEventListener("keydown", event => { if (event.key === "Enter") window.started = performance.now(); }, true);
window.settled = selector => new Promise(done => {
    const look = () => document.querySelector(selector) ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - window.started))) : setTimeout(look, 10);
    look();
});"""
NGINX = """daemon off; pid {folder}/pid; error_log /dev/null; events {{}}
http {{
  include /etc/nginx/mime.types; access_log off;
  server {{
    listen 127.0.0.1:{port} ssl http2; ssl_certificate {certificate}; ssl_certificate_key {key};
    root {output}; include {output}/_nginx.conf;
  }}
}}
"""
OWN = "#site-results:not([aria-busy]) li, #site-near li, #site-status:is(:not(:empty)) ~ #site-results:not([aria-busy]):empty"
PAGEFIND = ".pagefind-ui__result-link"
PAGEFIND_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Pagefind</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/pagefind/pagefind-ui.css">
<script src="/pagefind/pagefind-ui.js"></script><div id="search"></div>
<script>addEventListener("DOMContentLoaded", () => new PagefindUI({ element: "#search", pageSize: 3, showImages: false }));</script>"""


class Cost:
    """What was fetched since the page was opened, as Chromium counts it."""

    def __init__(self, session: Any) -> None:
        self.requests: dict[str, tuple[str, int]] = {}
        session.on("Network.requestWillBeSent", self.note)
        session.on("Network.loadingFinished", self.finish)

    def note(self, event: Any) -> None:
        kind = "Image" if "icon" in event["request"]["url"] else event["type"]
        self.requests[event["requestId"]] = kind, 0

    def finish(self, event: Any) -> None:
        kind, _ = self.requests.get(event["requestId"], ("Other", 0))
        self.requests[event["requestId"]] = kind, int(event["encodedDataLength"])

    @property
    def shown(self) -> tuple[int, int]:
        """Requests and bytes without the page itself, its style and pictures, which all pages have."""
        kept = [
            size
            for kind, size in self.requests.values()
            if kind not in ("Document", "Stylesheet", "Image")
        ]
        return len(kept), sum(kept)


def main() -> None:
    """Prints a line of the table for each way to ask."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search_speed")
    parser.add_argument("--reports", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=2027)
    parser.add_argument("--each", type=int, default=2, help="queries of each kind")
    parser.add_argument("--folder", help="where a site of an earlier run is used again")
    parser.add_argument("--pagefind", action="store_true", help="its own page, on these reports")
    chosen = parser.parse_args()
    reports = list(each_natural(chosen.reports))
    queries = first_of_kinds(draw_queries(reports, chosen.seed), chosen.each)
    folder = Path(chosen.folder or tempfile.mkdtemp(prefix="kheo-search-"))
    output = folder / "output"
    if not output.exists():
        build(reports, folder)
    ways: dict[str, Callable[..., dict[str, float]]] = {
        "on the search page": ask_on_page,
        "from another page": ask_by_address,
    }
    if chosen.pagefind:
        if not (output / "pagefind").exists():
            run("-m", "pagefind", "--site", str(output), "--glob", "**/bai-*/*.html")
        (output / "pagefind.html").write_text(PAGEFIND_PAGE, encoding="utf-8")
        ways = {"Pagefind": ask_pagefind}
    print(f"{chosen.reports:,} reports, {len(queries)} queries of seed {chosen.seed}; median, nine in ten, most\n")  # fmt: skip
    print("| asked | requests | KB | requests after Enter | seconds | within 2 s | layout shift | later: requests | KB | seconds |")  # fmt: skip
    print("| --- | --- | --- | --- | --- | ---: | ---: | --- | --- | --- |")
    with served(output) as address, browser() as chromium:
        for name, way in ways.items():
            costs = [measured(chromium, address, way, one.text) for one in queries]
            print_costs(name, costs)


def first_of_kinds(queries: list[Query], each: int) -> list[Query]:
    kinds = list(dict.fromkeys(one.kind for one in queries))
    return [one for kind in kinds for one in [q for q in queries if q.kind == kind][:each]]


def measured(chromium: Any, address: str, way: Callable[..., dict[str, float]], query: str) -> dict[str, float]:  # fmt: skip
    """Ask once in a new browser profile; with the costs of another query after it."""
    context = chromium.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, ignore_https_errors=True, bypass_csp=True
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": PROCESSOR})
    page.add_init_script(SHIFTS + TIMER)
    found = way(page, address, query, Cost(session))
    found["shift"] = page.evaluate("window.shift")
    context.close()
    return found


def ask_on_page(page: Any, address: str, query: str, cost: Cost) -> dict[str, float]:
    """Open the page, type, press Enter; then another query."""
    page.goto(f"{address}/tim-kiem/", wait_until="networkidle")
    page.locator("#site-query").tap()
    page.wait_for_timeout(THINKING)
    page.keyboard.insert_text(query)
    page.wait_for_timeout(THINKING)
    before = cost.shown[0]
    page.keyboard.press("Enter")
    time = page.evaluate("selector => window.settled(selector)", OWN)
    first = cost.shown
    page.locator("#site-query").tap()
    page.locator("#site-query").fill(LATER)
    page.wait_for_timeout(THINKING)
    start = cost.shown
    page.keyboard.press("Enter")
    again = page.evaluate("selector => window.settled(selector)", OWN)
    later = cost.shown
    return {
        "requests": first[0], "bytes": first[1], "entered": first[0] - before, "time": time,
        "later requests": later[0] - start[0], "later bytes": later[1] - start[1], "later time": again,
    }  # fmt: skip


def ask_by_address(page: Any, address: str, query: str, cost: Cost) -> dict[str, float]:
    """Open the address with the query, as the box of every page does."""
    started = monotonic()
    page.goto(f"{address}/tim-kiem/?q={quote(query)}", wait_until="commit")
    page.evaluate("selector => window.settled(selector)", OWN)
    time = (monotonic() - started) * 1_000
    requests, size = cost.shown
    return {"requests": requests, "bytes": size, "entered": requests, "time": time}


def ask_pagefind(page: Any, address: str, query: str, cost: Cost) -> dict[str, float]:
    """Type into its interface, which searches without Enter, at most 0.3 s after the last letter."""
    page.goto(f"{address}/pagefind.html", wait_until="networkidle")
    field = page.locator(".pagefind-ui__search-input")
    field.tap()
    page.wait_for_load_state("networkidle")
    before = cost.shown[0]
    page.evaluate("window.started = performance.now()")
    page.keyboard.insert_text(query)
    time = page.evaluate("selector => window.settled(selector)", f"{PAGEFIND}, .pagefind-ui__message:not(:empty)")  # fmt: skip
    requests, size = cost.shown
    return {"requests": requests, "bytes": size, "entered": requests - before, "time": time}


def print_costs(name: str, costs: list[dict[str, float]]) -> None:
    def three(key: str, scale: float, form: str) -> str:
        values = sorted(one[key] / scale for one in costs if key in one)
        if not values:
            return "-"
        chosen = median(values), values[len(values) * 9 // 10], values[-1]
        return ", ".join(format(value, form) for value in chosen)

    fast = sum(one["time"] <= GOAL * 1_000 for one in costs)
    shift = max(one["shift"] for one in costs)
    print(
        f"| {name} | {three('requests', 1, '.0f')} | {three('bytes', 1_000, '.0f')} | {three('entered', 1, '.0f')}"
        f" | {three('time', 1_000, '.1f')} | {fast} of {len(costs)} | {shift:.3f} | {three('later requests', 1, '.0f')}"
        f" | {three('later bytes', 1_000, '.0f')} | {three('later time', 1_000, '.1f')} |",
        flush=True,
    )


@contextmanager
def served(output: Path) -> Iterator[str]:
    """Serve a site as hosts do: HTTP/2, compressed, with the headers that the build wrote."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
             "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)  # fmt: skip
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        write_text(folder / "nginx.conf", NGINX.format(
            folder=folder, port=port, key=key, certificate=certificate, output=output.resolve()))  # fmt: skip
        server = subprocess.Popen(
            ["nginx", "-e", "/dev/null", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        )
        try:
            wait_for(port)
            yield f"https://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for(port: int) -> None:
    for _ in range(100):
        with socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise TimeoutError("nginx does not answer")


if __name__ == "__main__":
    main()
