"""Staging: what is rendered waits beside the site, in files of its own, to be renamed into it.

output/.staging/kheo-<token>/   one folder for each build, so that a worker that outlives its
                                killed build writes into nobody else's pages
"""

import os
import shutil
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from kheo.errors import clearly
from kheo.publish.manifest import STAGING, is_safe
from kheo.store.files import FOLDER_MODE, write_file

UNDER_WAY = "under-way"  # in the staging folder while files are renamed


class Staged(Struct, frozen=True):
    """An output that was rendered. ``name`` is its file below ``output/.staging``; empty where the
    published file already has these bytes."""

    path: str
    name: str
    fingerprint: bytes
    sha256: str
    size: int
    mtime_ns: int
    made: bytes


def open_staging(output: Path) -> Path:
    """An empty folder of this build's own, on the file system of ``output``, which it may make."""
    with clearly(output):
        output.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        return new_staging(output)


def new_staging(output: Path) -> Path:
    staging = output / STAGING / f"kheo-{os.urandom(8).hex()}"
    (output / STAGING).mkdir(mode=FOLDER_MODE, exist_ok=True)
    staging.mkdir(mode=FOLDER_MODE)
    return staging


def close_staging(output: Path) -> None:
    """Removes what was staged, unless a publication is still to be finished."""
    if is_under_way(output):
        return
    for folder in (output / STAGING).glob("kheo-*"):
        with suppress(OSError):  # what is left here, the next build removes
            shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        (output / STAGING).rmdir()


def is_under_way(output: Path) -> bool:
    """Whether a build was interrupted while it renamed files: what is there is of two builds."""
    return any((output / STAGING).glob(f"kheo-*/{UNDER_WAY}"))


def stage(
    staging: Path, path: str, data: bytes, fingerprint: bytes, made: bytes, known_sha256: str
) -> Staged:
    """Writes one output to the staging folder, unless the published file has these bytes.

    ``known_sha256`` is that of the published file where it is intact, else empty. Raises
    PublishError, and ValueError for a path that leads out of the output folder.
    """
    if not is_safe(path):
        raise ValueError(f"not a path below the output folder: {path}")
    digest = sha256(data).hexdigest()
    final = staging.parent.parent / path
    with clearly(final):
        status = same_file(final, data, digest == known_sha256)
        name = ""
        if status is None:
            name = f"{staging.name}/{sha256(path.encode()).hexdigest()[:32]}"
            status = write_file(f"{staging.parent}{os.sep}{name}", data)
    return Staged(path, name, fingerprint, digest, len(data), status.st_mtime_ns, made)


def same_file(file: Path, data: bytes, is_known: bool) -> os.stat_result | None:
    """The status of the file if it has these bytes (``is_known``, or compared), else ``None``."""
    try:
        status = os.lstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size != len(data):
            return None
        return status if is_known or file.read_bytes() == data else None
    except OSError:  # it is not there, or not readable: a new one takes its place
        return None
