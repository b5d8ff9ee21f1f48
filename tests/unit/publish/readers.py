"""Readers who ask for a page and then for its stylesheet, on and on, while releases are switched."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from support import ROOT, Site, article

READERS = 3


def edit(site: Site, number: int) -> None:
    """Another style, and another text on a page."""
    style = site.options.templates / "assets/style.css"
    source = (ROOT / "templates/assets/style.css").read_text(encoding="utf-8")
    style.write_text(f"/* mark {number} */\n{source}", encoding="utf-8")
    site.write("articles/0.md", article("Bài 0", f"Lần mark {number}.", slug="bai-0"))


class Reader(threading.Thread):
    """Reads a page and then its stylesheet, on and on."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port = port
        self.wrong: list[str] = []
        self.seen: list[str] = []
        self.done = threading.Event()

    def get(self, path: str) -> str:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        if response.status != 200:
            self.wrong.append(f"{response.status} {path}")
        return text

    def run(self) -> None:
        while not self.done.is_set():
            try:
                page = self.get("/tin-tuc/bai-0/")
                style = self.get(re.findall(r'rel="stylesheet" href="([^"]+)"', page)[0])
                marks = {*re.findall(r"mark \d+", page)} | {*re.findall(r"mark \d+", style)}
            except (OSError, IndexError) as error:
                self.wrong.append(repr(error))
                continue
            if len(marks) != 1 or "mark" not in style[:20]:
                self.wrong.append(f"a mix: {marks}")
            self.seen += marks
            time.sleep(0.01)  # else they take the processor from the build that they watch


@contextmanager
def reading(port: int) -> Iterator[set[str]]:
    """Three readers, while it lasts; at its end, the marks that they saw. None may have met an
    error, or a page with the style of another release."""
    seen: set[str] = set()
    readers = [Reader(port) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    yield seen
    for reader in readers:
        reader.done.set()
        reader.join()
        assert not reader.wrong, reader.wrong[:5]
        seen.update(reader.seen)
