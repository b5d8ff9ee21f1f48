"""What the store remembers of the last good build, and whether it still applies.

Most builds in a newsroom find nothing new. They only compare digests, sizes and times with those of
the last build, and import neither YAML nor Jinja nor Markdown.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.errors import FileAccessError
from kheo.library import Unlisted
from kheo.model import Entry, FileState, Moment
from kheo.publish.manifest import MANIFEST, STAGING, find_intact, identity
from kheo.publish.writer import Counts
from kheo.stages.looking import Snapshot
from kheo.stages.results import BuildOptions, BuildResult
from kheo.store.connection import open_existing
from kheo.store.journal import recorded_output
from kheo.store.store import STORE_FILE, Store

RESULT, FILES, SOURCES, PARSED = "result", "files", "sources", "parsed"  # names of memos
NO_VERSION = ""  # these memos need no version: LastResult.key includes the program's


class LastResult(Struct, frozen=True):
    """The result of the last good build. ``key`` is the digest of what it was made from.

    The same inputs give the same site from ``since`` until ``until`` (Unix time, in seconds).
    ``manifest`` is the size and the modification time of the manifest.
    """

    key: bytes
    since: float
    until: int | None
    manifest: tuple[int, int]
    articles: int
    found: list[Diagnostic]
    unlisted: Unlisted
    next_publication: Moment | None


class PublishedSource(FileState, frozen=True, array_like=True, gc=False):
    """A source as the last good build published it."""

    facts: bytes


class LastBuild(Struct, frozen=True):
    """The last good build. Since then only sources have changed, and the output folder is intact.

    ``edited`` has the changed and new sources, ``gone`` the paths of deleted ones. ``files`` has all
    outputs with their SHA-256. They are stored as one memo, which is read eight times as fast as the
    records of published files.
    """

    result: LastResult
    files: dict[str, FileState]
    sources: dict[str, PublishedSource]
    edited: tuple[Entry, ...]
    gone: tuple[str, ...]
    parsed: frozenset[str]  # paths of edited or deleted sources that the store has already updated

    @property
    def is_current(self) -> bool:
        """Return whether no source has changed, so that there is nothing to build."""
        return not (self.edited or self.gone)

    def build_result(self) -> BuildResult:
        """Return the result of a build that has nothing to do."""
        return BuildResult(
            found=self.result.found,
            counts=Counts(0, len(self.files), 0),
            articles=self.result.articles,
            unlisted=self.result.unlisted,
            next_publication=self.result.next_publication,
        )


def recall(snapshot: Snapshot, options: BuildOptions) -> LastBuild | None:
    """Return the last build if only sources have changed since, else ``None``."""
    memos = _memos(options.cache)
    if memos is None:
        return None
    result, files, sources, parsed = memos
    entries, now = snapshot.listing.sources, options.now.timestamp()
    holds = (
        result.key == snapshot.key
        and result.since <= now
        and (result.until is None or now < result.until)
        and result.manifest == manifest_state(options.output)
        and not (options.strict and result.found)
        and not (options.output / STAGING).exists()
        and len(find_intact(options.output, files)) == len(files)
    )
    if not holds:
        return None
    edited, gone = [], dict.fromkeys([*sources, *parsed])
    for entry in entries:
        gone.pop(entry.path, None)
        known = sources.get(entry.path)
        if known is None or not known.matches(entry) or entry.path in parsed:
            edited.append(entry)
    return LastBuild(result, files, sources, tuple(edited), tuple(gone), frozenset(parsed))


def still_holds(last: LastBuild, store: Store, options: BuildOptions) -> bool:
    """Return whether the store is as it was when ``last`` was recalled, and records this output."""
    is_same = (
        store.memo(RESULT, NO_VERSION, LastResult) == last.result
        and (store.memo(PARSED, NO_VERSION, set[str]) or set()) == last.parsed
    )
    return is_same and recorded_output(store) == identity(options.output)


_Memos = tuple[LastResult, dict[str, FileState], dict[str, PublishedSource], set[str]]


def _memos(cache: Path) -> _Memos | None:
    if not (cache / STORE_FILE).is_file():
        return None
    try:
        with open_existing(cache) as store:
            result = store.memo(RESULT, NO_VERSION, LastResult)
            files = store.memo(FILES, NO_VERSION, dict[str, FileState])
            sources = store.memo(SOURCES, NO_VERSION, dict[str, PublishedSource])
            parsed = store.memo(PARSED, NO_VERSION, set[str])
    except FileAccessError:  # the build reports and repairs it
        return None
    if result is None or files is None or sources is None:
        return None
    return result, files, sources, parsed or set()


# --- written for the next build -----------------------------------------------------------------


def forget(store: Store) -> None:
    """Delete the last result, because the site is about to change."""
    store.drop_memo(RESULT)


def remember(
    store: Store,
    snapshot: Snapshot,
    options: BuildOptions,
    result: BuildResult,
    published: "PublishedState",
) -> None:
    """Record the inputs and the result of a good build.

    Nothing is recorded after errors: the next run must build again.
    """
    if result.errors:
        forget(store)
        return
    last = LastResult(
        key=snapshot.key,
        since=options.now.timestamp(),
        until=published.until,
        manifest=manifest_state(options.output),
        articles=result.articles,
        found=result.found,
        unlisted=result.unlisted,
        next_publication=result.next_publication,
    )
    with store.transaction():
        store.put_memo(RESULT, NO_VERSION, last)
        store.put_memo(SOURCES, NO_VERSION, published.sources)
        store.put_memo(PARSED, NO_VERSION, ())


def note_parsed(store: Store, paths: Iterable[str]) -> None:
    """Record the paths of sources that the store is about to update or remove.

    Until a build publishes them, they differ from the last result.
    """
    known = store.memo(PARSED, NO_VERSION, set[str]) or set()
    if new := set(paths) - known:
        store.set_memo(PARSED, NO_VERSION, sorted(known | new))


class PublishedState(Struct, frozen=True):
    """The published sources, and the Unix time until which the same sources give the same site."""

    sources: Mapping[str, PublishedSource]
    until: int | None


def remember_files(store: Store, files: Mapping[str, FileState]) -> None:
    store.set_memo(FILES, NO_VERSION, files)


def published_sources(
    entries: Iterable[Entry], known: Mapping[str, tuple[str, bytes]]
) -> dict[str, PublishedSource]:
    """Return the listed sources as published. ``known`` has the digest and facts of each path."""
    return {
        one.path: PublishedSource(one.size, one.mtime_ns, *known[one.path])
        for one in entries
        if one.path in known
    }


def manifest_state(output: Path) -> tuple[int, int]:
    """Return the size and modification time of the manifest, or zeros if it does not exist."""
    try:
        status = (output / MANIFEST).lstat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
