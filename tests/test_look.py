"""`look:` in site.yaml: logo, colours, font and band of a whole site; what is wrong, and attacks."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from support import SITE, Site, article, picture, told, tree

from kheo.read.site_file import parse_site_file

BAND = "<svg xmlns='http://www.w3.org/2000/svg' width='14' height='7'><path d='M0 7l7-7 7 7z' fill='#fc0'/></svg>"
WOFF2 = b"wOF2" + bytes(60)
LOOK = """\
share_cards: true
look:
  logo: look/logo.png
  colors: {accent: "#14527A", paper: "#eef", ink_dark: "#ffffff"}
  font: {family: Be Vietnam Pro, folder: look/font}
  band: look/band.svg
"""
PAGE = "tin-tuc/bai-mot/index.html"


def dressed(site: Site, look: str = LOOK) -> Site:
    site.write("site.yaml", SITE + look)
    site.write("articles/1.md", article())
    site.write("look/logo.png", picture(400, 200))
    site.write("look/band.svg", BAND)
    site.write("look/font/BeVietnamPro-Bold.woff2", WOFF2)
    site.write("look/font/OFL.txt", "SIL Open Font License")
    return site


def style(site: Site) -> str:
    (name,) = (
        path for path in site.tree() if re.fullmatch(r"assets/style\.[0-9a-f]{8}\.css", path)
    )
    assert f'href="/{name}"' in site.read(PAGE)
    return site.read(name)


def test_a_site_with_a_look(site: Site) -> None:
    assert told(dressed(site).build()) == []
    own = (site.options.templates / "assets/style.css").read_text(encoding="utf-8")
    css = style(site)
    added = css.removeprefix(own)
    assert css != added  # the theme's rules come first
    assert "--red: #14527a; --deep: #104364; --deeper: #0e3954;" in added
    assert "--paper: #eeeeff;" in added
    assert "(prefers-color-scheme: dark) { :root { --paper: #171412; --ink: #ffffff;" in added
    assert 'font-family: "Be Vietnam Pro"; font-style: normal; font-weight: 700; font-display: swap' in added  # fmt: skip
    for address in re.findall(r'url\("([^"]+)"\)', added):
        assert f"assets/{address}" in site.tree(), address
    page = site.read(PAGE)
    logo = re.search(r'<a href="/"><picture>.*?<img src="(/assets/images/[^"]+\.png)" alt="" width="112" height="56"></picture>Tin làng</a>', page)  # fmt: skip
    assert logo
    data = json.loads(re.findall(r'ld\+json">(.*?)</script>', page)[0])
    assert data["publisher"]["logo"] == {
        "@type": "ImageObject",
        "url": f"https://lang.example{logo[1]}",
    }
    assert "style=" not in page
    icon = next(path for path in site.tree() if path.startswith("assets/icon."))
    assert 'fill="#104364"' in site.read(icon)
    (card,) = (data for path, data in site.tree().items() if path.endswith("-card.png"))
    assert Image.open(BytesIO(card)).convert("RGB").getpixel((20, 300)) == (0x10, 0x43, 0x64)


def later(site: Site, path: str, data: str | bytes) -> Callable[[], object]:
    return lambda: site.write(path, data)


def test_every_edit_of_the_look_gives_what_a_clean_build_gives(site: Site, tmp_path: Path) -> None:
    dressed(site).build()
    before = site.tree()
    edits: dict[str, Callable[[], object]] = {
        "colour": later(site, "site.yaml", SITE + LOOK.replace("#14527A", "#225522")),
        "one word": later(site, "articles/1.md", article(body="Lời khác.")),
        "logo": later(site, "look/logo.png", picture(300, 300)),
        "band": later(site, "look/band.svg", BAND.replace("#fc0", "#0cf")),
        "font": later(site, "look/font/BeVietnamPro-Bold.woff2", WOFF2 + b"x"),
        "one more font": later(site, "look/font/BeVietnamPro-Italic.woff2", WOFF2 + b"y"),
        "no font": (site.options.content / "look/font/BeVietnamPro-Bold.woff2").unlink,
        "no band": later(site, "site.yaml", SITE + LOOK.replace("look/band.svg", "none")),
        "colour alone": later(site, "site.yaml", SITE + 'look: {colors: {accent: "#14527a"}}\n'),
        "another word": later(site, "articles/1.md", article(body="Lời khác nữa.")),
        "nothing": later(site, "site.yaml", SITE + "look: {font: none, band: ''}\n"),
    }
    for number, (name, edit) in enumerate(edits.items()):
        edit()
        assert told(site.build()) == [], name
        clean = tmp_path / f"clean-{number}"
        site.build(output=clean, cache=tmp_path / f"cache-{number}")
        assert site.tree() == tree(clean), name
        assert site.tree() != before, name
        before = site.tree()
        has_font = "@font-face" in style(site)
        assert ("font-src" in site.read("_headers")) == has_font, name
    own = (site.options.templates / "assets/style.css").read_text(encoding="utf-8")
    assert style(site) == own


def test_an_edit_of_a_colour_changes_pages_and_style_alone(site: Site) -> None:
    dressed(site).build()
    before = site.tree()
    assert site.build().counts.written == 0  # type: ignore[union-attr]
    site.write("site.yaml", SITE + LOOK.replace("#14527A", "#225522"))
    site.build()
    changed = [path for path, data in site.tree().items() if before.get(path) != data]
    others = [path for path in changed if not path.endswith((".html", ".kheo", "-card.png"))]
    assert [path.partition(".")[0] for path in others] == ["assets/icon", "assets/style"]


WRONG = {
    "logo: look/logo.svg": "3 image-missing",
    "logo: ../logo.png": "3 link-outside-content",
    "logo: /etc/passwd": "3 link-outside-content",
    "logo: articles/1.md": "3 image-missing",
    "logo: look": "3 image-missing",
    "logo: look/large.svg": "3 look-file",
    "logo: look/no-size.svg": "3 look-file",
    "logo: look/none.png": "3 image-broken",
    "logo: look/link.png": "3 image-missing",
    "band: look/logo.png": "3 look-file",
    "band: look/bomb.svg": "3 image-broken",
    "band: ../x.svg": "3 link-outside-content",
    "font: {family: A, folder: look}": "21 look-file",
    "font: {family: A, folder: ..}": "21 link-outside-content",
    "font: {family: A, folder: look/html}": "21 look-file",
}


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with files that nobody should publish."""
    site = dressed(Site(tmp_path_factory.mktemp("bad")))
    (site.root / "secret.png").write_bytes(picture())
    (site.options.content / "look/link.png").symlink_to(site.root / "secret.png")
    site.write("look/large.svg", BAND.replace("</svg>", f"<desc>{'x' * 10_000_000}</desc></svg>"))
    site.write(
        "look/no-size.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0z'/></svg>"
    )
    site.write("look/none.png", b"<script>alert(1)</script>")
    site.write("look/bomb.svg", '<!DOCTYPE svg [<!ENTITY a "a">]>' + BAND)
    site.write("look/html/a.woff2", b"<!doctype html><script>alert(1)</script>")
    return site


