"""A green check never breaks the site: whatever a build reports, ``check`` reports too."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from films import mp4
from msgspec import structs
from support import ROOT, SITE, Site, article, picture

from kheo.check.check import CheckOptions, check
from kheo.diagnostics import Diagnostic
from kheo.messages.rules import RULES
from kheo.search import terms
from kheo.stages import trying
from tests.test_wrong_input import SITES, SOURCES

Key = tuple[str, str, int, int]

# Reported by `check` alone, from the text; everything else in RULES comes from a build.
LINT = {
    "check-code", "no-break-space", "invisible-character", "decomposed", "spaces", "space-before", "space-after",
    "space-inside", "quotes-mixed", "power", "heading-skip", "heading-faked", "long-paragraph", "bullet-pasted",
    "list-by-accident", "code-by-accident", "heading-by-accident", "table-header", "title-repeated", "pager-left",
    "signature-left", "date-future", "bare-link", "link-text", "name-variant", "external-broken", "link-expires",
    "copy-outdated", "template-unused", "text-unused", "file-unused", "heading-space",
}  # fmt: skip
# Of the output folder, which a check of a pull request does not have, and of a moment.
OUTPUT = {"output-foreign", "output-folder", "output-overlap", "all-articles-gone", "max-removed"}
MOMENT = {"file-changed"}
THEME = {
    "block-missing",
    "template-syntax",
    "template-name",
    "template-missing",
    "catalogue",
    "public-twice",
}
# What other tests check, in `check` or in the stages that it shares with a build: tests/hostile/test_limits.py
# and tests/unit/test_pictures.py (pictures), tests/unit/test_workers.py (time, memory, workers that end),
# tests/test_lost_urls.py, tests/test_names.py, tests/test_wrong_input.py (unreadable), test_check.py.
DATA = {
    code for code in RULES if code.startswith(("chart-", "data-"))
}  # test_guides.py checks each
ELSEWHERE = {
    "image-too-large", "animation-too-long", "image-too-slow", "too-slow", "worker-ended", "url-lost", "url-withdrawn",
    "gone-live", "name-close", "unreadable", "path-too-long", "site-file-missing",
}  # fmt: skip


def keys(found: list[Diagnostic]) -> set[Key]:
    return {(d.code, d.place.path, d.place.line, d.place.column) for d in found}


def compare(site: Site, **choices: object) -> set[str]:
    """Check and build; return the codes that the build reports."""
    options = structs.replace(site.options, **choices)
    checked = keys(check(options, CheckOptions()).found)
    site.options = options
    built = keys(site.build().found)
    assert built <= checked, built - checked
    return {code for code, *_ in built}


LONG = "d" * 200
A, B = "articles/a.md", "articles/b.md"
# What tests/test_wrong_input.py does not have: files, of which `None` is a link that leads outside.
MORE: list[dict[str, str | bytes | None]] = [
    {
        A: article(aliases="[/tin-tuc/bai-mot/, /cu.html/x/, /cu.html]", also="[Tin tức, Văn bản]"),
        B: article("Hai", body="[a](c.md) [b](d.md) [e](no/../../x.md)", image="x.png"),
        "articles/c.md": article("Ba", date="2030-01-01"), "articles/d.md": article("Bốn", date="x"),
        "articles/e.md": article("Năm", body="[a](d.md) [b]({{x}}/c.md)"), "articles/x.png": picture(),
        "articles/f.md": article("Sáu", date="2029-01-01", body="[a](c.md)"),
        "articles/g.markdown": "", "articles/h\n.md": "", "articles/i.md": None,
        "articles/j.md": article("Bảy", body="<b>a\n\n<script>x</script> <i onclick=x>y</i>"),
        "articles/w.md": article("Mười bảy", body="<script>x"),
        "articles/k.md": article("Tám", body="[^1]: a\n\n|a|\n|-|\n|b|c|\n"),
        "articles/l.md": article("Chín", body=">" * 200 + "a"),
        "articles/n.md": article("x" * 301, slug="n"),
        "articles/o.md": article("Mười một", body="".join(f'<b class="{LONG}">' for n in range(9)) + "<p>a" * 99),
        "articles/p.md": article("Mười hai", body="![a](y.png)", attachments="[a.php, w.zip]"),
        "articles/x.md": article("Mười tám", body="![a](y.pdf)\n\na ![a](z.pdf)"),
        "articles/z.md": article("Mười chín", body="![a](b.csv)\n\n```chart\ndata: c.csv\ntitle: T\ncolumns: x\n```"),
        "articles/m.md": article("Hai mươi", body="![](a.mp4)\n\n![b](b.mp4)\n\n![c](/c.mp4)\n\n![d](d.mp4)"),
        "articles/a.mp4": mp4(), "articles/b.mp4": mp4(), "articles/b.vtt": "a", "articles/d.mp4": mp4()[:-1],
        "articles/b.csv": "a;b\n1\n", "articles/c.csv": "a;b\n1;2\n",
        "articles/y.png": b"x", "articles/y.pdf": b"x", "articles/z.pdf": b"%PDF-1.4",
        "articles/a.php": "x", "articles/w.zip": "",
        "articles/q.md": "---\n? [a]\n: b\n---\n", "articles/r.md": "---\na: b\n--- x\n...\n---\n",
        "e/" * 202 + "s.md": article("Mười ba"),
        "articles/t.md": article("Mười bốn", category=" > ".join(f"{'z' * 90}{n}" for n in range(8))),
        "articles/u.md": article("Mười lăm", category="Tin tưc"),
        "articles/v.md": article("Mười sáu", author="A", campaign="B"),
        "site.yaml": SITE + "campaigns_closed: true\nauthors_closed: true\ncampaigns: [{title: C}]\nauthors: [{name: D}]\n",
    },
    {
        A: article(), "site.yaml": SITE + "authors: [{name: Một, role: Nhà báo}]\n",
        "authors/a.md": "---\nname: Một\n---\n", "authors/b.md": "---\nname: Hai\n---\n",
        "authors/c.md": "---\nname: Hai\n---\n", "authors/d.md": article(),
        "campaigns/a.md": "---\nname: A\nstart: 2026-02-01\nend: 2026-01-01\n---\n",
        "campaigns/b.md": "---\nname: B\n---\n\nMột.\n\n<!-- page -->\n\nHai.\n",
    },
    {
        A: article(),
        "campaigns/a.md": "---\nname: A\nreports: b.md\nindicators:\n  - {name: A, data: a.csv, column: X}\n"
        "  - {name: A, data: a.csv, column: C}\n  - {name: A, data: a.csv, column: A, target: x}\n"
        "  - {name: A, data: a.csv, column: A}\n  - {name: A, data: b.csv, column: A}\n"
        "  - {name: A, data: c.csv, column: A}\n---\n",
        "campaigns/b.md": "---\nname: B\nindicators: {name: A, data: d.csv, column: A}\n---\n",
        "campaigns/a.csv": "Năm;A;C\n2025;1;a\n2024;;b\n", "campaigns/b.csv": "Năm;A\n;1\n2025;2\n",
        "campaigns/c.csv": "N;A\nx;1\n", "campaigns/d.csv": "N;A\n1/2026;1\n2/2026;1\n3/2026;1\n5/2026;1\n",
    },
    {A: article(), "site.yaml": SITE.replace("vi", "xx")},
    {A: article(), "site.yaml": SITE.replace("vi", "x" * 99).replace("https://lang.example/", "https:/lang")},
    {A: article(), "site.yaml": SITE + "permalink: '{title}'\n"},
    {A: article(), "site.yaml": SITE.replace("vi", "a_b").replace(".example/", ".example/?a")},
    {A: article(), "site.yaml": SITE.replace("{name: ", "{logo: a.png, name: ") +
     "look:\n  font: {family: '}', folder: x}\n  colors:\n    accent: #123456\n    ink: red\n"},
    {A: article(), "site.yaml": SITE + "look: {band: a.png, colors: {ink: '#fff'}}\n", "a.png": picture()},
    {  # warnings alone, so that pages are rendered and indexed
        A: article(body="a" * 200 + " b c d e f <p>"),
        B: article("Hai", slug="hai", category="Khác", aliases="/cu/mot/"),
        "site.yaml": SITE + "categories: [{name: Tin tức, aliases: /cu/}]\n",
        "articles/c.md": article("Ba", slug="mot", body="{% x %}"),
    },
]  # fmt: skip


SEARCHED = len(MORE) - 1


def test_sources_with_mistakes(site: Site) -> None:
    """All of these sources are in one site: one run reports every mistake of every source."""
    for number, (text, _) in enumerate(SOURCES.values()):
        site.write(f"articles/s{number}.md", text)
    assert len(compare(site)) > 30


def test_sites_with_mistakes(
    make_site: Callable[[str], Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "MOST", 4)
    found: set[str] = set()
    for number, files in enumerate([*MORE, *(files for files, _ in SITES.values())]):
        site = make_site(str(number))
        for path, data in files.items():
            file = site.write(path, data or "")
            if data is None:
                file.unlink()
                file.symlink_to(tmp_path)
            if path.endswith(".zip"):
                os.truncate(file, 501_000_000)
        found |= compare(site, search=number == SEARCHED)
    known = {
        line.partition("[")[2].partition("]")[0] for _, told in SOURCES.values() for line in told
    }
    assert (
        sorted(set(RULES) - found - known - LINT - OUTPUT - MOMENT - THEME - ELSEWHERE - DATA) == []
    )
    assert {"data-row", "chart-column"} <= found


@pytest.mark.parametrize("code", sorted(THEME))
def test_a_theme_with_a_mistake(code: str, site: Site) -> None:
    templates = site.root / "templates"
    site.write(A, article())
    shutil.copytree(ROOT / "templates", templates)
    match code:
        case "template-syntax":
            (templates / "article.html").write_text("{% if %}", encoding="utf-8")
        case "template-name":  # only when an article has an author
            file = templates / "article.html"
            more = "{% if page.authors %}{{ page.autors[0] }}{% endif %}{% endblock %}"
            file.write_text(
                file.read_text(encoding="utf-8").replace("{% endblock %}", more), encoding="utf-8"
            )
            assert compare(site, templates=templates) == set()
            site.write(A, article(author="A"))
        case "template-missing":
            (templates / "article.html").write_text(
                '{% include "nowhere.html" %}', encoding="utf-8"
            )
        case "block-missing":  # a copy of before the block was there
            listing = (templates / "listing.html").read_text(encoding="utf-8")
            for file in templates.glob("*.*"):
                file.unlink()
            listing = listing.replace("{% block about %}", "{% block other %}")
            (templates / "listing.html").write_text(listing, encoding="utf-8")
        case "public-twice":
            (templates / "public").mkdir(exist_ok=True)
            (templates / "public/index.html").write_text("x", encoding="utf-8")
        case "catalogue":
            (templates / "locale/vi/messages.po").write_text("x", encoding="utf-8")
    assert compare(site, templates=templates) == {code}


def test_pages_are_tried_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def count(job: bytes, tasks: list[object]) -> list[Diagnostic]:
        tried.append(len(tasks))
        return []

    monkeypatch.setattr(trying, "try_chunk", count)
    site.write(A, article())
    site.write(B, article("Hai"))
    for _ in range(2):
        check(site.options, CheckOptions())
        (site.options.content / A).touch()
    site.build()
    site.write(A, article(body="Khác."))
    check(site.options, CheckOptions())
    assert len(tried) == 2
    assert tried[0] > 10
    assert 0 < tried[1] < tried[0]


def test_pages_with_the_look_of_the_site_are_those_that_were_published(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []
    monkeypatch.setattr(trying, "try_chunk", lambda _, tasks: tried.extend(tasks) or [])
    site.write("site.yaml", SITE + 'look: {colors: {accent: "#14527a"}}\n')
    site.write(A, article())
    site.build()
    check(site.options, CheckOptions())
    assert tried == []
