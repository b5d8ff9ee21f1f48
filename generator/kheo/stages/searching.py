"""The search stage: bring the index in the store up to date with the reports of the site.

A few changed reports patch the shards of their words. With more, or if the number of shards changes,
all shards are made again from the tables of the reports, through files in the cache. Workers share
both kinds of work.
"""

import sys
from collections.abc import Callable, Iterator

from msgspec import structs

from kheo.routes import DIGEST_BYTES, digest
from kheo.search.inversion import (
    shape_of,
)
from kheo.search.terms import ReportWords, SearchReport, pack, unpack, with_body, words_of_report
from kheo.stages.search_index import STATE, IndexState, SearchIndex
from kheo.stages.search_limits import limits_of
from kheo.stages.search_making import make_all
from kheo.stages.search_patching import Edits, patch
from kheo.stages.search_tasks import (
    IndexJob,
    IndexWork,
    InvertTask,
    clean_folder,
)
from kheo.stages.versions import search_digest
from kheo.store.search_tables import (
    IndexedReport,
    indexed_reports,
    read_reports,
)
from kheo.store.store import Store

LIMITS = "search-limits"  # the memo of what is not indexed of reports that the index does not have
# Shards are patched up to this share of changed reports, and always or never up to these numbers:
# 2,000 reports have a million changes.
ONE_IN = 8
FEW, MOST = 4, 2_000


def update_index(store: Store, reports: list[SearchReport], work: IndexWork) -> SearchIndex:
    """Bring the index in the store up to date with these reports.

    The result is byte for byte that of a clean build. Raises StoreDamagedError.
    """
    clean_folder(work.cache)
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
        return SearchIndex(make_all(store, job, tasks, work), store)
    if not changed and not gone:
        return SearchIndex(known, store)
    replaced = [one.path for one in changed if one.path in rows]
    edits = Edits(
        list(_tables(store, changed, wanted, rows, work.language)), replaced, gone, len(reports)
    )
    return SearchIndex(patch(store, job, known, edits, work), store)


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
    return before, SearchIndex(patch(store, job, known, edits, work), store)


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
    head = "\0".join((version, report.title, "\n".join(report.names), report.lead))
    return digest(head.encode()) + _body_inputs(report.bodies)


def _body_inputs(bodies: tuple[str, ...]) -> bytes:
    return digest("".join(bodies).encode())


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
    html = _html(store, report.bodies)
    return words_of_report(report.title, report.names, html, language, report.lead)


def _html(store: Store, bodies: tuple[str, ...]) -> str:
    found = store.bodies(list(dict.fromkeys(bodies)))
    return " ".join(found[one] for one in bodies)
