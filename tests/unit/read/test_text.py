"""Bytes to clean text: what editors paste, and what they must be told."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kheo.diagnostics import Place
from kheo.messages.wording import Fields
from kheo.read.decoding import _ORDINARY, _SUSPECT, MAX_CONTROLS, decode_source

PLACE = Place("articles/2020/a.md")


def clean(text: str, language: str = "vi") -> str:
    cleaned, found = decode_source(text.encode(), PLACE, language)
    assert not found
    return cleaned


def problems(data: bytes) -> list[tuple[str, int, int, Fields]]:
    text, found = decode_source(data, PLACE, "vi")
    # Spaces take the place of control characters, so that the other problems are found too.
    assert text == "" or {one.code for one in found} == {"control-character"}
    return [(one.code, one.place.line, one.place.column, one.values) for one in found]


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        ("a\n\nb\n", "a\n\nb\n"),
        ("\ufeffa", "a"),
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("a\r\r\nb", "a\n\nb"),
        ("a\u2028b\u2029c\x85d", "a\nb\nc\nd"),
        (normalize("NFD", "Đổi mới"), "Đổi mới"),
        ("a\n\xa0\xa0\xa0\nb", "a\n\nb"),
        (" \t\na", "\na"),
        ("a\n \t", "a\n"),
        ("a\n\u202f\u2007\u3000\nb", "a\n\nb"),
        ("a\n \u200b \nb", "a\n\nb"),
        ("  a  \n\tb", "  a  \n\tb"),  # indented code and line breaks stay
        ("a\u200bb\u2060c\ufeffd\xade", "abcde"),
        ("a\u200cb\u200d c\u200d\u200d", "ab c"),
    ],
)
def test_what_editors_paste_becomes_clean(pasted: str, text: str) -> None:
    assert clean(pasted) == text


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",  # Persian: a non-joiner within the word
        "ه‍.ق",  # and a joiner at the end of an abbreviation
        "ශ්‍රී ලංකා",  # Sinhala
        "क्‍ष",  # Hindi
        "👩🏽‍🌾 👨‍👩‍👧 🏳️‍🌈 👩‍⚕️",  # emoji
    ],
)
def test_joiners_stay_where_they_are_spelling(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("vi", "Đổi mới"),
        ("vi-VN", "Đổi mới"),
        ("is", "Ðổi mới"),
        ("", "Ðổi mới"),
        ("vie", "Ðổi mới"),
    ],
)
def test_eth_is_d_with_stroke_in_vietnamese(language: str, text: str) -> None:
    assert clean("Ðổi mới", language) == text


@pytest.mark.parametrize("data", [b"", b"\n\n", b" \t\r\n", "\ufeff\xa0\n\u200b".encode()])
def test_a_file_with_nothing_in_it(data: bytes) -> None:
    _, found = decode_source(data, PLACE, "vi")
    assert [(one.code, one.place) for one in found] == [("empty-file", PLACE)]


TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs", "Cc")),
        st.sampled_from("\r\n\t \xa0\xad\u200b\u200c\u200d\u2028\x85\ufeffÐa\u0301क👩"),
    )
)


@given(TEXTS)
def test_cleaning_twice_is_cleaning_once(pasted: str) -> None:
    text, found = decode_source(pasted.encode(), PLACE, "vi")
    if not found:
        assert decode_source(text.encode(), PLACE, "vi") == (text, [])
        assert text == normalize("NFC", text)


@given(TEXTS)
def test_lines_keep_their_numbers(pasted: str) -> None:
    text, found = decode_source(pasted.encode(), PLACE, "")
    if not found:
        marked = pasted.replace("\r\n", "\n")
        assert text.count("\n") == sum(sign in "\n\r\x85\u2028\u2029" for sign in marked)


# --- not UTF-8, and control characters ----------------------------------------------------------


def test_the_byte_that_is_not_utf8() -> None:
    data = "---\r\ntitle: Hội nghị\r\n---\r\nĐổi m".encode() + b"\xf3i, m\xf3i"
    values = {"byte": "0xF3", "offset": str(data.index(b"\xf3"))}
    assert problems(data) == [("not-utf8", 4, 6, values)]


@pytest.mark.parametrize(
    "data", [b"caf\xe9", b"\xff", b"a\xed\xa0\x80", b"\xc3", "\ufeffa".encode() + b"\x80"]
)
def test_other_bytes_that_are_not_utf8(data: bytes) -> None:
    assert [code for code, *_ in problems(data)] == ["not-utf8"]


@pytest.mark.parametrize(
    ("sign", "label"),
    [
        ("\0", "U+0000 NULL"),
        ("\x0c", "U+000C FORM FEED"),
        ("\x0b", "U+000B VERTICAL TAB"),
        ("\x1b", "U+001B ESCAPE"),
        ("\x1f", "U+001F UNIT SEPARATOR"),
        ("\x7f", "U+007F DELETE"),
        ("\x93", "U+0093 (“ in Windows-1252)"),
        ("\x81", "U+0081 CONTROL"),
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "U+2066 LEFT-TO-RIGHT ISOLATE"),
        ("\uffff", "U+FFFF NONCHARACTER"),
    ],
)
def test_a_control_character_is_named_at_its_place(sign: str, label: str) -> None:
    data = f"\ufeffđầu\r\nab\u200b{sign}c".encode()
    assert problems(data) == [("control-character", 2, 4, {"character": label})]


def test_control_characters_are_all_told_up_to_a_limit() -> None:
    found = problems(b"a\x01\nb\x02\n")
    assert [(line, column) for _, line, column, _ in found] == [(1, 2), (2, 2)]
    assert len(problems(b"\x01" * 100)) == MAX_CONTROLS + 1  # and there is no text


# --- other encodings ----------------------------------------------------------------------------

REPORT = """---
title: Báo cáo kết quả phong trào thi đua
date: 2020-02-12
---
Quán triệt sâu sắc các nội dung lãnh đạo, chỉ đạo của Trung ương, Tỉnh ủy, Ủy ban nhân dân tỉnh về
công tác dân vận, Đảng ủy, Bộ Chỉ huy đã lãnh đạo các đơn vị thường xuyên làm tốt công tác giáo dục.

