"""Shards: lists of postings as bytes, and back. docs/search.md has the format for writers of clients.

A posting is a number here: ``slot << 3 | impact``, and ``place - 14`` above bit 40 where the place is
15 or more. A slot is ``(day - first day) * 16 + min(place, 15)``.
"""

import re
from bisect import insort
from collections.abc import Mapping
from itertools import chain
from operator import sub
from zlib import crc32

from msgspec import Struct

PLACE_BITS = 20  # of the number of a report
PLACES = 1 << PLACE_BITS
SLOTS = 16  # places of a day that cost no byte of their own; there is room for more
NO_DIGEST = "00000000"  # of a shard without lists, which has no file
_CROWD = 40  # the bit where the places begin that have no slot of their own
_LAST_SLOT = (SLOTS - 1) << 3
_KEPT = 1 << 17
_VARINT = re.compile(rb"[\x80-\xff]*[\x00-\x7f]")

Postings = list[int]
WordLists = dict[str, Postings]
PairLists = dict[int, Postings]  # by the last bits of a pair's hash


class ShardError(ValueError):
    """The bytes are not a whole shard, or not the one that a change was made for."""


class ListChange(Struct, array_like=True):
    """The postings that go from one list, and those that come."""

    gone: Postings
    come: Postings


def posting_of(number: int, first: int) -> int:
    """Return the posting of a report, without an impact. ``first`` is the first day of the index."""
    day, place = divmod(number, PLACES)
    if place < SLOTS - 1:
        return ((day - first) * SLOTS + place) << 3
    return (place - SLOTS + 2) << _CROWD | ((day - first) * SLOTS + SLOTS - 1) << 3


def number_of(posting: int, first: int) -> int:
    """Return the number of the report that a posting stands for."""
    day, place = divmod((posting & (1 << _CROWD) - 1) >> 3, SLOTS)
    return (day + first) << PLACE_BITS | (place if place < SLOTS - 1 else _extra(posting) + place)


def digest_of(data: bytes) -> str:
    """Return the digits that the name of a file has: its CRC-32, which clients check it with."""
    return f"{crc32(data) or 1:08x}" if data else NO_DIGEST


# --- shards of words -----------------------------------------------------------------------------


def encode_words(lists: WordLists) -> bytes:
    """Return the bytes of a shard: a header with keys and lengths, then the lists in the order of
    the keys."""
    keys = sorted(lists)
    bodies = [encode_list(lists[key]) for key in keys]
    lines = [_line(key, body, len(lists[key])) for key, body in zip(keys, bodies, strict=True)]
    return _joined(lines, bodies)


def decode_words(data: bytes) -> WordLists:
    """Return the lists of a shard. Raises ShardError."""
    lists: WordLists = {}
    for key, (line, body) in _bodies(data).items():
        lists[key] = decode_list(body)
        if not line.endswith(f"\t{len(lists[key])}"):
            raise ShardError(f"cut off in {key}")
    return lists


def patch_words(data: bytes, changes: Mapping[str, ListChange]) -> bytes:
    """Return a shard as it is once the changes are made; empty where nothing is left.

    Only changed lists are decoded. Raises ShardError.
    """
    found = _bodies(data) if data else {}
    for key, change in changes.items():
        kept = patched(decode_list(found[key][1]) if key in found else [], change)
        if kept:
            body = encode_list(kept)
            found[key] = _line(key, body, len(kept)), body
        else:
            found.pop(key, None)
    keys = sorted(found)
    return _joined([found[key][0] for key in keys], [found[key][1] for key in keys])


def _line(key: str, body: bytes, count: int) -> str:
    return f"{key}\t{len(body)}\t{count}"


def _joined(lines: list[str], bodies: list[bytes]) -> bytes:
    head = "\n".join(lines).encode()
    return b"".join((len(head).to_bytes(4, "big"), head, *bodies)) if lines else b""


