"""Many changed reports, or a new shape of the index: all shards are made again.

Workers take some reports each and write their lists, range by range, to files in the cache. Then each
range is merged from all files.
"""

from msgspec import structs

from kheo.search.inversion import count_ranges
from kheo.search.shards import digest_of
from kheo.stages.memory import forget
from kheo.stages.search_index import STATE, IndexState, index_state, vocabulary_data
from kheo.stages.search_tasks import (
    IndexJob,
    IndexWork,
    InvertedChunk,
    InvertTask,
    MergeTask,
    clean_folder,
    invert_chunk,
    merge_chunk,
)
from kheo.stages.workers import Workers
from kheo.store.cache_folder import make_cache_folder
from kheo.store.search_tables import (
    drop_index,
    drop_reports,
    indexed_reports,
    put_shards,
    put_vocabulary,
)
from kheo.store.store import Store

FEW_REPORTS = 200  # up to this many are inverted in this process; starting two workers takes 0.05 s
CHUNK = 1_000  # reports inverted at once: their lists take some 30 MB
RANGES = 2  # ranges merged at once


def make_all(store: Store, job: IndexJob, tasks: list[InvertTask], work: IndexWork) -> IndexState:
    """Make all shards, from tables in the store where these are up to date."""
    wanted = {task.report.path for task in tasks}
    # Workers store new tables: a build after one that ended too early must not patch old shards.
    store.drop_memo(STATE)
    with store.transaction():
        drop_reports(store, indexed_reports(store).keys() - wanted)
    make_cache_folder(job.folder)
    try:
        inverted = _invert(job, tasks, work)
        state = _merge(store, job, inverted, work.workers)
    finally:
        clean_folder(work.cache)
    forget(store)
    return state


def _invert(job: IndexJob, tasks: list[InvertTask], work: IndexWork) -> list[InvertedChunk]:
    """Return the lists of all reports in chunks, newest first."""
    size = min(CHUNK, max(FEW_REPORTS // 2, -(-len(tasks) // (work.workers.jobs * 3))))
    inverted: list[InvertedChunk] = []
    done = 0
    for answer in work.workers.run(invert_chunk, job, tasks, FEW_REPORTS, size):
        inverted.append(answer)
        done += answer.reports
        work.progress(done, len(tasks))
    return sorted(inverted, key=lambda one: one.newest, reverse=True)


def _merge(
    store: Store, job: IndexJob, inverted: list[InvertedChunk], workers: Workers
) -> IndexState:
    """Make the shards, and replace those in the store."""
    reports = sum(answer.reports for answer in inverted)
    limits = {path: one for answer in inverted for path, one in answer.limits.items()}
    merges = [
        MergeTask(number, [answer.pieces[number] for answer in inverted])
        for number in range(sum(count_ranges(job.shape)))
    ]
    few = len(merges) if reports <= FEW_REPORTS else 0
    shown: dict[str, str] = {}
    with store.transaction():
        drop_index(store)
        for merged in workers.run(merge_chunk, job, merges, few, RANGES):
            put_shards(store, ((one.name, one.data) for one in merged.shards))
            put_vocabulary(store, merged.vocabulary)
            shown |= {one.name: one.digest for one in merged.shards}
        state = index_state(job.shape, reports, shown, limits)
        state = structs.replace(state, vocabulary=digest_of(vocabulary_data(store, state.reports)))
        store.put_memo(STATE, job.version, state)
    return state
