"""The theme: what depends on what, what is wrong in a template, whether catalogues are complete."""

import pickle
import shutil
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from support import ROOT

from kheo.language import DatePatterns
from kheo.render.body import WORDS
from kheo.render.charts.words import CHART_TEXTS
from kheo.render.environment import FILTERS, make_environment
from kheo.render.figures import TEXTS
from kheo.render.renderer import Renderer
from kheo.render.theme import Theme
from kheo.render.theme_files import read_theme
from kheo.views import SiteView

TEMPLATES = ROOT / "templates"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(TEMPLATES, tmp_path / "templates")
    return tmp_path / "templates"


def read(folder: Path) -> Theme:
    theme, found = read_theme(folder, "vi")
    assert found == []
    return theme


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def changed(before: Theme, after: Theme) -> set[str]:
    """The templates whose pages must be rendered again."""
    return {name for name in before.digests if before.digests[name] != after.digests[name]}


PAGES = {"archive.html", "article.html", "campaign.html", "expired.html", "gone.html", "home.html", "listing.html",
         "moved.html", "not_found.html", "page.html", "search.html", "terms.html"}  # fmt: skip
WITHOUT_MACROS = {"archive.html", "expired.html", "gone.html", "moved.html", "not_found.html",
                  "search.html"}  # fmt: skip


@pytest.mark.parametrize(
    ("edited", "dependents"),
    [
        ("feed.xml", {"feed.xml"}),
        ("article.html", {"article.html"}),
        ("base.html", {"base.html", *PAGES}),
        ("masthead.html", {"masthead.html", "base.html", *PAGES}),
        ("card.html", {"card.html", "article.html", "campaign.html", "home.html", "listing.html"}),
        ("macros.html", {"macros.html", "card.html", *PAGES - WITHOUT_MACROS}),
    ],
)
def test_an_edited_template_touches_its_dependents_only(
    folder: Path, edited: str, dependents: set[str]
) -> None:
    before = read(folder)
    write(folder, edited, (folder / edited).read_text(encoding="utf-8") + "\n")
    assert changed(before, read(folder)) == dependents


@pytest.mark.parametrize("edited", ["assets/style.css", "locale/vi/messages.po"])
def test_assets_and_catalogue_touch_everything(folder: Path, edited: str) -> None:
    before = read(folder)
    text = (folder / edited).read_text(encoding="utf-8")
    write(folder, edited, text.replace("Trang sau", "Tiếp").replace("--ink:", "--ink : "))
    assert changed(before, read(folder)) == set(before.codes)


def test_another_language_touches_nothing(folder: Path) -> None:
    before = read(folder)
    write(folder, "locale/en/messages.po", 'msgid "Menu"\nmsgstr "Contents"\n')
    assert changed(before, read(folder)) == set()


def test_an_asset_is_named_after_its_bytes() -> None:
    asset = read(TEMPLATES).assets["style.css"]
    assert asset.url == f"/assets/style.{asset.digest[:8]}.css"


def test_a_theme_is_plain_data() -> None:
    theme = read(TEMPLATES)
    assert pickle.loads(pickle.dumps(theme)) == theme


def test_every_mistake_in_every_template_is_told_at_once(folder: Path) -> None:
    write(folder, "article.html", "{% extends 'base.html' %}\n{{ page.date|dat }}\n")
    write(folder, "listing.html", "{% if page.items is iterabel %}{% endif %}\n")
    write(folder, "home.html", "<p>\n{% for item in %}\n")
    write(folder, "page.html", "\n{% include 'nowhere.html' %}\n")
    (folder / "terms.html").write_bytes(b"\xff")
    _, found = read_theme(folder, "vi")
    told = [(d.place.path, d.place.line, d.code, d.hint) for d in found]
    assert ("article.html", 2, "template-syntax", "did you mean “date”?") in told
    assert ("listing.html", 1, "template-syntax", "did you mean “iterable”?") in told
    assert [t[:3] for t in told if t[0] == "home.html"] == [("home.html", 2, "template-syntax")]
    assert [t[:3] for t in told if t[0] == "page.html"] == [("page.html", 2, "template-missing")]
    assert [t[2] for t in told if t[0] == "terms.html"] == ["template-syntax"]
    assert all(d.place.tree == "templates" for d in found)


def test_what_jinja_sees_only_when_it_compiles(folder: Path) -> None:
    twice = "{% block a %}{% endblock %}\n{% block a %}{% endblock %}"
    (folder / "terms.html").write_text(twice, encoding="utf-8")
    _, found = read_theme(folder, "vi")
    assert [(d.place.path, d.place.line, d.code) for d in found] == [
        ("terms.html", 2, "template-syntax")
    ]


def test_a_broken_catalogue(folder: Path) -> None:
    write(folder, "locale/vi/messages.po", 'msgid "Menu\n')
    _, found = read_theme(folder, "vi")
    assert [(d.place.path, d.code) for d in found] == [("locale/vi/messages.po", "catalogue")]


def test_without_a_templates_folder_the_theme_is_the_default_one(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere").digests == read(TEMPLATES).digests


def test_the_filters_that_are_checked_are_those_that_there_are(bare_site: SiteView) -> None:
    renderer = Renderer(read(TEMPLATES), bare_site, DatePatterns())
    own = set(renderer.environment.filters) - set(make_environment({}).filters)
    assert own == set(FILTERS)


@pytest.mark.parametrize("code", ["en", "vi"])
def test_catalogues_have_every_text_of_the_templates(code: str) -> None:
    """Extracted as translators' tools do it, so that ``{% trans %}`` counts too."""
    wanted: set[object] = {*WORDS.values(), *CHART_TEXTS, *TEXTS}
    for file in sorted(TEMPLATES.glob("*.*")):
        options = {"trimmed": "true", "newstyle_gettext": "true"}
        with file.open("rb") as stream:
            texts = extract("jinja2.ext:babel_extract", stream, options=options)
            wanted |= {message for _, message, _, _ in texts}
    with (TEMPLATES / "locale" / code / "messages.po").open("rb") as stream:
        catalogue = {m.id: m for m in read_po(stream) if m.id}
    assert set(catalogue) == wanted
    assert [m.id for m in catalogue.values() if not m.string or m.fuzzy] == []
    for message in catalogue.values():
        assert "%(" not in str(message.id) or set(_names(message.id)) == set(_names(message.string))


def _names(text: object) -> list[str]:
    return [part.split(")")[0] for part in str(text).split("%(")[1:]]


def test_the_stylesheet_is_small_and_asks_for_nothing() -> None:
    text = (TEMPLATES / "assets/style.css").read_text(encoding="utf-8")
    assert len(text.encode()) < 20_000
    assert "url(" not in text
    assert "@import" not in text
