"""Staging: rendered outputs are written to a folder of their own, and later renamed into the site.

output/.staging/kheo-<token>/   one folder for each build, so that a worker that outlives its
                                killed build does not write into another build's pages
"""

import os
import shutil
import stat
from contextlib import suppress
from functools import partial
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path

from msgspec import Struct

from kheo.errors import wrap_os_errors
from kheo.publish.manifest import STAGING, is_safe
from kheo.store.files import FOLDER_MODE, write_file, write_parts

PART = 1 << 20  # bytes of a file that is copied, in memory at once
UNDER_WAY = "under-way"  # a file that exists in the staging folder while files are renamed


class StagedFile(Struct, frozen=True):
    """An output that was rendered.

    ``name`` is its file below ``output/.staging``; empty if the published file has the same bytes.
    """

    path: str
    name: str
    fingerprint: bytes
    sha256: str
    size: int
    mtime_ns: int
    note: bytes


def open_staging(output: Path) -> Path:
    """Create ``output`` if needed, and in it an empty staging folder for this build."""
    with wrap_os_errors(output):
        output.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        return new_staging(output)


def new_staging(output: Path) -> Path:
    """Create an empty staging folder in ``output``. Raises OSError."""
    staging = output / STAGING / f"kheo-{os.urandom(8).hex()}"
    (output / STAGING).mkdir(mode=FOLDER_MODE, exist_ok=True)
    staging.mkdir(mode=FOLDER_MODE)
    return staging


def close_staging(output: Path) -> None:
    """Remove all staging folders, unless a publication still has to be finished."""
    if is_under_way(output):
        return
    for folder in (output / STAGING).glob("kheo-*"):
        with suppress(OSError):  # the next build removes what is left
            shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        (output / STAGING).rmdir()


def is_under_way(output: Path) -> bool:
    """Return whether a build was interrupted while it renamed files: the site mixes two builds."""
    return any((output / STAGING).glob(f"kheo-*/{UNDER_WAY}"))


def stage(
    staging: Path, path: str, data: bytes, fingerprint: bytes, note: bytes, known_sha256: str
) -> StagedFile:
    """Write one output to the staging folder, unless the published file has the same bytes.

    ``known_sha256`` is that of the published file if it is intact, else empty. Raises FileAccessError,
    and ValueError for a path that leads out of the output folder.
    """
    if not is_safe(path):
        raise ValueError(f"not a path below the output folder: {path}")
    digest = sha256(data).hexdigest()
    final = staging.parent.parent / path
    with wrap_os_errors(final):
        status = stat_if_equal(final, data, digest == known_sha256)
        name = ""
        if status is None:
            name = f"{staging.name}/{sha256(path.encode()).hexdigest()[:32]}"
            status = write_file(f"{staging.parent}{os.sep}{name}", data)
    return StagedFile(path, name, fingerprint, digest, len(data), status.st_mtime_ns, note)


def stage_file(
    staging: Path,
    path: str,
    file: BufferedReader,
    fingerprint: bytes,
    note: bytes,
    known_sha256: str,
) -> StagedFile:
    """Stage a copy of a file of any size, as ``stage`` does. Raises OSError if it cannot be read."""
    if not is_safe(path):
        raise ValueError(f"not a path below the output folder: {path}")
    file.seek(0)
    digest = file_digest(file, "sha256").hexdigest()
    size = file.tell()
    final = staging.parent.parent / path
    with wrap_os_errors(final):
        status = _stat_if_same(final, size, digest, digest == known_sha256)
        name = ""
        if status is None:
            file.seek(0)
            name = f"{staging.name}/{sha256(path.encode()).hexdigest()[:32]}"
            parts = iter(partial(file.read, PART), b"")
            status = write_parts(f"{staging.parent}{os.sep}{name}", parts)
    return StagedFile(path, name, fingerprint, digest, size, status.st_mtime_ns, note)


def _stat_if_same(file: Path, size: int, digest: str, is_known: bool) -> os.stat_result | None:
    """Return the status of the file if it has this size and SHA-256; see ``stat_if_equal``."""
    try:
        status = os.lstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size != size:
            return None
        if is_known:
            return status
        with file.open("rb") as other:
            return status if file_digest(other, "sha256").hexdigest() == digest else None
    except OSError:  # as above
        return None


def stat_if_equal(file: Path, data: bytes, is_known: bool) -> os.stat_result | None:
    """Return the status of the file if its bytes are ``data``, else ``None``.

    With ``is_known``, a file of the right size is trusted to have these bytes, and is not read.
    """
    try:
        status = os.lstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
            return None
        return status if is_known or file.read_bytes() == data else None
    except OSError:  # it does not exist, or cannot be read: it will be replaced
        return None
