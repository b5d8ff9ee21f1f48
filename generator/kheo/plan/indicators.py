"""Indicators of a campaign: numbers from a table, with the target and how much of it is reached."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from kheo.config import DateOrder
from kheo.diagnostics import Diagnostic, Findings, Place, closest
from kheo.messages.wording import message
from kheo.read.moments import parse_moment
from kheo.tables import Column, DataTable
from kheo.term_sources import Indicator
from kheo.values import Moment
from kheo.views import IndicatorView

if TYPE_CHECKING:
    from kheo.numerals import NumberStyle

DATED = {"date", "year"}
_PERIOD = re.compile(r"(?:\d{4}-)?\d{1,2}|(?:\d{1,2}[/.-])?\d{4}|[-–—.…]*", re.ASCII)
_ORDERS: tuple[DateOrder, ...] = ("day-first", "month-first")


class Series(Struct, frozen=True):
    """An indicator with its numbers, not depending on the clock.

    ``days`` has the date of each row as its file has it in ISO 8601 (``2026-01-31``, ``2026``),
    ``values`` its number. ``url`` and ``size`` are those of the file.
    """

    view: IndicatorView
    file: str
    days: tuple[str, ...]
    values: tuple[float | None, ...]
    target: float | None


class IndicatorData(Struct, frozen=True):
    """The table that an indicator is read from, and where its keys and the file are."""

    indicator: Indicator
    table: DataTable
    file: str
    places: dict[str, Place]  # by key: column, target

    def row_place(self, row: int) -> Place:
        return Place(self.file, self.table.lines[row], 1)


def read_series(data: IndicatorData, style: NumberStyle) -> tuple[Series | None, list[Diagnostic]]:
    """Return an indicator with its numbers, and what is wrong with it; ``None`` if that is an error."""
    findings = Findings()
    table, indicator = data.table, data.indicator
    times, column = table.columns[0], table.column(indicator.column)
    if table.count > len(table.lines):
        reason = message("it has more than {limit} rows", limit=len(table.lines))
        findings.report("too-large", Place(data.file, 1, 1), reason=reason)
    if times.kind not in DATED:
        row = next((row for row, text in enumerate(times.texts) if not _is_date(text)), None)
        at = Place(data.file, 1, 1) if row is None else data.row_place(row)
        text = times.name if row is None else times.texts[row]
        findings.report("indicator-dates", at, text=text, name=times.name)
    if column is None:
        known = [one.name for one in table.columns[1:]]
        findings.report(
            "indicator-column",
            data.places["column"],
            file=data.file.rpartition("/")[2],
            name=indicator.column,
            known=", ".join(known),
            suggestion=closest(indicator.column, known),
        )
    elif not _is_numeric(column):
        findings.report("indicator-text", data.places["column"], name=column.name)
    target = style.read(indicator.target) if indicator.target else None
    if indicator.target and not target:
        example = style.write(1234.5, 1)
        findings.report(
            "indicator-target", data.places["target"], text=indicator.target, example=example
        )
    if column is None or findings.list:
        return None, findings.list
    findings.list += _problems(data, times, column, style)
    if any(found.severity == "error" for found in findings.list):
        return None, findings.list
    view = _view(indicator, times, column, target.value if target else None, style)
    if view is None:
        return None, findings.list
    days = tuple(_iso(times.kind, value) for value in times.values)
    target_value = target.value if target else None
    return Series(view, data.file, days, column.values, target_value), findings.list


def _is_date(text: str) -> bool:
    """Return whether one cell could be a date, a month or a year."""
    if _PERIOD.fullmatch(text):
        return True
    return any(isinstance(parse_moment(text, UTC, order), Moment) for order in _ORDERS)


def _is_numeric(column: Column) -> bool:
    return column.kind == "number" or (
        column.kind == "year" and any(value is not None for value in column.values)
    )


def _problems(
    data: IndicatorData, times: Column, column: Column, style: NumberStyle
) -> Iterator[Diagnostic]:
    """Yield rows without a date, out of order, missing or without a number."""
    findings = Findings()
    for odd in column.odd:
        some = next(value for value in column.values if value is not None)
        findings.report(
            "data-number",
            Place(data.file, odd.line, odd.column),
            text=odd.text,
            example=style.write(some, column.decimals),
        )
    odd_rows = {odd.row for odd in column.odd}
    for row, (time, value) in enumerate(zip(times.values, column.values, strict=True)):
        if time is None:
            findings.report("indicator-no-date", data.row_place(row), name=times.name)
        elif value is None and row not in odd_rows:
            findings.report("indicator-empty", data.row_place(row), name=column.name)
    known = [(time, row) for row, time in enumerate(times.values) if time is not None]
    for (before, _), (time, row) in pairwise(known):
        if time <= before:
            findings.report("indicator-order", data.row_place(row), text=times.texts[row])
    if not findings.list:
        for row in _after_gaps([time for time, _ in known], times.kind):
            findings.report(
                "indicator-gap",
                data.row_place(row),
                first=times.texts[row - 1],
                second=times.texts[row],
            )
    yield from findings.list


def _after_gaps(times: list[float], kind: str) -> Iterator[int]:
    """Yield the rows before which others are missing, if most rows are a year or a month apart."""
    steps = [_steps(before, time, kind) for before, time in pairwise(times)]
    if len(steps) < 3:
        return
    usual, count = Counter(steps).most_common(1)[0]
    if usual and count * 2 > len(steps):
        yield from (row for row, step in enumerate(steps, start=1) if step > usual)


def _steps(before: float, time: float, kind: str) -> int:
    """Return how many years, or months, two rows are apart; 0 within a month."""
    if kind == "year":
        return round(time - before)
    first, second = date.fromordinal(int(before)), date.fromordinal(int(time))
    return (second.year - first.year) * 12 + second.month - first.month


def _view(
    indicator: Indicator, times: Column, column: Column, target: float | None, style: NumberStyle
) -> IndicatorView | None:
    """Return what readers see; ``None`` if no row has a number."""
    rows = [row for row, value in enumerate(column.values) if value is not None]
    if not rows:
        return None
    last, before = rows[-1], rows[-2] if len(rows) > 1 else None
    values = [column.values[row] or 0.0 for row in rows]
    sign = "%" if column.is_percent else ""
    change = ""
    if before is not None:
        difference = values[-1] - values[-2]
        plus = "+" if difference > 0 else ""
        change = plus + style.write(difference, column.decimals) + sign
    share = None if target is None else reached(values, target, indicator.falling)
    return IndicatorView(
        name=indicator.name,
        unit=indicator.unit,
        value=column.texts[last],
        at=times.texts[last],
        change=change,
        before="" if before is None else times.texts[before],
        first=column.texts[rows[0]],
        target=indicator.target and _written(target, indicator.target, style, sign),
        by=indicator.by,
        share=share,
        percent="" if share is None else percent(share, style),
        points=column.values,
    )


def _written(target: float | None, text: str, style: NumberStyle, sign: str) -> str:
    numeral = style.read(text)
    return numeral.text if numeral and target is not None else text + sign


def reached(values: list[float], target: float, falling: bool) -> float:
    """Return how much of the way to the target is done; 1 or more if it is reached.

    A number that is to rise counts from zero, one that is to fall from the first number.
    """
    first, last = values[0], values[-1]
    if falling:
        if last <= target:
            return 1.0
        return max(0.0, (first - last) / (first - target)) if first > target else 0.0
    if target <= 0:
        return 1.0 if last >= target else 0.0
    return max(0.0, last / target)


def percent(share: float, style: NumberStyle) -> str:
    """Return a share as a text. It is rounded down: 99.9 % is not all of it."""
    return style.write(int(share * 100 + 1e-9)) + "%"


def state_of(view: IndicatorView, end: Moment | None, now: float) -> str:
    """Return whether the target is ``reached``, ``missed`` or ``open``; nothing without a target.

    ``end`` is when the last day to reach it is over (Unix time ``now``).
    """
    if view.share is None:
        return ""
    if view.share >= 1:
        return "reached"
    return "missed" if end and end.seconds <= now else "open"


def _iso(kind: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"{int(value):04}" if kind == "year" else date.fromordinal(int(value)).isoformat()
