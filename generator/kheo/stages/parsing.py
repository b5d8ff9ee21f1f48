"""Parse: turn new and changed sources into documents in the store, in workers if there are many."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from kheo.config import ParseOptions
from kheo.diagnostics import Diagnostic
from kheo.model import Document, Entry, FileState
from kheo.read.sources import FailedSource, read_source
from kheo.stages.blame import blame_source
from kheo.stages.limits import SECONDS
from kheo.stages.memory import LastBuild, note_parsed
from kheo.stages.workers import Failure, Workers
from kheo.store.connection import open_existing
from kheo.store.store import ParsedRow, Store

if TYPE_CHECKING:
    from kheo.read.documents import ParsedSource

FEW_SOURCES = 200  # up to this many are parsed in one worker; each has to import Markdown: 0.05 s
SOURCE_SECONDS = SECONDS


class ParseJob(Struct, frozen=True):
    """The folders and settings with which all sources of a build are parsed."""

    content: Path
    cache: Path
    options: ParseOptions


class ParsedBlob(Struct, frozen=True, array_like=True, gc=False):
    """The document and the warnings of a valid source, as the store keeps them."""

    document: Document
    warnings: tuple[Diagnostic, ...]


class Changed(Struct, frozen=True):
    """The result of parsing.

    ``failed`` has all diagnostics of each source with an error, by path. ``parsed`` is the number of
    sources that were parsed in this build. ``unfinished`` has what could be read of failed sources.
    """

    failed: dict[str, tuple[Diagnostic, ...]]
    parsed: int
    unfinished: tuple[Document, ...] = ()


class Documents(Struct, frozen=True):
    """All documents without errors, the digest of each source by path, and all diagnostics."""

    documents: list[Document]
    digests: dict[str, str]
    found: list[Diagnostic]

    @property
    def known(self) -> dict[str, tuple[str, bytes]]:
        """Return the digest and the facts of every document, by path."""
        return {one.path: (self.digests[one.path], one.facts) for one in self.documents}


class Stale(Struct, frozen=True):
    """The sources to parse, and the paths of sources that are ``gone``.

    Each source comes with its digest when it was last parsed, or an empty string.
    """

    sources: list[tuple[Entry, str]]
    gone: list[str]


def stale_sources(store: Store, entries: Iterable[Entry], last: LastBuild | None) -> Stale:
    """Return the sources whose stored document is missing or out of date, and those that are gone.

    If ``last`` is given, only the sources that changed since that build are compared.
    """
    if last is None:
        known = store.sources()
    else:
        entries = last.edited
        known = store.sources([*(entry.path for entry in entries), *last.gone])
    stale: list[tuple[Entry, str]] = []
    for entry in entries:
        state = known.pop(entry.path, None)
        if state is None:
            stale.append((entry, ""))
        elif not state.matches(entry):
            stale.append((entry, state.digest))
    return Stale(stale, list(known))


def parse_sources(
    store: Store,
    job: ParseJob,
    stale: Stale,
    workers: Workers,
    progress: Callable[[int, int], None],
) -> Changed:
    """Parse stale sources into the store, and remove those that are gone."""
    if stale.sources or stale.gone:
        note_parsed(store, [*(entry.path for entry, _ in stale.sources), *stale.gone])
    if stale.gone:
        store.forget(stale.gone)
    failed: dict[str, tuple[Diagnostic, ...]] = {}
    unfinished: list[Document] = []
    done = parsed = 0

    def give_up(item: tuple[Entry, str], failure: Failure) -> ParseAnswer:
        found = (blame_source(item[0], failure, SOURCE_SECONDS),)
        return ParseAnswer(1, 1, {item[0].path: found}, [])

    answers = workers.run(
        parse_chunk,
        job,
        stale.sources,
        FEW_SOURCES,
        give_up=give_up,
        seconds=SOURCE_SECONDS,
        meanwhile=load_renderer,
    )
    for answer in answers:
        failed |= answer.failed
        unfinished += answer.unfinished
        done += answer.seen
        parsed += answer.parsed
        progress(done, len(stale.sources))
    return Changed(failed, parsed, tuple(unfinished))


def load_renderer() -> None:
    """Import Jinja and Babel, which later stages need, while a worker imports Markdown: 0.08 s."""
    import_module("kheo.render.renderer")


def read_documents(
    store: Store, entries: Iterable[Entry], changed: Changed, keep_going: bool
) -> Documents:
    """Return all documents in the store, and all diagnostics of sources.

    With ``keep_going``, a source with errors is represented by its last valid version, unless it is
    a draft now. Raises StoreDamagedError if a parsed document is missing.
    """
    decode = msgspec.msgpack.Decoder(ParsedBlob).decode
    failed = changed.failed
    documents: list[Document] = []
    digests: dict[str, str] = {}
    found: list[Diagnostic] = []
    for path, digest, data in store.documents():
        if path in failed and (not keep_going or is_draft(failed[path])):
            continue
        blob = decode(data)
        documents.append(blob.document)
        digests[path] = digest
        if path not in failed:
            found += blob.warnings
    for entry in entries:
        if entry.path not in digests and entry.path not in failed:
            raise store.damaged(f"document {entry.path}")
    found += (d for findings in failed.values() for d in findings)
    return Documents(documents, digests, found)


def is_draft(found: tuple[Diagnostic, ...]) -> bool:
    """Return whether a source that could not be parsed is a draft."""
    return any(d.in_draft for d in found)


def read_document(store: Store, path: str) -> tuple[str, ParsedBlob] | None:
    """Return the digest of a source and its document as last parsed; ``None`` if there is none."""
    for _, digest, data in store.documents(path):
        return digest, msgspec.msgpack.decode(data, type=ParsedBlob)
    return None


# --- in a worker --------------------------------------------------------------------------------


class ParseAnswer(Struct, frozen=True):
    """How many sources a worker received (``seen``) and parsed, and the diagnostics of failed ones."""

    seen: int
    parsed: int
    failed: dict[str, tuple[Diagnostic, ...]]
    unfinished: list[Document]


def parse_chunk(job: ParseJob, entries: list[tuple[Entry, str]]) -> ParseAnswer:
    """Parse sources and save them in the store; return the counts and the failures.

    Each source comes with its digest when it was last parsed, or an empty string.
    """
    rows: list[ParsedRow] = []
    touched: list[tuple[str, FileState]] = []
    failed: dict[str, FailedSource] = {}
    for entry, state, parsed in _parsed(job, entries):
        if parsed is None:
            touched.append((entry.path, state))
        elif isinstance(parsed, FailedSource):
            failed[entry.path] = parsed
        else:
            blob = msgspec.msgpack.encode(ParsedBlob(parsed.document, parsed.warnings))
            rows.append(ParsedRow(entry.path, state, blob, parsed.bodies))
    with open_existing(job.cache) as store:
        store.remember(rows, touched)
    return ParseAnswer(
        len(entries),
        len(rows) + len(failed),
        {path: one.found for path, one in failed.items()},
        [one.unfinished for one in failed.values() if one.unfinished],
    )


def _parsed(
    job: ParseJob, entries: list[tuple[Entry, str]]
) -> Iterator[tuple[Entry, FileState, "ParsedSource | FailedSource | None"]]:
    """Yield each source with its state and its result; ``None`` if its bytes did not change."""
    from kheo.read.documents import parse_source  # imports Markdown: 0.05 s

    for entry, known_digest in entries:
        source = read_source(job.content, entry)
        if isinstance(source, Diagnostic):
            yield entry, FileState(entry.size, entry.mtime_ns, ""), FailedSource((source,))
            continue
        state = FileState(entry.size, entry.mtime_ns, source.digest)
        if source.digest == known_digest:
            yield entry, state, None
            continue
        yield entry, state, parse_source(source, job.options)
