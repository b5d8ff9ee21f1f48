"""Names to address parts."""

import subprocess
import sys
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.slugs import MAX_SLUG, SLUG, check_slug, slugify


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


def test_an_installed_unidecode_moves_no_address(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "unidecode.py").write_text("def unidecode(text): return 'x' * len(text)\n")
    program = "from generator.slugs import slugify; print(slugify('Đổi mới'))"
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": f"{tmp_path}:."},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "doi-moi\n"
