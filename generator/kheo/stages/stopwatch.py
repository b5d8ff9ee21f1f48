"""The time that each stage of a build takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from msgspec import Struct


class Lap(Struct, frozen=True):
    """One stage: its name, its time in seconds, and how many items it had."""

    stage: str
    seconds: float
    items: int


class Stopwatch:
    """Measures the time of each stage."""

    def __init__(self) -> None:
        self.laps: list[Lap] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[list[int]]:
        """Measure the time of the block; append numbers of items to the list that it gets."""
        items: list[int] = []
        started = perf_counter()
        try:
            yield items
        finally:
            self.laps.append(Lap(name, perf_counter() - started, sum(items)))
