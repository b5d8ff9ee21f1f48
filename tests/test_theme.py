"""A site with a look of its own: what is in its ``templates/`` above the default theme."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from jinja2 import nodes
from msgspec import structs
from support import ROOT, SITE, Site, article, picture, told, tree

from kheo.check.check import CheckOptions, check
from kheo.cli import main
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
        keys = {"author": "An", "campaign": "C", "category": ["Tin tức", "Văn bản"][number]}
        site.write(f"articles/{number}.md", article(f"Bài {number}", body, **keys))
    site.write(
        "campaigns/c.md",
        "---\nname: C\npinned: true\nindicators: {name: A, data: so.csv, column: A}\n"
        "milestones: {date: 2026-01-01, text: A}\nreports: ../articles/0.md\n---\n",
    )
    site.write("campaigns/so.csv", "Năm;A\n2025;1\n2026;2\n")
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
    assert "font-src" not in own.read("_headers")
    put(own, "public/fonts/a.woff2", "")
    own.build()
    assert "font-src 'self'" in own.read("_headers")


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


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(one) for one in arguments])
    return result.exit_code, result.output


def test_a_copy_is_reported_when_its_original_changes(
    own: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = own.options.templates
    own.build()
    plain = own.tree()
    for name in ("article.html", "robots.txt", "assets/style.css", "locale/vi/language.yaml"):
        assert run("theme", "copy", name, "--templates", folder) == (0, f"{folder / name}\n")
    assert run("theme", "copy", "article.html", "--templates", folder) == (
        1, f"error: {folder}/article.html already exists\n"
    )  # fmt: skip
    status, text = run("theme", "copy", "artikel.html", "--templates", folder)
    assert (status, "did you mean “article.html”?" in text) == (1, True)
    assert run("theme", "copy", "base.html", "--templates", ROOT / "templates")[0] == 1
    assert told(own.build()) == []
    style = re.compile(rb"style\.[0-9a-f]{8}")
    same = {path: style.sub(b"", data) for path, data in plain.items() if path.endswith(".html")}
    assert same == {path: style.sub(b"", own.tree()[path]) for path in same}

    assert check(own.options, CheckOptions()).found == []
    later = own.root / "later"
    shutil.copytree(ROOT / "templates", later)
    (later / "article.html").write_text("changed", encoding="utf-8")
    (later / "robots.txt").unlink()
    monkeypatch.setattr("kheo.layers.default_theme", lambda: later)
    found = check(own.options, CheckOptions()).found
    assert [(d.place.path, d.place.line, d.code, d.severity) for d in found] == [
        ("article.html", 1, "copy-outdated", "warning"),
        ("robots.txt", 1, "copy-outdated", "warning"),
    ]
    assert found[0].hint.startswith(f"compare this file with {later}/article.html, ")
    digest = found[0].hint.split("write ")[1][:12]
    file = folder / "article.html"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub("[0-9a-f]{12}", digest, text, count=1), encoding="utf-8")
    put(own, "robots.txt", "User-agent: *\n")
    (found,) = check(own.options, CheckOptions()).found  # the theme itself no longer has it
    assert (found.place.path, found.code) == ("robots.txt", "template-unused")


def test_explain_names_the_sites_own_templates(own: Site) -> None:
    put(own, "footer.html", '{% extends "kheo/footer.html" %}')
    own.build()
    places = {"content": own.options.content, "templates": own.options.templates,
              "output": own.options.output, "cache": own.options.cache}  # fmt: skip
    options = [f"--{name}={folder}" for name, folder in places.items()]
    shown = run("explain", "/tin-tuc/bai-0/", *options)[1]
    assert "article.html, with the site's own footer.html" in shown
    assert "site's own" not in run("explain", "/feed.xml", *options)[1]


def test_mistakes_name_the_file_of_their_layer(own: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put(own, "kheo/article.html", "")
    extends = '{% extends "kheo/page.html" %}\n'
    put(own, "page.html", extends + "{% block below %}{{ nothing }}{% endblock %}")
    assert told(own.build()) == [
        "kheo/article.html:0:0: error[template-syntax]: the template cannot be read: "
        "names that begin with “kheo/” are those of the default theme"
    ]
    (own.options.templates / "kheo/article.html").unlink()
    (found,) = own.build().found
    assert (found.place.tree, found.place.path, found.place.line) == ("templates", "page.html", 2)
    put(own, "page.html", extends)
    broken = own.root / "broken"
    shutil.copytree(ROOT / "templates", broken)
    (broken / "page.html").write_text("{{ nothing }}", encoding="utf-8")
    monkeypatch.setattr("kheo.layers.default_theme", lambda: broken)
    (found,) = own.build().found
    assert (found.place.tree, found.place.path, found.place.line) == ("theme", "page.html", 1)


def test_what_jinja_would_drop_is_told(own: Site) -> None:
    put(own, "page.html", '{% extends "page.html" %}')
    put(
        own,
        "article.html",
        '{% extends "kheo/article.html" %}\n{% set a = 1 %}\n{% block belwo %}{% endblock %}\n\nA {{ a }}\n',
    )
    put(
        own,
        "card.html",
        '{% extends "kheo/card.html" %}\n{% block below %}{% block mine %}{% endblock %}{{ self.more() }}{% endblock %}\n{% block more %}{% endblock %}',
    )
    found = sorted(
        (d.place.path, d.place.line, d.message.partition(": ")[2], d.hint)
        for d in own.build().found
    )
    extends = '{% extends "kheo/page.html" %}'
    assert found == [
        ("article.html", 3, "what it extends has no block “belwo”", "did you mean “below”?"),
        ("article.html", 5, "it extends another one, so text outside of blocks is not shown", "see docs/theme.md"),
        ("page.html", 1, "it extends itself", f"did you mean “{extends}”?"),
    ]  # fmt: skip


def test_what_nothing_uses_is_told_by_a_check(own: Site) -> None:
    put(own, "footr.html", "Lời")
    put(own, "notes.md", "Notes")
    put(own, "used.html", "{{ _('A text of ours') }}")
    put(
        own,
        "footer.html",
        '{% extends "kheo/footer.html" %}{% block columns %}{% include "used.html" %}{% endblock %}',
    )
    put(own, "locale/vi/mesages.po", "")
    put(own, "locale/fr/language.yaml", "name: Français\n")
    put(
        own,
        "locale/vi/messages.po",
        'msgid "A text of ours"\nmsgstr "Lời"\n\nmsgid "Latst"\nmsgstr "Mới"\n',
    )
    found = check(own.options, CheckOptions()).found
    assert [(d.place.path, d.place.line, d.code, d.hint) for d in found] == [
        ("footr.html", 0, "template-unused", "did you mean “footer.html”?"),
        ("locale/vi/mesages.po", 0, "template-unused", "did you mean “locale/vi/messages.po”?"),
        ("locale/vi/messages.po", 4, "text-unused", "did you mean “Latest”?"),
    ]
    assert {d.severity for d in found} == {"warning"}


def test_files_of_a_style_sheet(own: Site) -> None:
    """It has the names under which they are published; the policy allows fonts if there are some."""
    put(
        own,
        "base.html",
        '{% extends "kheo/base.html" %}{% block head_end %}<link href="{{ asset("own.css") }}"><link href="{{ asset("img/a b.png") }}">{% endblock %}',
    )
    for name in ("img/a b.png", "x.woff2"):
        put(own, f"assets/{name}", name)
    put(own, "assets/css/deep.css", "p { background: url('../img/a b.png') }")
    elsewhere = "url(../fonts/a.woff2) url(/favicon.ico) url(#id) url('data:image/svg+xml,a') url(https://x.example/a.png)"
    text = (
        f"@import 'css/deep.css'; /* url(gone.png) */ i {{ src: url(x.woff2?#iefix) }} {elsewhere}"
    )
    put(own, "assets/own.css", text)
    assert told(own.build()) == []
    site = own.tree()
    names = {
        re.sub(r"\.[0-9a-f]{8}(?=\.\w+$)", "", path): path
        for path in site
        if path.startswith("assets/")
    }
    deep, font, picture = (
        names[f"assets/{name}"][7:] for name in ("css/deep.css", "x.woff2", "img/a b.png")
    )
    assert own.read(names["assets/own.css"]) == text.replace("css/deep.css", deep).replace(
        "x.woff2", font
    )
    assert f"url('../{picture}')" in own.read(f"assets/{deep}")
    assert "font-src 'self'" in own.read("_headers")
    assert f'href="/assets/{picture.replace(" ", "%20")}"' in own.read("index.html")

    put(own, "assets/img/a b.png", "changed")
    own.build()
    assert names["assets/own.css"] not in own.tree()
    put(own, "assets/own.css", "\na { background: url(b.png) }")
    put(own, "assets/css/deep.css", "@import 'deep.css'")
    assert told(own.build()) == [
        "assets/css/deep.css:1:1: error[template-name]: assets/css/deep.css imports itself",
        "assets/own.css:2:1: error[template-name]: there is no file assets/b.png",
    ]


def test_texts_for_the_sites_own_templates(own: Site) -> None:
    """They are on the page of their source only."""
    for name, block, text in (
        ("article.html", "below", "{{ page.extra.phone }}"),
        ("base.html", "bottom", "[{{ page.extra|length }}]"),
    ):
        extends = f'{{% extends "kheo/{name}" %}}'
        put(own, name, f"{extends}{{% block {block} %}}{text}{{% endblock %}}")
    for name in ("cu", "moi"):
        (own.options.content / f"articles/{name}.md").unlink()
    for number in range(3):
        text = article(f"Bài {number}", extra="{phone: 069 737}", date=f"2020-03-0{number + 1}")
        own.write(f"articles/{number}.md", text)
    assert told(own.build()) == []
    before = own.tree()
    assert b"069 737" in before["tin-tuc/bai-1/index.html"]
    assert b"[0]" in before["index.html"]
    text = article("Bài 1", extra="{phone: 070, fax: 71}", date="2020-03-02")
    own.write("articles/1.md", text)
    assert told(own.build()) == []
    after = own.tree()
    changed = {path for path in after if after[path] != before[path]}
    assert changed == {"tin-tuc/bai-1/index.html", ".kheo"}
    own.write("articles/1.md", article("Bài 1", extra="{phone: [1], fax: {a: b}}"))
    own.write("articles/2.md", article("Bài 2", extra="none"))
    assert [(d.code, d.place.path, d.place.line) for d in own.build().found] == [
        ("wrong-type", "articles/1.md", 5),
        ("wrong-type", "articles/1.md", 5),
        ("wrong-type", "articles/2.md", 5),
    ]


def test_files_that_nothing_refers_to(own: Site) -> None:
    own.write("site.yaml", SITE + "tagline: look/logo.png\n")
    own.write("articles/nhap.md", article("Nháp", "[x](b.pdf)", draft="true"))
    for name in ("articles/b.pdf", "articles/a b.csv", "look/logo.png"):
        own.write(name, b"x")
    found = check(own.options, CheckOptions()).found
    assert [(d.place.path, d.code, d.severity) for d in found] == [
        ("articles/a b.csv", "file-unused", "warning")
    ]
    for number in range(60):
        own.write(f"old/{number:02}.txt", b"x")
    found = check(own.options, CheckOptions()).found
    assert len(found) == 50
    assert found[-1].message.endswith("; nor to 11 other files")


OVERRIDES = {
    "one block": ("article.html", '{% extends "kheo/article.html" %}\n{% block below %}<p>NEW</p>{% endblock %}'),
    "a template": ("terms.html", '{% extends "base.html" %}\n{% block content %}<h1>NEW</h1>{% endblock %}'),
    "an asset": ("assets/style.css", "/* NEW */"),
    "an asset in a folder": ("assets/img/new.svg", "<svg>NEW</svg>"),
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
