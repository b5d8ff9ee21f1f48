"""Work after a good build: copy the manifest, write the list of changes, make the release."""

from collections.abc import Callable

from kheo.errors import FileAccessError
from kheo.messages.wording import Message, message
from kheo.publish.manifest import MANIFEST
from kheo.stages.results import BuildOptions, BuildResult

PUBLISHED = "manifest"  # in the cache folder: a copy of the manifest in the output folder


def deliver(
    result: BuildResult, options: BuildOptions, notify: Callable[[Message], None]
) -> BuildResult:
    """Write what ``--changes`` and ``--release-dir`` ask for, and return ``result``.

    Nothing is written after a failed build. Raises FileAccessError or LockTimeoutError; the output
    folder stays as the build left it.
    """
    if result.counts is None:
        return result
    if _is_old(options):
        _copy(options, notify)
    if options.changes or options.release_dir:
        _deliver(options, notify)
    return result


def _copy(options: BuildOptions, notify: Callable[[Message], None]) -> None:
    from kheo.publish.changes import copy_manifest

    try:
        copy_manifest(options.output, options.cache / PUBLISHED)
    except FileAccessError as error:  # only a note: the site is published, with its own manifest
        name = options.cache / PUBLISHED
        notify(message("{file} was not updated: {reason}", file=name, reason=error.reason))


def _is_old(options: BuildOptions) -> bool:
    """Return whether the copy of the manifest is out of date, by its size and time."""
    try:
        new, old = (options.output / MANIFEST).lstat(), (options.cache / PUBLISHED).lstat()
    except OSError:
        return True
    return (new.st_size, new.st_mtime_ns) != (old.st_size, old.st_mtime_ns)


def _deliver(options: BuildOptions, notify: Callable[[Message], None]) -> None:
    """Write the changes and the release while holding the build lock.

    The lock guarantees that both describe one state of the site: that of this build or a later one.
    """
    from kheo.publish.changes import compare, write_changes
    from kheo.publish.lock import build_lock
    from kheo.publish.manifest import read_manifest
    from kheo.publish.releases import make_release, open_releases
    from kheo.publish.staging import is_under_way

    with build_lock(options.cache, notify, output=options.output):
        if is_under_way(options.output):
            raise FileAccessError(
                None,
                message("another build was interrupted here: build again"),
                str(options.output),
            )
        if options.changes:
            after = read_manifest(options.output) or {}
            before = options.since.files if options.since else {}
            write_changes(options.changes, compare(before, after))
        if options.release_dir:
            open_releases(options.release_dir)
            with build_lock(options.release_dir, notify):
                make_release(options.output, options.release_dir, options.keep, notify)
