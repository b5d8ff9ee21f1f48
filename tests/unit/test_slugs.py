"""Slugs: what names become in addresses, and what editors may write themselves."""

import subprocess
import sys
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slugify import slugify as python_slugify

from generator.slugs import MAX_GIVEN_SLUG, MAX_SLUG, SLUG, check_slug, slugify

LONG = "Kết quả triển khai thực hiện phong trào thi đua Dân vận khéo của Bộ Chỉ huy " * 4


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Đổi mới", "doi-moi"),
        ("Ðổi mới", "doi-moi"),  # U+00D0, as old keyboards write it
        ("Phong trào thi đua “Dân vận khéo”", "phong-trao-thi-dua-dan-van-kheo"),
        ("  Hộ nghèo: 5.483 m², 1,000 hộ ", "ho-ngheo-5-483-m2-1000-ho"),
        ("Tom’s & Jerry's", "toms-jerry-s"),
        ("Q&amp;A", "q-a"),
        ("２０２０", "2020"),
        ("Новости", "novosti"),
        ("C++", "c"),
        ("?!", ""),
        ("", ""),
    ],
)
def test_a_name_becomes_a_slug(name: str, slug: str) -> None:
    assert slugify(name) == slug
    assert slugify(normalize("NFD", name)) == slug


@pytest.mark.parametrize("sign", [chr(code) for code in range(0x2070) if chr(code).isspace()])
def test_every_white_space_is_treated_as_python_slugify_treats_it(sign: str) -> None:
    name = f"a{sign}b{sign}1{sign},2"
    assert slugify(name) == python_slugify(name, backend="text-unidecode")


PIECES = st.sampled_from(
    [
        "Đổi",
        "mới",
        "1,000",
        ",",
        "'",
        "’",
        "&",
        "&amp;",
        "&#65;",
        "&#99999999999999;",
        "＆",
        "#x41;",
        " ",
        "\u0301",
        "½",
        "\u00a0",
        "\u2028",
        "ϗ",
        "-",
        "_",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=12).map("".join))
def test_the_short_way_gives_what_python_slugify_gives(name: str) -> None:
    stock = python_slugify(name, backend="text-unidecode")
    assert slugify(name) == stock or len(stock) > MAX_SLUG
    assert slugify(normalize("NFD", name)) == slugify(normalize("NFC", name))


@given(st.text(st.characters(min_codepoint=32), max_size=400))
def test_a_slug_made_of_a_name_is_good_or_empty_or_reserved(name: str) -> None:
    slug = slugify(name)
    assert len(slug) <= MAX_SLUG
    assert not slug or SLUG.fullmatch(slug)


def test_a_long_name_is_cut_at_a_word_and_stays_unique() -> None:
    one, other = slugify(LONG + "một"), slugify(LONG + "hai")
    assert one != other
    assert MAX_SLUG - 15 < len(one) <= MAX_SLUG
    beginning, _, mark = one.rpartition("-")
    assert len(mark) == 6
    assert set(mark) <= set("0123456789abcdef")
    assert slugify(LONG).startswith(beginning)
    assert slugify(LONG).count("-") == beginning.count("-") + 1


def test_one_word_that_is_too_long_is_cut_within() -> None:
    assert len(slugify("a" * 500)) == MAX_SLUG
    assert slugify("a" * 500) != slugify("a" * 501)
    assert slugify("a" * MAX_SLUG) == "a" * MAX_SLUG


def test_an_installed_unidecode_does_not_move_addresses(tmp_path: Path) -> None:
    (tmp_path / "unidecode.py").write_text("def unidecode(text):\n    return 'moved'\n")
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import unidecode; assert unidecode.unidecode('Đ') == 'moved'\n"
        "from generator.slugs import slugify; print(slugify('Đổi mới'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout == "doi-moi\n"


@pytest.mark.parametrize(
    "slug", ["dan-van-kheo-2020", "a", "2020", "con-nuoi", "a" * MAX_GIVEN_SLUG]
)
def test_a_good_slug(slug: str) -> None:
    assert check_slug(slug) is None


@pytest.mark.parametrize(
    ("slug", "better"),
    [
        ("Đổi mới", "doi-moi"),
        ("/tin/", "tin"),
        ("../tin", "tin"),
        ("..", "my-report"),
        ("", "my-report"),
        ("a--b", "a-b"),
        ("-a", "a"),
        ("a_b", "a-b"),
        ("a\n", "a"),
        ("Tin", "tin"),
        ("٣", "3"),
        ("/con/", "con-1"),
    ],
)
def test_a_slug_in_the_wrong_form_is_told_a_better_one(slug: str, better: str) -> None:
    assert check_slug(slug) == ("slug-form", {"value": slug, "better": better})
    assert check_slug(better) is None


@pytest.mark.parametrize(
    "slug", ["con", "CON", "nul.html", "com1", "lpt9", "COM¹", "conin$", "aux .md"]
)
def test_a_name_that_windows_reserves(slug: str) -> None:
    assert check_slug(slug) == ("slug-reserved", {"slug": slug})


def test_a_slug_that_is_too_long() -> None:
    values = {"size": "201", "limit": "200"}
    assert check_slug("a" * 201) == ("slug-too-long", values)
