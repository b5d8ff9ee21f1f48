"""The types of single values in front matter and ``site.yaml``."""

from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Annotated

from msgspec import Meta, Struct

UNIX_EPOCH = date(1970, 1, 1).toordinal()


class Moment(Struct, frozen=True, order=True, array_like=True, gc=False):
    """A date from front matter. ``has_time`` says whether the editor gave a time of day.

    ``seconds`` is Unix time; ``offset`` is the site's offset from UTC at that time, in seconds (east
    is positive). A ``datetime`` is not used, because MessagePack converts it to UTC: the local day
    would be lost.
    """

    seconds: int
    offset: int
    has_time: bool = False

    @classmethod
    def of(cls, at: datetime, has_time: bool = False) -> "Moment":
        """Return the moment of an aware ``datetime``."""
        return cls(
            int(at.timestamp()), int((at.utcoffset() or timedelta()).total_seconds()), has_time
        )

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, timezone(timedelta(seconds=self.offset)))

    @property
    def month(self) -> tuple[int, int]:
        """Return the local year and month. The cache makes this ten times as fast as using ``at``."""
        return _month(ordinal_of(self))


def ordinal_of(moment: Moment) -> int:
    """Return the local day of a moment as ``date.toordinal()`` counts: days since the year 1."""
    return UNIX_EPOCH + (moment.seconds + moment.offset) // 86_400


@lru_cache(maxsize=20_000)
def _month(ordinal: int) -> tuple[int, int]:
    day = date.fromordinal(ordinal)
    return day.year, day.month


# A page is made for each; one report with 10,000 new categories would add all of them to every menu.
MOST_NAMES = 50
# The type decides how a YAML value is read; ``form`` distinguishes two uses of one Python type.
Trail = Annotated[tuple[str, ...], Meta(extra={"form": "trail"})]  # "A > B", or a list
Trails = Annotated[  # one trail, or a list
    tuple[tuple[str, ...], ...], Meta(extra={"form": "trails"})
]
Names = Annotated[tuple[str, ...], Meta(extra={"form": "names"})]  # one name, or a list
