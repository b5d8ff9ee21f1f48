"""Shards: lists of postings as bytes, and back. docs/search.md has the format for writers of clients."""

from collections.abc import Iterator

from msgspec import Struct

SLOTS = 16  # places of a day that cost no byte of their own; there is room for more
_SMALL = 1 << 14

Posting = tuple[int, int]  # number of a report (day * 1024 + place), impact
Lists = dict[str, list[Posting]]  # by word, or by the hash of a pair in hexadecimal digits


class ShardError(ValueError):
    """The bytes are not a whole shard."""


class Change(Struct, frozen=True, array_like=True):
    """What one report changes in one list: ``impact`` is None where it is no longer there."""

    key: str
    number: int
    impact: int | None


def encode_shard(lists: Lists, base: int) -> bytes:
    """Return the bytes of a shard: a header with keys and lengths, then the lists in the order of
    the keys. ``base`` is the first day of the segment."""
    keys = sorted(lists)
    bodies = [_encode_list(lists[key], base) for key in keys]
    head = "\n".join(
        f"{key}\t{len(body)}\t{len(lists[key])}" for key, body in zip(keys, bodies, strict=True)
    ).encode()
    return len(head).to_bytes(4, "big") + head + b"".join(bodies)


def decode_shard(data: bytes, base: int) -> Lists:
    """Return the lists of a shard. Raises ShardError."""
    size = 4 + int.from_bytes(data[:4], "big")
    if len(data) < max(4, size):
        raise ShardError("cut off in its header")
    lists: Lists = {}
    at = size
    for line in data[4:size].decode().split("\n") if size > 4 else ():
        key, length, count = line.split("\t")
        end = at + int(length)
        lists[key] = _decode_list(data[at:end], base)
        if len(lists[key]) != int(count):
            raise ShardError(f"cut off in {key}")
        at = end
    return lists


def patch_shard(data: bytes, changes: list[Change], base: int) -> bytes:
    """Return a shard as it is once the changes are made; empty where nothing is left."""
    lists = decode_shard(data, base) if data else {}
    for change in changes:
        kept = [one for one in lists.get(change.key, ()) if one[0] != change.number]
        if change.impact is not None:
            kept = sorted([*kept, (change.number, change.impact)])
        if kept:
            lists[change.key] = kept
        else:
            lists.pop(change.key, None)
    return encode_shard(lists, base) if lists else b""


def _encode_list(postings: list[Posting], base: int) -> bytes:
    made = []
    before = base * SLOTS
    for number, impact in postings:
        place = number & 1023
        slot = (number >> 10) * SLOTS + min(place, SLOTS - 1)
        made.append(_varint((slot - before) << 3 | impact))
        if place >= SLOTS - 1:
            made.append(_varint(place - SLOTS + 1))
        before = slot
    return b"".join(made)


def _decode_list(data: bytes, base: int) -> list[Posting]:
    values = _values(data)
    found = []
    slot = base * SLOTS
    for value in values:
        slot += value >> 3
        place = slot % SLOTS
        if place == SLOTS - 1:
            place += next(values, 0)
        found.append((slot // SLOTS << 10 | place, value & 7))
    return found


def _values(data: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            yield value
            value = shift = 0


def _varint(value: int) -> bytes:
    if value < _SMALL:
        return _VARINTS[value]
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    made.append(value)
    return bytes(made)


_VARINTS = [
    bytes((value,)) if value < 128 else bytes((value & 127 | 128, value >> 7))
    for value in range(_SMALL)
]
