"""Which files in the output folder are ours: by the store, and by ``output/.kheo``.

The manifest is for when the store is lost. Its lines are as ``sha256sum`` writes them, sorted by
path, so that ``sha256sum -c .kheo`` verifies a site. A path is listed before its file appears and
until it is gone, so that a kill leaves nothing behind that the next build would not know as its own.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.errors import clearly
from kheo.store.journal import recorded_output
from kheo.store.store import Published, Store

MANIFEST = ".kheo"
STAGING = ".staging"

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def read_manifest(output: Path) -> dict[str, str] | None:
    """The SHA-256 of every file that the program wrote, by path; ``None`` without a manifest.

    Lines that the program cannot have written are passed over: somebody may have put
    ``../../precious`` there, and what is listed is what will be removed.
    """
    try:
        data = (output / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    # Not splitlines(): a name may hold one of the many other characters at which that splits.
    lines = (_LINE.fullmatch(line) for line in data.decode(errors="replace").split("\n"))
    return {line[2]: line[1] for line in lines if line and is_safe(line[2])}


def manifest_text(digests: dict[str, str]) -> bytes:
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def is_safe(path: str) -> bool:
    """Whether ``path`` lies below the output folder, and is none of the program's own two names."""
    parts = path.split("/")
    return (
        not _NEVER.search(path)
        and _NOWHERE.isdisjoint(parts)
        and parts[0] not in {MANIFEST, STAGING}
    )


_NOWHERE = {"", ".", ".."}
# Control characters break the lines of the manifest; a backslash or a colon leads out on Windows.
_NEVER = re.compile(r"[\x00-\x1f\\:]" if os.name == "nt" else r"[\x00-\x1f\\]")


# --- what is there ------------------------------------------------------------------------------


def ours(store: Store, output: Path) -> dict[str, Published]:
    """Every file in ``output`` that the program wrote: by the store, else by the manifest.

    A record counts if the store describes this very folder, or if the manifest confirms it (the
    project was moved). What only the manifest knows has size -1, and so is never intact.
    """
    with clearly(output):
        listed = read_manifest(output)
    records = store.published()
    if recorded_output(store) != identity(output):
        known = listed or {}
        records = {path: one for path, one in records.items() if known.get(path) == one.sha256}
    elif listed is None and output.is_dir() and any(output.iterdir()):
        # Not the folder that we left: what is not as recorded there is somebody else's.
        there = intact(output, records)
        records = {
            path: one
            for path, one in records.items()
            if path in there or not os.path.lexists(output / path)
        }
    others = ((path, digest) for path, digest in (listed or {}).items() if path not in records)
    return {path: Published(b"", digest, -1, 0) for path, digest in others} | records


class Left(Protocol):
    """How a file was left: bytes, and nanoseconds since 1970."""

    @property
    def size(self) -> int: ...
    @property
    def mtime_ns(self) -> int: ...


def intact(output: Path, published: Mapping[str, Left]) -> set[str]:
    """The paths whose file is as the program left it, by size and time (3 µs a file)."""
    found = set()
    root = f"{output}{os.sep}"
    lstat, is_file = os.lstat, stat.S_ISREG
    for path, left in published.items():
        try:
            status = lstat(root + path)
        except OSError:
            continue
        if (
            status.st_mtime_ns == left.mtime_ns
            and status.st_size == left.size
            and is_file(status.st_mode)
        ):
            found.add(path)
    return found


def restore_times(output: Path, published: dict[str, Published], found: set[str]) -> set[str]:
    """The paths, besides those ``found`` intact, whose bytes are still as the program left them.

    A copy, or a cache that keeps whole seconds, gives files new times: they get back the recorded
    ones, so that the next build, and an upload by time, see nothing new.
    """
    restored = set()
    for path, record in published.items():
        if path in found or record.size < 0:
            continue
        file = output / path
        with suppress(OSError):
            status = file.lstat()
            if not stat.S_ISREG(status.st_mode) or status.st_size != record.size:
                continue
            if sha256(file.read_bytes()).hexdigest() == record.sha256:
                os.utime(file, ns=(record.mtime_ns, record.mtime_ns))
                restored.add(path)
    return restored


def refuse_foreign(
    output: Path, published: dict[str, Published], paths: Iterable[str], force: bool
) -> list[Diagnostic]:
    """What the program did not write and that is in the way of ``paths``, the first twenty.

    Without manifest and without ``force``, anything there is in the way. ``force`` allows to
    overwrite files, never folders or links.
    """
    if not output.is_dir():
        return []
    with clearly(output):
        names = {file.name for file in output.iterdir()}
    if STAGING in names and not _is_folder(output / STAGING):
        return [_foreign(STAGING)]
    own = {path.partition("/")[0] for path in published} | {STAGING, MANIFEST}
    if MANIFEST not in names and not force and (others := sorted(names - own)):
        return [_foreign(others[0])]
    if names <= {STAGING}:
        return []
    found: set[str] = set()
    for path in paths:
        found |= _in_the_way(output, path, published, force)
    return [_foreign(path) for path in sorted(found)[:20]]


def _in_the_way(output: Path, path: str, published: dict[str, Published], force: bool) -> set[str]:
    """What is foreign at ``path`` itself, where its folders go, or below it."""
    parts = path.split("/")
    for end in range(1, len(parts)):
        folder = "/".join(parts[:end])
        if not os.path.lexists(output / folder):
            return set()
        if not _is_folder(output / folder):
            is_ours = folder in published and not (output / folder).is_symlink()
            return set() if is_ours else {folder}
    file = output / path
    if not os.path.lexists(file):
        return set()
    if _is_folder(file):
        below = set(_files_below(output, path))
        return below - published.keys() if below else {path}
    is_allowed = (path in published or force) and file.is_file() and not file.is_symlink()
    return set() if is_allowed else {path}


def _files_below(output: Path, path: str) -> Iterator[str]:
    for folder, folders, files in os.walk(output / path):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        yield from (Path(folder, name).relative_to(output).as_posix() for name in files + links)


def _is_folder(file: Path) -> bool:
    return file.is_dir() and not file.is_symlink()


def _foreign(path: str) -> Diagnostic:
    return diagnostic("output-foreign", Place(path, tree="output"), path=path)


def identity(output: Path) -> str:
    return str(real_path(output))


def real_path(path: Path) -> Path:
    """Without links; of a link that leads to itself, the link (``resolve`` breaks there)."""
    return Path(os.path.realpath(path))
