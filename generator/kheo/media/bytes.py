"""Read bytes of files that may be damaged."""

from typing import BinaryIO


class DamagedError(Exception):
    """A file is damaged or cut off."""


def read_exactly(file: BinaryIO, count: int) -> bytes:
    """Return the next ``count`` bytes. Raises DamagedError if there are fewer."""
    data = file.read(count)
    if len(data) < count:
        raise DamagedError
    return data
