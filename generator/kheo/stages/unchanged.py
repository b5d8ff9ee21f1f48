"""Whether a build has anything to do: decided before the program itself is loaded.

Most runs of a newsroom's machine find nothing new. They compare digests, sizes and times with what
the last good build noted, and load neither YAML nor Jinja nor Markdown.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.errors import PublishError
from kheo.model import Entry, Moment
from kheo.publish.manifest import MANIFEST, STAGING, intact
from kheo.publish.staging import Staged
from kheo.publish.writer import Counts
from kheo.read.sources import SITE_FILE, Listing, read_listing
from kheo.stages.results import BuildOptions, Report
from kheo.stages.versions import program_digest, templates_digest
from kheo.store.connection import open_again
from kheo.store.store import STORE_FILE, Published, Store

LAST_FACT, FILES_FACT, SOURCES_FACT = "last", "files", "sources"  # names in the store

PASSING = {"search-failed"}  # what may be otherwise the next time, though nothing has changed


class FileState(Struct, frozen=True, array_like=True, gc=False):
    """An output as the program left it: bytes, and nanoseconds since 1970."""

    size: int
    mtime_ns: int


class SourceState(Struct, frozen=True, array_like=True, gc=False):
    """A source as the last good build read it; ``facts`` is what ``tasks.facts_of`` gave."""

    size: int
    mtime_ns: int
    digest: str
    facts: bytes


class Seen(Struct, frozen=True):
    """What is on the disk, before any of it is understood. ``key`` stands for all that a build
    reads and is asked for, but the time and the sources."""

    listing: Listing
    program: str
    templates: str
    key: bytes

    @property
    def whole_key(self) -> bytes:
        """Stands for the sources too."""
        sources = msgspec.msgpack.encode(self.listing.sources)
        return blake2b(self.key + sources, digest_size=16).digest()


class LastResult(Struct, frozen=True):
    """What the last good build was made of (``key``), what it left, and what it said.

    The same inputs give the same site from ``since`` until ``until`` (Unix seconds). ``manifest``
    is the size and the time of the manifest.
    """

    key: bytes
    since: float
    until: float | None
    manifest: tuple[int, int]
    articles: int
    found: list[Diagnostic]
    next_publication: Moment | None


class LastBuild(Struct, frozen=True):
    """A published site that is as it was left, made of all that is there now but ``edited``.

    ``noted`` is the result as the store has it: when that changes, another build has run.
    """

    noted: bytes
    result: LastResult
    files: dict[str, FileState]
    sources: dict[str, SourceState]
    edited: list[Entry]


def read_seen(options: BuildOptions) -> Seen:
    """Looks at every file of the site and of the program."""
    listing = read_listing(options.content)
    program, templates = program_digest(), templates_digest(options.templates)
    try:
        site_file = (options.content / SITE_FILE).read_bytes()
    except OSError:  # told when it is read
        site_file = b""
    output = str(options.output.absolute())
    asked = (options.base_url, options.drafts, options.future, options.search, output)
    whole = (
        *(site_file, program, templates, asked),
        *(tuple(listing.files.values()), listing.found),
    )
    key = blake2b(msgspec.msgpack.encode(whole), digest_size=16).digest()
    return Seen(listing, program, templates, key)


def last_build(seen: Seen, options: BuildOptions) -> LastBuild | None:
    """The last build, if nothing but the texts of sources has changed since; else ``None``."""
    if not (last := _remembered(options.cache)):
        return None
    result, entries = last.result, seen.listing.sources
    now = options.now.timestamp()
    is_same = (
        result.key == seen.key
        and result.since <= now
        and (result.until is None or now < result.until)
        and result.manifest == manifest_state(options.output)
        and not (options.strict and result.found)
        and not (options.output / STAGING).exists()
        and len(entries) == len(last.sources)
        and all(entry.path in last.sources for entry in entries)
        and len(intact(options.output, last.files)) == len(last.files)
    )
    if not is_same:
        return None
    known = last.sources
    for entry in entries:
        state = known[entry.path]
        if state.mtime_ns != entry.mtime_ns or state.size != entry.size:
            last.edited.append(entry)
    return last


def same_result(last: LastBuild) -> Report | None:
    """The report of a build that has nothing to do."""
    if last.edited:
        return None
    return Report(
        found=last.result.found,
        counts=Counts(0, len(last.files), 0),
        articles=last.result.articles,
        next_publication=last.result.next_publication,
    )


# --- notes for the next build -------------------------------------------------------------------


def forget_result(store: Store) -> None:
    """From here on the site is not what the last result says."""
    store.set_fact(LAST_FACT, b"")


def remember_result(
    store: Store,
    seen: Seen,
    options: BuildOptions,
    report: Report,
    until: Moment | None,
    digests: Mapping[str, tuple[str, bytes]],
) -> None:
    """Notes what this build was made of. One with errors is never the same again, nor one that had
    bad luck.

    ``digests`` has, of every source, the digest of its bytes and its facts.
    """
    if report.counts is None or report.errors or any(d.code in PASSING for d in report.found):
        forget_result(store)
        return
    sources = {
        entry.path: SourceState(entry.size, entry.mtime_ns, *digests[entry.path])
        for entry in seen.listing.sources
    }
    last = LastResult(
        key=seen.key,
        since=options.now.timestamp(),
        until=until.seconds if until else None,
        manifest=manifest_state(options.output),
        articles=report.articles,
        found=report.found,
        next_publication=report.next_publication,
    )
    note_result(store, last, sources)


def note_result(store: Store, last: LastResult, sources: Mapping[str, SourceState]) -> None:
    encode = msgspec.msgpack.encode
    with store.transaction():
        store.put_facts({LAST_FACT: encode(last), SOURCES_FACT: encode(sources)})


def remember_files(
    store: Store, staged: Iterable[Staged], kept: Mapping[str, FileState | Published]
) -> None:
    """Notes how each file of the site was left: one fact, read eight times faster than the records."""
    files = {path: FileState(state.size, state.mtime_ns) for path, state in kept.items()}
    files |= {one.path: FileState(one.size, one.mtime_ns) for one in staged}
    store.set_fact(FILES_FACT, msgspec.msgpack.encode(files))


def _remembered(cache: Path) -> LastBuild | None:
    if not (cache / STORE_FILE).is_file():
        return None
    try:
        with open_again(cache) as store:
            last, files, sources = map(store.fact, (LAST_FACT, FILES_FACT, SOURCES_FACT))
    except PublishError:  # told, and mended, by the build itself
        return None
    decode = msgspec.msgpack.decode
    try:
        return LastBuild(
            last,
            decode(last, type=LastResult),
            decode(files, type=dict[str, FileState]),
            decode(sources, type=dict[str, SourceState]),
            [],
        )
    except msgspec.DecodeError:  # nothing there, or another version of the program wrote it
        return None


def manifest_state(output: Path) -> tuple[int, int]:
    """Size and time of the manifest, to see that nobody touched it; zeros without one."""
    try:
        status = (output / MANIFEST).lstat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
