"""Spellings of one word, words of a text, and what is not indexed."""

from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kheo.search.folding import fold, one_spelling
from kheo.search.terms import spelt_words, words_of_report
from kheo.search.words import plain_text, split_words

VARIANTS = [
    f"{old} {new}"
    for old, new in zip(
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        strict=True,
    )
]


@pytest.mark.parametrize("pair", VARIANTS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_place_of_a_tone_mark_makes_no_other_word(pair: str, form: str) -> None:
    old, new = pair.split()
    words = split_words(normalize(form, f"h{old} h{new} {old.upper()} {new.upper()}"))
    spelt = [one_spelling(word) for word in words]
    assert spelt[0] == spelt[1]
    assert spelt[2] == spelt[3]


@pytest.mark.parametrize(
    ("word", "folded"),
    [("đường", "duong"), ("ðường", "duong"), ("straße", "strasse"), ("έλα", "ελα"), ("ёлка", "елка"),
     ("ภาษา", "ภาษา"), ("हिन्दी", "हिन्दी"), ("が", "が"), ("한글", "한글"), ("مُعَلِّم", "معلم")],
)  # fmt: skip
def test_folding_takes_accents_and_no_letters(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_eth_is_the_capital_that_looks_like_it() -> None:
    assert [one_spelling(word) for word in split_words("Ðường ĐƯỜNG")] == ["đường"] * 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.204 hộ, 1204", "1204 hộ 1204"),
        ("75,6 ha; 23%", "75 6 ha 23"),
        ("500.000đ/cháu", "500000 đ cháu"),
        ("500000đ 12km 1204a1204b _1204a", "500000 đ 12km 1204 a1204b 1204a"),
        ("12/KH-BDV", "12 kh bdv"),
        ("2020,125 và 1.204.5678", "2020 125 và 1204 5678"),
        ("bandanvan_gl@gmail.com", "bandanvan gl gmail com"),
        ("ＡＢＣ m²", "abc m2"),
        ("北京市 東京 道", "北京 京市 東京 道"),
        ("Kheo東京", "kheo 東京"),
        ("na\u00advi\u200bgate", "navigate"),
        ("na\u00advigate", "navigate"),
        ("नमस्ते", "नमस्ते"),
        ("", ""),
    ],
)
def test_words_of_a_text(text: str, words: str) -> None:
    assert split_words(text) == words.split()


def test_a_date_has_its_numbers_without_zeros() -> None:
    assert [one_spelling(word) for word in split_words("02/09/2020 0 007")] == [
        "2",
        "9",
        "2020",
        "0",
        "7",
    ]


def test_marked_words_are_whole_and_blocks_apart() -> None:
    html = (
        '<p><strong>Đ</strong>ường &amp; làng</p><p>mới<img alt="x">\0<0\0</p><li>a</li><li>b</li>'
    )
    assert split_words(plain_text(html)) == ["đường", "làng", "mới", "a", "b"]


def test_endless_words_and_too_many_are_counted() -> None:
    table = words_of_report("x" * 5_000, (), " ".join(f"w{n}" for n in range(100_000)))
    assert (table.too_long, len(table.words), table.too_many) == (1, 20_000, 80_000)


@given(
    st.text(
        st.sampled_from("aĐ1ệ\u0301\u0300 \n.,’_-Σ\u00a0\u202f\u3000\u200b\u00ad京ñ½´İ0"),
        max_size=30,
    )
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_words_of_chunks_are_those_of_the_whole_text(text: str) -> None:
    assert list(spelt_words(text)) == [one_spelling(word) for word in split_words(text)]
