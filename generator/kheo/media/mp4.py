"""Read size, length and tracks of an MP4 file (ISO/IEC 14496-12): boxes within boxes.

    ftyp  moov > mvhd, trak > tkhd, mdia > mdhd, hdlr   mdat

Only the boxes that are named here are read; the pictures and the sound (``mdat``) are skipped.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from kheo.media.bytes import DamagedError, read_exactly

MOST_BOXES = 10_000  # in one box: a video has some dozens
_FIXED = 65_536  # one, in numbers of 16 bits before and 16 after the point


class Mp4(Struct, frozen=True):
    """What an MP4 file says about itself; ``size`` is that of its picture, upright, if it has one."""

    size: tuple[int, int] | None
    has_sound: bool
    seconds: float


class _Box(Struct, frozen=True):
    kind: bytes
    start: int
    end: int


def is_mp4(start: bytes) -> bool:
    return start[4:8] == b"ftyp"


def read_mp4(file: BinaryIO) -> Mp4:
    """Return what a file says about itself. Raises DamagedError."""
    length = file.seek(0, os.SEEK_END)
    # All boxes of the file: one that ends after the file means that the file is cut off.
    boxes = list(_boxes(file, 0, length))
    movie = _only(boxes, b"moov")
    inside = list(_boxes(file, movie.start, movie.end))
    size, has_sound = None, False
    for track in (box for box in inside if box.kind == b"trak"):
        parts = list(_boxes(file, track.start, track.end))
        media = _only(parts, b"mdia")
        handler = _head(file, _only(_boxes(file, media.start, media.end), b"hdlr"), 12)[8:12]
        if handler == b"vide" and size is None:
            size = _size(_head(file, _only(parts, b"tkhd"), 96))
        has_sound = has_sound or handler == b"soun"
    return Mp4(size, has_sound, _seconds(_head(file, _only(inside, b"mvhd"), 32)))


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[_Box]:
    for _ in range(MOST_BOXES):
        if start >= end:
            return
        file.seek(start)
        head = read_exactly(file, 8)
        size, body = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:
            size, body = int.from_bytes(read_exactly(file, 8), "big"), start + 16
        after = end if size == 0 else start + size
        if after < body or after > end:
            raise DamagedError
        yield _Box(head[4:8], body, after)
        start = after
    raise DamagedError


def _only(boxes: "list[_Box] | Iterator[_Box]", kind: bytes) -> _Box:
    for box in boxes:
        if box.kind == kind:
            return box
    raise DamagedError


def _head(file: BinaryIO, box: _Box, length: int) -> bytes:
    """Return the first bytes of a box, filled up with NULs."""
    file.seek(box.start)
    return read_exactly(file, min(length, box.end - box.start)).ljust(length, b"\0")


def _size(header: bytes) -> tuple[int, int]:
    """Return width and height of a track header (8.3), turned as its matrix says.

    The matrix is ``a b u c d v x y w``. A telephone that was held upright writes 0 for ``a`` and
    ``d``: the picture is turned by a quarter.
    """
    at = 52 if header[0] == 1 else 40  # of the matrix: version 1 has longer times
    a, b = (int.from_bytes(header[at + n : at + n + 4], "big", signed=True) for n in (0, 4))
    width, height = (
        (int.from_bytes(header[at + n : at + n + 4], "big") + _FIXED // 2) // _FIXED
        for n in (36, 40)
    )
    return (height, width) if a == 0 and b != 0 else (width, height)


def _seconds(header: bytes) -> float:
    """Return the length that the header of a movie says (8.2)."""
    long = header[0] == 1
    scale = int.from_bytes(header[20:24] if long else header[12:16], "big")
    duration = int.from_bytes(header[24:32] if long else header[16:20], "big")
    return duration / scale if scale else 0.0
