"""Files of content/ that are published."""

from msgspec import Struct

from kheo.model import Entry


class Copy(Struct, frozen=True):
    """A file under ``content/`` that is published at ``url``, unchanged or made by a ``recipe``.

    ``size`` is the size of the published file in bytes.
    """

    url: str
    entry: Entry
    size: int
    recipe: bytes = b""
