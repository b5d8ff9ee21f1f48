"""Read and check ``locale/<language>/language.yaml`` of the theme."""

from datetime import UTC
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic, Findings, Place
from kheo.language import Language
from kheo.layers import layers_of
from kheo.read.schema import Reader, is_empty
from kheo.read.yaml_nodes import Mapping, parse_yaml

T = TypeVar("T", bound=Struct)

LONGEST_TAG = 35  # RFC 5646, 4.4.1


def read_language(templates: Path, code: str) -> tuple[Language, list[Diagnostic]]:
    """Return the language called ``code`` (``pt-BR``, else ``pt``); the defaults if it has no file.

    A key in the site's own file replaces that of the default theme.
    """
    language, findings = Language(), Findings()
    for layer in reversed(layers_of(templates)):
        for name in dict.fromkeys((code, code.split("-", maxsplit=1)[0])):
            path = f"locale/{name}/language.yaml"
            is_name = name.replace("-", "").isalnum() and len(name) <= LONGEST_TAG
            if is_name and (layer.root / path).is_file():
                data = (layer.root / path).read_bytes()
                language = _read_over(language, data, layer.place(path), findings)
                break
    return language, findings.list


def find_languages(templates: Path) -> list[str]:
    """Return the languages of the theme."""
    files = (f for one in layers_of(templates) for f in one.root.glob("locale/*/language.yaml"))
    return sorted({file.parent.name for file in files})


def _read_over(below: Language, data: bytes, place: Place, findings: Findings) -> Language:
    """Return ``below`` with the keys of a file."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        findings.report("catalogue", place, reason=str(error))
        return below
    root = parse_yaml(text, place.at(1), findings)
    if root is None:
        return below
    above = Reader(place.at(1), UTC, "", findings).struct(root, Language)
    return _over(below, above, root) if above else below


def _over(below: T, above: T, given: Mapping) -> T:
    """Return ``below`` with the values of ``above`` for the keys that are ``given``."""
    values = {}
    for name, (_, node) in given.items.items():
        value = getattr(above, name)
        if isinstance(node, Mapping):
            values[name] = _over(getattr(below, name), value, node)
        elif not is_empty(node):
            values[name] = value
    return structs.replace(below, **values)