@pytest.mark.parametrize("line", WRONG)
def test_files_that_are_not_published(line: str, bad: Site) -> None:
    bad.write("site.yaml", f"{SITE}look:\n  {line}\n")
    report = bad.build()
    found = [f"{d.place.column} {d.code}" for d in report.found if d.place.path == "site.yaml"]
    assert (found, report.counts) == ([WRONG[line]], None)
    assert {d.place.line for d in report.found if d.place.path == "site.yaml"} == {7}
    assert not bad.options.output.exists()


def test_all_mistakes_are_told_in_one_run(bad: Site) -> None:
    bad.write("site.yaml", f"{SITE}look:\n  logo: a.png\n  band: b.svg\n  font:\n    family: A\n    folder: c\n")  # fmt: skip
    lines = [d.place.line for d in bad.build().found if d.place.path == "site.yaml"]
    assert lines == [7, 8, 11]


def test_nothing_of_a_drawing_runs(site: Site) -> None:
    attack = BAND.replace("<path", "<script>alert(1)</script><a href='javascript:alert(1)'/><path onload='alert(1)' style='fill:url(http://x.example/)'")  # fmt: skip
    dressed(site, "look: {logo: look/logo.svg, band: look/band.svg}\n")
    site.write("look/logo.svg", attack)
    site.write("look/band.svg", attack.replace("#fc0", "#0cf"))
    assert told(site.build()) == []
    drawings = [data for path, data in site.tree().items() if path.startswith("assets/images/")]
    assert len(drawings) == 2
    for data in drawings:
        assert not re.search(rb"script|onload|x\.example", data)


