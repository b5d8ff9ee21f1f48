"""Where the time of a build goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from msgspec import Struct


class Lap(Struct, frozen=True):
    """One stage: its name, how long it took in seconds, how many items it had."""

    stage: str
    seconds: float
    items: int


class Stopwatch:
    """Takes the time of each stage."""

    def __init__(self) -> None:
        self.laps: list[Lap] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[list[int]]:
        """Times what is within; the yielded list takes the numbers of items."""
        items: list[int] = []
        started = perf_counter()
        try:
            yield items
        finally:
            self.laps.append(Lap(name, perf_counter() - started, sum(items)))
