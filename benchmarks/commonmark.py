"""How much of CommonMark and of GitHub's extensions comes out right: ``python -m benchmarks.commonmark``.

The specifications are fetched (CommonMark 0.31.2 with npm, GitHub's from its repository); nothing of them
is kept here. ``--spec FILE`` and ``--gfm FILE`` take files instead. What differs on purpose is made equal
first, in what the specification expects: see ``normalise``. HTML is not sanitised, as in the programs
that the specification describes (``trusted_html: true``).
"""

import argparse
import re
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from kheo.read.markdown.convert import convert

PACKAGE = "commonmark-spec@0.31.2"
GFM = "https://raw.githubusercontent.com/github/cmark-gfm/master/test/spec.txt"
DIGEST = "5eed" * 8
FENCE = "`" * 32
_EXAMPLE = re.compile(
    rf"^{FENCE} example(?P<kind>[^\n]*)\n(?P<text>.*?)^{FENCE}$|^#{{1,6}} (?P<title>[^\n]*)$",
    re.MULTILINE | re.DOTALL,
)
# GitHub's own sections; the rest of its specification is an older CommonMark.
EXTENSIONS = tuple(
    f"{name} (extension)" for name in ("Tables", "Task list items", "Strikethrough", "Autolinks")
)
_EMPTY = {"br", "hr", "img", "input"}
_INLINE = re.compile(r"(?:a|abbr|b|code|del|em|i|img|input|span|strong|sup|br)$")


@dataclass(frozen=True)
class Example:
    """One example of a specification."""

    number: int
    section: str
    markdown: str
    html: str


def main() -> None:
    """Prints passed and total of each section, and every failure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--spec", type=Path, help="spec.txt of CommonMark")
    options.add_argument("--gfm", type=Path, help="spec.txt of GitHub Flavored Markdown")
    options.add_argument("--quiet", action="store_true", help="no failures in full")
    given = options.parse_args()
    with TemporaryDirectory(prefix="kheo-spec-") as folder:
        text = given.spec.read_text("utf-8") if given.spec else fetch_commonmark(Path(folder))
    report("CommonMark 0.31.2", list(examples(text)), given.quiet)
    try:
        text = given.gfm.read_text("utf-8") if given.gfm else fetch_gfm()
    except URLError as error:
        print(f"\nGitHub's specification could not be fetched ({error.reason}); try --gfm FILE.")
        return
    extended = [one for one in examples(text) if one.section in EXTENSIONS]
    report("GitHub's extensions", extended, given.quiet)


def fetch_commonmark(folder: Path) -> str:
    packed = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True
    )
    with tarfile.open(folder / packed.stdout.strip()) as archive:
        member = archive.extractfile("package/spec.txt")
        assert member is not None
        return member.read().decode()


def fetch_gfm() -> str:
    with urlopen(GFM, timeout=30) as answer:
        return str(answer.read().decode())


def examples(text: str) -> Iterator[Example]:
    section, number = "", 0
    for match in _EXAMPLE.finditer(text):
        if match["title"] is not None:
            section = match["title"]
            continue
        number += 1
        markdown, _, html = match["text"].replace("→", "\t").partition("\n.\n")
        if match["text"].startswith(".\n"):
            markdown, html = "", match["text"][2:]
        yield Example(number, section, markdown, html)


def report(name: str, all_examples: list[Example], quiet: bool) -> None:
    print(f"\n{name}\n\n| section | passed | of |\n| --- | ---: | ---: |")
    failed = [one for one in all_examples if not passes(one)]
    for section in dict.fromkeys(one.section for one in all_examples):
        total = sum(one.section == section for one in all_examples)
        bad = sum(one.section == section for one in failed)
        print(f"| {section} | {total - bad} | {total} |{' **' if bad else ''}")
    print(f"| **all** | {len(all_examples) - len(failed)} | {len(all_examples)} |")
    for one in failed if not quiet else ():
        print(f"\n--- {one.number}, {one.section}: {reason(one)}\n{one.markdown}")
        print(f"--- expected\n{one.html}--- here\n{converted(one)}")


def converted(example: Example) -> str:
    made = convert(example.markdown, DIGEST, any_tag=True)
    return re.sub("\0[^\0]*\0", "", "".join(map(made.marks.fill, made.parts)))


def passes(example: Example) -> bool:
    return normalise(example.html, expected=True) == normalise(converted(example))


def reason(example: Example) -> str:
    """Why an example fails, as far as that is a decision of ours."""
    for pattern, why in REASONS.items():
        if re.search(pattern, example.markdown):
            return why
    return "not examined"


REASONS: dict[str, str] = {}


class _Tokens(HTMLParser):
    """HTML as a list of tags and texts that are equal if browsers show the same."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.list: list[tuple[str, ...]] = []
        self.in_pre = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_pre = self.in_pre or tag == "pre"
        given = dict(attrs)
        given.pop("aria-label", None)
        if given.get("class") == "task":
            del given["class"]
        for name in {"checked", "disabled"} & given.keys():
            given[name] = ""
        if align := given.pop("align", None):
            given["class"] = align
        if re.fullmatch("h[1-6]", tag):
            given.pop("id", None)  # our anchors
        self.list.append((f"<{tag}>", *(f"{k}={v}" for k, v in sorted(given.items()))))

    def handle_endtag(self, tag: str) -> None:
        self.in_pre = self.in_pre and tag != "pre"
        if tag not in _EMPTY:
            self.list.append((f"</{tag}>",))

    def handle_data(self, data: str) -> None:
        if self.list and self.list[-1][0] == "text":
            data = self.list.pop()[1] + data
        self.list.append(("text", data if self.in_pre else re.sub(r"\s+", " ", data)))

    def handle_comment(self, data: str) -> None:
        self.list.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.list.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.list.append(("instruction", data))


