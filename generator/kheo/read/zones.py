"""Time zones of the package tzdata: those of the system may be older, and give other pages."""

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import tzdata

FOLDER = Path(tzdata.__file__).parent


@cache
def zone_names() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset((FOLDER / "zones").read_text(encoding="ascii").split())


@cache
def zone_of(name: str) -> ZoneInfo:
    """Return the time zone with one of the ``zone_names``."""
    with (FOLDER / "zoneinfo" / name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
