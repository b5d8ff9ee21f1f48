"""The files of a new site: ``kheo/starter/``, filled in with what ``init`` was told."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, structs

from kheo import __version__
from kheo.commands.json_schema import names_of, schemas_of
from kheo.commands.new_source import quoted
from kheo.commands.schema import as_text
from kheo.diagnostics import Diagnostic
from kheo.read.site_file import parse_site_file
from kheo.reporting.catalogue import Words

STARTER = Path(__file__).parent.parent / "starter"
TEXTS = ("en", "vi")  # a site in another language gets comments and texts in English
GOOD = {"title": "News", "base_url": "https://example.org/", "language": "en"}

CI = Literal["github", "gitlab", "none"]
Key = Literal["title", "base_url", "language"]


class NewSite(Struct, frozen=True, kw_only=True):
    """The three settings that a site needs, and the service that publishes it."""

    title: str
    base_url: str
    language: str
    ci: CI


def mistakes(key: Key, value: str, languages: list[str]) -> list[Diagnostic]:
    """Return what a build would say of one setting; the others are good."""
    settings = GOOD | {key: value}
    text = "".join(f"{name}: {quoted(given)}\n" for name, given in settings.items())
    # What is no text, as an argument may be, is reported as such.
    data = text.encode(errors="surrogateescape")
    known = languages if key == "language" else ()
    return parse_site_file(data, lambda _: "", languages=known)[1]


def starter_files(site: NewSite, today: date, words: Words) -> dict[str, str]:
    """Return the text of every file of a new site, by its path in the folder of the site."""
    spoken = site.language.partition("-")[0]
    values = structs.asdict(site) | {
        "today": today,
        "YEAR": str(today.year),
        "check_label": words.say("Check the reports"),
    }
    texts = _filled(STARTER / (spoken if spoken in TEXTS else "en"), values)
    return texts | _filled(STARTER / "editor", values) | _schemas(texts, words) | pinned_files(site)


def pinned_files(site: NewSite) -> dict[str, str]:
    """Return the files that depend on the version of the program: what installs and runs it.

    Those for CI are as they are: their own ``${{ … }}`` would be taken for something to fill in.
    """
    ci = STARTER / site.ci
    as_they_are = {_place(ci, file, {}): _text(file) for file in _below(ci)}
    return _filled(STARTER / "pinned", {"version": __version__}) | as_they_are


def _filled(folder: Path, values: dict[str, Any]) -> dict[str, str]:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)
    environment.filters["yaml"] = quoted
    return {
        _place(folder, file, values): environment.from_string(_text(file)).render(values)
        for file in _below(folder)
    }


def _schemas(texts: dict[str, str], words: Words) -> dict[str, str]:
    """Return what ``schema`` writes: the settings for VS Code refer to it."""
    config, _ = parse_site_file(texts["content/site.yaml"].encode(), lambda _: "")
    if config is None:
        return {}
    schemas = schemas_of(config, names_of(config, []), words.plain)
    return {f"schema/{name}": as_text(schema) for name, schema in schemas.items()}


def _below(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _place(folder: Path, file: Path, values: dict[str, Any]) -> str:
    """Return where a file belongs: ``dot.vscode/tasks.json`` is ``.vscode/tasks.json``.

    With their real names, files such as ``.gitignore`` would act on this folder.
    """
    parts = file.relative_to(folder).parts
    named = (f".{part.removeprefix('dot.')}" if part.startswith("dot.") else part for part in parts)
    return "/".join(values[part] if part == "YEAR" else part for part in named)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")
