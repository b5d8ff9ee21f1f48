"""The preview as it is started and ended by people."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from queue import Empty, Queue

import pytest
from support import ROOT, Site, article

SECONDS = 60  # for a slow machine; each wait ends as soon as what is waited for is there


class Preview:
    """A running ``build.py serve`` and all that it prints."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: Queue[str] = Queue()
        self.said: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.put(line)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The next line that fits."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            with suppress(Empty):
                line = self.lines.get(timeout=0.2)
                self.said.append(line)
                if match := re.search(pattern, line):
                    return match
            if self.process.poll() is not None and self.lines.empty():
                break
        raise AssertionError(f"it never said {pattern!r}, but: {''.join(self.said)}")

    def address(self) -> tuple[str, int]:
        match = self.wait_for(r"http://([\d.]+):(\d+)/")
        return match[1], int(match[2])

    def get(self, path: str, address: tuple[str, int]) -> tuple[int, str]:
        connection = HTTPConnection(*address, timeout=SECONDS)
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text


def command(site: Site, *options: str) -> list[str]:
    choices = {"content": site.options.content, "templates": site.options.templates,
               "cache": site.options.cache}  # fmt: skip
    named = [part for name, folder in choices.items() for part in (f"--{name}", str(folder))]
    return [sys.executable, "-u", str(ROOT / "build.py"), "serve", *named, *options]


