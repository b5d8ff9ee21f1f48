"""Mends a source in place: whole or not at all, with its permissions."""

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from kheo.lint.linting import apply_fixes
from kheo.lint.names import Renaming
from kheo.lint.source_text import Facts, Habits
from kheo.read.sources import content_digest


def fix_file(
    file: Path,
    digest: str,
    facts: Facts,
    habits: Habits,
    off: frozenset[str],
    renamings: tuple[Renaming, ...],
) -> bool:
    """Makes every fix in ``file`` but those of codes in ``off``; whether it has changed.

    Not where its bytes are others than those that were looked at (``digest``): somebody has saved it
    since. A link is followed, and stays one. Raises OSError, with the file as it was.
    """
    file = file.resolve()
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return False
    if content_digest(data) != digest:
        return False
    fixed = apply_fixes(data, facts, habits, off, renamings)
    if fixed == data:
        return False
    if not os.access(file, os.W_OK):  # to take its place, the folder's permission would be enough
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
    return _replace(file, data, fixed)


def _replace(file: Path, before: bytes, data: bytes) -> bool:
    """Whether ``file`` still was as ``before``, and is ``data`` now."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=".kheo-", dir=file.parent)
    except OSError as error:  # the person knows the report, not our file beside it
        error.filename = str(file)
        raise
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(file, name)
        is_as_before = file.read_bytes() == before
        if is_as_before:
            Path(name).replace(file)
    finally:
        with suppress(OSError):
            Path(name).unlink()
    return is_as_before
