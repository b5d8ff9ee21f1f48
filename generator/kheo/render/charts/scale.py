"""Scales: from values to a place on an axis, and the round numbers that are written on it."""

from collections.abc import Iterable
from math import ceil, floor, log10

from msgspec import Struct

STEPS = (1, 2, 2.5, 5, 10)
MOST_STEPS = 4  # on an axis
CROPPED = 0.5  # an axis begins above zero if the lowest value is more than this part of the highest


class Scale(Struct, frozen=True):
    """An axis from ``low`` to ``high``. ``ticks`` are the numbers to write, from low to high."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int = 0  # that the ticks need

    def at(self, value: float) -> float:
        """Return the place of a value: 0 at the low end, 1 at the high end."""
        return (value - self.low) / (self.high - self.low)

    @property
    def has_zero(self) -> bool:
        return self.low <= 0 <= self.high


def bar_scale(values: Iterable[float]) -> Scale:
    """Return a scale that includes zero and ends at the longest bar."""
    some = [0.0, *values]
    low, high = min(some), max(some)
    return Scale(low, high if high > low else low + 1, ())


def axis_scale(values: Iterable[float], may_crop: bool = True) -> Scale:
    """Return a scale that ends at round numbers. It begins at zero unless that would hide the change."""
    some = list(values) or [0.0]
    low, high = min(some), max(some)
    if not may_crop or 0 <= low <= CROPPED * high or 0 >= high >= CROPPED * low:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    step = _step((high - low) / MOST_STEPS)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    ticks = tuple(round(number * step, 10) for number in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, _decimals(step))


def _step(least: float) -> float:
    """Return the smallest round number that is not less than ``least``."""
    base = 10.0 ** floor(log10(least))
    return next(factor * base for factor in STEPS if factor * base >= least * (1 - 1e-9))


def _decimals(step: float) -> int:
    return next((count for count in range(10) if round(step, count) == round(step, 10)), 10)