@contextmanager
def previewing(site: Site, *options: str) -> Iterator[Preview]:
    process = subprocess.Popen(
        command(site, "--port", "0", *options), cwd=site.root, text=True, encoding="utf-8",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    preview = Preview(process)
    try:
        yield preview
    finally:
        process.kill()
        process.wait()
        preview.reader.join(SECONDS)
        if process.stdout:
            process.stdout.close()


@pytest.fixture
def running(site: Site) -> Iterator[Preview]:
    site.write("articles/1.md", article(slug="mot"))
    with previewing(site) as preview:
        yield preview


def test_it_builds_into_a_folder_of_its_own(site: Site, running: Preview) -> None:
    address = running.address()
    assert "Nội dung." in running.get("/tin-tuc/mot/", address)[1]
    assert not site.options.output.exists()
    assert [path.name for path in site.options.cache.iterdir()] == ["serve"]


def test_drafts_and_scheduled_articles_are_shown_and_marked(site: Site) -> None:
    site.write("articles/1.md", article(slug="nhap", draft="true"))
    site.write("articles/2.md", article("Bài hai", slug="mai", date="2999-01-01"))
    site.write("articles/3.md", article("Bài ba", slug="ba"))
    with previewing(site) as preview:
        address = preview.address()
        assert '<p class="status">Bản nháp' in preview.get("/tin-tuc/nhap/", address)[1]
        assert '<p class="status">Đã hẹn ngày' in preview.get("/tin-tuc/mai/", address)[1]
        assert 'class="status"' not in preview.get("/tin-tuc/ba/", address)[1]
        listed = preview.get("/tin-tuc/", address)[1].split("<article")
        (marked,) = (card for card in listed if "Bài một" in card and "<h2" in card)
        assert "Bản nháp" in marked, "in lists too"


def test_a_save_is_built_and_told(site: Site, running: Preview) -> None:
    address = running.address()
    site.write("articles/1.md", article(slug="mot", body="Chữ mới."))
    running.wait_for(r"[1-9]\d* written")
    assert "Chữ mới." in running.get("/tin-tuc/mot/", address)[1]
    site.write("articles/1.md", article(slug="mot", body="Chữ hỏng.", catgory="x"))
    running.wait_for(r"articles/1.md:6:1: error\[unknown-key\]")
    assert "Chữ mới." in running.get("/tin-tuc/mot/", address)[1], "the last good page stays"
    site.write("articles/1.md", article(slug="mot", body="Chữ lành."))
    running.wait_for(r" 0 errors")
    assert "Chữ lành." in running.get("/tin-tuc/mot/", address)[1]


def test_a_site_that_cannot_be_built_is_served_as_soon_as_it_can(site: Site) -> None:
    good = (site.options.content / "site.yaml").read_text(encoding="utf-8")
    site.write("site.yaml", "title: [")
    site.write("articles/1.md", article(slug="mot"))
    with previewing(site) as preview:
        address = preview.address()
        assert preview.get("/", address)[0] == 404
        site.write("site.yaml", good.replace("lang.example/", "lang.example/tin/"))
        preview.wait_for(r" 0 errors")
        deadline = time.monotonic() + SECONDS
        while preview.get("/tin/tin-tuc/mot/", address)[0] != 200:  # said before it is served
            assert time.monotonic() < deadline


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_while_browsers_listen(running: Preview, number: signal.Signals) -> None:
    address = running.address()
    with socket.create_connection(address, timeout=SECONDS) as browser:
        host = f"{address[0]}:{address[1]}"
        browser.sendall(f"GET /.kheo/events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert b"200 OK" in browser.recv(4096)
        running.process.send_signal(number)
        assert running.process.wait(SECONDS) == 0, "not only when the browser goes"
    said = "".join(running.said) + "".join(list(running.lines.queue))
    assert "Traceback" not in said
    assert "error" not in said.replace("0 errors", "").lower()


@pytest.mark.parametrize("sign", ["store/building", "output/.staging"])
def test_ctrl_c_during_the_first_build(site: Site, sign: str) -> None:
    for number in range(300):
        site.write(f"articles/{number}.md", article(f"Bài {number}", body="Chữ. " * 400))
    with previewing(site) as preview:
        deadline = time.monotonic() + SECONDS
        while not (site.options.cache / "serve" / sign).exists():
            assert time.monotonic() < deadline
            assert preview.process.poll() is None
            time.sleep(0.002)
        os.killpg(preview.process.pid, signal.SIGINT)  # as a terminal does: to its workers too
        assert preview.process.wait(SECONDS) == 0
    assert "Traceback" not in "".join(preview.lines.queue)


def test_a_port_in_use_offers_the_next(site: Site, running: Preview) -> None:
    port = running.address()[1]
    second = subprocess.run(
        [*command(site), "--port", str(port)], cwd=site.root, text=True, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert second.returncode == 3
    told = re.search(rf"port {port} is in use.*serve --port (\d+)\n$", second.stderr)
    assert told, second.stderr
    assert second.stderr.count("\n") == 1
    with socket.create_server(("127.0.0.1", int(told[1]))):
        pass  # it is free indeed


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo-terminals")
def test_at_a_terminal_the_next_port_is_one_key_away(site: Site, running: Preview) -> None:
    port = running.address()[1]
    terminal, inner = os.openpty()
    second = subprocess.Popen(
        [*command(site), "--port", str(port)], cwd=site.root, stdin=inner, text=True,
        encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        os.write(terminal, b"\n")
        preview = Preview(second)
        address = preview.address()
        assert address[1] > port
        assert preview.get("/tin-tuc/mot/", address)[0] == 200
    finally:
        second.kill()
        second.wait()
        assert second.stdout
        second.stdout.close()
        os.close(terminal)
        os.close(inner)


def test_it_listens_on_this_machine_alone(running: Preview) -> None:
    host, port = running.address()
    assert host == "127.0.0.1"
    own = socket.gethostbyname(socket.gethostname())
    if not own.startswith("127."):
        with pytest.raises(OSError):
            socket.create_connection((own, port), timeout=2)


def test_a_request_for_a_web_socket_gets_the_page(running: Preview) -> None:
    """As other development servers' scripts ask; it is not answered by a socket, nor by a warning."""
    host, port = running.address()
    connection = HTTPConnection(host, port, timeout=SECONDS)
    wish = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    for path, status in (("/", 200), ("/ws", 404)):
        connection.request("GET", path, headers=wish)
        answer = connection.getresponse()
        assert answer.status == status
        assert b"<html" in answer.read()
    connection.request("GET", "/", headers=wish | {"Origin": "https://other.example"})
    assert connection.getresponse().status == 403
    connection.close()
    assert running.get("/", (host, port))[0] == 200
    assert running.lines.empty()


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["--host", "no.such.host.invalid"], 3, "cannot listen on no.such.host.invalid"),
        (["--port", "70000"], 2, "70000"),
        (["--content", "gone"], 1, "there is no site here: gone has no site.yaml"),
    ],
)
def test_misuse(site: Site, options: list[str], status: int, told: str) -> None:
    result = subprocess.run(
        [*command(site), *options], cwd=site.root, text=True, stdin=subprocess.DEVNULL,
        capture_output=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert result.returncode == status
    assert told in result.stderr
    assert "Traceback" not in result.stderr
