"""Names to address parts."""

import subprocess
import sys
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slugify import slugify as python_slugify

from kheo.slugs import MAX_SLUG, SLUG, check_slug, slugify


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Đổi mới", "doi-moi"),
        ("Ðổi mới", "doi-moi"),  # U+00D0, as some keyboards type it
        ("ĐẤT NƯỚC", "dat-nuoc"),
        ("Hội nghị: tổng kết, năm 2025!", "hoi-nghi-tong-ket-nam-2025"),
        ("K’Bang", "kbang"),
        ("Bơ̆n", "bon"),
        ("C++", "c"),
        ("!!!", ""),
        ("", ""),
        ("Straße", "strasse"),
    ],
)
def test_slugify(name: str, slug: str) -> None:
    assert slugify(name) == slug
    assert slugify(normalize("NFD", name)) == slug


@pytest.mark.parametrize("sign", [chr(code) for code in range(0x3001) if chr(code).isspace()])
def test_white_space_is_treated_as_python_slugify_treats_it(sign: str) -> None:
    name = f"a{sign}b{sign}1{sign},2"
    assert slugify(name) == python_slugify(name, backend="text-unidecode")


PIECES = st.sampled_from(
    [
        *("Đổi", "mới", "1,000", ",", "'", "’", "\u0301", "½", "-", "_", " ", "\u00a0", "\u2028"),
        *("&", "&amp;", "&#65;", "&#99999999999999;", "＆", "#x41;", "ϗ"),
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=12).map("".join))
def test_the_short_way_gives_what_python_slugify_gives(name: str) -> None:
    stock = python_slugify(name, backend="text-unidecode")
    assert slugify(name) == stock or len(stock) > MAX_SLUG
    assert slugify(normalize("NFD", name)) == slugify(normalize("NFC", name))


def test_one_word_that_is_too_long_is_cut_within() -> None:
    assert slugify("a" * MAX_SLUG) == "a" * MAX_SLUG
    assert len(slugify("a" * 500)) == MAX_SLUG
    assert slugify("a" * 500) != slugify("a" * 501)


def test_a_long_slug_is_cut_at_a_word_and_marked() -> None:
    first, second = slugify("một hai ba " * 30 + "x"), slugify("một hai ba " * 30 + "y")
    assert first != second
    assert len(first) <= MAX_SLUG
    assert first.rpartition("-")[0].split("-")[-1] in {"mot", "hai", "ba"}


@given(st.text(max_size=400))
def test_a_slug_is_empty_or_good(name: str) -> None:
    slug = slugify(name)
    assert slug == "" or SLUG.fullmatch(slug)
    assert len(slug) <= MAX_SLUG
    assert slugify(slug) == slug


@pytest.mark.parametrize(
    ("slug", "code"),
    [
        ("tin-tuc", ""), ("a", ""), ("con-duong", ""), ("tin_tuc", "slug-form"), ("Tin", "slug-form"),
        ("a/b", "slug-form"), ("..", "slug-form"), ("/a", "slug-form"), ("-a", "slug-form"),
        ("con", "slug-reserved"), ("com1", "slug-reserved"), ("a" * 201, "slug-too-long"),
    ],
)  # fmt: skip
def test_check_slug(slug: str, code: str) -> None:
    problem = check_slug(slug)
    assert (problem[0] if problem else "") == code


@pytest.mark.parametrize("slug", ["CON", "nul.html", "COM¹", "conin$", "aux .md"])
def test_windows_reserves_more_than_plain_names(slug: str) -> None:
    assert check_slug(slug) == ("slug-reserved", {"slug": slug})


@pytest.mark.parametrize(
    ("slug", "better"),
    [
        ("Đổi mới", "doi-moi"), ("/tin/", "tin"), ("../tin", "tin"), ("..", "my-report"), ("", "my-report"),
        ("a--b", "a-b"), ("a\n", "a"), ("٣", "3"), ("/con/", "con-1"),
    ],
)  # fmt: skip
def test_the_better_slug_that_is_proposed_is_good(slug: str, better: str) -> None:
    assert check_slug(slug) == ("slug-form", {"value": slug, "better": better})
    assert check_slug(better) is None


def test_an_installed_unidecode_moves_no_address(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "unidecode.py").write_text("def unidecode(text): return 'x' * len(text)\n")
    program = "from kheo.slugs import slugify; print(slugify('Đổi mới'))"
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": f"{tmp_path}:."},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "doi-moi\n"
