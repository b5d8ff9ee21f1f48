"""A built site as hosting serves it, with exactly the headers that the build writes."""

import functools
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
DEMANDED = bool(
    os.environ.get("KHEO_DEMAND_BROWSER")
)  # the gate does not pass over what is missing
Rules = dict[str, dict[str, str]]

# The policy's violations, as a page counts them.
LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", e => window.violations.push(
    `${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""
LISTENER = "window.violations"


def parse_headers(text: str) -> Rules:
    """``_headers``: a line with a path, then indented headers."""
    rules: Rules = {}
    path = ""
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            path = line
            rules[path] = {}
        else:
            name, _, value = line.strip().partition(": ")
            rules[path][name] = value
    return rules


def headers_for(rules: Rules, path: str) -> dict[str, str]:
    """As the hosts do it: the rules that match add up, a header that is twice is joined."""
    found: dict[str, str] = {}
    for pattern, headers in rules.items():
        if re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), path):
            for name, value in headers.items():
                assert name not in found, f"{name} is twice for {path}"
                found[name] = value
    return found


class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, rules: Rules, **options: Any) -> None:
        self.rules = rules
        super().__init__(*arguments, **options)

    def end_headers(self) -> None:
        for name, value in headers_for(self.rules, self.path.partition("?")[0]).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *values: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser may go on before it has all."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    rules = parse_headers((folder / "_headers").read_text(encoding="utf-8"))
    handler = functools.partial(Handler, directory=str(folder), rules=rules)
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def picture_fails(page: Any) -> None:
    """Waits until a picture that is asked for now is found missing: all that was asked for before
    has been refused or run by then."""
    page.evaluate(
        "new Promise(done => { const i = new Image(); i.onerror = done; i.src = '/none.png' })"
    )
