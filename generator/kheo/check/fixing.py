"""Fix a source in place, atomically, keeping its permissions."""

import errno
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from kheo.lint.front_edits import FrontEdits
from kheo.lint.linting import apply_fixes
from kheo.lint.source_text import Facts, LintSettings
from kheo.read.sources import content_digest


def fix_file(
    file: Path,
    digest: str,
    facts: Facts,
    settings: LintSettings,
    off: frozenset[str],
    edits: FrontEdits,
) -> bool:
    """Apply every fix to ``file``, except for codes in ``off``; return whether it changed.

    A file that was saved since it was read (its digest is not ``digest``) is left alone. A symbolic
    link is followed and kept. Raises OSError and leaves the file unchanged.
    """
    file = file.resolve()
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return False
    if content_digest(data) != digest:
        return False
    fixed = apply_fixes(data, facts, settings, off, edits)
    if fixed == data:
        return False
    if not os.access(file, os.W_OK):  # replacing it needs only the folder's permission
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(file))
    return _replace(file, data, fixed)


def _replace(file: Path, before: bytes, data: bytes) -> bool:
    """Replace ``file`` by ``data`` if it still equals ``before``; return whether it did."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=".kheo-", dir=file.parent)
    except OSError as error:  # name the report, not our temporary file
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
