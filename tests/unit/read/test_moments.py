"""Dates as editors write them."""

from zoneinfo import ZoneInfo

import pytest

from kheo.model import Moment
from kheo.read.moments import DateOrder, parse_moment

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2020-02-12", "", "2020-02-12T00:00:00+07:00"),
        ("2020-2-5", "", "2020-02-05T00:00:00+07:00"),
        ("12/02/2020", "day-first", "2020-02-12T00:00:00+07:00"),
        ("05/03/2026", "day-first", "2026-03-05T00:00:00+07:00"),
        ("05/03/2026", "month-first", "2026-05-03T00:00:00+07:00"),
        ("5.3.2026", "day-first", "2026-03-05T00:00:00+07:00"),
        ("05-03-2026 08:30", "day-first", "2026-03-05T08:30:00+07:00"),
        ("2026-03-05 08:30", "", "2026-03-05T08:30:00+07:00"),
        ("2026-03-05T08:30:15", "", "2026-03-05T08:30:15+07:00"),
        ("2026-03-05T08:30Z", "", "2026-03-05T15:30:00+07:00"),
        ("2026-03-05 23:30 +0000", "", "2026-03-06T06:30:00+07:00"),
        ("2026-03-05T08:30:00-05:00", "", "2026-03-05T20:30:00+07:00"),
    ],
)
def test_good_dates(text: str, order: DateOrder, expected: str) -> None:
    moment = parse_moment(text, ZONE, order)
    assert isinstance(moment, Moment)
    assert moment.at.isoformat() == expected
    assert moment.has_time == (":" in text)


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("2020-13-45", "day-first", "date-impossible"),
        ("31/02/2020", "day-first", "date-impossible"),
        ("02/31/2020", "day-first", "date-impossible"),
        ("2020-02-30", "", "date-impossible"),
        ("1492-01-01", "", "date-impossible"),
        ("2020-01-01 25:00", "", "date-impossible"),
        ("2020-01-01 10:00 +99:00", "", "date-impossible"),
        ("25/12/2020", "", "date-ambiguous"),
        ("12/02/20", "day-first", "date-unreadable"),
        ("12/02-2020", "day-first", "date-unreadable"),
        ("hôm qua", "day-first", "date-unreadable"),
        ("٢٠٢٠-٠١-٠١", "", "date-unreadable"),
    ],
)
def test_bad_dates(text: str, order: DateOrder, code: str) -> None:
    problem = parse_moment(text, ZONE, order)
    assert not isinstance(problem, Moment)
    assert problem[0] == code