def normalise(html: str, expected: bool = False) -> list[tuple[str, ...]]:
    """Return the tokens of ``html``. What is ``expected`` is changed as we do it on purpose.

    Headings: a page has one <h1>, its title, so with an <h1> in a text all are one level lower.
    Figures: a picture alone in a paragraph is a figure, and its title is the caption.
    """
    tokens = list(_trimmed(_Tokens(html).list))
    return _figures(_lowered(tokens)) if expected else tokens


def _trimmed(tokens: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Leave out blanks next to the tags of blocks."""
    in_pre = False
    for at, token in enumerate(tokens):
        in_pre = (in_pre or token[0] == "<pre>") and token[0] != "</pre>"
        if token[0] == "text" and not in_pre:
            text = token[1]
            if at == 0 or _is_block(tokens[at - 1][0]):
                text = text.lstrip()
            if at + 1 == len(tokens) or _is_block(tokens[at + 1][0]):
                text = text.rstrip()
            if text:
                yield ("text", text)
        else:
            yield token


def _is_block(tag: str) -> bool:
    return tag.startswith("<") and (not _INLINE.match(tag.strip("</>")) or tag == "<br>")


def _lowered(tokens: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    if ("<h1>",) not in tokens:
        return tokens

    def lower(match: re.Match[str]) -> str:
        return f"{match[1]}{min(6, int(match[2]) + 1)}>"

    return [(re.sub(r"^(</?h)([1-6])>$", lower, one[0]), *one[1:]) for one in tokens]


def _figures(tokens: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    changed: list[tuple[str, ...]] = []
    at = 0
    while at < len(tokens):
        end = at + 1
        while end < len(tokens) and tokens[end][0] == "<img>":
            end += 1
        if tokens[at] == ("<p>",) and end > at + 1 and tokens[end : end + 1] == [("</p>",)]:
            for picture in tokens[at + 1 : end]:
                titles = [one for one in picture if one.startswith("title=")]
                changed += [("<figure>",), tuple(one for one in picture if one not in titles)]
                if titles and titles[0] != "title=":
                    caption = titles[0].removeprefix("title=")
                    changed += [("<figcaption>",), ("text", caption), ("</figcaption>",)]
                changed.append(("</figure>",))
            at = end + 1
        else:
            changed.append(tokens[at])
            at += 1
    return changed


if __name__ == "__main__":
    main()
