"""The search stage: bring the index in the store up to date with the reports of the site.

A few changed reports patch the shards of their words. With more, or if the number of shards changes,
all shards are made again from the tables of the reports, through files in the cache. Workers share
both kinds of work.
"""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct, structs

from kheo.routes import DIGEST_BYTES, digest
from kheo.search.inversion import (
    Changes,
    IndexShape,
    count_ranges,
    pair_name,
    shape_of,
    word_name,
)
from kheo.search.postings import ShardError
from kheo.search.shards import NO_DIGEST, digest_of
from kheo.search.terms import ReportWords, SearchReport, pack, unpack, with_body, words_of_report
from kheo.stages.memory import forget
from kheo.stages.search_index import IndexState, SearchIndex, shard_digests, vocabulary_data
from kheo.stages.search_limits import limits_of
from kheo.stages.search_tasks import (
    FOLDER,
    IndexJob,
    InvertTask,
    MergeTask,
    invert_chunk,
    merge_chunk,
    patch_chunk,
    read_tables,
)
from kheo.stages.versions import search_digest
from kheo.stages.workers import Workers
from kheo.store.cache_folder import make_cache_folder
from kheo.store.search_tables import (
    IndexedReport,
    change_vocabulary,
    drop_index,
    drop_reports,
    indexed_reports,
    put_reports,
    put_shards,
    put_vocabulary,
    read_reports,
    renumber_reports,
)
from kheo.store.store import Store

STATE, LIMITS = (
    "search",
    "search-limits",
)  # memos: the index; limits of reports that it does not have
# Shards are patched up to this share of changed reports, and always or never up to these numbers:
# 2,000 reports have a million changes.
ONE_IN = 8
FEW, MOST = 4, 2_000
FEW_REPORTS = 200  # up to this many are inverted in this process; starting two workers takes 0.05 s
FEW_SHARDS = 200  # up to this many are patched in this process
CHUNK = 1_000  # reports inverted at once: their lists take some 30 MB
RANGES = 4  # ranges merged at once


class IndexWork(Struct, frozen=True):
    """The cache, the language, the program's digest and the workers that the index is made with."""

    cache: Path
    language: str
    program: str
    workers: Workers
    progress: Callable[[int, int], None]


def update_index(store: Store, reports: list[SearchReport], work: IndexWork) -> SearchIndex:
    """Bring the index in the store up to date with these reports, in one transaction.

    The result is byte for byte that of a clean build. Raises StoreDamagedError.
    """
    _clean(work.cache)
    version = index_version(work.language)
    shape = shape_of([one.number for one in reports], work.language)
    known = store.memo(STATE, version, IndexState)
    rows = indexed_reports(store)
    wanted = {one.path: (one.number, _inputs(one, version)) for one in reports}
    changed = [one for one in reports if rows.get(one.path) != wanted[one.path]]
    gone = sorted(rows.keys() - wanted.keys())
    job = IndexJob(work.cache, shape, version)
    if known is None or known.shape != shape or _are_many(len(changed) + len(gone), len(reports)):
        tasks = [
            InvertTask(
                one, wanted[one.path][1], rows.get(one.path, (0, b""))[1] == wanted[one.path][1]
            )
            for one in sorted(reports, key=lambda one: one.number, reverse=True)
        ]
        return SearchIndex(_make_all(store, job, tasks, work), store)
    if not changed and not gone:
        return SearchIndex(known, store)
    replaced = [one.path for one in changed if one.path in rows]
    edits = Edits(
        list(_tables(store, changed, wanted, rows, work.language)), replaced, gone, len(reports)
    )
    return SearchIndex(_patch(store, job, known, edits, work), store)


