"""The search stage: parts of the index whose articles changed are made again, the others stay."""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from kheo.assets import SEARCH
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.plan.search import SearchPart
from kheo.publish.staging import StagedFile, stage
from kheo.routes import DIGEST_BYTES
from kheo.routes import digest as digest_of
from kheo.search.parts import (
    IndexJob,
    IndexPart,
    IndexTask,
    cache_file,
    cached_index,
    drop_other_indexes,
    index_chunk,
)
from kheo.stages.rendering import CurrentSite, RenderNote, RenderPlace
from kheo.stages.versions import search_digest
from kheo.stages.workers import Workers
from kheo.store.store import Store

MEMO = "search"


class SearchIndex(Struct, frozen=True):
    """Every part of the index as it is to be published."""

    parts: tuple[IndexPart, ...]
    found: list[Diagnostic]

    @property
    def paths(self) -> set[str]:
        """Below the output folder."""
        return {_path(part, name) for part in self.parts for name in part.files}


NO_INDEX = SearchIndex((), [])


def make_index(
    store: Store,
    parts: dict[str, SearchPart],
    job: IndexJob,
    current: CurrentSite,
    workers: Workers,
    progress: Callable[[int, int], None],
) -> SearchIndex:
    """Indexes what changed, into the cache. A part that is published as it must be costs
    nothing."""
    if not parts:
        return NO_INDEX
    version = search_digest()
    known = store.memo(MEMO, version, dict[str, IndexPart]) or {}
    made: dict[str, IndexPart] = {}
    tasks = []
    for name, fingerprint in _fingerprints(parts, version, job).items():
        part = known.get(name)
        if part and part.fingerprint == fingerprint and _is_published(part, current):
            made[name] = part
        else:
            tasks.append(IndexTask(name, fingerprint, parts[name].entries()))
    for done, answer in enumerate(workers.run(index_chunk, job, tasks, 1, 1), start=1):
        made |= {part.name: part for part in answer}
        progress(done, len(tasks))
    good = {name: part for name, part in sorted(made.items()) if not part.failure}
    if good != known:
        store.set_memo(MEMO, version, good)
    failures = {part.failure for part in made.values() if part.failure}
    place = Place("site.yaml")
    found = [diagnostic("search-failed", place, reason=reason) for reason in sorted(failures)]
    return SearchIndex(tuple(good.values()), found)


def stage_index(
    index: SearchIndex, place: RenderPlace, current: CurrentSite, kept: set[str]
) -> Iterator[StagedFile]:
    """Stages what is not published yet; paths of what is are noted in ``kept``."""
    for part in index.parts:
        if _is_published(part, current):
            kept |= {_path(part, name) for name in part.files}
            continue
        base = RenderNote(
            f"/{SEARCH}/{part.name}/", "", f"the reports of {part.name}", "", place.build
        )
        files = cached_index(cache_file(place.cache, part.name, part.fingerprint))
        for name, data in files.items():
            path, digest = _path(part, name), part.files[name]
            if _is_intact(path, digest, current):
                kept.add(path)
                continue
            fingerprint = digest_of(digest.encode()) + bytes(3 * DIGEST_BYTES)
            reason = "a report changed" if path in current.published else "it was not there before"
            note = msgspec.msgpack.encode(msgspec.structs.replace(base, reason=reason))
            yield stage(place.staging, path, data, fingerprint, note, "")


def drop_unused_indexes(cache: Path, index: SearchIndex) -> None:
    """Bounds the cache of parts."""
    drop_other_indexes(
        cache, {cache_file(cache, part.name, part.fingerprint) for part in index.parts}
    )


def _fingerprints(parts: dict[str, SearchPart], version: str, job: IndexJob) -> dict[str, str]:
    shared = msgspec.msgpack.encode((version, job.language, job.patterns))
    return {
        name: blake2b(shared + part.inputs + part.shared.digest(), digest_size=16).hexdigest()
        for name, part in parts.items()
    }


def _path(part: IndexPart, name: str) -> str:
    return f"{SEARCH}/{part.name}/{name}"


def _is_published(part: IndexPart, current: CurrentSite) -> bool:
    return all(_is_intact(_path(part, name), sha, current) for name, sha in part.files.items())


def _is_intact(path: str, digest: str, current: CurrentSite) -> bool:
    return path in current.intact and current.published[path].sha256 == digest
