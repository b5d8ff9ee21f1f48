"""Lists of postings as bytes, and back. docs/search.md has the format.

A posting is one report in the list of a word or of a pair. Here it is a number: ``age << 3 | impact``,
where the age counts slots back from the end of the index: ``last * 16 - slot``, and a slot is
``day * 16 + min(place, 15)``. Where the place is 15 or more, ``place - 14`` is above bit 40.

Lists begin with the newest report. A new report changes the first bytes of its lists, and the rest is
copied as it is, not decoded.
"""

import re
from itertools import chain
from operator import sub

from msgspec import Struct

PLACE_BITS = 20  # of the number of a report
PLACES = 1 << PLACE_BITS
SLOTS = 16  # places of a day that need no byte of their own; there is room for more
_CROWD = 40  # the first bit of places that have no slot of their own
_AGE = (1 << _CROWD) - 8  # the bits of the age
_LAST_SLOT = 1 << 3  # the age of the last slot of a day, modulo 16 slots
_IN_DAY = (SLOTS - 1) << 3
_KEPT = 1 << 17  # varints that are computed once
_VARINT = re.compile(rb"[\x80-\xff]*[\x00-\x7f]")

Postings = list[int]


class ShardError(ValueError):
    """The bytes are not a whole shard, or not the one that a change was made for."""


class ListChange(Struct, array_like=True):
    """The postings to remove from one list, and those to add."""

    gone: Postings
    come: Postings


def posting_of(number: int, last: int) -> int:
    """Return the posting of a report, without an impact. ``last`` is the day after the index."""
    day, place = divmod(number, PLACES)
    crowd = max(0, place - SLOTS + 2)
    return crowd << _CROWD | ((last - day) * SLOTS - min(place, SLOTS - 1)) << 3


def number_of(posting: int, last: int) -> int:
    """Return the number of the report that a posting stands for."""
    day, place = divmod(last * SLOTS - ((posting & _AGE) >> 3), SLOTS)
    return day << PLACE_BITS | place + _extra(posting)


def encode_list(postings: Postings) -> bytes:
    """Return a varint for each posting: the gap between ages, and the impact."""
    ages = chain((0,), [one & -8 for one in postings])
    try:
        return b"".join(map(_VARINTS.__getitem__, map(sub, postings, ages)))
    except OverflowError:
        return _encode_crowded(postings)


def decode_list(data: bytes) -> Postings:
    """Return the postings of a list. Raises ShardError if it is cut off."""
    _check_end(data)
    values = map(_VALUES.__getitem__, _VARINT.findall(data))
    found: Postings = []
    age = 0
    for value in values:
        age += value & -8
        crowd = (next(values, 0) + 1) << _CROWD if age & _IN_DAY == _LAST_SLOT else 0
        found.append(crowd | age | value & 7)
    return found


def patch_list(data: bytes, change: ListChange) -> bytes:
    """Return a list after a change. Only the part before the oldest changed posting is decoded.

    Raises ShardError if a posting to remove is not there.
    """
    oldest = max(one & _AGE for one in (*change.gone, *change.come))
    head, following = _split(data, oldest)
    gone = set(change.gone)
    kept = [one for one in head if one not in gone]
    if len(kept) + len(gone) != len(head):
        raise ShardError("a posting is missing")
    kept = sorted([*kept, *change.come], key=in_order)
    made = encode_list(kept)
    if following is None:
        return made
    posting, at = following
    before = kept[-1] & _AGE if kept else 0
    return made + _VARINTS[posting - before] + data[at:]


def _split(data: bytes, oldest: int) -> tuple[Postings, tuple[int, int] | None]:
    """Return the postings up to an age, and the age and impact of the one that follows, with the
    place of what is behind these in ``data``."""
    _check_end(data)
    head: Postings = []
    age = 0
    values = _VARINT.finditer(data)
    for found in values:
        value = _VALUES[found[0]]
        age += value & -8
        if age > oldest:
            return head, (age | value & 7, found.end())
        crowd = 0
        if age & _IN_DAY == _LAST_SLOT and (place := next(values, None)):
            crowd = (_VALUES[place[0]] + 1) << _CROWD
        head.append(crowd | age | value & 7)
    return head, None


def in_order(posting: int) -> tuple[int, int]:
    """Return the key that sorts postings, newest first."""
    return posting & _AGE, -(posting >> _CROWD)


def _check_end(data: bytes) -> None:
    if data and data[-1] > 127:
        raise ShardError("cut off in a list")


def _encode_crowded(postings: Postings) -> bytes:
    """Encode a list with places from 15 on, which are rare: the place follows the posting."""
    made, before = [], 0
    for one in postings:
        value = one & (1 << _CROWD) - 1
        made.append(_VARINTS[value - before])
        if one >> _CROWD:
            made.append(_VARINTS[_extra(one)])
        before = value & -8
    return b"".join(made)


def _extra(posting: int) -> int:
    return max(0, (posting >> _CROWD) - 1)


# --- varints -------------------------------------------------------------------------------------


def encode_varint(value: int) -> bytes:
    """Return a number as a varint: 7 bits a byte, low bits first."""
    return _VARINTS[value]


def decode_varints(data: bytes, count: int) -> tuple[list[int], int]:
    """Return the first numbers of ``data``, and where they end. Raises ShardError."""
    values: list[int] = []
    at = 0
    for found in _VARINT.finditer(data):
        values.append(_VALUES[found[0]])
        at = found.end()
        if len(values) == count:
            return values, at
    raise ShardError("cut off")


class _Varints(dict[int, bytes]):
    """Varints by number."""

    def __missing__(self, value: int) -> bytes:
        if not 0 <= value < 1 << _CROWD:
            raise OverflowError
        rest, made = value, bytearray()
        while rest > 127:
            made.append(rest & 127 | 128)
            rest >>= 7
        made.append(rest)
        if value < _KEPT:
            self[value] = bytes(made)
        return bytes(made)


class _Values(dict[bytes, int]):
    """Numbers by varint."""

    def __missing__(self, data: bytes) -> int:
        value = 0
        for byte in reversed(data):
            value = value << 7 | byte & 127
        if len(data) < 3 or value < _KEPT:
            self[data] = value
        return value


_VARINTS = _Varints()
_VALUES = _Values()
