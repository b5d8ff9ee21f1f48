"""Read and check the theme: the site's own ``templates/`` and the default theme."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po
from jinja2 import Environment, TemplateSyntaxError, meta, nodes
from msgspec import Struct

from kheo.diagnostics import Diagnostic, Findings, Place, closest, count_errors
from kheo.layers import Layer, layers_of
from kheo.messages.wording import message
from kheo.render.environment import FILTERS, compile_template, make_environment
from kheo.render.inheritance import report_lost_parts
from kheo.render.theme import DEFAULT, Asset, Theme
from kheo.render.theme_assets import read_assets


class _Template(Struct, frozen=True):
    """The text of a template, and where it is."""

    source: str
    place: Place


def read_theme(templates: Path, language: str) -> tuple[Theme, list[Diagnostic]]:
    """Return the theme, and everything that is wrong with it.

    A file in ``templates``, the site's own folder, replaces that of the default theme.
    """
    findings = Findings()
    layers = layers_of(templates)
    files = _read_templates(layers, findings)
    assets = read_assets(layers, findings)
    messages: dict[str, str] = {}
    for layer in reversed(layers):
        messages |= _read_messages(layer, language, findings)
    environment = make_environment()
    trees = _parse(environment, files, findings)
    uses = _find_uses(environment, files, trees, findings)
    places = {name: file.place for name, file in files.items()}
    report_lost_parts(trees, places, findings)
    codes = {} if count_errors(findings.list) else _compile(environment, files, trees, findings)
    if count_errors(findings.list):
        return Theme({}, assets, messages, {}), findings.list
    digests = _digests(files, assets, messages, uses)
    own = _own(layers, places, uses)
    return Theme(codes, assets, messages, digests, places, own), findings.list


def _read_templates(layers: tuple[Layer, ...], findings: Findings) -> dict[str, _Template]:
    """Return the template that each name stands for.

    A name that begins with ``kheo/`` stands for that of the default theme. Only those that the site's
    own templates name are read twice.
    """
    own = dict(_texts(layers[0], findings))
    default = own if len(layers) == 1 else dict(_texts(layers[1], findings))
    named = "".join(file.source for file in own.values())
    again = {f"{DEFAULT}{name}": file for name, file in default.items()}
    for name, file in own.items():
        if name.startswith(DEFAULT):
            reason = message(
                "names that begin with “{prefix}” are those of the default theme", prefix=DEFAULT
            )
            findings.report("template-syntax", file.place, reason=reason)
    return default | own | {name: file for name, file in again.items() if name in named}


def _texts(layer: Layer, findings: Findings) -> Iterator[tuple[str, _Template]]:
    for name, path in layer.files():
        if name.startswith(("assets/", "locale/", ".")):
            continue
        try:
            yield name, _Template(path.read_bytes().decode(), layer.place(name))
        except (UnicodeDecodeError, OSError) as error:
            findings.report("template-syntax", layer.place(name), reason=error)


def _read_messages(layer: Layer, language: str, findings: Findings) -> dict[str, str]:
    for code in dict.fromkeys((language, language.split("-", maxsplit=1)[0])):
        name = f"locale/{code}/messages.po"
        if (layer.root / name).is_file():
            try:
                with (layer.root / name).open("rb") as file:
                    catalogue = read_po(file, abort_invalid=True)
            except (PoFileError, ValueError) as error:
                findings.report("catalogue", layer.place(name), reason=error)
                return {}
            return {str(m.id): str(m.string) for m in catalogue if m.id and m.string}
    return {}


Uses = dict[str, list[str]]  # for each template, those that it needs


def _parse(
    environment: Environment, files: dict[str, _Template], findings: Findings
) -> dict[str, nodes.Template]:
    trees: dict[str, nodes.Template] = {}
    for name, file in files.items():
        try:
            trees[name] = environment.parse(file.source, name)
        except TemplateSyntaxError as error:
            _report_syntax(file.place, error, findings)
    return trees


def _find_uses(
    environment: Environment,
    files: dict[str, _Template],
    trees: dict[str, nodes.Template],
    findings: Findings,
) -> Uses:
    """Return what each template extends, includes, imports or renders with ``once("…")``.

    Report templates that are missing.
    """
    uses: Uses = {}
    for name, tree in trees.items():
        source, place = files[name].source, files[name].place
        _report_unknown_filters(environment, tree, place, findings)
        needed = [*meta.find_referenced_templates(tree), *ONCE.findall(source)]
        uses[name] = [other for other in needed if other in files]
        for other in needed:
            if other is None or other not in files:
                at = place.at(_line_of(source, other or ""))
                findings.report("template-missing", at, name=other or message("(computed)"))
    return uses


def _compile(
    environment: Environment,
    files: dict[str, _Template],
    trees: dict[str, nodes.Template],
    findings: Findings,
) -> dict[str, bytes]:
    """Compile every template; report what Jinja finds only now, such as a block defined twice."""
    codes: dict[str, bytes] = {}
    for name, tree in trees.items():
        try:
            codes[name] = compile_template(environment, tree, name)
        except TemplateSyntaxError as error:
            _report_syntax(files[name].place, error, findings)
    return codes


def _report_syntax(place: Place, error: TemplateSyntaxError, findings: Findings) -> None:
    reason = error.message or message("syntax error")
    findings.report("template-syntax", place.at(error.lineno), reason=reason)


ONCE = re.compile(r"""\bonce\(["']([^"']+)["']""")


def _report_unknown_filters(
    environment: Environment, tree: nodes.Template, place: Place, findings: Findings
) -> None:
    """Report filters and tests that do not exist; Jinja would only notice when a page is rendered."""
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        is_test = isinstance(node, nodes.Test)
        known = [*environment.tests] if is_test else [*environment.filters, *FILTERS]
        if node.name not in known:
            if is_test:
                reason = message("there is no test “{wrong}”", wrong=node.name)
            else:
                reason = message("there is no filter “{wrong}”", wrong=node.name)
            near = closest(node.name, known)
            at = place.at(node.lineno)
            findings.report("template-syntax", at, reason=reason, suggestion=near)


def _line_of(source: str, text: str) -> int:
    return source.count("\n", 0, max(0, source.find(text))) + 1


def _digests(
    files: dict[str, _Template], assets: dict[str, Asset], messages: dict[str, str], uses: Uses
) -> dict[str, str]:
    shared = repr((sorted((a.name, a.url) for a in assets.values()), sorted(messages.items())))

    def digest(name: str) -> str:
        whole = blake2b(shared.encode(), digest_size=16)
        for needed in sorted(_closure(name, uses)):
            whole.update(f"\0{needed}\0{files[needed].source}".encode())
        return whole.hexdigest()

    return {name: digest(name) for name in files}


def _own(
    layers: tuple[Layer, ...], places: dict[str, Place], uses: Uses
) -> dict[str, tuple[str, ...]]:
    """Return the site's own templates that each template uses; none if there is only one layer."""
    if len(layers) == 1:
        return {}
    mine = {name for name, place in places.items() if place.tree == layers[0].tree}
    used = {name: tuple(sorted(_closure(name, uses) & mine)) for name in places}
    return {name: names for name, names in used.items() if names}


def _closure(name: str, uses: Uses) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += uses[current]
    return seen
