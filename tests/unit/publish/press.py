"""A whole publication as the pipeline does it, of pages given as bytes. Run alone, it never ends."""

import sys
from contextlib import contextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path

from kheo.messages.wording import Message
from kheo.publish import manifest, writer
from kheo.publish.staging import close_staging, open_staging, stage
from kheo.store.connection import open_store
from kheo.store.journal import recorded_output


class RefusedError(Exception):
    """Paths of foreign files."""


class Press:
    """Publishes into ``root/output`` with the store in ``root/cache``."""

    def __init__(self, root: Path) -> None:
        self.cache = root / "cache"
        self.output = root / "output"
        self.warning: Message | None = None
        self.staged: list[str] = []

    @contextmanager
    def store(self):
        with open_store(self.cache) as (store, self.warning):
            store.keep_sources_of("1")
            yield store

    def publish(self, pages: dict[str, bytes], force: bool = False) -> writer.Counts:
        with self.store() as store:
            return self.publish_with(store, pages, force)

    def publish_with(self, store, pages: dict[str, bytes], force: bool = False) -> writer.Counts:
        writer.resume(store, self.output)
        published = manifest.find_published_files(store, self.output)
        intact = manifest.find_intact(self.output, published)
        suspects = [path for path in pages if path not in intact]
        if foreign := manifest.refuse_foreign(self.output, published, suspects, force):
            raise RefusedError(*(found.place.path for found in foreign))
        marks = {path: sha256(data).digest() for path, data in pages.items()}
        kept = {path for path in intact if published[path].fingerprint == marks.get(path)}
        try:
            staging = open_staging(self.output)
            staged = [
                stage(
                    staging, path, data, marks[path], b"made",
                    published[path].sha256 if path in intact else "",
                )
                for path, data in pages.items()
                if path not in kept
            ]  # fmt: skip
            self.staged = [one.path for one in staged]
            digests = {path: one.sha256 for path, one in published.items()}
            return writer.publish(store, self.output, writer.NewSite(staged, kept), digests)
        finally:
            close_staging(self.output)

    def belongs_here(self) -> bool:
        with self.store() as store:
            return recorded_output(store) == str(self.output.resolve())


def generation(number: int) -> dict[str, bytes]:
    """Pages of which some stay, change, come, go, and turn from file to folder and back."""
    text = f"{number}\n".encode() * 3000
    pages = {f"tin/bai-{n}/index.html": text for n in range(60)}
    pages |= {f"moi-{number % 3}/{n}/index.html": text for n in range(20)}
    pages["same.html"] = b"same\n" * 3000
    pages["turn" if number % 2 else "turn/index.html"] = text
    return pages


if __name__ == "__main__":
    for number in count(1):
        Press(Path(sys.argv[1])).publish(generation(number))
        print(number, flush=True)
