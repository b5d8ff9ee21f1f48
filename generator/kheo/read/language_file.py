"""Read and check ``templates/locale/<language>/language.yaml``."""

from datetime import UTC
from pathlib import Path

from kheo.diagnostics import Diagnostic, Findings, Place, diagnostic
from kheo.language import Language
from kheo.read.schema import Reader
from kheo.read.yaml_nodes import parse_yaml

LONGEST_TAG = 35  # RFC 5646, 4.4.1


def read_language(templates: Path, code: str) -> tuple[Language, list[Diagnostic]]:
    """Return the language called ``code`` (``pt-BR``, else ``pt``); the defaults if it has no file."""
    for name in dict.fromkeys((code, code.split("-", maxsplit=1)[0])):
        path = f"locale/{name}/language.yaml"
        is_name = name.replace("-", "").isalnum() and len(name) <= LONGEST_TAG
        if is_name and (templates / path).is_file():
            return _parse((templates / path).read_bytes(), Place(path, tree="templates"))
    return Language(), []


def find_languages(templates: Path) -> list[str]:
    """Return the languages of the theme."""
    return sorted(file.parent.name for file in templates.glob("locale/*/language.yaml"))


def _parse(data: bytes, place: Place) -> tuple[Language, list[Diagnostic]]:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return Language(), [diagnostic("catalogue", place, reason=str(error))]
    findings = Findings()
    root = parse_yaml(text, place.at(1), findings)
    if root is None:
        return Language(), findings.list
    language = Reader(place.at(1), UTC, "", findings).struct(root, Language)
    return language or Language(), findings.list
