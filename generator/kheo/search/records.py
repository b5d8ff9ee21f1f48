"""Records: what a result shows of a report, in blocks of some days, so that few reports are fetched."""

from typing import Any

import msgspec
from msgspec import Struct

from kheo.search.shards import PLACE_BITS, PLACES

MOST_BITS = 12  # of days in a block: 4,096 days, eleven years
PER_BLOCK = 32  # reports that a block has on average, at most
PART_BITS = 6  # a block has one part for each 64 places of a day: a crowded day is not one file


class Record(Struct, frozen=True, array_like=True, gc=False):
    """One report. ``url`` is ready for an ``href``, ``date`` as readers see it, ``day`` in ISO 8601.

    ``category`` and ``authors`` are positions among the terms of the entry. ``attachments`` are
    titles and addresses.
    """

    number: int
    title: str
    url: str
    date: str
    day: str
    category: int
    authors: tuple[int, ...]
    summary: str
    attachments: tuple[tuple[str, str], ...] = ()


def block_bits(numbers: list[int]) -> int:
    """Return how many bits of a day are left out of the name of its block: few reports, long blocks."""
    if not numbers:
        return 0
    days = (max(numbers) >> PLACE_BITS) - (min(numbers) >> PLACE_BITS) + 1
    fitting = [k for k in range(MOST_BITS + 1) if len(numbers) << k <= PER_BLOCK * days]
    return max(fitting, default=0)


def block_name(number: int, bits: int) -> str:
    """Return the name of the block that has a report: ``2c5f``, or ``2c5f-1`` for a crowded day."""
    day, place = divmod(number, PLACES)
    part = place >> PART_BITS
    return f"{day >> bits:x}-{part:x}" if part else f"{day >> bits:x}"


def encode_json(value: Any) -> bytes:
    """Return JSON without spaces, keys in the order that they were given, letters as they are."""
    return msgspec.json.encode(value)
