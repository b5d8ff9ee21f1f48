"""The theme, read from ``templates/`` and checked."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from babel.messages.pofile import PoFileError, read_po
from jinja2 import Environment, TemplateSyntaxError, meta

from generator.diagnostics import Diagnostic, Place, diagnostic
from generator.render.environment import make_environment
from generator.render.theme import Asset, Theme

REQUIRED = (
    "alias.html", "archive.html", "article.html", "feed.json", "feed.xml", "home.html",
    "listing.html", "not_found.html", "page.html", "redirects.txt", "robots.txt", "sitemap.xml",
    "sitemap_index.xml", "sitemap_news.xml", "terms.html",
)  # fmt: skip


def read_theme(templates: Path, language: str) -> tuple[Theme, list[Diagnostic]]:
    """The theme in ``templates``, and everything that is wrong in it."""
    if not templates.is_dir():
        place = Place("", tree="templates")
        return Theme({}, {}, {}, {}), [diagnostic("templates-missing", place, path=templates)]
    found: list[Diagnostic] = []
    sources = dict(_read_templates(templates, found))
    missing = [name for name in REQUIRED if name not in sources]
    found += [diagnostic("template-missing", _place(name), name=name) for name in missing]
    assets = {asset.name: asset for asset in _read_assets(templates / "assets")}
    messages = _read_messages(templates, language, found)
    found += _syntax_errors(sources)
    if found:
        return Theme(sources, assets, messages, {}), found
    return Theme(sources, assets, messages, _digests(sources, assets, messages)), []


def _place(name: str, line: int = 0) -> Place:
    return Place(name, line, 1 if line else 0, tree="templates")


def _read_templates(templates: Path, found: list[Diagnostic]) -> Iterator[tuple[str, str]]:
    for path in sorted(templates.rglob("*")):
        name = path.relative_to(templates).as_posix()
        if name.startswith(("assets/", "locale/", ".")) or not path.is_file():
            continue
        try:
            yield name, path.read_bytes().decode()
        except (UnicodeDecodeError, OSError) as error:
            found.append(diagnostic("template-syntax", _place(name), reason=error))


def _read_assets(folder: Path) -> Iterator[Asset]:
    for path in sorted(folder.glob("*")):
        if path.is_file() and not path.name.startswith("."):
            digest = blake2b(path.read_bytes(), digest_size=16).hexdigest()
            name = PurePosixPath(path.name)
            yield Asset(path.name, f"/assets/{name.stem}.{digest[:8]}{name.suffix}", digest)


def _read_messages(templates: Path, language: str, found: list[Diagnostic]) -> dict[str, str]:
    for code in dict.fromkeys((language, language.split("-", maxsplit=1)[0])):
        name = f"locale/{code}/messages.po"
        if (templates / name).is_file():
            try:
                with (templates / name).open("rb") as file:
                    catalogue = read_po(file, abort_invalid=True)
            except (PoFileError, ValueError) as error:
                found.append(diagnostic("catalogue", _place(name), reason=error))
                return {}
            return {str(m.id): str(m.string) for m in catalogue if m.id and m.string}
    return {}


def _syntax_errors(sources: dict[str, str]) -> Iterator[Diagnostic]:
    environment = make_environment({})
    for name, source in sources.items():
        try:
            referenced = _referenced(environment, name, source)
        except TemplateSyntaxError as error:
            yield diagnostic(
                "template-syntax",
                _place(error.name or name, error.lineno),
                reason=error.message or "syntax error",
            )
            continue
        for other in referenced:
            if other is None or other not in sources:
                line = _line_of(source, other or "")
                yield diagnostic("template-missing", _place(name, line), name=other or "(computed)")


def _referenced(environment: Environment, name: str, source: str) -> list[str | None]:
    """What a template extends, includes and imports, and what it asks for by ``once("…")``."""
    found = list(meta.find_referenced_templates(environment.parse(source, name)))
    return found + re.findall(r"""\bonce\(["']([^"']+)["']""", source)


def _line_of(source: str, text: str) -> int:
    return source.count("\n", 0, max(0, source.find(text))) + 1


def _digests(
    sources: dict[str, str], assets: dict[str, Asset], messages: dict[str, str]
) -> dict[str, str]:
    environment = make_environment({})
    uses = {
        name: [other for other in _referenced(environment, name, source) if other]
        for name, source in sources.items()
    }
    shared = repr((sorted((a.name, a.url) for a in assets.values()), sorted(messages.items())))

    def digest(name: str) -> str:
        whole = blake2b(shared.encode(), digest_size=16)
        for needed in sorted(_closure(name, uses)):
            whole.update(f"\0{needed}\0{sources[needed]}".encode())
        return whole.hexdigest()

    return {name: digest(name) for name in sources}


def _closure(name: str, uses: dict[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += uses[current]
    return seen
