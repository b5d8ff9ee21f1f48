"""Numbers are read as the site's language writes them, and nothing is guessed."""

import pytest

from kheo.numerals import number_style

READ = [
    ("vi", "18.420", 18420, "18.420"),
    ("vi", "18420", 18420, "18.420"),
    ("vi", "1,5", 1.5, "1,5"),
    ("vi", "23%", 23, "23%"),
    ("vi", "23 %", 23, "23\u00a0%"),
    ("vi", "-1.234.567,80", -1234567.8, "−1.234.567,80"),
    ("vi", "− 5", -5, "−5"),
    ("vi", "+3", 3, "3"),
    ("vi", "0", 0, "0"),
    ("vi", "٣", 3, "3"),
    ("en", "1,234.5", 1234.5, "1,234.5"),
    ("fr", "18 420,5", 18420.5, "18\u202f420,5"),
    ("hi", "12,34,567", 1234567, "12,34,567"),
    ("de-CH", "1’234.5", 1234.5, "1'234.5"),
    ("xx", "1,234.5", 1234.5, "1,234.5"),
]
NOT_READ = [
    ("vi", text)
    for text in ("1.5", "1.23.456", "12.3456", "1 000", "007", "", "-", "…", "12 ha", "1e5", "nan", "1,", ",5", "9" * 50)
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "value", "shown"), READ)
def test_a_number(language: str, text: str, value: float, shown: str) -> None:
    number = number_style(language).read(text)
    assert number
    assert (number.value, number.text) == (value, shown)


@pytest.mark.parametrize(("language", "text"), NOT_READ)
def test_not_a_number(language: str, text: str) -> None:
    assert number_style(language).read(text) is None


def test_numbers_are_written() -> None:
    style = number_style("vi")
    written = [style.write(value, 1) for value in (1234567.89, -0.04, -3, 0.05)]
    assert written == ["1.234.567,9", "0,0", "−3,0", "0,1"]
    assert number_style("ar").write(-3) == "\u200e−3"