def read(look: str) -> list[str]:
    _, found = parse_site_file((SITE + look).encode(), lambda _: "day-first")
    return [f"{d.place.line}:{d.place.column} {d.code} {d.hint}" for d in found]


EXAMPLE = '`accent: "#14527a"`'


@pytest.mark.parametrize(
    ("value", "told"),
    {
        '"#14527A"': [],
        "'#a21'": [],
        "#14527a": [f"8:12 color-empty write the colour in quotes: {EXAMPLE}"],
        "": [f"8:12 color-empty write the colour in quotes: {EXAMPLE}"],
        "14527a": ["8:13 color-form did you mean “#14527a”?"],
        "darkred": ["8:13 color-form did you mean “#8b0000”?"],
        "rgb(20, 82, 122)": ["8:13 color-form did you mean “#14527a”?"],
        "'#14527a80'": ["8:13 color-form did you mean “#14527a”?"],
        "blau": [f"8:13 color-form write six digits in quotes: {EXAMPLE}"],
        "'red;}body{display:none'": [f"8:13 color-form write six digits in quotes: {EXAMPLE}"],
        "'</style><script>'": [f"8:13 color-form write six digits in quotes: {EXAMPLE}"],
        "url(//x.example)": [f"8:13 color-form write six digits in quotes: {EXAMPLE}"],
        "'#14527a;'": [f"8:13 color-form write six digits in quotes: {EXAMPLE}"],
        "[a]": ["8:13 wrong-type for example: accent: \"#14527a\""],
        "'#fd0'": ["8:5 contrast choose a darker or a lighter colour"] * 3,
    }.items(),
)  # fmt: skip
def test_colours(value: str, told: list[str]) -> None:
    assert read(f"look:\n  colors:\n    accent: {value}\n") == told


@pytest.mark.parametrize(
    "family",
    [
        'a"; } body { color: red',
        "a\\",
        "</style>",
        "a' b",
        "{}",
        "x;y",
        "url(a)",
        "a" * 81,
        "-",
        "/*",
    ],
)
def test_names_of_fonts_are_no_css(family: str) -> None:
    found = read(f"look:\n  font:\n    family: '{family.replace(chr(39), 2 * chr(39))}'\n    folder: x\n")  # fmt: skip
    assert [line.split()[:2] for line in found] == [["8:13", "font-family"]]


@pytest.mark.parametrize("family", ["Be Vietnam Pro", "Source Serif 4", "Noto Sans CJK JP", "楷体"])
def test_names_of_fonts(family: str) -> None:
    assert read(f"look: {{font: {{family: {family}, folder: x}}}}\n") == []


def test_the_old_key_of_the_logo_says_where_it_went() -> None:
    site = SITE.replace("{name: Ban biên tập}", "{name: A, logo: a.png}")
    _, found = parse_site_file(site.encode(), lambda _: "day-first")
    assert [(d.place.line, d.place.column, d.code) for d in found] == [(5, 22, "key-moved")]
    assert "look: {logo: look/logo.svg}" in found[0].hint
