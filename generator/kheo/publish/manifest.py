"""Find which files in the output folder this program wrote: by the store, and by ``output/.kheo``.

``output/.kheo``, the manifest, is there in case the store is lost. It has the format of
``sha256sum``, sorted by path, so that ``sha256sum -c .kheo`` verifies a site. Comments at its end
list the URLs of the site (see ``known_urls``). A path is listed
before its file appears and until it is gone, so that the next build recognises every file that a
killed build left behind.
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
from kheo.errors import wrap_os_errors
from kheo.store.journal import recorded_output
from kheo.store.store import PublishedFile, Store

MANIFEST = ".kheo"
STAGING = ".staging"
STAYS = "/"  # after the path of what is in the way and cannot be overwritten: a folder, a link

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def read_manifest(output: Path) -> dict[str, str] | None:
    """Return the SHA-256 of every file that the program wrote, by path; ``None`` without a manifest.

    Lines that the program cannot have written are ignored. A file that is listed may be removed, so
    ``../../precious`` must never count as listed.
    """
    try:
        data = (output / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    # Not splitlines(): it also splits at characters that a name may hold, such as U+2028.
    lines = (_LINE.fullmatch(line) for line in data.decode(errors="replace").split("\n"))
    return {line[2]: line[1] for line in lines if line and is_safe(line[2])}


def manifest_bytes(output: Path) -> bytes:
    """Return the manifest as it is; empty if there is none."""
    try:
        return (output / MANIFEST).read_bytes()
    except OSError:  # also if it cannot be read: builds report that
        return b""


def manifest_text(digests: dict[str, str]) -> bytes:
    """Return the manifest of files with these SHA-256, by path."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def is_safe(path: str) -> bool:
    """Return whether ``path`` is inside the output folder, and not the manifest or staging folder."""
    parts = path.split("/")
    return (
        not _NEVER.search(path)
        and _NOWHERE.isdisjoint(parts)
        and parts[0] not in {MANIFEST, STAGING}
    )


_NOWHERE = {"", ".", ".."}
# Control characters would break a line of the manifest; on Windows, a backslash or colon leads elsewhere.
_NEVER = re.compile(r"[\x00-\x1f\\:]" if os.name == "nt" else r"[\x00-\x1f\\]")


# --- what is there ------------------------------------------------------------------------------


def find_published_files(store: Store, output: Path) -> dict[str, PublishedFile]:
    """Return every file in ``output`` that the program wrote, by path.

    A record in the store counts if it describes this folder, or if the manifest has the same digest
    (the project was moved). A file that only the manifest lists gets the size -1, so it never counts
    as intact.
    """
    with wrap_os_errors(output):
        listed = read_manifest(output)
    records = store.published()
    if recorded_output(store) != identity(output):
        known = listed or {}
        records = {
            path: record for path, record in records.items() if known.get(path) == record.sha256
        }
    elif listed is None and output.is_dir() and any(output.iterdir()):
        # The manifest is gone, so the folder may be another one: a changed file is not ours.
        intact = find_intact(output, records)
        records = {
            path: record
            for path, record in records.items()
            if path in intact or not os.path.lexists(output / path)
        }
    others = ((path, digest) for path, digest in (listed or {}).items() if path not in records)
    return {path: PublishedFile(b"", digest, -1, 0) for path, digest in others} | records


class FileStamp(Protocol):
    """The size of a file in bytes, and its modification time in nanoseconds since 1970."""

    @property
    def size(self) -> int: ...
    @property
    def mtime_ns(self) -> int: ...


def find_intact(output: Path, published: Mapping[str, FileStamp]) -> set[str]:
    """Return the paths of files whose size and time are as recorded (3 µs per file)."""
    found = set()
    root = f"{output}{os.sep}"
    lstat, is_file = os.lstat, stat.S_ISREG
    for path, stamp in published.items():
        try:
            status = lstat(root + path)
        except OSError:
            continue
        if (
            status.st_mtime_ns == stamp.mtime_ns
            and status.st_size == stamp.size
            and is_file(status.st_mode)
        ):
            found.add(path)
    return found


def restore_times(output: Path, published: dict[str, PublishedFile], found: set[str]) -> set[str]:
    """Reset the times of files whose bytes are as recorded; return their paths.

    Files that were ``found`` intact are skipped. A copy of the folder, or a cache that stores whole
    seconds, changes the times of files. With the recorded times, neither the next build nor an
    upload that compares times treats them as changed.
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
    output: Path, published: dict[str, PublishedFile], paths: Iterable[str], force: bool
) -> list[Diagnostic]:
    """Return diagnostics for files that block ``paths`` and were not written by this program.

    At most twenty are returned. In a folder without a manifest, any such file is reported. With
    ``force``, files may be overwritten, but never folders or links.
    """
    if not output.is_dir():
        return []
    with wrap_os_errors(output):
        names = {file.name for file in output.iterdir()}
    if STAGING in names and not _is_folder(output / STAGING):
        return [_foreign(f"{STAGING}{STAYS}")]
    own = {path.partition("/")[0] for path in published} | {STAGING, MANIFEST}
    if MANIFEST not in names and not force and (others := sorted(names - own)):
        return [_foreign(others[0])]
    if names <= {STAGING}:
        return []
    found: set[str] = set()
    for path in paths:
        found |= _in_the_way(output, path, published, force)
    return [_foreign(path) for path in sorted(found)[:20]]


def _in_the_way(
    output: Path, path: str, published: dict[str, PublishedFile], force: bool
) -> set[str]:
    """Return the foreign files at ``path``, at the paths of its parent folders, or below it."""
    parts = path.split("/")
    for end in range(1, len(parts)):
        folder = "/".join(parts[:end])
        if not os.path.lexists(output / folder):
            return set()
        if not _is_folder(output / folder):
            is_own = folder in published and not (output / folder).is_symlink()
            return set() if is_own else {f"{folder}{STAYS}"}
    file = output / path
    if not os.path.lexists(file):
        return set()
    if _is_folder(file):
        below = set(_files_below(output, path))
        return {f"{one}{STAYS}" for one in (below - published.keys() if below else {path})}
    if not file.is_file() or file.is_symlink():
        return {f"{path}{STAYS}"}
    return set() if path in published or force else {path}


def _files_below(output: Path, path: str) -> Iterator[str]:
    for folder, folders, files in os.walk(output / path):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        yield from (Path(folder, name).relative_to(output).as_posix() for name in files + links)


def _is_folder(file: Path) -> bool:
    return file.is_dir() and not file.is_symlink()


def _foreign(path: str) -> Diagnostic:
    if path.endswith(STAYS):
        path = path.removesuffix(STAYS)
        return diagnostic("output-folder", Place(path, tree="output"), path=path)
    return diagnostic("output-foreign", Place(path, tree="output"), path=path)


def identity(output: Path) -> str:
    """Return the name under which the store records the output folder."""
    return str(real_path(output))


def real_path(path: Path) -> Path:
    """Return ``path`` without links; a link to itself stays, where ``Path.resolve`` raises an error."""
    return Path(os.path.realpath(path))
