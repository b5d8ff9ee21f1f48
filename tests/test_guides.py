"""The editors' guides, in two languages: what they quote is what the program says.

A mistake in a guide is a comment, what an editor writes, and what the program answers:

    <!-- mistake -->
    ```yaml
    date: 2026-02-31
    ```
    ```text
    content/articles/2026/bai-moi.md:3:7: …
    ```

``yaml`` takes the place of those lines in a good front matter, ``markdown`` is a text below it, or a
whole file where the comment says ``file``. Other words in the comment: ``closed`` (only listed
names), ``utf-16`` (how the file is saved), ``published`` (before, the site was published with a
report “Bài mới”), ``site`` (these lines are in site.yaml), ``campaign`` (they are in the source of a
campaign). ``--update`` writes the answers.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from films import VTT, mp4, pdf, webm
from msgspec import Struct, structs
from support import ROOT, SITE, Site, article, picture

from kheo.check.check import CheckOptions, check
from kheo.config import SiteConfig
from kheo.diagnostics import Diagnostic
from kheo.messages.rules import RULES
from kheo.model import Attachment, Correction, FrontMatter
from kheo.read.schema import Key, keys_of
from kheo.reporting.catalogue import Words
from kheo.reporting.reporter import Reporter
from kheo.tables import ChartSpec

GUIDES = {"vi": ROOT / "docs/huong-dan-bien-tap.md", "en": ROOT / "docs/editors-guide.md"}
HEADS = {"vi": "| khóa | ý nghĩa | ví dụ |", "en": "| key | what it says | example |"}
MISTAKE = re.compile(
    r"<!-- mistake(?P<words>[ a-z0-9-]*) -->\n\n?```(?P<kind>\w+)\n(?P<written>.*?)```\n\n?"
    r"```text\n(?P<told>.*?)```\n",
    re.DOTALL,
)
KEYS = re.compile(r"<!-- keys: (\w+) -->\n.*?<!-- end -->", re.DOTALL)
TYPES: dict[str, type[Struct]] = {
    kind.__name__: kind for kind in (FrontMatter, Attachment, Correction, ChartSpec, SiteConfig)
}
FILE, CAMPAIGN = "articles/2026/bai-moi.md", "campaigns/lang-sach.md"
LISTS = """\
categories:
  - {name: Tin tức, children: [{name: Tin trong tỉnh}, {name: Tin cơ sở}]}
