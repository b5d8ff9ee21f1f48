"""Which names are one name mistyped, and which are two."""

import time

import pytest

from kheo.spelling import (
    NearNames,
    are_close,
    closest_name,
    differing_word,
    lacks_accents,
    same_letters,
)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Tin tuc", "Tin tức"),
        ("Tin túc", "Tin tức"),
        ("TIN TỨC", "Tin tức"),
        ("Tintức", "Tin tức"),
        ("Tin  tức", "Tin tức"),
        ("Tin tức.", "Tin tức"),
        ("Đoi song", "Đời sống"),
        ("Doi song", "Đời sống"),
        ("Ðời sống", "Đời sống"),  # the letter eth, from an old font
        ("hoà giải", "hòa giải"),
        ("Newss", "News"),
        ("Nwes", "News"),
        ("New", "News")[::-1],
        ("Sprots", "Sports"),
        ("Hải Hạn", "Hải Hạnh"),
        ("Phong trào thi dua", "Phong trào thi đua"),
        ("Phong trao thi duaa", "Phong trào thi đua"),
        ("Strasse", "Straße"),
        ("ﬁlm", "film"),
    ],
)
def test_close(name: str, other: str) -> None:
    if min(len(name), len(other)) > 3:
        assert are_close(name, other)
        assert are_close(other, name)
        assert closest_name(name, ["Văn bản", other]) == other
        assert list(NearNames(["Văn bản", other]).of(name)) == [other]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Quý 1", "Quý 2"),
        ("Kế hoạch năm 2025", "Kế hoạch năm 2026"),
        ("Khóa X", "Khóa XI"),
        ("Khu phố A", "Khu phố B"),
        ("Tổ dân phố số 1", "Tổ dân phố số 11"),
        ("An", "Anh"),
        ("Ia", "Ib"),
        ("Văn bản", "Văn hóa"),
        ("Kinh tế", "Quốc tế"),
        ("北京", "東京"),
        ("Tin tức", "Tin tức"),
        ("", "…"),
        ("!!!", "???"),
    ],
)
def test_not_close(name: str, other: str) -> None:
    assert not are_close(name, other)
    assert not are_close(other, name)
    assert closest_name(name, [other]) == ""


def test_accents_left_out_are_not_other_accents() -> None:
    assert lacks_accents("Tin tuc", "Tin tức")
    assert lacks_accents("Tin tưc", "Tin tức")
    assert lacks_accents("Doi song", "Đời sống")
    assert not lacks_accents("Tin tức", "Tin tuc")
    assert not lacks_accents("Hà", "Hạ")
    assert not lacks_accents("Anh Anh", "An Hạnh")
    assert lacks_accents("tintuc", "Tin tức")
    assert not lacks_accents("Tin tức", "Tin tức")
    assert same_letters("Hà", "Hạ")


@pytest.mark.parametrize(
    ("name", "other", "word"),
    [
        ("Newss", "News", "newss"),
        ("Phong trào thii đua", "Phong trào thi đua", ""),  # short words
        ("Phongg trào", "Phong trào", "phongg"),
        ("Minh Quân", "Minh Quang", ""),
        ("Minh An", "Minh Anh", ""),
        ("Health 2025", "Wealth 2026", ""),
        ("Health", "Wealth", "health"),
        ("Tin tức xã", "Tin tức", ""),
    ],
)
def test_the_word_that_differs(name: str, other: str, word: str) -> None:
    assert differing_word(name, other) == word


def test_the_same_letters_are_closer_than_a_letter_less() -> None:
    assert closest_name("Hai Hanh", ["Hải Hạn", "Hải Hạnh"]) == "Hải Hạnh"


def test_ten_thousand_names_that_are_all_alike_are_compared_in_time() -> None:
    names = [f"Nguyễn Văn {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}anh"
             for n in range(10_000)]  # fmt: skip
    started = time.process_time()
    near = NearNames(names)
    assert sum(1 for name in names for _ in near.of(name))
    assert time.process_time() - started < 5
