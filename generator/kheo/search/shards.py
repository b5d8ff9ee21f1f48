"""Shards: files with the lists of some words, or of some pairs. docs/search.md has the format."""

from collections.abc import Mapping
from itertools import accumulate, pairwise
from zlib import crc32

from kheo.search.postings import (
    ListChange,
    Postings,
    ShardError,
    decode_list,
    decode_varints,
    encode_list,
    encode_varint,
    patch_list,
)

NO_DIGEST = "00000000"  # of a shard without lists, which has no file

WordLists = dict[str, Postings]
PairLists = dict[int, Postings]  # by the last bits of a pair's hash


def digest_of(data: bytes) -> str:
    """Return the digits in the name of a file: its CRC-32, with which clients check it."""
    return f"{crc32(data) or 1:08x}" if data else NO_DIGEST


# --- words ---------------------------------------------------------------------------------------


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
        if _count(line) != len(lists[key]):
            raise ShardError(f"cut off in {key}")
    return lists


def patch_words(data: bytes, changes: Mapping[str, ListChange]) -> bytes:
    """Return a shard after the changes; empty if nothing is left. Raises ShardError."""
    found = _bodies(data) if data else {}
    for key, change in changes.items():
        line, body = found.get(key, ("", b""))
        count = (_count(line) if line else 0) + len(change.come) - len(change.gone)
        body = patch_list(body, change)
        if bool(body) != (count > 0):
            raise ShardError(f"a wrong count of {key}")
        if body:
            found[key] = _line(key, body, count), body
        else:
            found.pop(key, None)
    keys = sorted(found)
    return _joined([found[key][0] for key in keys], [found[key][1] for key in keys])


def _line(key: str, body: bytes, count: int) -> str:
    return f"{key}\t{len(body)}\t{count}"


def _count(line: str) -> int:
    return int(line.rpartition("\t")[2])


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


# --- pairs ---------------------------------------------------------------------------------------


def encode_pairs(lists: PairLists, bits: int) -> bytes:
    """Return the bytes of a shard of 2**bits lists: their lengths, then the lists."""
    if not lists:
        return b""
    bodies = [b""] * (1 << bits)
    for key, postings in lists.items():
        bodies[key] = encode_list(postings)
    return _all_lists(bodies)


def decode_pairs(data: bytes, bits: int) -> PairLists:
    """Return the lists of a shard that are not empty. Raises ShardError."""
    return {key: decode_list(body) for key, body in enumerate(_pair_bodies(data, bits)) if body}


def patch_pairs(data: bytes, changes: Mapping[int, ListChange], bits: int) -> bytes:
    """Return a shard after the changes; empty if nothing is left. Raises ShardError."""
    bodies = _pair_bodies(data, bits) if data else [b""] * (1 << bits)
    for key, change in changes.items():
        bodies[key] = patch_list(bodies[key], change)
    return _all_lists(bodies) if any(bodies) else b""


def _all_lists(bodies: list[bytes]) -> bytes:
    return b"".join((*map(encode_varint, map(len, bodies)), *bodies))


def _pair_bodies(data: bytes, bits: int) -> list[bytes]:
    lengths, at = decode_varints(data, 1 << bits)
    ends = list(accumulate(lengths, initial=at))
    if ends[-1] != len(data):
        raise ShardError("cut off")
    return [data[start:end] for start, end in pairwise(ends)]
