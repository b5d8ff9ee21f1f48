"""Measure the time of each stage of a build."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from msgspec import Struct


class Lap(Struct, frozen=True):
    """The name of a stage, its time in seconds, and the number of items it processed."""

    stage: str
    seconds: float
    items: int


class Stopwatch:
    """Measures the time of each stage."""

    def __init__(self) -> None:
        self.laps: list[Lap] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[list[int]]:
        """Measure the time of the ``with`` block. The block appends item counts to the yielded list."""
        items: list[int] = []
        started = perf_counter()
        try:
            yield items
        finally:
            self.laps.append(Lap(name, perf_counter() - started, sum(items)))
