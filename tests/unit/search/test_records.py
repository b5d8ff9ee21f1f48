"""Blocks of records: some 32 reports in each, whatever the site's size and rhythm."""

from datetime import date

import pytest

from kheo.search.postings import PLACES
from kheo.search.records import Record, block_bits, block_name, encode_json

DAY = date(2024, 3, 5).toordinal()


def every(days: int, count: int) -> list[int]:
    return [(DAY + days * number) * PLACES for number in range(count)]


@pytest.mark.parametrize(
    ("numbers", "bits"),
    [([], 0), ([DAY * PLACES], 5), (every(1, 1_000), 5), (every(7, 100), 7), (every(400, 10), 12),
     ([DAY * PLACES + place for place in range(100)], 0)],
)  # fmt: skip
def test_blocks_have_32_reports_or_fewer_on_average(numbers: list[int], bits: int) -> None:
    assert block_bits(numbers) == bits


def test_a_crowded_day_is_in_parts_of_64() -> None:
    names = [block_name(DAY * PLACES + place, 0) for place in (0, 63, 64, 20 * 64)]
    assert names == ["b4686", "b4686", "b4686-1", "b4686-14"]
    assert block_name(DAY * PLACES, 5) == f"{DAY >> 5:x}"


def test_a_record_is_an_array_without_html() -> None:
    record = Record(
        7, "<b>", "/a/", "05/03/2024", "2024-03-05", 2, (5, 6), "Đ", (("Tệp", "/a/t.pdf"),)
    )
    assert encode_json([record]).decode() == (
        '[[7,"<b>","/a/","05/03/2024","2024-03-05",2,[5,6],"Đ",[["Tệp","/a/t.pdf"]]]]'
    )
