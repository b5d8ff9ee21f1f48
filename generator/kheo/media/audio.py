"""Read the length of a recording."""

import struct
from typing import BinaryIO

from tinytag import TinyTag, TinyTagException

from kheo.media.bytes import DamagedError

# What tinytag raises for damaged files.
_DAMAGE = (TinyTagException, OSError, ValueError, TypeError, LookupError, ArithmeticError,
           AttributeError, RecursionError, struct.error)  # fmt: skip


def read_length(file: BinaryIO, name: str) -> float:
    """Return the seconds of an MP3 or Ogg file; ``name`` says which. Raises DamagedError."""
    try:
        return TinyTag.get(name, file, tags=False).duration or 0.0
    except _DAMAGE as error:
        raise DamagedError from error
