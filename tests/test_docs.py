"""The documents say what the program does: tables of keys and fields are made from the types."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from msgspec import Meta, Struct
from msgspec.structs import fields
from support import ROOT

from kheo import config, language, model, term_sources, views
from kheo.language import DatePatterns
from kheo.messages.rules import RULES
from kheo.render.body import WORDS
from kheo.render.charts.words import CHART_TEXTS
from kheo.render.environment import FILTERS, make_environment
from kheo.render.figures import TEXTS
from kheo.render.renderer import Renderer
from kheo.render.theme import Theme

PUBLISHED_AS = {
    "redirects.txt": "_redirects",
    "headers.txt": "_headers",
    "nginx.txt": "_nginx.conf",
}
SITE_VIEW = views.SiteView(
    title="", tagline="", language="vi", origin="", home="/", publisher=config.Publisher(name="x"),
    navigation=(), sections=(), pages=(), feeds=(),
)  # fmt: skip
PAGES = ["writing.md", "site.md", "terms.md", "theme.md", "charts.md"]
SHARED = (model.Moment, model.Correction, config.Publisher)
TYPES = {
    name: kind
    for module in (config, model, language, term_sources)
    for name, kind in vars(module).items()
    if inspect.isclass(kind) and issubclass(kind, Struct)
}


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def key_table(schema: type[Struct]) -> str:
    hints = get_type_hints(schema, include_extras=True)
    lines = ["| key | what it says | example |", "| --- | --- | --- |"]
    for field in fields(schema):
        notes = [note for note in hints[field.name].__metadata__ if isinstance(note, Meta)]
        description = next(note.description for note in notes if note.description)
        example = next(note.examples[0] for note in notes if note.examples)
        lines.append(f"| `{field.name}` | {cell(description)} | `{cell(str(example))}` |")
    return "\n".join(lines)


def view_lists() -> Iterator[str]:
    for name, kind in vars(views).items():
        if not (inspect.isclass(kind) and issubclass(kind, Struct)) or kind is Struct:
            continue
        if kind.__module__ != views.__name__:
            continue
        doc = " ".join((kind.__doc__ or "").split()).replace("``", "`")
        names = ", ".join(f"`{field}: {annotation(kind, field)}`" for field in own_fields(kind))
        above = (
            " Also everything of `Page`."
            if kind is not views.Page and issubclass(kind, views.Page)
            else ""
        )
        yield f"**{name}**: {doc}{above}\n{names or '(nothing of its own)'}"


def shared_lists() -> Iterator[str]:
    """What views hold that is no view: dates, corrections, the publisher."""
    for kind in SHARED:
        hints = get_type_hints(kind)
        names = [f"`{field.name}: {short(hints[field.name])}`" for field in fields(kind)]
        for name, member in vars(kind).items():
            if isinstance(member, property) and member.fget:
                names.append(f"`{name}: {short(get_type_hints(member.fget)['return'])}`")
        doc = " ".join((kind.__doc__ or "").split()).replace("``", "`")
        yield f"**{kind.__name__}**: {doc}\n{', '.join(names)}"


def short(hint: Any) -> str:
    text = str(hint) if "[" in str(hint) or "|" in str(hint) else hint.__name__
    return re.sub(r"[a-z_.]+\.(?=[A-Z])", "", text)


def own_fields(kind: type[Struct]) -> list[str]:
    return list(kind.__annotations__)


def annotation(kind: type[Struct], field: str) -> str:
    hint: Any = kind.__annotations__[field]
    text = hint if isinstance(hint, str) else getattr(hint, "__name__", str(hint))
    if "[" in str(hint) or "|" in str(hint):
        text = str(hint)
    return re.sub(r"[a-z_.]+\.(?=[A-Z])", "", text)


def filled(text: str) -> str:
    def keys(match: re.Match[str]) -> str:
        return f"<!-- keys: {match[1]} -->\n{key_table(TYPES[match[1]])}\n<!-- end -->"

    text = re.sub(r"<!-- keys: (\w+) -->\n.*?<!-- end -->", keys, text, flags=re.DOTALL)
    body = "\n\n".join([*view_lists(), *shared_lists()])
    return re.sub(r"<!-- views -->\n.*?<!-- end -->", lambda _: f"<!-- views -->\n{body}\n<!-- end -->",
                  text, flags=re.DOTALL)  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_tables_are_those_of_the_types(name: str, request: pytest.FixtureRequest) -> None:
    file = ROOT / "docs" / name
    text = file.read_text(encoding="utf-8")
    if request.config.getoption("--update"):
        file.write_text(filled(text), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == filled(text)


def test_every_schema_is_documented() -> None:
    text = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in PAGES)
    schemas = {name for name, kind in TYPES.items() if kind.__struct_config__.forbid_unknown_fields}
    assert {name for name in schemas if f"keys: {name} " not in text} == set()


def test_every_template_is_documented() -> None:
    text = (ROOT / "docs/theme.md").read_text(encoding="utf-8")
    names = {file.name for file in (ROOT / "templates").glob("*.*")}
    assert names
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []


def test_the_view_of_every_template_is_that_of_the_table() -> None:
    """The views say in their first words which template sees them."""
    text = (ROOT / "docs/theme.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+?`) \| .+? \| (`\w+View`.*?) \|$", text, re.MULTILINE)
    table = {}
    for names, kinds in rows:
        files, seen = re.findall("`(.+?)`", names), re.findall("`(.+?)`", kinds)
        table |= dict(zip(files, seen if len(seen) > 1 else seen * len(files), strict=True))
    plan = "".join(f.read_text("utf-8") for f in (ROOT / "generator/kheo/plan").glob("*.py"))
    assert set(table) == set(re.findall(r'"(\w+\.(?:html|xml|json|txt))"', plan)) - {"index.html"}
    for file, kind in table.items():
        doc = getattr(views, kind).__doc__ or ""
        assert f"``{file}``" in doc or f"``{PUBLISHED_AS.get(file)}``" in doc, (file, kind)


def test_every_type_of_a_field_is_documented() -> None:
    text = (ROOT / "docs/theme.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\*\*(\w+)\*\*:", text, re.MULTILINE))
    lists = re.findall(r"^`\w+: .*$", text, re.MULTILINE)
    named = {name for line in lists for name in re.findall(r"\b[A-Z][a-z]\w+", line)}
    assert sorted(named - known - {"None"}) == []


def test_all_that_templates_may_use_is_documented() -> None:
    text = (ROOT / "docs/theme.md").read_text(encoding="utf-8")
    assert [name for name in FILTERS if f"\\|{name}" not in text] == []
    plain = set(make_environment().globals)
    own = (
        set(Renderer(Theme({}, {}, {}, {}), SITE_VIEW, DatePatterns()).environment.globals) - plain
    )
    told = {name for name in own if f"`{name}`" in text or f"{name}(" in text}
    assert sorted(own - told - {"gettext", "ngettext", "pgettext", "npgettext"}) == []


def test_every_message_code_is_used() -> None:
    source = "".join(f.read_text(encoding="utf-8") for f in (ROOT / "generator/kheo").rglob("*.py"))
    source = source.replace(
        (ROOT / "generator/kheo/messages/rules.py").read_text(encoding="utf-8"), ""
    )
    assert [code for code in RULES if f'"{code}"' not in source] == []


def test_catalogues_are_complete() -> None:
    from babel.messages.pofile import read_po

    wanted: set[str] = {*WORDS.values(), *CHART_TEXTS, *TEXTS}
    for file in (ROOT / "templates").glob("*.*"):
        wanted |= set(re.findall(r'_\("((?:[^"\\]|\\.)*)"', file.read_text(encoding="utf-8")))
    assert wanted
    for code in ("vi", "en"):
        with (ROOT / f"templates/locale/{code}/messages.po").open("rb") as stream:
            catalogue = {m.id: m.string for m in read_po(stream) if m.id}
        assert set(catalogue) == wanted, code
        assert all(catalogue.values()), code


DOCUMENTS = [ROOT / "README.md", ROOT / "benchmarks/README.md", *Path(ROOT / "docs").rglob("*.md")]


def anchors_of(file: Path) -> set[str]:
    """Of headings, as forges make them."""
    text = re.sub(r"```.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_links_in_the_documents_lead_somewhere(file: Path) -> None:
    text = re.sub(
        r"```.*?```|`[^`\n]*`|<!-- codes -->.*?<!-- end -->",
        "",
        file.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    for path, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([^)]*))?\)", text):
        target = (file.parent / path) if path else file
        assert target.exists(), f"{file.name}: {path}"
        if anchor:
            assert anchor in anchors_of(target), f"{file.name}: {path}#{anchor}"
