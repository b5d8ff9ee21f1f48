"""The lint stage of ``check``: lint new and changed sources, in workers if there are many."""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic, Place
from kheo.lint.linting import LintResult, lint
from kheo.lint.source_text import Facts, LintSettings
from kheo.lint.words import folded
from kheo.model import Document, Entry, FileState
from kheo.read.decoding import decode_source
from kheo.read.sources import read_source
from kheo.stages.blame import blame_source
from kheo.stages.setup import Setup
from kheo.stages.workers import Failure, Workers
from kheo.store.store import Store

FEW_SOURCES = 200  # up to this many are linted in one worker
LINT = "lint"  # the name of the memo
UNREAD = FileState(-1, -1, "")  # a state that no file has: the source is linted again next time


class LintJob(Struct, frozen=True):
    """The folder and the settings for all sources of one run."""

    content: Path
    settings: LintSettings


class LintTask(Struct, frozen=True):
    """One source to lint, the facts of its front matter, and its digest when last linted."""

    entry: Entry
    facts: Facts
    known_digest: str


class LintedRow(Struct, frozen=True):
    """What the store keeps of one source. ``digest`` is the hash of its bytes."""

    state: FileState
    facts: Facts
    linted: LintResult


def lint_settings_of(setup: Setup) -> LintSettings:
    """Return the settings that decide how texts are linted."""
    language = setup.language
    return LintSettings(
        date_order=setup.config.date_order,
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
    version = f"{program} {msgspec.json.encode(job.settings).decode()}"
    remembered = store.memo(LINT, version, dict[str, LintedRow]) or {}
    rows: dict[str, LintedRow] = {}
    stale: list[LintTask] = []
    for entry in entries:
        known, own = remembered.get(entry.path), facts.get(entry.path, Facts())
        if known is None or known.facts != own:
            stale.append(LintTask(entry, own, ""))
        elif not known.state.matches(entry):
            stale.append(LintTask(entry, own, known.state.digest))
        else:
            rows[entry.path] = known

    def give_up(task: LintTask, failure: Failure) -> list[tuple[str, Entry, LintedRow | None]]:
        result = LintResult((blame_source(task.entry, failure),))
        return [(task.entry.path, task.entry, LintedRow(UNREAD, task.facts, result))]

    for answer in workers.run(lint_chunk, job, stale, FEW_SOURCES, give_up=give_up):
        rows |= {path: row or _touched(remembered[path], entry) for path, entry, row in answer}
        progress(len(rows), len(stale))
    if stale or len(rows) != len(remembered):
        store.set_memo(LINT, version, rows)
    return rows


def lint_chunk(job: LintJob, tasks: list[LintTask]) -> list[tuple[str, Entry, LintedRow | None]]:
    """Return a row for each source; None if its bytes have not changed since it was linted."""
    answer: list[tuple[str, Entry, LintedRow | None]] = []
    for task in tasks:
        entry = task.entry
        source = read_source(job.content, entry)
        row: LintedRow | None
        if isinstance(source, Diagnostic):  # reported by the build
            row = LintedRow(_state(entry, ""), task.facts, LintResult())
        elif source.digest == task.known_digest:
            row = None
        else:
            # The build reports text in old encodings. It must not be fixed: in TCVN3, ư is a soft hyphen.
            text, _ = decode_source(source.data, Place(entry.path), "")
            linted = (
                lint(source.data, entry.path, task.facts, job.settings) if text else LintResult()
            )
            row = LintedRow(_state(entry, source.digest), task.facts, linted)
        answer.append((entry.path, entry, row))
    return answer


def _touched(row: LintedRow, entry: Entry) -> LintedRow:
    return structs.replace(row, state=_state(entry, row.state.digest))


def _state(entry: Entry, digest: str) -> FileState:
    return FileState(entry.size, entry.mtime_ns, digest)
