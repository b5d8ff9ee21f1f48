"""The parse stage: what is new or changed is parsed, in workers where it pays; the rest remembered."""

from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.model import Document, Entry
from kheo.read.sources import Listing
from kheo.stages.tasks import ParsedBlob, ParseJob, parse_chunk
from kheo.stages.workers import Workers
from kheo.store.store import Remembered, Store

FEW_SOURCES = 200  # up to so many are parsed here: two processes cost 0.05 s to start


class ParsedSources(Struct, frozen=True):
    """Every good document, and what was found in the sources; ``failed`` are paths with errors.

    ``digests`` has, of each document, the digest of its source and its facts. ``parsed`` is how
    many sources were parsed in this build.
    """

    documents: list[Document]
    digests: dict[str, tuple[str, bytes]]
    found: list[Diagnostic]
    failed: frozenset[str]
    parsed: int


def parse_sources(
    store: Store,
    job: ParseJob,
    listing: Listing,
    workers: Workers,
    keep_going: bool,
    progress: Callable[[int, int], None],
) -> ParsedSources:
    """Parses what is new or changed, forgets what is gone, and gives all documents.

    With ``keep_going``, a source that has errors is given as it was when last good.
    """
    remembered = store.remembered()
    present = {entry.path for entry in listing.sources}
    gone = [path for path in remembered if path not in present]
    if gone:
        store.forget(gone)
    stale = list(_stale(listing.sources, remembered))
    failed: dict[str, tuple[Diagnostic, ...]] = {}
    done = parsed = 0
    for answer in workers.run(parse_chunk, job, stale, FEW_SOURCES):
        failed |= answer.failed
        done += answer.seen
        parsed += answer.parsed
        progress(done, len(stale))
    documents, digests, warnings = _documents(store, failed, keep_going)
    found = [*warnings, *(d for findings in failed.values() for d in findings)]
    return ParsedSources(documents, digests, found, frozenset(failed), parsed)


def _stale(
    entries: Iterable[Entry], remembered: dict[str, Remembered]
) -> Iterator[tuple[Entry, str]]:
    """Entries whose size or time is not as it was, with the digest that they had."""
    for entry in entries:
        known = remembered.get(entry.path)
        if known is None:
            yield entry, ""
        elif (known.size, known.mtime_ns) != (entry.size, entry.mtime_ns):
            yield entry, known.digest


def _documents(
    store: Store, failed: dict[str, tuple[Diagnostic, ...]], keep_going: bool
) -> tuple[list[Document], dict[str, tuple[str, bytes]], list[Diagnostic]]:
    decode = msgspec.msgpack.Decoder(ParsedBlob).decode
    documents: list[Document] = []
    digests: dict[str, tuple[str, bytes]] = {}
    warnings: list[Diagnostic] = []
    for path, digest, data in store.documents():
        if path in failed and not keep_going:
            continue
        blob = decode(data)
        documents.append(blob.document)
        digests[path] = digest, blob.facts
        if path not in failed:
            warnings += blob.warnings
    return documents, digests, warnings
