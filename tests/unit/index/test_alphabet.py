"""The order of names, held against ICU."""

import random
from unicodedata import normalize

import icu
from support import ROOT

from kheo.index.alphabet import name_order
from kheo.read.language_file import read_language

TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
NAMES = """Hải Hạnh|Hải An|Hà An|Hạ An|Đỗ Mai|Dũng|Đặng Bá|An|Ân|Ăn|Bá Tho|Ba Tho|Bà Thơ|Ê Ban|E Ban
Nguyễn Văn A|Nguyễn Văn Ă|Nguyên Văn A|Tin tức|tin tức|10 năm|2 năm|Rơ Châm|Kpă Thới|Y Wang|Zơ Râm""".replace(
    "\n", "|"
).split("|")

SIGNS = [
    *(
        "A-B",
        "A B",
        "AB",
        "a-b",
        "Ab",
        "aB",
        "A, B",
        "C++",
        "C#",
        "(Ban)",
        "“Ban”",
        "Ban",
        "2",
        "2020",
    ),
    *(
        "O'Neil",
        "Oneil",
        "K’Bang",
        "François",
        "Müller",
        "Muller",
        "Straße",
        "Ñandú",
        "Zoë",
        "Łódź",
    ),
    *("É", "ß", "ss", "æ", "ae", "Œuvre", "Москва", "Bơ̆n", "m̀", "02/2020"),
]


def test_vietnamese_order_is_that_of_icu() -> None:
    language, found = read_language(ROOT / "templates", "vi")
    assert not found
    key = name_order(language.alphabet, language.tones)
    vowels = [normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES]
    words = [
        f"{a}{v}{z}"
        for a in ("", "b", "d", "đ", "Đ", "ng")
        for v in vowels
        for z in ("", "n", "nh")
    ]
    names = words + NAMES
    random.Random(7).shuffle(names)
    collator = icu.Collator.createInstance(icu.Locale("vi"))
    assert sorted(names, key=key) == sorted(names, key=collator.getSortKey)


def test_whole_names_are_compared_level_by_level_as_icu_does() -> None:
    language, _ = read_language(ROOT / "templates", "vi")
    key = name_order(language.alphabet, language.tones)
    dice = random.Random(11)
    syllables = [
        normalize("NFC", f"{onset}{vowel}{tone}{coda}")
        for onset in ("", "t", "đ", "Đ", "ngh")
        for vowel in "aăâeêioôơuưy"
        for tone in TONES
        for coda in ("", "n", "ng")
    ]
    names = [" ".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(600)]
    names += NAMES + SIGNS
    dice.shuffle(names)
    collator = icu.Collator.createInstance(icu.Locale("vi"))
    assert sorted(names, key=key) == sorted(names, key=collator.getSortKey)


def test_names_that_differ_in_nothing_else_have_an_order_all_the_same() -> None:
    key = name_order("a b", "")
    assert key("日") != key("本")
    assert key("각") != key("가")
    assert key(normalize("NFD", "Lễ"))[:3] == key("Lễ")[:3]
    assert len({key(name) for name in ("é", "è", "ê")}) == 3


def test_another_language() -> None:
    language, _ = read_language(ROOT / "templates", "en")
    key = name_order(language.alphabet, language.tones)
    assert sorted(["Zoe", "Éa", "eb", "Ea", "ada", "10", "2"], key=key) == [
        "10",
        "2",
        "ada",
        "Ea",
        "Éa",
        "eb",
        "Zoe",
    ]