def update_bodies(
    store: Store, edited: dict[str, tuple[str, ...]], work: IndexWork
) -> tuple[SearchIndex, SearchIndex] | None:
    """Put new texts of reports into the index. Return the index before and after.

    ``edited`` has digests of bodies by path. Returns ``None`` if one of them is not in the index.
    """
    version = index_version(work.language)
    known = store.memo(STATE, version, IndexState)
    if known is None or not edited.keys() <= indexed_reports(store, edited).keys():
        return None
    new = []
    for row in read_reports(store, edited):
        inputs = row.inputs[:DIGEST_BYTES] + _body_inputs(edited[row.path])
        if inputs != row.inputs:
            table = with_body(unpack(row.words), _html(store, edited[row.path]), work.language)
            new.append((IndexedReport(row.path, row.number, inputs, pack(table)), table))
    before = SearchIndex(known, store)
    if not new:
        return before, before
    job = IndexJob(work.cache, known.shape, version)
    edits = Edits(new, [row.path for row, _ in new], [], known.reports)
    return before, SearchIndex(_patch(store, job, known, edits, work), store)


CheckedLimits = dict[str, tuple[bytes, dict[str, tuple[int, int]]]]  # by path: inputs, limits


def unindexed_words(
    store: Store,
    reports: list[SearchReport],
    language: str,
    progress: Callable[[int, int], None],
) -> dict[str, tuple[int, int]]:
    """Return what the index of these reports leaves out, by path, without making it.

    Where no build has indexed a report, the store remembers the result for the next check.
    """
    version = index_version(language)
    known = store.memo(STATE, version, IndexState)
    rows = indexed_reports(store) if known else {}
    checked = store.memo(LIMITS, version, CheckedLimits) or {}
    others: CheckedLimits = {}
    found: dict[str, tuple[int, int]] = {}
    for done, one in enumerate(reports, start=1):
        inputs = _inputs(one, version)
        if known and rows.get(one.path, (0, b""))[1] == inputs:
            if one.path in known.limits:
                found[one.path] = known.limits[one.path]
            continue
        before = checked.get(one.path)
        if before and before[0] == inputs:
            others[one.path] = before
        else:
            others[one.path] = inputs, limits_of(one.path, _table(store, one, language))
            progress(done, len(reports))
        found |= others[one.path][1]
    if others != checked:
        store.set_memo(LIMITS, version, others)
    return found


def index_version(language: str) -> str:
    """Return what tables of reports depend on besides the reports."""
    return f"{search_digest()} {sys.byteorder} {language}"