Mô hình “Bếp ăn tình thương”: duy trì bếp ăn cho 16 cháu học sinh có hoàn cảnh khó khăn.
"""
# As the two old encodings show in Latin-1, typed by hand.
TCVN3 = "B¸o c¸o kÕt qu¶ phong trµo thi ®ua, céng hßa x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do\n"
VNI = "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM\n\nÑoäc laäp - Töï do - Haïnh phuùc, ngöôøi laø vaøng\n"


def garbled(text: str) -> str:
    """UTF-8 read by a program that believes it to be cp1252 (and leaves what that lacks)."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


def windows_1258(text: str) -> bytes:
    """Vowels with their circumflex or breve, tones apart."""
    signs = []
    for sign in text:
        base = normalize("NFD", sign)
        tone = "".join(mark for mark in base if mark in "\u0300\u0301\u0303\u0309\u0323")
        rest = "".join(mark for mark in base if mark not in tone)
        signs.append(normalize("NFC", rest) + tone)
    return "".join(signs).encode("cp1258")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (REPORT.encode("utf-16"), "UTF-16"),
        (REPORT.encode("utf-16-be"), "UTF-16"),
        (REPORT.encode("utf-16-le"), "UTF-16"),
        ("---\ntitle: a".encode("utf-16-le"), "UTF-16"),
        (REPORT.encode("utf-32"), "UTF-32"),
        (REPORT.encode("utf-32-be"), "UTF-32"),
        (REPORT.encode("utf-32-le"), "UTF-32"),
        (TCVN3.encode("latin-1"), "TCVN3 (ABC)"),
        (TCVN3.encode(), "TCVN3 (ABC)"),
        (VNI.encode("latin-1"), "VNI"),
        (VNI.encode(), "VNI"),
        (windows_1258(REPORT), "Windows-1258"),
        (garbled(REPORT).encode(), "garbled text (UTF-8 once read as Windows-1252)"),
        (REPORT.encode().decode("latin-1").encode(), "garbled text (UTF-8 once read as Windows-1252)"),
        (garbled("Les élèves français fêtent Noël, l’été déjà").encode(),
         "garbled text (UTF-8 once read as Windows-1252)"),
        (garbled("Привет").encode(), "garbled text (UTF-8 once read as Windows-1252)"),
    ],
)  # fmt: skip
def test_an_encoding_is_recognised(data: bytes, encoding: str) -> None:
    [(code, line, _, values)] = problems(data)
    assert (code, line, str(values["encoding"])) == ("encoding", 1, encoding)
    assert values["how"]


