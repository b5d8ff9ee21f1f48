"""Texts made to be slow: the linter's time grows with their length, not with its square."""

from time import process_time

import pytest

from kheo.lint.linting import apply_fixes, lint
from kheo.lint.source_text import Facts, LintSettings

SIZES = 20_000, 50_000  # characters; the second with --many
PIECES = [
    " ,", "  a", " ", "\t", "\xa0", " \xa0", "a", "a.", "a.Bc", "a,", "1", "1.", "1,", "`", "``a", "`a``b", "[", "]", "](", "[a](", "](a",
    "[[", "[^", "[a][", "<", "<a", "<!--", "<pre>", "<table>", "{", "{.", "&", "&a", "@", "a@", "a@b.", "\\", "www.", "https://",
    "https://a ", "[a](https://b) ", "-", "- ", "\n-", "\n- ", "\n– a", "\n· a", "\n1. ", "\n2020. ", "|", "\n|", "\n| a |", "-|", "\n|-|", "**", "**a", "__", "_",
    '"', ' "a', "“", '“"', "\n#", "\n> ", "\n```", "\n~~~", "\n\n", "\n", "\n    a", "m2", "1 m2", "e\u0301", "\u0301", "\u200b", "\u200d",
    "1/1/2030 ", "1/", "<1>", "\n< 1 >", "\n[a]: b", "\n*[a]: b", "<!-- check-off -->", "\n<!-- check-off: a -->", "# check-off ", "(", "( ", "(a ", "( a )", "“ ", "“a ", "“ a ”", " . ", " !", "1,a", "1.Ab", "\n-a", "\n❖ a", "\n    a b c d e.", "1 > ", "ᄀ", "ᅡ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_a_long_text_of_one_piece(piece: str, many: bool) -> None:
    body = piece * (SIZES[many] // len(piece))
    seconds = SIZES[many] / 25_000
    for tail in ("", "x", "\n"):
        data = f"---\ntitle: T  t\n---\n\n“a” {body}{tail}".encode()
        started = process_time()
        lint(data, "a.md", Facts("T", ("A",), (2020, 1, 1)), LintSettings("day-first", ("a",)))
        assert process_time() - started < seconds
    started = process_time()
    apply_fixes(data, Facts(), LintSettings(), frozenset())
    assert process_time() - started < 4 * seconds