def _are_many(changed: int, reports: int) -> bool:
    return changed > min(MOST, max(FEW, reports // ONE_IN))


def _inputs(report: SearchReport, version: str) -> bytes:
    """Return what the words of a report are made from: a digest of all but its text, and of that."""
    head = "\0".join((version, report.title, "\n".join(report.names)))
    return digest(head.encode()) + _body_inputs(report.bodies)


def _body_inputs(bodies: tuple[str, ...]) -> bytes:
    return digest("".join(bodies).encode())


# --- few changes ---------------------------------------------------------------------------------


class Edits(Struct, frozen=True):
    """New tables of reports, the paths of those ``replaced`` by them, and of those that are ``gone``.

    ``reports`` is the number of reports afterwards.
    """

    new: list[tuple[IndexedReport, ReportWords]]
    replaced: list[str]
    gone: list[str]
    reports: int


def _tables(
    store: Store,
    changed: list[SearchReport],
    wanted: dict[str, tuple[int, bytes]],
    rows: dict[str, tuple[int, bytes]],
    language: str,
) -> Iterator[tuple[IndexedReport, ReportWords]]:
    for report in changed:
        number, inputs = wanted[report.path]
        if rows.get(report.path, (0, b""))[1] == inputs:  # only its number is new
            (row,) = read_reports(store, [report.path])
            yield structs.replace(row, number=number), unpack(row.words)
            continue
        table = _table(store, report, language)
        yield IndexedReport(report.path, number, inputs, pack(table)), table


def _table(store: Store, report: SearchReport, language: str) -> ReportWords:
    return words_of_report(report.title, report.names, _html(store, report.bodies), language)


def _html(store: Store, bodies: tuple[str, ...]) -> str:
    found = store.bodies(list(dict.fromkeys(bodies)))
    return " ".join(found[one] for one in bodies)


def _patch(
    store: Store, job: IndexJob, known: IndexState, edits: Edits, work: IndexWork
) -> IndexState:
    """Patch the shards that change, and store them with the new tables."""
    changes = Changes(job.shape)
    limits = dict(known.limits)
    for row in read_reports(store, [*edits.gone, *edits.replaced]):
        changes.take(unpack(row.words), row.number, is_gone=True)
        limits.pop(row.path, None)
    for row, table in edits.new:
        changes.take(table, row.number, is_gone=False)
        limits |= limits_of(row.path, table)
    changes.settle()
    shown = shard_digests(known)
    tasks = [
        (name, name in shown, shard)
        for shards in (changes.words, changes.pairs)
        for name, shard in shards.items()
    ]
    made = []
    try:
        for answer in work.workers.run(patch_chunk, job, tasks, FEW_SHARDS):
            made += answer
            work.progress(len(made), len(tasks))
    except ShardError as error:
        raise store.damaged(f"search index: {error}") from error
    shown |= {one.name: one.digest for one in made}
    state = _state(job.shape, edits.reports, shown, limits)
    with store.transaction():
        drop_reports(store, edits.gone)
        put_reports(store, (row for row, _ in edits.new))
        put_shards(store, ((one.name, one.data) for one in made))
        change_vocabulary(store, changes.reports)
        state = structs.replace(state, vocabulary=digest_of(vocabulary_data(store)))
        store.put_memo(STATE, job.version, state)
    forget(store)  # what was published is not of this index any more
    return state


def _state(
    shape: IndexShape, reports: int, shown: dict[str, str], limits: dict[str, tuple[int, int]]
) -> IndexState:
    words = (shown.get(word_name(one), NO_DIGEST) for one in range(1 << shape.word_bits))
    pairs = (shown.get(pair_name(one), NO_DIGEST) for one in range(1 << shape.pair_bits))
    return IndexState(shape, reports, "".join(words), "".join(pairs), dict(sorted(limits.items())))


# --- from scratch --------------------------------------------------------------------------------


def _make_all(store: Store, job: IndexJob, tasks: list[InvertTask], work: IndexWork) -> IndexState:
    """Make all shards, from tables in the store where these are up to date."""
    make_cache_folder(job.folder)
    try:
        size = min(CHUNK, max(FEW_REPORTS // 2, -(-len(tasks) // (work.workers.jobs * 3))))
        inverted = []
        done = 0
        for answer in work.workers.run(invert_chunk, job, tasks, FEW_REPORTS, size):
            inverted.append(answer)
            done += answer.reports
            work.progress(done, len(tasks))
        inverted.sort(key=lambda one: one.newest, reverse=True)
        limits = {path: one for answer in inverted for path, one in answer.limits.items()}
        merges = [
            MergeTask(number, [answer.pieces[number] for answer in inverted])
            for number in range(sum(count_ranges(job.shape)))
        ]
        shown: dict[str, str] = {}
        few = len(merges) if len(tasks) <= FEW_REPORTS else 0
        wanted = {task.report.path for task in tasks}
        with store.transaction():
            drop_reports(store, indexed_reports(store).keys() - wanted)
            for answer in inverted:
                new, renumbered = read_tables(answer.tables)
                put_reports(store, new)
                renumber_reports(store, renumbered)
            drop_index(store)
            for merged in work.workers.run(merge_chunk, job, merges, few, RANGES):
                put_shards(store, ((one.name, one.data) for one in merged.shards))
                put_vocabulary(store, merged.vocabulary)
                shown |= {one.name: one.digest for one in merged.shards}
            state = _state(job.shape, len(tasks), shown, limits)
            state = structs.replace(state, vocabulary=digest_of(vocabulary_data(store)))
            store.put_memo(STATE, job.version, state)
    finally:
        _clean(work.cache)
    forget(store)
    return state


def _clean(cache: Path) -> None:
    """Remove the files of this stage, also those of a build that was killed."""
    folder = cache / FOLDER
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
