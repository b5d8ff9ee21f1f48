"""Measure the pictures that sources refer to. Only new and changed pictures are opened."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from kheo.model import Document, Entry
from kheo.pictures.recipes import Measured, is_picture, referred_path
from kheo.stages.picture_tasks import KnownPicture, measure_chunk
from kheo.stages.workers import Workers
from kheo.store.store import Store

MEMO = "pictures"
FEW_PICTURES = (
    4  # up to this many are measured in this process; a large one takes some tenths of a second
)
CHUNK = 4


def measure_pictures(
    store: Store,
    version: str,
    content: Path,
    documents: Iterable[Document],
    files: dict[str, Entry],
    workers: Workers,
) -> dict[str, Measured]:
    """Return the measurements of all pictures that documents refer to, by path.

    ``version`` is the digest of the program; results of another version are not used.
    """
    known = store.memo(MEMO, version, dict[str, KnownPicture]) or {}
    wanted = dict.fromkeys(_wanted(documents, files))
    stale = [(files[path], known.get(path)) for path in wanted if _is_stale(files[path], known)]
    now = {path: known[path] for path in wanted if path in known}
    for answers in workers.run(measure_chunk, content, stale, FEW_PICTURES, CHUNK):
        now |= dict(answers)
    if now != known:
        kept = dict(sorted(now.items()))
        store.set_memo(MEMO, version, kept)
    return {path: one.measured for path, one in now.items()}


def _wanted(documents: Iterable[Document], files: dict[str, Entry]) -> Iterator[str]:
    for document in documents:
        if not document.has_references:
            continue
        for reference in document.details.references:
            if is_picture(reference) and (path := referred_path(document, reference)) in files:
                yield path


def _is_stale(entry: Entry, known: dict[str, KnownPicture]) -> bool:
    one = known.get(entry.path)
    return one is None or not one.state.matches(entry)
