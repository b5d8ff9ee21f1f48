"""The lint stage of ``check``: lint new and changed sources, in workers if there are many."""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic, Place
from kheo.lint.linting import Linted, lint
from kheo.lint.source_text import Facts, Habits
from kheo.lint.words import folded
from kheo.model import Document, Entry
from kheo.read.decoding import decode_source
from kheo.read.settings import Settings
from kheo.read.sources import content_digest, read_source
from kheo.stages.workers import Workers
from kheo.store.store import Store

FEW_SOURCES = 200  # the same limit as for parsing: up to this many, no workers are started
LINT_FACT = "lint"


class LintJob(Struct, frozen=True):
    """What is the same for all sources of one run."""

    content: Path
    habits: Habits


class LintTask(Struct, frozen=True):
    """One source to lint, the facts of its front matter, and its digest when last linted."""

    entry: Entry
    facts: Facts
    known_digest: str


class LintedRow(Struct, frozen=True):
    """What the store keeps of one source. ``digest`` is the hash of its bytes."""

    size: int
    mtime_ns: int
    digest: str
    facts: Facts
    linted: Linted


def habits_of(settings: Settings) -> Habits:
    """Return the settings that decide how texts are linted."""
    language = settings.language
    return Habits(
        date_order=settings.config.date_order,
        link_texts=tuple(folded(text) for text in language.link_texts),
        spaced_marks=language.spaced_marks,
    )


def facts_of(document: Document) -> Facts:
    """Return the facts of a document that lint rules compare its text with."""
    meta = document.meta
    day = meta.date.at.date() if meta.date else None
    return Facts(meta.title, meta.author, (day.year, day.month, day.day) if day else None)


def lint_sources(
    store: Store,
    job: LintJob,
    program: str,
    entries: Iterable[Entry],
    documents: Iterable[Document],
    workers: Workers,
    progress: Callable[[int, int], None],
) -> dict[str, LintedRow]:
    """Lint every source, and return the rows by path. Invalid sources are linted too."""
    facts = {document.path: facts_of(document) for document in documents}
    version = f"{program} {msgspec.json.encode(job.habits).decode()}"
    remembered = _rows(store, version)
    rows: dict[str, LintedRow] = {}
    stale: list[LintTask] = []
    for entry in entries:
        known, own = remembered.get(entry.path), facts.get(entry.path, Facts())
        if known is None or known.facts != own:
            stale.append(LintTask(entry, own, ""))
        elif (known.size, known.mtime_ns) != (entry.size, entry.mtime_ns):
            stale.append(LintTask(entry, own, known.digest))
        else:
            rows[entry.path] = known
    for answer in workers.run(lint_chunk, job, stale, FEW_SOURCES):
        rows |= {path: row or _touched(remembered[path], entry) for path, entry, row in answer}
        progress(len(rows), len(stale))
    if stale or len(rows) != len(remembered):
        store.set_fact(LINT_FACT, _head(version) + msgspec.msgpack.encode(rows))
    return rows


def lint_chunk(job: LintJob, tasks: list[LintTask]) -> list[tuple[str, Entry, LintedRow | None]]:
    """Return a row for each source; None if its bytes have not changed since it was linted."""
    answer: list[tuple[str, Entry, LintedRow | None]] = []
    for task in tasks:
        entry = task.entry
        source = read_source(job.content, entry)
        row: LintedRow | None
        if isinstance(source, Diagnostic):  # the build reports it
            row = LintedRow(entry.size, entry.mtime_ns, "", task.facts, Linted())
        elif source.digest == task.known_digest:
            row = None
        else:
            # The build reports text in old encodings. It must not be fixed: in TCVN3, ư is a soft hyphen.
            text, _ = decode_source(source.data, Place(entry.path), "")
            linted = lint(source.data, entry.path, task.facts, job.habits) if text else Linted()
            row = LintedRow(entry.size, entry.mtime_ns, source.digest, task.facts, linted)
        answer.append((entry.path, entry, row))
    return answer


def _touched(row: LintedRow, entry: Entry) -> LintedRow:
    return structs.replace(row, size=entry.size, mtime_ns=entry.mtime_ns)


def _rows(store: Store, version: str) -> dict[str, LintedRow]:
    data, head = store.fact(LINT_FACT), _head(version)
    if not data.startswith(head):
        return {}
    return msgspec.msgpack.decode(data[len(head) :], type=dict[str, LintedRow])


def _head(version: str) -> bytes:
    return content_digest(version.encode()).encode()
