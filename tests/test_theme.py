"""A site with a look of its own: what is in its ``templates/`` above the default theme."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import nodes
from msgspec import structs
from support import ROOT, SITE, Site, article, picture, told, tree

from kheo.render.environment import make_environment

DOCUMENT = (ROOT / "docs/theme.md").read_text(encoding="utf-8")
TEMPLATES = sorted((ROOT / "templates").glob("*.*"))


@pytest.fixture
def own(site: Site) -> Site:
    """A small site whose templates folder has nothing yet."""
    site.options = structs.replace(site.options, templates=site.root / "templates", search=True)
    site.write("site.yaml", SITE + "gone: [/bo/]\n")
    for number in range(2):
        body = "![Ruộng](a.png)\n\n## Một\n\nNội dung." + "\n\n<!-- page -->\n\nHai." * number
        site.write(f"articles/{number}.md", article(f"Bài {number}", body, author="An"))
    site.write("articles/a.png", picture())
    site.write("articles/cu.md", article("Cũ", expires="2020-03-01", aliases="/a.aspx?id=1"))
    site.write("articles/moi.md", article("Mới", aliases="/a.aspx?id=2"))
    site.write("pages/gioi-thieu.md", "---\ntitle: Giới thiệu\nkind: page\n---\n\nLời.\n")
    return site


def put(site: Site, name: str, text: str) -> Path:
    file = site.options.templates / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def blocks() -> Iterator[tuple[str, str]]:
    """The template and the name of every block."""
    environment = make_environment()
    for file in TEMPLATES:
        tree = environment.parse(file.read_text(encoding="utf-8"))
        for block in tree.find_all(nodes.Block):
            yield file.name, block.name


def test_every_block_is_documented() -> None:
    """Those that other templates fill in belong to base.html."""
    base = {block for template, block in blocks() if template == "base.html"}
    rows = re.findall(r"^\| `(\w+\.\w+)` \| `(\w+)` \| .+ \|$", DOCUMENT, re.MULTILINE)
    assert rows == sorted(set(rows), key=rows.index)
    assert set(rows) == {one for one in blocks() if one[0] == "base.html" or one[1] not in base}


def test_every_block_can_be_overridden(own: Site) -> None:
    """Each is marked in a template of the site that extends the default one."""
    plain = own.build() and own.tree()
    marks: dict[str, str] = {}
    for template, block in blocks():
        mark = f"[{template}:{block}]"
        marks.setdefault(template, f'{{% extends "kheo/{template}" %}}\n')
        marks[template] += f"{{% block {block} %}}{{{{ super() }}}}{mark}{{% endblock %}}\n"
    for template, text in marks.items():
        put(own, template, text)
    assert told(own.build()) == []
    pages = "".join(file.decode() for name, file in own.tree().items() if name.endswith(".html"))
    shown = {(template, block) for template, block in blocks() if f"[{template}:{block}]" in pages}
    # Every kind of page fills the content in.
    assert set(blocks()) - shown == {("base.html", "content")}
    unmarked = {
        path: re.sub(rb"\[\w+\.html:\w+\]", b"", data) if path.endswith(".html") else data
        for path, data in own.tree().items()
    }
    assert {path for path in plain if plain[path] != unmarked[path]} == {".kheo"}  # digests


def test_public_files_are_copied_as_they_are(own: Site) -> None:
    put(own, "public/.well-known/security.txt", "Contact: mailto:a@lang.example")
    put(own, "public/khuyen-mai/index.html", "<script>alert(1)</script>")
    (own.options.templates / "public/favicon.ico").write_bytes(b"\0\1\2")
    put(own, "public/.DS_Store", "litter")
    own.write("articles/link.md", article("Nối", "[a](/favicon.ico) [b](/khuyen-mai/)"))
    assert told(own.build()) == []
    site = own.tree()
    assert site["favicon.ico"] == b"\0\1\2"
    assert site["khuyen-mai/index.html"] == b"<script>alert(1)</script>"
    assert site[".well-known/security.txt"] == b"Contact: mailto:a@lang.example"
    assert ".DS_Store" not in site


def test_a_public_file_at_the_url_of_something_else(own: Site) -> None:
    own.write("articles/anh.md", article("Ảnh", "[a](b.pdf)"))
    own.write("articles/b.pdf", b"%PDF")
    names = ["Robots.txt", "tin-tuc/bai-0/index.html", "tin-tuc/anh/b.pdf", "assets/a.css", ".kheo"]
    for name in [*names, "tin-tuc"]:
        put(own, f"public/{name}" if name != "tin-tuc" else "public/lien-he", "x")
    own.write("pages/lien-he.md", "---\ntitle: Liên hệ\nkind: page\n---\n\nLời.\n")
    if os.name == "posix":
        (own.options.templates / "public/ngoai").symlink_to("/etc/hostname")
    found = own.build().found
    assert {(d.place.tree, d.place.path): d.message for d in found} == {
        ("templates", "public/Robots.txt"): (
            "this file would be at /Robots.txt, which is already used by the file /robots.txt"
        ),
        ("templates", "public/tin-tuc/bai-0/index.html"): (
            "this file would be at /tin-tuc/bai-0/index.html, which is already used by articles/0.md"
        ),
        ("content", "articles/anh.md"): (
            "the URL /tin-tuc/anh/b.pdf is already used by “templates/public/tin-tuc/anh/b.pdf”"
        ),
        ("templates", "public/assets/a.css"): (
            "this file would be at /assets/a.css, which is already used by the folder of the theme's files"
        ),
        ("templates", "public/.kheo"): (
            "this file would be at /.kheo, which is already used by a file of the program itself"
        ),
        ("content", "pages/lien-he.md"): (
            "the URL /lien-he/index.html is already used by “templates/public/lien-he”"
        ),
        ("templates", "public/ngoai"): (
            "this symbolic link points outside the folder templates/public"
        ),
    }


OVERRIDES = {
    "one block": ("article.html", '{% extends "kheo/article.html" %}\n{% block below %}<p>NEW</p>{% endblock %}'),
    "a template": ("terms.html", '{% extends "base.html" %}\n{% block content %}<h1>NEW</h1>{% endblock %}'),
    "an asset": ("assets/style.css", "/* NEW */"),
    "a text": ("locale/vi/messages.po", 'msgid "Latest"\nmsgstr "NEW"\n'),
    "a date": ("locale/vi/language.yaml", "dates: {short: \"'NEW' y\"}\n"),
    "a public file": ("public/.well-known/security.txt", "NEW"),
}  # fmt: skip


@pytest.mark.parametrize("name", OVERRIDES)
def test_an_override_is_added_edited_and_removed(own: Site, name: str) -> None:
    """Each time, an incremental build gives the same site as a clean one."""
    file, text = OVERRIDES[name]
    assert own.build().counts
    plain = own.tree()

    def is_clean() -> bool:
        assert told(own.build()) == []
        shutil.rmtree(own.root / "clean", ignore_errors=True)
        own.build(output=own.root / "clean/o", cache=own.root / "clean/c")
        return tree(own.root / "clean/o") == own.tree()

    def pages_with(word: bytes) -> set[str]:
        return {path for path, data in own.tree().items() if word in data}

    put(own, file, text)
    assert is_clean()
    assert pages_with(b"NEW") and not pages_with(b"NEWER")
    put(own, file, text.replace("NEW", "NEWER"))
    assert is_clean()
    assert pages_with(b"NEWER")
    (own.options.templates / file).unlink()
    assert is_clean()
    assert own.tree() == plain
