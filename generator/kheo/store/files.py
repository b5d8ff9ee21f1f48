"""Write a file with the permissions of published files."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o644, 0o755


def write_file(file: str, data: bytes, sync: bool = False) -> os.stat_result:
    """Write ``data`` to ``file``, replacing what is there, and return its status. Raises OSError.

    With ``sync``, the data is on the disk when this returns. A link is not followed.
    """
    return write_parts(file, [data], sync)


def write_parts(file: str, parts: Iterable[bytes], sync: bool = False) -> os.stat_result:
    """Write the parts one after the other, as ``write_file`` does."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(file, flags, FILE_MODE)
    try:
        for part in parts:
            view = memoryview(part)
            while view:
                view = view[os.write(descriptor, view) :]
        if sync:
            os.fsync(descriptor)
        status = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if status.st_mode & 0o777 != FILE_MODE:  # an unusual umask
        with suppress(PermissionError):  # a file system that keeps no modes
            Path(file).chmod(FILE_MODE)
    return status