@pytest.mark.parametrize(
    "pasted", [TCVN3, VNI.splitlines()[2] + " " + VNI, garbled(REPORT[100:400])]
)
def test_an_old_text_below_a_new_front_matter_is_told_at_its_line(pasted: str) -> None:
    text = REPORT + "\n" + pasted.replace("\n", " ")
    [(code, line, _, _)] = problems(text.encode())
    assert (code, line) == ("encoding", REPORT.count("\n") + 2)


REAL = {
    "vi": REPORT,
    "vi without new letters": "Hoà, toà, khoá, loà xoà, choàng, toán, hoàn, thoát, đoá hoa quí, là và ©®",
    "vi in capitals": "ĐÃ ÂU CÓ HÒA BÌNH; «VÀ LÃNH ÐẠO» Ã ĐỒNG BÀO TÃ Â» Â» LIÊN HOAN VĂN NGHỆ",
    "fr": "« L’été, où l’on fêta Noël à la forêt, là-bas »: né naïf, dès août, côté maïs, tôt ou tard,"
    " À L’ÉTÉ PASSÉ », « LIBERTÉ », « ÉGALITÉ », vérité », été », à », déjà… François a reçu 5 µm © ®",
    "pt": "Não são irmãos; à mãe já não há pão, é o coração, é já, lá, só, nós, três avós, ÃÃ SÃO NÃO",
    "is": "Það var á Íslandi í maí, þá sá ég hóp af fólki við ána, sjö börn og æðardún, þó Ð“ Ð” Ð„ já",
    "es": "El niño pequeño comió piñas, mañana sí, así, aquí, allí, más, también está el señor, ¿qué? º ª",
    "da": "Både på øen og i åen så jeg søer, køer, røde æbler; naïve år, ærø, uø, æøå ØÆÅ Ïø",
    "de": "Söhne hören schöne Töne über Köln, fünf große Bücher für naïve Übermütige, böse Füße, ÄÖÜ Ä»",
    "ca": "La col·legiala il·lusionada va al paral·lel, intel·ligència, novel·la, ¸ µ · col·lecció, ¸a µa",
    "pl": "Zażółć gęślą jaźń, łódź i ćma, Łódź",
    "ru": "Привет, мир! Новости дня",
    "el": "Καλημέρα κόσμε, Ελλάδα",
    "zh": "你好，世界。今天的新闻",
    "signs": "© 2020 Acme® 5 µm · 3 ¸ ± 7 ° ¶ ¹²³ ½ ª º » « ¬ ­x ¨ ¼ ¾ " * 20,
}


@pytest.mark.parametrize("language", REAL)
def test_real_texts_are_not_taken_for_something_else(language: str) -> None:
    for text in (
        REAL[language],
        REAL[language] * 10,
        REAL[language].upper(),
        REAL[language].lower(),
    ):
        _, found = decode_source(text.encode(), PLACE, language)
        assert not found


@pytest.mark.parametrize("code", [code for code in range(0xC0, 0x180) if chr(code).isalpha()])
def test_every_accented_letter_is_known_when_it_is_garbled(code: int) -> None:
    text = garbled(f"{chr(code)} " * 40)
    assert [found[0] for found in problems(text.encode())] == ["encoding"]


def test_a_mention_of_garbled_text_is_let_pass() -> None:
    clean("UTF-8 shows as Ã© or Tiáº¿ng when it is read in a wrong way.")
    clean(REPORT + "“Tiếng Việt” hiện thành `Tiáº¿ng Viá»‡t`.")


@pytest.mark.parametrize("language", ["fr", "pt", "is", "es", "da", "de"])
def test_latin_1_is_not_taken_for_vietnamese(language: str) -> None:
    data = REAL[language].encode("cp1252", "ignore") * 5
    assert [code for code, *_ in problems(data)] == ["not-utf8"]


def test_no_suspect_character_is_made_of_ordinary_bytes() -> None:
    suspects = [sign for sign in map(chr, range(0x11000)) if _SUSPECT.match(sign)]
    assert len(suspects) == 82
    assert all(sign.encode().translate(None, _ORDINARY) for sign in suspects)