campaigns: [{title: Dân vận khéo}]
authors: [{name: Hải Hạnh}]
"""
# What an editor of reports does not meet: the theme, site.yaml, the machine; and what cannot be
# shown, for it is too long or not to be seen.
LEFT_OUT = {
    *(
        "template-syntax",
        "template-name",
        "template-missing",
        "catalogue",
        "public-twice",
        "block-missing",
        "copy-outdated",
        "template-unused",
        "text-unused",
    ),
    *("check-code", "zone-unknown", "language-form", "base-url-form", "host-form", "url-scheme"),
    *("permalink-shape", "permalink-form", "site-file-missing", "output-foreign"),
    *("output-overlap", "all-articles-gone", "max-removed", "unreadable", "not-a-file"),
    *("file-name", "link-outside", "duplicate-file-name", "path-too-long", "external-broken"),
    *("body-too-long", "front-matter-too-long", "yaml-depth", "too-slow", "markdown-depth"),
    *(
        "slug-too-long",
        "category-depth",
        "image-too-large",
        "animation-too-long",
        "long-paragraph",
        "not-utf8",
    ),
    *("control-character", "no-break-space", "invisible-character", "decomposed"),
    *("date-ambiguous", "slug-reserved", "link-left-out", "yaml-documents", "yaml-key"),
    *("yaml-not-keys", "source-name", "search-many-words"),
    *("file-unused", "data-columns", "chart-rows"),
    *("too-large", "worker-ended", "file-changed", "image-too-slow", "attachment-too-large"),
    *("key-moved", "look-file", "font-family", "color-form", "color-empty", "contrast"),
    *("path-too-deep", "output-folder", "language-unknown", "title-too-long", "list-too-long"),
}


def lines_of(language: str, found: list[Diagnostic], capsys: pytest.CaptureFixture[str]) -> str:
    reporter = Reporter("text", True, Path("content"), Path("templates"), Words(language))
    reporter.findings(found, {}, "")
    return capsys.readouterr().err


def prepared(site: Site, words: str) -> None:
    site.options = structs.replace(site.options, search=True)
    shutil.rmtree(site.options.content / "campaigns", ignore_errors=True)
    kinds = ("categories", "campaigns", "authors") if "closed" in words else ()
    closed = "".join(f"{kind}_closed: true\n" for kind in kinds)
    site.write("site.yaml", SITE + LISTS + closed + "check_off: [file-unused]\n")
    body = "## Kết quả\n\nNăm qua, bà con đã làm được nhiều việc."
    site.write(
        "articles/2026/hoi-nghi.md",
        article("Hội nghị", body, author="Hải Hạnh", aliases="/bai/45/"),
    )
    site.write("articles/2026/ban-nhap.md", article("Bản nháp", draft="true"))
    site.write("articles/2026/sap-dang.md", article("Sắp đăng", date="2026-12-01 08:30"))
    site.write(
        "articles/2026/moi-hop.md",
        article("Mời họp", expires="2026-12-10", aliases="/cu/hoi-nghi/"),
    )
    site.write("articles/2026/ruong-lua.jpg", picture(1200, 800, "JPEG"))
    site.write("articles/2026/anh-hong.jpg", picture(1200, 800, "JPEG")[:900])
    site.write("articles/2026/ke-hoach-2026.pdf", pdf())
    site.write("articles/2026/to-trinh.pdf", b"PK\x03\x04")  # a Word file with another name
    site.write("articles/2026/so-lieu-sai.csv", "Huyện;Hộ\nĐức Cơ;48;1\n")
    site.write("articles/2026/hong.pdf", pdf()[:200])
    site.write("articles/2026/cam.webm", webm(sound=False))
    site.write("articles/2026/gia-lang.mp4", mp4())
    site.write("articles/2026/duong-lang.mp4", mp4())
    site.write("articles/2026/duong-lang.vi.vtt", VTT.replace("00:02.000", "00:02,000"))
    site.write("articles/2026/bieu-do.html", b"<script>alert(1)</script>")


def source(words: str, kind: str, written: str) -> str:
    """The file that an editor would have, who wrote what a guide shows."""
    if "file" in words:
        return written
    keys = {"title": "Bài mới", "date": "2026-03-05", "category": "Tin tức"}
    if kind == "markdown":
        return article(body=written.rstrip("\n"), **keys)
    given = re.findall(r"^(\w+):", written, re.MULTILINE)
    kept = "".join(f"{key}: {value}\n" for key, value in keys.items() if key not in given)
    front = written + kept if "title" in given else kept + written
    return f"---\n{front}---\n\nNội dung.\n"


def answered(site: Site, words: str, kind: str, written: str) -> list[Diagnostic]:
    prepared(site, words)
    if "published" in words:
        site.write(FILE, source("", "yaml", ""))
        assert site.build().counts
    if "site" in words:
        others = LISTS if "categories" not in written else LISTS[LISTS.index("campaigns") :]
        site.write("site.yaml", SITE + others + written + "check_off: [file-unused]\n")
        site.write(FILE, source("", "yaml", ""))
        return check(site.options, CheckOptions()).found
    if "campaign" in words:
        described = LISTS.replace("khéo}", "khéo, start: 2009-01-15}")
        site.write("site.yaml", SITE + described + "check_off: [file-unused]\n")
        site.write(FILE, source("", "yaml", ""))
        site.write("campaigns/nong-thon.md", "---\nname: Nông thôn mới\n---\n\nLời.\n")
        site.write("campaigns/chi-tieu.csv", "Năm;Nhà tiêu;Giếng;Ghi chú\n2026;5;1;a\n2025;7;;b\n")
        site.write("campaigns/cay.csv", "Ngày;Cây\n2026-01-31;1\n2026-02-31;2\n")
        site.write("campaigns/hoa.csv", "Năm;Hoa\n2024;1\n;2\n")
        site.write("campaigns/qua.csv", "T;Quả\n1/2026;1\n2/2026;2\n3/2026;3\n5/2026;4\n")
        site.write(CAMPAIGN, f"---\n{written}---\n\nLời.\n" if kind == "yaml" else written)
        return check(site.options, CheckOptions()).found
    text = source(words, kind, written)
    site.write(FILE, text.encode("utf-16" if "utf-16" in words else "utf-8"))
    return check(site.options, CheckOptions()).found


def tables(text: str, language: str) -> str:
    plain = Words(language).plain

    def table(match: re.Match[str]) -> str:
        lines = [HEADS[language], "| --- | --- | --- |"]
        for key in keys_of(TYPES[match[1]]).values():
            cells = (f"`{key.name}`", plain(key.description), f"`{key.name}: {key.example}`")
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        return "\n".join([f"<!-- keys: {match[1]} -->", *lines, "<!-- end -->"])

    return KEYS.sub(table, text)


def test_the_program_says_what_the_guides_quote(
    site: Site, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    """The same mistakes in both: made once, told in each language."""
    made: dict[tuple[str, ...], list[Diagnostic]] = {}
    for language, guide in GUIDES.items():
        codes: set[str] = set()

        def with_answer(match: re.Match[str]) -> str:
            written = match.group("words", "kind", "written")
            found = made[written] = made.get(written) or answered(site, *written)
            assert found, f"no mistake: {match['written']}"
            codes.update(d.code for d in found)  # noqa: B023  (called before the loop goes on)
            begin, end = (match.span("told")[n] - match.start() for n in (0, 1))
            answer = lines_of(language, found, capsys)  # noqa: B023
            return match[0][:begin] + answer + match[0][end:]

        filled = tables(MISTAKE.sub(with_answer, guide.read_text(encoding="utf-8")), language)
        if request.config.getoption("--update"):
            guide.write_text(filled, encoding="utf-8")
        assert guide.read_text(encoding="utf-8") == filled
        assert sorted(set(RULES) - LEFT_OUT - codes) == [], "quoted nowhere in the guide"
        assert sorted(codes & LEFT_OUT) == []


def test_both_guides_quote_the_same_mistakes() -> None:
    vi, en = (
        [match.group("words", "kind", "written") for match in MISTAKE.finditer(text)]
        for text in (guide.read_text(encoding="utf-8") for guide in GUIDES.values())
    )
    assert vi == en
    assert len(vi) > 40


def good_examples(text: str) -> Iterator[tuple[str, str]]:
    for words, kind, written in re.findall(
        r"<!-- good([ a-z]*) -->\n\n?```(\w+)\n(.*?)```\n", text, re.DOTALL
    ):
        yield source(words, kind, written), written


@pytest.mark.parametrize("language", GUIDES)
def test_what_the_guide_recommends_is_good(
    language: str, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = list(good_examples(GUIDES[language].read_text(encoding="utf-8")))
    assert len(examples) >= 6
    for text, written in examples:
        prepared(site, "")
        site.write(FILE, text)
        found = check(site.options, CheckOptions()).found
        assert lines_of("en", found, capsys) == "", written


@pytest.mark.parametrize("key", list(keys_of(FrontMatter).values()), ids=lambda k: k.name)
def test_the_example_of_every_key_is_good(
    key: Key, site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    name, example = key.name, key.example
    prepared(site, "")
    site.write(FILE, source("", "yaml", f"{name}: {example}\n"))
    found = [d for d in check(site.options, CheckOptions()).found if d.code != "cover-without-alt"]
    assert lines_of("en", found, capsys) == ""


def test_every_key_is_in_both_guides() -> None:
    for guide in GUIDES.values():
        text = guide.read_text(encoding="utf-8")
        assert all(f"<!-- keys: {name} -->" in text for name in TYPES)


def test_commands_in_the_guides_exist() -> None:
    from click.testing import CliRunner

    from kheo.cli import main

    for guide in GUIDES.values():
        text = guide.read_text(encoding="utf-8")
        for command, options in re.findall(r"kheo (\w+)([^`\n]*)", text):
            shown = CliRunner().invoke(main, [command, "--help"])
            assert shown.exit_code == 0, command
            for option in re.findall(r"--[a-z-]+", options):
                assert option in shown.output, f"{command} {option}"
