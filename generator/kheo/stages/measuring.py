"""Measure the pictures and other files that pages show. Only new and changed ones are opened."""

from collections.abc import Iterable, Iterator

from kheo.addresses import CAPTIONS, ending_of
from kheo.model import Document, Entry, Reference
from kheo.pictures.recipes import is_picture, referred_path
from kheo.plan.companions import Companions
from kheo.plan.measured import Measured
from kheo.stages.blame import blame_file
from kheo.stages.picture_tasks import UNREAD, KnownFile, MeasureJob, measure_chunk
from kheo.stages.workers import Failure, Workers
from kheo.store.store import Store

MEMO = "pictures"
FEW_PICTURES = 4  # up to this many are measured in one worker; each has to import Pillow: 0.05 s
CHUNK = 4


def measure_files(
    store: Store,
    version: str,
    job: MeasureJob,
    files: Iterable[Entry],
    workers: Workers,
) -> dict[str, Measured]:
    """Return what is known of all these files, by path.

    ``version`` is the digest of the program; results of another version are not used, nor those of
    another language, in which other texts are numbers.
    """
    version = " ".join((version, job.tables.language, job.tables.date_order))
    known = store.memo(MEMO, version, dict[str, KnownFile]) or {}
    wanted = {entry.path: entry for entry in files}
    stale = [(entry, known.get(path)) for path, entry in wanted.items() if _is_stale(entry, known)]
    now = {path: known[path] for path in wanted if path in known}

    def give_up(
        item: tuple[Entry, KnownFile | None], failure: Failure
    ) -> list[tuple[str, KnownFile]]:
        return [(item[0].path, KnownFile(UNREAD, blame_file(item[0], failure)))]

    for answers in workers.run(measure_chunk, job, stale, FEW_PICTURES, CHUNK, give_up=give_up):
        now |= dict(answers)
    if now != known:
        kept = dict(sorted(now.items()))
        store.set_memo(MEMO, version, kept)
    return {path: one.measured for path, one in now.items()}


def shown_files(documents: Iterable[Document], files: dict[str, Entry]) -> Iterator[Entry]:
    """Yield the files that documents show, and pictures that they link to. One that several show comes
    several times."""
    companions = Companions(files)
    for document in documents:
        if not document.has_references:
            continue
        for reference in document.details.references:
            if (is_picture(reference) or _is_captions(reference)) and (
                path := referred_path(document, reference)
            ) in files:
                yield files[path]
            yield from (files[one] for one in companions.of(document, reference))


def _is_captions(reference: Reference) -> bool:
    """Return whether it is the address of a <track>."""
    return reference.kind == "media" and ending_of(reference.target) == CAPTIONS


def _is_stale(entry: Entry, known: dict[str, KnownFile]) -> bool:
    one = known.get(entry.path)
    return one is None or not one.state.matches(entry)
