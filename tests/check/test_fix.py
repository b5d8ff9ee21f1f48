"""``check --fix`` by whole files, before and after: see tests/check/cases. And for any text at all."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import SITE, Site

from kheo.check.check import CheckOptions, check
from kheo.lint.linting import apply_fixes, lint
from kheo.lint.source_text import Facts, Fix, LintSettings, source_text
from kheo.lint.words import same_words

CASES = Path(__file__).parent / "cases"
NAMES = sorted(file.name.removesuffix(".before.md") for file in CASES.glob("*.before.md"))
FACTS = Facts("Một tựa đề", ("Hải Hạnh",), (2020, 2, 12))
HABITS = LintSettings("day-first", ("tại đây", "click here"))
NOTHING: frozenset[str] = frozenset()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_before_and_after(name: str, site: Site, request: pytest.FixtureRequest) -> None:
    """What is fixed, to the byte; and what is told before, and still after, with its place."""
    file = site.write("articles/bai.md", (CASES / f"{name}.before.md").read_bytes())
    site.write("site.yaml", SITE + "check_off: [file-unused]\n")
    site.write("articles/a.pdf", b"%PDF-1.4")
    site.write("articles/x.pdf", b"%PDF-1.4")
    told = _told(check(site.options, CheckOptions()).found)
    checked = check(site.options, CheckOptions(fix=True))
    report = f"{told}\n--- after --fix ---\n{_told(checked.found)}\n"
    expected = CASES / f"{name}.txt"
    if request.config.getoption("--update"):
        (CASES / f"{name}.after.md").write_bytes(file.read_bytes())
        expected.write_text(report, encoding="utf-8")
    assert file.read_bytes().decode() == (CASES / f"{name}.after.md").read_bytes().decode()
    assert report == expected.read_text(encoding="utf-8")
    assert checked.fixable == 0


def _told(found: list) -> str:  # type: ignore[type-arg]
    return "\n".join(f"{d.place.line}:{d.place.column} {d.code}: {d.message}" for d in found)


def test_the_sample_site_is_clean(sample: Site) -> None:
    assert _told(check(sample.options, CheckOptions()).found) == ""


# --- for any text -------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [" ", "  ", "   ", "\n", "\n\n", "\t", "\xa0", "\u202f", "\u200b", "\xad", "\u200d", "e\u0302\u0301", "ơ̆",
     ",", " ,", ".", " .", ";", ":", " :", "!", "?", "…", "...", '"', "“", "”", "'", "’", "«", "»", "(", ")", "[", "]",
     "](a.md)", "](https://x.vn/a,b)", "https://x.vn/a,b", "<b>", "</b>", "<!-- x  y -->", "`", "``", "```\n", "~~~\n",
     "- ", "* ", "· ", "• ", "– ", "— ", "+ ", "1. ", "2020. ", "12. 2. 2020", "# ", "### ", "-----", "===", "|", "| --- | --- |",
     "**", "_", "\\", "&nbsp;", "{: .x }", "[^1]", "m2", "50 m2", "/m3", "xã", "Huyện", "làng", "TP.HCM", "ThS", "K’Bang",
     "1.000,5", "7h30", "2", "người", "> ", "    mã", "12/3/2021", "( ", " )", "“ ", " ”", "(", ")", ":)", "-xã", "❖ ", "1m2", "?!", " . . .", "2019.Sau", "\uf0b7\t", "Hải Hạnh", "Một tựa đề", "<!-- check-off -->", "\0"]
)  # fmt: skip
BODIES = st.lists(PIECES, max_size=25).map("".join)
FRONT = "---\ntitle: Một tựa  đề # chú\xa0thích\nauthor: 'Hải\xa0Hạnh'\n---\n"


def _source(body: str, newline: str, has_bom: bool) -> bytes:
    text = (FRONT + body).replace("\n", newline)
    return (("\ufeff" if has_bom else "") + text).encode()


@settings(max_examples=4 * settings().max_examples, deadline=None)
@given(BODIES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_fixing_twice_changes_nothing_more_and_words_stay(
    body: str, newline: str, bom: bool
) -> None:
    data = _source(body, newline, bom)
    fixed = apply_fixes(data, FACTS, HABITS, NOTHING)
    assert apply_fixes(fixed, FACTS, HABITS, NOTHING) == fixed
    assert same_words(data.decode(), fixed.decode())
    assert lint(fixed, "a.md", FACTS, HABITS).fixable == ()
    assert fixed.startswith("\ufeff".encode()) == bom
    assert fixed.replace(newline.encode(), b"").count(b"\n") == 0


@settings(max_examples=2 * settings().max_examples, deadline=None)
@given(BODIES, st.sampled_from(["\n", "\r\n"]), st.booleans(), st.data())
def test_bytes_outside_a_fix_are_as_they_were(
    body: str, newline: str, bom: bool, data: st.DataObject
) -> None:
    before = _source(body, newline, bom)
    source = source_text(before)
    assert source is not None
    assert source.with_fixes([]) == before
    start = data.draw(st.integers(source.body, len(source.text)))
    end = data.draw(st.integers(start, len(source.text)))
    after = source.with_fixes([Fix(start, end, "§")])
    head = len(source.text[:start].replace("\n", newline).encode()) + 3 * bom
    tail = len(source.text[end:].replace("\n", newline).encode())
    assert after[:head] == before[:head]
    assert after[len(after) - tail :] == before[len(before) - tail :]
    assert after[head : len(after) - tail] == "§".encode()


@settings(deadline=None)
@given(BODIES)
def test_code_is_never_touched(body: str) -> None:
    code = "`" * 5 + "\n" + body.replace("`", "") + "\n" + "`" * 5
    data = f"{FRONT}\nTrước  đây.\n\n{code}\n\nSau  đó.\n".encode()
    assert code.encode() in apply_fixes(data, FACTS, HABITS, NOTHING)
