"""Publish: pages are staged beside the site, then renamed into it in one phase.

A kill at any moment leaves every file either old or new, and whole; the journal in the store lets
the next build finish. An error (a full disk, a folder that may not be written) is answered by
putting every old file back. Pages are not synced to the disk one by one: after a power cut, a file
whose size or time is not as recorded is made again.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from generator.diagnostics import Diagnostic, Place, diagnostic
from generator.publish.manifest import MANIFEST, read_manifest, write_manifest
from generator.publish.store import Published, Store

STAGING = ".staging"
FILE_MODE, FOLDER_MODE = 0o644, 0o755


class Staged(Struct, frozen=True):
    """An output that was rendered. ``name`` is its file in the staging folder; empty where the
    published file already has these bytes."""

    path: str
    name: str
    fingerprint: bytes
    sha256: str
    size: int
    made: bytes


class Counts(Struct, frozen=True):
    """What a publication did, in files."""

    written: int
    unchanged: int
    removed: int


def resume(store: Store, output: Path) -> bool:
    """Finishes a publication that was killed; whether there was one."""
    journal = store.journal()
    staging = output / STAGING
    if journal:
        for path, name in journal.items():
            if not name:
                _remove_file(output, path)
        for path, name in journal.items():
            if name and (staging / name).exists():
                _make_folders(output, path)
                (staging / name).replace(output / path)
        # What was just renamed has no record yet: without one, it is compared and made again.
        store.end_publication({}, journal)
    shutil.rmtree(staging, ignore_errors=True)
    return bool(journal)


def ours(store: Store, output: Path) -> dict[str, Published]:
    """Every file in ``output`` that the program wrote: by the store, else by the manifest."""
    listed = read_manifest(output) or {}
    known = {path: Published(b"", digest, -1, 0) for path, digest in listed.items()}
    return known | store.published()


def intact(output: Path, published: dict[str, Published]) -> set[str]:
    """The paths whose file is as the program left it, by size and time."""
    found = set()
    root = f"{output}{os.sep}"
    for path, record in published.items():
        with suppress(OSError):
            status = os.lstat(root + path)
            if status.st_mtime_ns == record.mtime_ns and status.st_size == record.size:
                found.add(path)
    return found


def refuse_foreign(
    output: Path, published: dict[str, Published], paths: Iterable[str], force: bool
) -> list[Diagnostic]:
    """Files in the way that the program did not write. ``force`` allows files, never folders."""
    if not output.exists():
        return []
    if read_manifest(output) is None and not published and not force:
        others = sorted(file.name for file in output.iterdir() if file.name != STAGING)
        return [_foreign(others[0])] if others else []
    return [found for path in paths for found in _in_the_way(output, path, published, force)][:20]


def _in_the_way(
    output: Path, path: str, published: dict[str, Published], force: bool
) -> Iterator[Diagnostic]:
    """``path`` is not published yet: nothing may stand there, nor a file where its folder goes."""
    file = output / path
    if file.is_dir() and not file.is_symlink():
        if not any(other.startswith(f"{path}/") for other in published):
            yield _foreign(path)
    elif os.path.lexists(file) and not force:
        yield _foreign(path)
    for parent in Path(path).parents[:-1]:
        standing = output / parent
        is_folder = standing.is_dir() and not standing.is_symlink()
        if os.path.lexists(standing) and not is_folder and parent.as_posix() not in published:
            yield _foreign(parent.as_posix())


def _foreign(path: str) -> Diagnostic:
    return diagnostic("output-foreign", Place(path, tree="output"), path=path)


def open_staging(output: Path) -> Path:
    """An empty staging folder on the file system of ``output``."""
    staging = output / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    return staging


def close_staging(output: Path) -> None:
    shutil.rmtree(output / STAGING, ignore_errors=True)


def stage(
    staging: Path, path: str, data: bytes, fingerprint: bytes, made: bytes, known_sha256: str
) -> Staged:
    """Writes one output to the staging folder, unless the published file has these bytes.

    ``known_sha256`` is that of the published file where it is intact, else empty.
    """
    digest = sha256(data).hexdigest()
    name = ""
    if digest != known_sha256 and not _holds(staging.parent / path, data):
        name = sha256(path.encode()).hexdigest()[:32]
        write_file(staging / name, data)
    return Staged(path, name, fingerprint, digest, len(data), made)


def write_file(file: Path, data: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    try:
        os.fchmod(descriptor, FILE_MODE)  # whatever the umask
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
    finally:
        os.close(descriptor)


def _holds(file: Path, data: bytes) -> bool:
    """Whether the file has these bytes already (a store was lost, or its record)."""
    try:
        status = os.lstat(file)
        return status.st_size == len(data) and file.read_bytes() == data
    except OSError:
        return False


def publish(
    store: Store,
    output: Path,
    staged: list[Staged],
    published: dict[str, Published],
    kept: set[str],
) -> Counts:
    """Renames what was staged into place, removes what is neither staged nor kept.

    ``published`` is what was there before. Raises OSError after putting the old files back.
    """
    staging = output / STAGING
    renames = {one.path: one.name for one in staged if one.name}
    planned = kept | {one.path for one in staged}
    removed = sorted(path for path in published if path not in planned)
    digests = {path: record.sha256 for path, record in published.items()}
    if any(path not in digests for path in renames):
        write_manifest(output, digests | {one.path: one.sha256 for one in staged if one.name})
    if renames or removed:
        store.begin_publication(renames | dict.fromkeys(removed, ""))
        try:
            _move(output, staging, renames, removed)
        except OSError:
            write_manifest(output, digests)
            store.drop_publication()
            raise
    store.end_publication({one.path: _record(output, one) for one in staged}, removed)
    current = {path: digest for path, digest in digests.items() if path in kept}
    write_manifest(output, current | {one.path: one.sha256 for one in staged})
    close_staging(output)
    unchanged = len(kept) + len(staged) - len(renames)
    return Counts(len(renames), unchanged, len(removed))


def _record(output: Path, one: Staged) -> Published:
    return Published(
        one.fingerprint, one.sha256, one.size, os.lstat(output / one.path).st_mtime_ns, one.made
    )


def _move(output: Path, staging: Path, renames: dict[str, str], removed: list[str]) -> None:
    """The one phase that changes the site. On an error every file is put back as it was."""
    old = staging / "old"
    old.mkdir()
    done: list[tuple[str, Path | None]] = []  # a path, and where its old file is kept
    first, later = _split_removals(renames, removed)
    try:
        for path in first:
            done.append((path, _set_aside(output, path, old, len(done))))
        for path, name in renames.items():
            _make_folders(output, path)
            done.append((path, _keep_old(output / path, old / str(len(done)))))
            (staging / name).replace(output / path)
        for path in later:
            done.append((path, _set_aside(output, path, old, len(done))))
    except OSError:
        for path, kept in reversed(done):
            _put_back(output, path, kept)
        raise


def _split_removals(renames: dict[str, str], removed: list[str]) -> tuple[list[str], list[str]]:
    """Removals that must come first, because a page needs the file's place for its folder or the
    other way round; and the others, which come last so that a moved page is never missing."""
    folders = {parent.as_posix() for path in renames for parent in Path(path).parents}
    first: list[str] = []
    later: list[str] = []
    for path in removed:
        in_the_way = path in folders or any(p.as_posix() in renames for p in Path(path).parents)
        (first if in_the_way else later).append(path)
    return first, later


def _set_aside(output: Path, path: str, old: Path, number: int) -> Path | None:
    kept = old / str(number)
    try:
        (output / path).replace(kept)
    except FileNotFoundError:
        return None
    _remove_empty_folders(output, path)
    return kept


def _keep_old(file: Path, kept: Path) -> Path | None:
    try:
        os.link(file, kept, follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError:  # a file system without hard links
        shutil.copy2(file, kept, follow_symlinks=False)
    return kept


def _put_back(output: Path, path: str, kept: Path | None) -> None:
    with suppress(OSError):
        if kept is None:
            _remove_file(output, path)
        else:
            _make_folders(output, path)
            kept.replace(output / path)


def _remove_file(output: Path, path: str) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        (output / path).unlink()
        _remove_empty_folders(output, path)


def _remove_empty_folders(output: Path, path: str) -> None:
    for parent in Path(path).parents[:-1]:
        try:
            (output / parent).rmdir()
        except OSError:  # not empty: there is more of the site, or something of somebody else's
            return


def _make_folders(output: Path, path: str) -> None:
    folder = (output / path).parent
    if folder.is_dir():
        return
    missing = [folder, *(parent for parent in folder.parents if not parent.is_dir())]
    for one in reversed(missing):
        one.mkdir(exist_ok=True)
        one.chmod(FOLDER_MODE)  # whatever the umask


__all__ = [
    "MANIFEST", "STAGING", "Counts", "Staged", "close_staging", "intact", "open_staging", "ours",
    "publish", "refuse_foreign", "resume", "stage", "write_file",
]  # fmt: skip
