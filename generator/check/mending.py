"""Mends a source in place: whole or not at all, with its permissions."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from generator.lint.linting import mend
from generator.lint.names import Renaming
from generator.lint.text import Facts, Habits


def mend_file(
    file: Path,
    facts: Facts,
    habits: Habits,
    off: frozenset[str],
    renamings: tuple[Renaming, ...],
) -> bool:
    """Makes every fix in ``file`` but those of codes in ``off``; whether it has changed.

    A link is followed, and stays one. Raises OSError, with the file as it was.
    """
    file = file.resolve()
    data = file.read_bytes()
    mended = mend(data, facts, habits, off, renamings)
    if mended == data:
        return False
    _replace(file, mended)
    return True


def _replace(file: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".kheo-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copymode(file, name)
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
