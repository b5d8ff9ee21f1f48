"""Random compositions of the dialect: nothing crashes, no word is lost, and work grows as the text does."""

import cProfile
import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.costly import COSTLY, SIZE
from kheo.config import BodyOptions
from kheo.diagnostics import Place
from kheo.read.markdown.body import parse_body
from kheo.read.markdown.convert import convert
from kheo.read.markdown.structure import TooDeepError

# Each `@` becomes a word of its own, which must be on the page.
INLINES = ["@", "*@*", "**@ @**", "_@_", "~~@~~", "`@`", "``@`@``", "[@](https://example.org/)", "![@](https://example.org/a.jpg)",
           "[@][r]", "[@]", "<b>@</b>", "@<br>@", "<@>", "HashMap<@, @>", "\\*@\\*", "&amp;@", "&nope@;", "@[^1]", "[@", "@](", "*@", "@**",
           "`@", "<a @", "(@)", "“@”", "@ | @", "https://example.org/@", "@@example.org", "{@}", "@\\\n@", "@  \n@", "<!-- -->@"]  # fmt: skip
BLOCKS = ["{}", "## {}", "{}\n---", "- {}", "- [ ] {}", "* {}\n  * {}", "1) {}", "1. {}\n\n   {}", "> {}", "> [!NOTE]\n> {}", "> {}\n{}",
          "```\n{}\n```", "~~~ x\n{}\n~~~", "    {}", "| {} |\n| - |\n| {} |", "{}\n: {}", "[^1]: {}\n\n    {}", "<div>\n\n{}\n\n</div>",
          "<div>{}</div>", "<details>\n<summary>{}</summary>\n{}\n</details>", "***", "<!-- page -->", "[r]: https://example.org/", "{}\n{}"]  # fmt: skip
MARKERS = ["", "", "> ", "- ", "1. ", "  ", "    ", "\t"]


@st.composite
def compositions(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A text of blocks, some of them inside others, and its words."""
    words: list[str] = []

    def word(_: re.Match[str]) -> str:
        words.append(f"w{len(words)}w")
        return words[-1]

    blocks = []
    for block in draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=6)):
        filled = re.sub(
            r"\{\}",
            lambda _: " ".join(draw(st.lists(st.sampled_from(INLINES), min_size=1, max_size=3))),
            block,
        )
        marker = draw(st.sampled_from(MARKERS))
        indent = marker if marker == "> " else " " * len(marker)
        lines = re.sub("@", word, filled).split("\n")
        blocks.append("\n".join([marker + lines[0], *(indent + line for line in lines[1:])]))
    return draw(st.sampled_from(["\n", "\n\n"])).join(blocks), words


def visible(parts: tuple[str, ...]) -> str:
    """What readers get: text and alternative texts, without where links lead."""
    html = " ".join(parts)
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r'\balt="([^"]*)"', r">\1<", html)))


@given(compositions())
@settings(deadline=None, derandomize=True, max_examples=8 * settings().max_examples)
def test_no_word_is_lost(made: tuple[str, list[str]]) -> None:
    text, words = made
    body, found = parse_body(text, "Title", "5eed" * 8, Place("a.md", 1), BodyOptions())
    shown, codes = visible(body.parts), {one.code for one in found}
    if not {"html-unclosed", "table-row-long"} & codes:
        lost = [word for word in words if word not in shown]
        if "html-removed" in codes:  # of `<a w1w w2w</div>`: these words are attributes
            attributes = " ".join(re.findall(r"<a [^<>]*", text))
            lost = [word for word in lost if word not in attributes]
        assert lost == []


HOSTILE = {
    **COSTLY,
    "nested pictures": lambda n: "![" * 750 * n + "x" + "](y)" * 750 * n,
    "emphasis that does not close": lambda n: "*a **b " * 1250 * n,
    "closers of all lengths": lambda n: "a* b** c*** d_ e__ ~f~ " * 500 * n,
    "titles that do not close": lambda n: "[a](b \"" * 1250 * n,
    "labels": lambda n: "[a]" * 2000 * n + "\n\n[b]: c",
    "definitions that fail": lambda n: "[a]: <b\n" * 1250 * n,
    "lists in quotes": lambda n: "> - a\n" * 1250 * n,
    "items": lambda n: "- a\n" * 2000 * n,
    "loose items": lambda n: "- a\n\n" * 2000 * n,
    "addresses": lambda n: "https://a.vn/b) " * 750 * n,
    "parentheses": lambda n: "https://a.vn/" + ")" * 5000 * n,
    "at signs": lambda n: "a@" * 5000 * n + "b.vn",
    "schemes": lambda n: "http://" * 2000 * n,
    "spaces in lines": lambda n: ("a" + " " * 5000 + "b\n") * 2 * n,
    "unclosed HTML": lambda n: "<?a" * 2000 * n + "<!A" * 2000 * n,
    "quotes in tags": lambda n: "<a b='" * 2000 * n,
    "short rows": lambda n: "|a" * 75 * n + "|\n" + "|-" * 75 * n + "|\n" + "|b|\n" * 75 * n,
    "terms": lambda n: "a\n" * 1250 * n + ": b",
}  # fmt: skip


def calls(text: str) -> int:
    """Count the calls of functions, which do not depend on how busy the machine is."""
    profile = cProfile.Profile()
    try:
        profile.runcall(convert, text, "5eed")
    except (TooDeepError, RecursionError):
        return 0
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_as_the_text_does(name: str, many: bool) -> None:
    """Four times the text takes four times the work; if quadratic, it takes sixteen times."""
    size = SIZE if many or name == "short rows" else 1  # these meet their limit only then
    small, large = calls(HOSTILE[name](size)), calls(HOSTILE[name](4 * size))
    assert large < max(2_000, small * 5)