def _bodies(data: bytes) -> dict[str, tuple[str, bytes]]:
    """Return the line and the bytes of every list, by key."""
    at = 4 + int.from_bytes(data[:4], "big")
    if len(data) < max(5, at):
        raise ShardError("cut off in its header")
    found: dict[str, tuple[str, bytes]] = {}
    for line in data[4:at].decode().split("\n"):
        key, length, _ = line.split("\t")
        end = at + int(length)
        found[key] = line, data[at:end]
        at = end
    if at != len(data):
        raise ShardError("cut off")
    return found


# --- shards of pairs -----------------------------------------------------------------------------


def encode_pairs(lists: PairLists, bits: int) -> bytes:
    """Return the bytes of a shard of 2**bits lists: their lengths, then the lists."""
    bodies = [encode_list(lists[key]) if key in lists else b"" for key in range(1 << bits)]
    return _all_lists(bodies) if lists else b""


def decode_pairs(data: bytes, bits: int) -> PairLists:
    """Return the lists of a shard that are not empty. Raises ShardError."""
    return {key: decode_list(body) for key, body in enumerate(_pair_bodies(data, bits)) if body}


def patch_pairs(data: bytes, changes: Mapping[int, ListChange], bits: int) -> bytes:
    """Return a shard as it is once the changes are made; empty where nothing is left."""
    bodies = _pair_bodies(data, bits) if data else [b""] * (1 << bits)
    for key, change in changes.items():
        bodies[key] = encode_list(patched(decode_list(bodies[key]), change))
    return _all_lists(bodies) if any(bodies) else b""


def _all_lists(bodies: list[bytes]) -> bytes:
    return b"".join((*(_VARINTS[len(body)] for body in bodies), *bodies))


def _pair_bodies(data: bytes, bits: int) -> list[bytes]:
    at, lengths = 0, []
    for found in _VARINT.finditer(data):
        lengths.append(_VALUES[found[0]])
        at = found.end()
        if len(lengths) == 1 << bits:
            break
    if len(lengths) < 1 << bits or len(data) != at + sum(lengths):
        raise ShardError("cut off")
    bodies = []
    for length in lengths:
        bodies.append(data[at : at + length])
        at += length
    return bodies


# --- lists ---------------------------------------------------------------------------------------


def encode_list(postings: Postings) -> bytes:
    """Return a varint for each posting: the gap between slots, and the impact."""
    slots = chain((0,), [one & -8 for one in postings])
    try:
        return b"".join(map(_VARINTS.__getitem__, map(sub, postings, slots)))
    except OverflowError:
        return _encode_crowded(postings)


def decode_list(data: bytes) -> Postings:
    """Return the postings of a list. Raises ShardError where it is cut off."""
    if data and data[-1] > 127:
        raise ShardError("cut off in a list")
    values = map(_VALUES.__getitem__, _VARINT.findall(data))
    found: Postings = []
    slot = 0
    for value in values:
        slot += value & -8
        if slot & _LAST_SLOT == _LAST_SLOT:
            found.append((next(values, 0) + 1) << _CROWD | slot | value & 7)
        else:
            found.append(slot | value & 7)
    return found


def patched(postings: Postings, change: ListChange) -> Postings:
    """Return a list without what goes and with what comes. Raises ShardError."""
    gone = set(change.gone)
    kept = [one for one in postings if one not in gone]
    if len(kept) + len(gone) != len(postings):
        raise ShardError("a posting is missing")
    for one in change.come:
        insort(kept, one, key=in_order)
    return kept


def in_order(posting: int) -> tuple[int, int]:
    """Return what sorts postings: the slot first, then the place that is above it."""
    return posting & (1 << _CROWD) - 8, posting >> _CROWD


def _encode_crowded(postings: Postings) -> bytes:
    """Days with 16 reports and more are rare: after the posting comes the place."""
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


class _Varints(dict[int, bytes]):
    """Numbers as varints: 7 bits a byte, low bits first."""

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
    """Varints as numbers."""

    def __missing__(self, data: bytes) -> int:
        value = 0
        for byte in reversed(data):
            value = value << 7 | byte & 127
        if len(data) < 3 or value < _KEPT:
            self[data] = value
        return value


_VARINTS = _Varints()
_VALUES = _Values()
