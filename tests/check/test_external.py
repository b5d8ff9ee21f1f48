"""``check --external`` against a server of its own."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support import NOW, Site, article

from kheo.check.check import CheckOptions, check
from kheo.check.external import RequestTiming, broken_links
from kheo.diagnostics import Place

PATIENT = RequestTiming(timeout=60, pause=0.0)
HASTY = RequestTiming(timeout=0.2, pause=0.0)  # for a server that does not answer


class Server(ThreadingHTTPServer):
    """Answers by path, and counts."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: Counter[str] = Counter()
        self.now = self.most = 0
        self.lock = threading.Lock()
        self.ended = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def answer(self) -> None:
        server = self.server
        with server.lock:
            server.asked[f"{self.command} {self.path}"] += 1
            server.now += 1
            server.most = max(server.most, server.now)
        name = self.path.strip("/").partition("/")[0]
        if name == "never":
            server.ended.wait()
        code = int(name) if name.isdigit() else 200
        if name == "no-head":
            code = 405 if self.command == "HEAD" else 200
        if name == "moved":
            code = 301
        with server.lock:
            server.now -= 1
        self.send_response(code)
        if code == 301:
            self.send_header("Location", "/404")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = answer  # noqa: N815

    def log_message(self, *arguments: object) -> None: ...


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.ended.set()
    server.shutdown()
    thread.join()
    server.server_close()


def broken(
    server: Server, cache: Path, *paths: str, later: int = 0, timing: RequestTiming = PATIENT
) -> dict[str, str]:
    links = {server.url(path): [Place("a.md", 7, 1)] for path in paths}
    found = broken_links(links, cache, NOW + timedelta(seconds=later), timing=timing)
    return {
        str(d.values["url"]).removeprefix(server.url("")): str(d.values["reason"]) for d in found
    }


def test_only_what_is_gone_is_told(server: Server, tmp_path: Path) -> None:
    paths = ["/", "/404", "/410", "/403", "/429", "/500", "/no-head", "/moved", "/tin%20tức?a=b#c"]
    assert broken(server, tmp_path, *paths) == {
        "/404": "the server answers 404",
        "/410": "the server answers 410",
        "/moved": "the server answers 404",
    }
    assert server.asked["HEAD /"] == 1
    assert server.asked["GET /"] == 0
    assert server.asked["GET /no-head"] == 1


def test_one_host_is_asked_one_thing_at_a_time(server: Server, tmp_path: Path) -> None:
    broken(server, tmp_path, *(f"/{number}x" for number in range(20)))
    assert server.most == 1


def test_answers_are_believed_for_a_while(server: Server, tmp_path: Path) -> None:
    for later, times in ((0, 1), (3000, 1), (4000, 2)):
        assert "/404" in broken(server, tmp_path, "/404", "/", later=later)
        assert server.asked["GET /404"] == times
    assert server.asked["HEAD /"] == 1
    broken(server, tmp_path, "/", later=8 * 24 * 3600)
    assert server.asked["HEAD /"] == 2
    (tmp_path / "external.json").write_text("{", encoding="utf-8")
    broken(server, tmp_path, "/")
    assert server.asked["HEAD /"] == 3


def test_no_answer_and_no_host(server: Server, tmp_path: Path) -> None:
    found = broken(server, tmp_path, "/never/1", "/never/2", timing=HASTY)
    assert set(found.values()) == {"the server does not answer"}
    assert sum(server.asked.values()) <= 2  # the host is not asked for the second
    links = {
        url: [Place("a.md")]
        for url in ("http://khong-co.invalid/x", "http://[::1", "http://127.0.0.1:1/")
    }
    assert len(broken_links(links, tmp_path, NOW, timing=PATIENT)) == 3


def test_links_are_told_where_they_stand_and_only_when_asked(server: Server, site: Site) -> None:
    url = server.url("/404")
    site.write(
        "a.md",
        article(body=f"Xem [báo cáo]({url}).\n\n    {url}/trong-ma\n\n[r]: {server.url('/r')}"),
    )
    assert check(site.options, CheckOptions()).found == []
    checked = check(site.options, CheckOptions(external=True))
    assert [(d.code, d.place.line, d.place.column) for d in checked.found] == [
        ("external-broken", 7, 15)
    ]
    assert checked.asked == 2
    site.write("b.md", article("Hai"))
    assert check(site.options, CheckOptions(("b.md",), external=True)).asked == 0
