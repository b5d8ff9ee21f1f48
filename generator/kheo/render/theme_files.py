"""Read and check the theme in ``templates/``."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from babel.messages.pofile import PoFileError, read_po
from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from kheo.assets import ASSETS
from kheo.diagnostics import Diagnostic, Findings, Place, closest, diagnostic
from kheo.messages.wording import message
from kheo.render.environment import FILTERS, compile_template, make_environment
from kheo.render.theme import Asset, Theme

REQUIRED = (
    "alias.html",
    "archive.html",
    "article.html",
    "expired.html",
    "feed.json",
    "feed.xml",
    "headers.txt",
    "home.html",
    "listing.html",
    "nginx.txt",
    "not_found.html",
    "page.html",
    "redirects.txt",
    "robots.txt",
    "search.html",
    "sitemap.xml",
    "sitemap_index.xml",
    "sitemap_news.xml",
    "terms.html",
)


def read_theme(templates: Path, language: str) -> tuple[Theme, list[Diagnostic]]:
    """Return the theme in ``templates``, and everything that is wrong with it."""
    if not templates.is_dir():
        place = Place("", tree="templates")
        return Theme({}, {}, {}, {}), [diagnostic("templates-missing", place, path=templates)]
    findings = Findings()
    sources = dict(_read_templates(templates, findings))
    for name in REQUIRED:
        if name not in sources:
            findings.report("template-missing", _place(name), name=name)
    assets = {asset.name: asset for asset in _read_assets(templates / "assets")}
    messages = _read_messages(templates, language, findings)
    environment = make_environment()
    trees = _parse(environment, sources, findings)
    uses = _find_uses(environment, sources, trees, findings)
    codes = {} if findings.list else _compile(environment, trees, findings)
    if findings.list:
        return Theme({}, assets, messages, {}), findings.list
    return Theme(codes, assets, messages, _digests(sources, assets, messages, uses)), []


def _place(name: str, line: int = 0) -> Place:
    return Place(name, line, 1 if line else 0, tree="templates")


def _read_templates(templates: Path, findings: Findings) -> Iterator[tuple[str, str]]:
    for path in sorted(templates.rglob("*")):
        name = path.relative_to(templates).as_posix()
        if name.startswith(("assets/", "locale/", ".")) or not path.is_file():
            continue
        try:
            yield name, path.read_bytes().decode()
        except (UnicodeDecodeError, OSError) as error:
            findings.report("template-syntax", _place(name), reason=error)


def _read_assets(folder: Path) -> Iterator[Asset]:
    for path in sorted(folder.glob("*")):
        if path.is_file() and not path.name.startswith("."):
            digest = blake2b(path.read_bytes(), digest_size=16).hexdigest()
            name = PurePosixPath(path.name)
            yield Asset(path.name, f"/{ASSETS}/{name.stem}.{digest[:8]}{name.suffix}", digest)


def _read_messages(templates: Path, language: str, findings: Findings) -> dict[str, str]:
    for code in dict.fromkeys((language, language.split("-", maxsplit=1)[0])):
        name = f"locale/{code}/messages.po"
        if (templates / name).is_file():
            try:
                with (templates / name).open("rb") as file:
                    catalogue = read_po(file, abort_invalid=True)
            except (PoFileError, ValueError) as error:
                findings.report("catalogue", _place(name), reason=error)
                return {}
            return {str(m.id): str(m.string) for m in catalogue if m.id and m.string}
    return {}


Uses = dict[str, list[str]]  # for each template, those that it needs


def _parse(
    environment: Environment, sources: dict[str, str], findings: Findings
) -> dict[str, nodes.Template]:
    trees: dict[str, nodes.Template] = {}
    for name, source in sources.items():
        try:
            trees[name] = environment.parse(source, name)
        except TemplateSyntaxError as error:
            _report_syntax(name, error, findings)
    return trees


def _find_uses(
    environment: Environment,
    sources: dict[str, str],
    trees: dict[str, nodes.Template],
    findings: Findings,
) -> Uses:
    """Return what each template extends, includes, imports or renders with ``once("…")``.

    Report templates that are missing.
    """
    uses: Uses = {}
    for name, tree in trees.items():
        source = sources[name]
        _report_unknown_filters(environment, tree, name, findings)
        needed = [*meta.find_referenced_templates(tree), *ONCE.findall(source)]
        uses[name] = [other for other in needed if other in sources]
        for other in needed:
            if other is None or other not in sources:
                place = _place(name, _line_of(source, other or ""))
                findings.report("template-missing", place, name=other or message("(computed)"))
    return uses


def _compile(
    environment: Environment, trees: dict[str, nodes.Template], findings: Findings
) -> dict[str, bytes]:
    """Compile every template; report what Jinja finds only now, such as a block defined twice."""
    codes: dict[str, bytes] = {}
    for name, tree in trees.items():
        try:
            codes[name] = compile_template(environment, tree, name)
        except TemplateSyntaxError as error:
            _report_syntax(name, error, findings)
    return codes


def _report_syntax(name: str, error: TemplateSyntaxError, findings: Findings) -> None:
    reason = error.message or message("syntax error")
    findings.report("template-syntax", _place(name, error.lineno), reason=reason)


ONCE = re.compile(r"""\bonce\(["']([^"']+)["']""")


def _report_unknown_filters(
    environment: Environment, tree: nodes.Template, name: str, findings: Findings
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
            place = _place(name, node.lineno)
            findings.report("template-syntax", place, reason=reason, suggestion=near)


def _line_of(source: str, text: str) -> int:
    return source.count("\n", 0, max(0, source.find(text))) + 1


def _digests(
    sources: dict[str, str], assets: dict[str, Asset], messages: dict[str, str], uses: Uses
) -> dict[str, str]:
    shared = repr((sorted((a.name, a.url) for a in assets.values()), sorted(messages.items())))

    def digest(name: str) -> str:
        whole = blake2b(shared.encode(), digest_size=16)
        for needed in sorted(_closure(name, uses)):
            whole.update(f"\0{needed}\0{sources[needed]}".encode())
        return whole.hexdigest()

    return {name: digest(name) for name in sources}


def _closure(name: str, uses: Uses) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting += uses[current]
    return seen
