"""Sources of campaigns that are huge, hostile or nonsense: a message, or harmless pages."""

import pytest
from harmless import build
from support import SITE, Site, article

from kheo.diagnostics import Diagnostic

NAME, ONE = "name: C\n", "indicators: {name: A, data: so.csv, column: A, target: 9}\n"
ROWS = "Năm;A\n2024;1\n2025;2\n"
# name: front matter, rows, body, the codes of what is said
SOURCES: dict[str, tuple[str, str, str, set[str]]] = {
    "markup in every text": (
        f"name: <script>alert(1)</script>\ndescription: '\"><img src=x onerror=alert(1)>'\n{ONE}"
        "milestones: {date: 2026-01-01, text: <script>alert(1)</script>}\n"
        "links: {title: <b onclick=x>, link: so.csv}\n",
        'Năm;A\n2024;1\n2025;"2"\n', "<script>alert(1)</script>", {"html-removed"},
    ),
    "markup in the names of columns": (
        "name: C\nindicators: {name: <i>, unit: '\"><svg onload=x>', data: so.csv, column: <script>}\n",
        "Năm;<script>\n2024;1\n2025;2\n", "", set(),
    ),
    "a link that runs": ("name: C\nlinks: {title: A, link: 'JavaScript:alert(1)'}\n", ROWS, "", {"url-scheme"}),
    "a link to another host": (r"name: C" "\n" r"links: {title: A, link: '\\evil.example/x'}" "\n", ROWS, "", {"url-scheme"}),
    "data outside of content": (NAME + ONE.replace("so.csv", "../../../etc/passwd.csv"), ROWS, "", {"link-outside-content"}),
    "a thousand milestones": (
        NAME + "milestones:\n" + "  - {date: 2026-01-01, text: A}\n" * 1000, ROWS, "", {"list-too-long"},
    ),
    "a thousand indicators": (
        NAME + "indicators:\n" + "  - {name: A, data: so.csv, column: A}\n" * 1000, ROWS, "", {"list-too-long"},
    ),
    "numbers without an end": (NAME + ONE.replace("9", "9" * 400), f"Năm;A\n2024;{'9' * 400}\n2025;1\n", "", {"indicator-target"}),
    "a target of zero": (NAME + ONE.replace("9", "0"), ROWS, "", set()),
    "a target that nothing falls to": (NAME + ONE.replace("9", "9, falling: true"), ROWS, "", set()),
    "more rows than are read": (NAME + ONE, "Ngày;A\n" + "2024-01-01;1\n" * 3000, "", {"too-large"}),
    "a file that is a program": (NAME + ONE, "MZ\0\0\0\0", "", {"file-content"}),
    "dates at both ends of time": ("name: C\nstart: 1900-01-01\nend: 2999-12-31\n" + ONE, "Ngày;A\n1900-01-01;1\n2999-12-31;2\n", "", set()),
    "a formula": (NAME + ONE, "Năm;A;B\n2024;1;=1+1\n2025;2;@x\n", "", {"data-formula"}),
    "a name that is its own folder": ("name: ../../x\n", ROWS, "", set()),
    "the URL of its data": (NAME + "aliases: /chien-dich/c/data.json\n", ROWS, "", {"alias-live"}),
    "its file is called as ours": (NAME + ONE.replace("so.csv", "data.csv"), ROWS, "", {"url-twice"}),
}  # fmt: skip


def said(found: list[Diagnostic]) -> set[str]:
    return {d.code for d in found if not d.code.startswith("html-")} | {
        "html-removed" for d in found if d.code.startswith("html-")
    }


@pytest.mark.parametrize("name", SOURCES)
def test_a_hostile_source_is_told_or_harmless(site: Site, name: str) -> None:
    keys, rows, body, codes = SOURCES[name]
    site.write("site.yaml", SITE)
    site.write("articles/1.md", article("Bài", campaign="C"))
    site.write("campaigns/c.md", f"---\n{keys}---\n\n{body}\n")
    for file in ("so.csv", "data.csv"):
        site.write(f"campaigns/{file}", rows)
    report = build(site)
    assert said(report.found) == codes


def test_many_sources_are_read_in_time(site: Site) -> None:
    """Each with its own table and page."""
    for number in range(200):
        site.write(f"campaigns/{number}.md", f"---\nname: C {number}\n{ONE}---\n\nLời.\n")
    site.write("campaigns/so.csv", ROWS)
    site.write("articles/1.md", article("Bài"))
    assert build(site).found == []
    assert "22%" in site.read("chien-dich/c-7/index.html")
