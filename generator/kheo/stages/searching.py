"""The search stage: it makes the index in the store equal to the reports of the site.

Few changes patch the shards that they concern; more, and another number of shards, mean that all are
made again, from the tables of the reports, through files in the cache: processes share both.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct, structs

from kheo.assets import SEARCH
from kheo.routes import Route, digest
from kheo.search.entry import CatalogueSummary, IndexSummary, entry_data
from kheo.search.inversion import (
    Changes,
    IndexShape,
    count_ranges,
    pair_name,
    shape_of,
    word_name,
)
from kheo.search.shards import NO_DIGEST, ShardError, digest_of
from kheo.search.terms import ReportWords, SearchReport, pack, unpack, with_body, words_of_report
from kheo.search.vocabulary import LEAST, encode_vocabulary
from kheo.stages.memory import forget
from kheo.stages.search_tasks import (
    FOLDER,
    IndexJob,
    InvertTask,
    MergeTask,
    compressed,
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
    read_vocabulary,
    renumber_reports,
)
from kheo.store.store import Store

STATE = "search"  # the memo of what the index has
ONE_IN = 8  # with more changed reports than one in so many, making all shards is faster
FEW, MOST = 4, 2_000  # so many are always, and never, patched: 2,000 have a million changes
FEW_REPORTS = 200  # up to so many are inverted here: two processes cost 0.05 s to start
FEW_SHARDS = 200  # up to so many are patched here
CHUNK = 1_000  # reports inverted at once: their lists take some 30 MB
RANGES = 4  # ranges merged at once
HEAD = 12  # bytes of a report's inputs that stand for all but its text


class IndexState(Struct, frozen=True, array_like=True):
    """What the index in the store has. ``limits``: what is not indexed, by path: words that are too
    long, and words beyond the most."""

    shape: IndexShape
    reports: int
    words: str
    pairs: str
    limits: dict[str, tuple[int, int]]
    vocabulary: str = ""  # its digest


class SearchIndex(Struct, frozen=True):
    """The index as it is in the store."""

    state: IndexState
    store: Store

    @property
    def summary(self) -> IndexSummary:
        state = self.state
        return IndexSummary(state.reports, state.shape, state.words, state.pairs, state.vocabulary)

    def routes(self, catalogue: CatalogueSummary) -> Iterator[Route]:
        """Yield the outputs of shards, of the vocabulary and of the entry, which also names the files
        of the catalogue."""
        for name, shown in shard_digests(self.state).items():
            path = f"{SEARCH}/{name}.{shown}.bin"
            yield Route(
                url=f"/{path}",
                path=path,
                inputs=digest(shown.encode()),
                source=SHARD_SOURCE,
                stored=name,
            )
        path = f"{SEARCH}/vocabulary.{self.state.vocabulary}.bin"
        yield Route(
            url=f"/{path}",
            path=path,
            inputs=digest(self.state.vocabulary.encode()),
            source=SHARD_SOURCE,
            data=lambda: compressed(_vocabulary(self.store)),
        )
        data = entry_data(self.summary, catalogue)
        yield Route(
            url=f"/{SEARCH}/entry.bin",
            path=f"{SEARCH}/entry.bin",
            inputs=digest(data),
            source=SHARD_SOURCE,
            data=lambda: compressed(data),
        )


SHARD_SOURCE = "the words of all reports"


def _vocabulary(store: Store) -> bytes:
    return encode_vocabulary(read_vocabulary(store, LEAST))


def shard_digests(state: IndexState) -> dict[str, str]:
    """Return the digest of every shard that has a file, by its name."""
    return {
        name(shard): shown
        for name, digests in ((word_name, state.words), (pair_name, state.pairs))
        for shard in range(len(digests) // 8)
        if (shown := digests[shard * 8 : shard * 8 + 8]) != NO_DIGEST
    }


class IndexWork(Struct, frozen=True):
    """What the index is made with."""

    cache: Path
    language: str
    program: str
    workers: Workers
    progress: Callable[[int, int], None]


def update_index(store: Store, reports: list[SearchReport], work: IndexWork) -> SearchIndex:
    """Make the index in the store that of these reports, in one transaction.

    The result is, byte for byte, that of making it from nothing. Raise StoreDamagedError.
    """
    _clean(work.cache)
    version = search_digest()
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
            for one in sorted(reports, key=lambda one: one.number)
        ]
        return SearchIndex(_make_all(store, job, tasks, work), store)
    if not changed and not gone:
        return SearchIndex(known, store)
    new = list(_tables(store, changed, wanted, rows))
    return SearchIndex(_patch(store, job, known, (new, gone), work), store)


def update_bodies(
    store: Store, edited: dict[str, tuple[str, ...]], work: IndexWork
) -> tuple[SearchIndex, SearchIndex] | None:
    """Put new texts of reports into the index. Return it as it was and as it is.

    ``edited`` has digests of bodies by path. Return ``None`` if one of them is not in the index.
    """
    version = search_digest()
    known = store.memo(STATE, version, IndexState)
    if known is None or not edited.keys() <= indexed_reports(store).keys():
        return None
    new = []
    for row in read_reports(store, edited):
        inputs = row.inputs[:HEAD] + _body_inputs(edited[row.path])
        if inputs != row.inputs:
            table = with_body(unpack(row.words), _html(store, edited[row.path]))
            new.append((IndexedReport(row.path, row.number, inputs, pack(table)), table))
    before = SearchIndex(known, store)
    if not new:
        return before, before
    job = IndexJob(work.cache, known.shape, version)
    return before, SearchIndex(_patch(store, job, known, (new, []), work), store)


def unindexed_words(
    store: Store, reports: list[SearchReport], progress: Callable[[int, int], None]
) -> dict[str, tuple[int, int]]:
    """Return what the index of these reports leaves out, by path, without making it."""
    version = search_digest()
    known = store.memo(STATE, version, IndexState)
    rows = indexed_reports(store) if known else {}
    found: dict[str, tuple[int, int]] = {}
    for done, one in enumerate(reports, start=1):
        inputs = _inputs(one, version)
        if known and rows.get(one.path, (0, b""))[1] == inputs:
            if one.path in known.limits:
                found[one.path] = known.limits[one.path]
        else:
            found |= _limits(one.path, _table(store, one))
            progress(done, len(reports))
    return found


def _are_many(changed: int, reports: int) -> bool:
    return changed > min(MOST, max(FEW, reports // ONE_IN))


def _inputs(report: SearchReport, version: str) -> bytes:
    """Return what the words of a report are made from: a digest of all but its text, and of that."""
    head = "\0".join((version, report.title, "\n".join(report.names)))
    return digest(head.encode()) + _body_inputs(report.bodies)


def _body_inputs(bodies: tuple[str, ...]) -> bytes:
    return digest("".join(bodies).encode())


# --- few changes ---------------------------------------------------------------------------------

Tables = list[tuple[IndexedReport, ReportWords]]


def _tables(
    store: Store,
    changed: list[SearchReport],
    wanted: dict[str, tuple[int, bytes]],
    rows: dict[str, tuple[int, bytes]],
) -> Iterator[tuple[IndexedReport, ReportWords]]:
    for report in changed:
        number, inputs = wanted[report.path]
        if rows.get(report.path, (0, b""))[1] == inputs:  # only its number is new
            (row,) = read_reports(store, [report.path])
            yield structs.replace(row, number=number), unpack(row.words)
            continue
        table = _table(store, report)
        yield IndexedReport(report.path, number, inputs, pack(table)), table


def _table(store: Store, report: SearchReport) -> ReportWords:
    return words_of_report(report.title, report.names, _html(store, report.bodies))


def _html(store: Store, bodies: tuple[str, ...]) -> str:
    found = store.bodies(list(dict.fromkeys(bodies)))
    return " ".join(found[one] for one in bodies)


def _patch(
    store: Store,
    job: IndexJob,
    known: IndexState,
    changed: tuple[Tables, list[str]],
    work: IndexWork,
) -> IndexState:
    """Patch the shards that change, and store them with the new tables."""
    new, gone = changed
    rows = indexed_reports(store)
    changes = Changes(job.shape)
    limits = dict(known.limits)
    replaced = [row.path for row, _ in new if row.path in rows]
    for row in read_reports(store, [*gone, *replaced]):
        changes.take(unpack(row.words), row.number, is_gone=True)
        limits.pop(row.path, None)
    for row, table in new:
        changes.take(table, row.number, is_gone=False)
        limits |= _limits(row.path, table)
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
    state = _state(job.shape, len(rows) - len(gone) - len(replaced) + len(new), shown, limits)
    with store.transaction():
        drop_reports(store, gone)
        put_reports(store, (row for row, _ in new))
        put_shards(store, ((one.name, one.data) for one in made))
        change_vocabulary(store, changes.reports)
        state = structs.replace(state, vocabulary=digest_of(_vocabulary(store)))
        store.put_memo(STATE, job.version, state)
    forget(store)  # what was published is not of this index any more
    return state


def _state(
    shape: IndexShape, reports: int, shown: dict[str, str], limits: dict[str, tuple[int, int]]
) -> IndexState:
    words = (shown.get(word_name(one), NO_DIGEST) for one in range(1 << shape.word_bits))
    pairs = (shown.get(pair_name(one), NO_DIGEST) for one in range(1 << shape.pair_bits))
    return IndexState(shape, reports, "".join(words), "".join(pairs), dict(sorted(limits.items())))


def _limits(path: str, table: ReportWords) -> dict[str, tuple[int, int]]:
    if table.too_long or table.too_many:
        return {path: (table.too_long, table.too_many)}
    return {}


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
        inverted.sort(key=lambda one: one.first)
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
                for is_new, rows in read_tables(answer.tables):
                    (put_reports if is_new else renumber_reports)(store, rows)
            drop_index(store)
            for merged in work.workers.run(merge_chunk, job, merges, few, RANGES):
                put_shards(store, ((one.name, one.data) for one in merged.shards))
                put_vocabulary(store, merged.vocabulary)
                shown |= {one.name: one.digest for one in merged.shards}
            state = _state(job.shape, len(tasks), shown, limits)
            state = structs.replace(state, vocabulary=digest_of(_vocabulary(store)))
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
