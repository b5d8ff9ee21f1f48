"""After a good build: the copy of the manifest, the list of changes, the release."""

from collections.abc import Callable

from kheo.errors import PublishError
from kheo.messages.wording import Message, message
from kheo.publish.manifest import MANIFEST
from kheo.stages.results import BuildOptions, BuildResult

PUBLISHED = "manifest"  # below the cache: a copy of the output folder's own


def deliver(
    result: BuildResult, options: BuildOptions, notify: Callable[[Message], None]
) -> BuildResult:
    """Do what ``--changes`` and ``--release-dir`` ask for, after every good build.

    Raises PublishError and BusyError; the output folder stays as the build left it.
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
    except PublishError as error:  # not a failure: the site is published and has the same list
        name = options.cache / PUBLISHED
        notify(message("{file} was not updated: {reason}", file=name, reason=error.reason))


def _is_old(options: BuildOptions) -> bool:
    """Compare size and time: a copy has those of the original."""
    try:
        new, old = (options.output / MANIFEST).lstat(), (options.cache / PUBLISHED).lstat()
    except OSError:
        return True
    return (new.st_size, new.st_mtime_ns) != (old.st_size, old.st_mtime_ns)


def _deliver(options: BuildOptions, notify: Callable[[Message], None]) -> None:
    """Deliver under the build's lock, so that it is one state of the site: this build's or a later
    one."""
    from kheo.publish.changes import compare, write_changes
    from kheo.publish.lock import build_lock
    from kheo.publish.manifest import read_manifest
    from kheo.publish.releases import make_release, open_releases
    from kheo.publish.staging import is_under_way

    with build_lock(options.cache, notify, output=options.output):
        if is_under_way(options.output):
            raise PublishError(
                None,
                message("another build was interrupted here: build again"),
                str(options.output),
            )
        if options.changes:
            after = read_manifest(options.output) or {}
            write_changes(options.changes, compare(options.since or {}, after))
        if options.release_dir:
            open_releases(options.release_dir)
            with build_lock(options.release_dir, notify):
                make_release(options.output, options.release_dir, options.keep, notify)
