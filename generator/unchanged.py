"""Whether a build has anything to do: decided before the program itself is loaded.

Most runs of a newsroom's machine find nothing new. They compare digests, sizes and times with what
the last good build noted, and load neither YAML nor Jinja nor Markdown.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from generator.diagnostics import Diagnostic
from generator.model import Moment
from generator.publish.errors import PublishError
from generator.publish.manifest import MANIFEST, STAGING, intact
from generator.publish.opening import open_again
from generator.publish.store import STORE_FILE, Published, Store
from generator.publish.writer import Counts, Staged
from generator.read.sources import SITE_FILE, Listing, read_listing
from generator.report import BuildOptions, Report
from generator.versions import program_digest, templates_digest


class FileState(Struct, frozen=True, array_like=True, gc=False):
    """An output as the program left it: bytes, and nanoseconds since 1970."""

    size: int
    mtime_ns: int


class Seen(Struct, frozen=True):
    """What is on the disk, before any of it is understood. ``key`` stands for all that a build
    reads and is asked for, but the time."""

    listing: Listing
    program: str
    templates: str
    key: bytes


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


def read_seen(options: BuildOptions) -> Seen:
    """Looks at every file of the site and of the program."""
    listing = read_listing(options.content)
    program, templates = program_digest(), templates_digest(options.templates)
    try:
        site_file = (options.content / SITE_FILE).read_bytes()
    except OSError:  # told when it is read
        site_file = b""
    asked = (options.base_url, options.drafts, options.future, str(options.output.absolute()))
    whole = (
        *(site_file, program, templates, asked),
        *(listing.sources, tuple(listing.files.values()), listing.found),
    )
    key = blake2b(msgspec.msgpack.encode(whole), digest_size=16).digest()
    return Seen(listing, program, templates, key)


def same_result(seen: Seen, options: BuildOptions) -> Report | None:
    """The report of a build that has nothing to do; ``None`` where something may have changed."""
    found = _remembered(options.cache)
    if not found:
        return None
    last, files = found
    now = options.now.timestamp()
    is_same = (
        last.key == seen.key
        and last.since <= now
        and (last.until is None or now < last.until)
        and last.manifest == _manifest_state(options.output)
        and not (options.strict and last.found)
        and not (options.output / STAGING).exists()
        and len(intact(options.output, files)) == len(files)
    )
    if not is_same:
        return None
    return Report(
        found=last.found,
        counts=Counts(0, len(files), 0),
        articles=last.articles,
        next_publication=last.next_publication,
    )


def remember_result(
    store: Store, seen: Seen, options: BuildOptions, report: Report, until: Moment | None
) -> None:
    """Notes what this build was made of. One with errors is never the same again."""
    if report.counts is None or report.errors:
        store.set_fact("last", b"")
        return
    last = LastResult(
        key=seen.key,
        since=options.now.timestamp(),
        until=until.seconds if until else None,
        manifest=_manifest_state(options.output),
        articles=report.articles,
        found=report.found,
        next_publication=report.next_publication,
    )
    store.set_fact("last", msgspec.msgpack.encode(last))


def remember_files(
    store: Store, staged: Iterable[Staged], kept: Iterable[str], published: Mapping[str, Published]
) -> None:
    """Notes how each file of the site was left: one fact, read eight times faster than the records."""
    files = {path: FileState(published[path].size, published[path].mtime_ns) for path in kept}
    files |= {one.path: FileState(one.size, one.mtime_ns) for one in staged}
    store.set_fact("files", msgspec.msgpack.encode(files))


def _remembered(cache: Path) -> tuple[LastResult, dict[str, FileState]] | None:
    if not (cache / STORE_FILE).is_file():
        return None
    try:
        with open_again(cache) as store:
            last, files = store.fact("last"), store.fact("files")
    except PublishError:  # told, and mended, by the build itself
        return None
    if not last or not files:
        return None
    decode = msgspec.msgpack.decode
    return decode(last, type=LastResult), decode(files, type=dict[str, FileState])


def _manifest_state(output: Path) -> tuple[int, int]:
    """Size and time of the manifest, to see that nobody touched it; zeros without one."""
    try:
        status = (output / MANIFEST).lstat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
