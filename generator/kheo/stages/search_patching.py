"""Few changed reports: their postings are replaced in the shards that have them."""

from msgspec import Struct, structs

from kheo.search.inversion import Changes
from kheo.search.postings import ShardError
from kheo.search.shards import digest_of
from kheo.search.terms import ReportWords, unpack
from kheo.stages.memory import forget
from kheo.stages.search_index import STATE, IndexState, index_state, shard_digests, vocabulary_data
from kheo.stages.search_limits import limits_of
from kheo.stages.search_tasks import IndexJob, IndexWork, patch_chunk
from kheo.store.search_tables import (
    IndexedReport,
    change_vocabulary,
    drop_reports,
    put_reports,
    put_shards,
    read_reports,
)
from kheo.store.store import Store

FEW_SHARDS = 200  # up to this many are patched in this process; starting two workers takes 0.05 s


class Edits(Struct, frozen=True):
    """New tables of reports, the paths of those ``replaced`` by them, and of those that are ``gone``.

    ``reports`` is the number of reports afterwards.
    """

    new: list[tuple[IndexedReport, ReportWords]]
    replaced: list[str]
    gone: list[str]
    reports: int


def patch(
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
    state = index_state(job.shape, edits.reports, shown, limits)
    with store.transaction():
        drop_reports(store, edits.gone)
        put_reports(store, (row for row, _ in edits.new))
        put_shards(store, ((one.name, one.data) for one in made))
        change_vocabulary(store, changes.reports)
        state = structs.replace(state, vocabulary=digest_of(vocabulary_data(store, state.reports)))
        store.put_memo(STATE, job.version, state)
    forget(store)  # what was published is not of this index any more
    return state
