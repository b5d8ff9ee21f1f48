"""What readers can find of one article."""

from msgspec import Struct

from kheo.model import Moment


class SearchEntry(Struct, frozen=True, array_like=True):
    """One article as the index has it. ``url`` is ready for an ``href``, ``bodies`` are digests."""

    url: str
    title: str
    trail: tuple[str, ...]
    date: Moment
    campaigns: tuple[str, ...]
    authors: tuple[str, ...]
    bodies: tuple[str, ...]
