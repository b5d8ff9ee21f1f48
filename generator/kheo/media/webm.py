"""Read size and tracks of a WebM file: elements within elements (EBML, RFC 8794; Matroska, RFC 9559).

EBML > DocType   Segment > Tracks > TrackEntry > TrackType, Video > PixelWidth, PixelHeight
"""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from kheo.media.bytes import DamagedError, read_exactly

MOST_ELEMENTS = 10_000  # before the tracks, and in them: a video has some dozens
MOST_BYTES = 100_000  # of one element that is read as a whole
_HEAD, _DOC_TYPE = 0x1A45DFA3, 0x4282
_SEGMENT, _CLUSTER, _TRACKS, _TRACK = 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE
_TYPE, _VIDEO, _PROJECTION, _ROLL = 0x83, 0xE0, 0x7670, 0x7675
_PIXELS, _DISPLAY, _UNIT = (0xB0, 0xBA), (0x54B0, 0x54BA), 0x54B2
_PICTURE, _SOUND = 1, 2  # values of _TYPE


class WebM(Struct, frozen=True):
    """What a WebM file says about itself; ``size`` is that of its picture, if it has one."""

    size: tuple[int, int] | None
    has_sound: bool


class _Element(Struct, frozen=True):
    name: int
    start: int
    end: int


def is_webm(start: bytes) -> bool:
    return start.startswith(b"\x1a\x45\xdf\xa3")


def read_webm(file: BinaryIO) -> WebM | None:
    """Return what a file says about itself; ``None`` for another kind of EBML. Raises DamagedError."""
    length = file.seek(0, os.SEEK_END)
    top = _elements(file, 0, length)
    head = next(top, None)
    if head is None or head.name != _HEAD:
        return None
    names = {one.name: _bytes(file, one) for one in _elements(file, head.start, head.end)}
    if names.get(_DOC_TYPE, b"").rstrip(b"\0") != b"webm":
        return None
    size, has_sound = None, False
    for track in _tracks(file, top):
        parts = {one.name: one for one in _elements(file, track.start, track.end)}
        kind = _number(file, parts.get(_TYPE))
        if kind == _PICTURE and size is None and _VIDEO in parts:
            size = _size(file, parts[_VIDEO])
        has_sound = has_sound or kind == _SOUND
    return WebM(size, has_sound)


def _tracks(file: BinaryIO, top: Iterator[_Element]) -> Iterator[_Element]:
    segment = next((one for one in top if one.name == _SEGMENT), None)
    if segment is None:
        raise DamagedError
    for one in _elements(file, segment.start, segment.end):
        if one.name == _TRACKS:
            yield from (
                entry for entry in _elements(file, one.start, one.end) if entry.name == _TRACK
            )
            return
        if one.name == _CLUSTER:
            break
    raise DamagedError


def _elements(file: BinaryIO, start: int, end: int) -> Iterator[_Element]:
    for _ in range(MOST_ELEMENTS):
        if start >= end:
            return
        file.seek(start)
        name, _ = _variable(file, keep_marker=True)
        size, is_unknown = _variable(file)
        body = file.tell()
        after = end if is_unknown else body + size
        if after > end:
            raise DamagedError
        yield _Element(name, body, after)
        start = after
    raise DamagedError


def _variable(file: BinaryIO, keep_marker: bool = False) -> tuple[int, bool]:
    """Return a number of 1 to 8 bytes, and whether it says that the size is not known (RFC 8794, 4)."""
    first = read_exactly(file, 1)[0]
    if first == 0:
        raise DamagedError
    more = 8 - first.bit_length()
    value = int.from_bytes(bytes([first]) + read_exactly(file, more), "big")
    bare = value - (1 << (7 * (more + 1)))
    return (value if keep_marker else bare), bare == (1 << (7 * (more + 1))) - 1


def _bytes(file: BinaryIO, element: _Element) -> bytes:
    if element.end - element.start > MOST_BYTES:
        raise DamagedError
    file.seek(element.start)
    return read_exactly(file, element.end - element.start)


def _number(file: BinaryIO, element: _Element | None) -> int:
    return int.from_bytes(_bytes(file, element)[:8], "big") if element else 0


def _size(file: BinaryIO, video: _Element) -> tuple[int, int]:
    """Return width and height as shown: turned if the file says so.

    The display size counts if it is in pixels (unit 0) or says only the ratio (unit 3).
    """
    parts = {one.name: one for one in _elements(file, video.start, video.end)}
    width, height = (_number(file, parts.get(name)) for name in _PIXELS)
    wide, high = (_number(file, parts.get(name)) for name in _DISPLAY)
    if wide and high and _number(file, parts.get(_UNIT)) in {0, 3}:
        width = (height * wide * 2 + high) // (2 * high)
    turned = round(_roll(file, parts.get(_PROJECTION)) / 90) % 2 == 1
    return (height, width) if turned else (width, height)


def _roll(file: BinaryIO, projection: _Element | None) -> float:
    """Return by how many degrees the picture is turned; ffmpeg writes it for telephones."""
    if projection is None:
        return 0.0
    parts = {one.name: one for one in _elements(file, projection.start, projection.end)}
    data = _bytes(file, parts[_ROLL]) if _ROLL in parts else b""
    if len(data) not in {4, 8}:
        return 0.0
    degrees: float = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]
    return degrees if abs(degrees) <= 360 else 0.0
