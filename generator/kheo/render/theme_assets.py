"""Read the files of ``assets/``. Style sheets get the published names of the files that they refer to."""

import re
from collections.abc import Iterator
from pathlib import Path
from posixpath import basename, dirname, join, normpath

from kheo.diagnostics import Findings
from kheo.layers import Layer
from kheo.messages.wording import message
from kheo.render.theme import Asset, AssetTree, make_asset

Files = dict[str, tuple[Layer, Path]]
# A comment, or an address in quotes or in `url()`: `url("a.woff2")`, `@import "b.css"`.
_ADDRESS = re.compile(
    rb"/\*.*?\*/|(?:url\(\s*|@import\s+(?=[\"']))"
    rb"(?:\"(?P<double>[^\"\n]*)|'(?P<single>[^'\n]*)|(?P<bare>[^\"'()\s]+))",
    re.DOTALL,
)
# What is not looked for in assets/: URLs with a host or from the root, data, and parts of the page.
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[/#]")


def read_assets(layers: tuple[Layer, ...], findings: Findings) -> dict[str, Asset]:
    """Return the assets by name. A file of the first layer replaces that of the next ones."""
    files = {name: found for layer in reversed(layers) for name, found in _files(layer)}
    maker = _Maker(files, findings)
    return {name: maker.asset(name) for name in files}


def _files(layer: Layer) -> Iterator[tuple[str, tuple[Layer, Path]]]:
    root = layer.root / "assets"
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and not any(part.startswith(".") for part in parts):
            yield "/".join(parts), (layer, path)


class _Maker:
    def __init__(self, files: Files, findings: Findings) -> None:
        self.files = files
        self.findings = findings
        self.made: dict[str, Asset] = {}
        self.open: set[str] = set()  # style sheets that are being read

    def asset(self, name: str) -> Asset:
        if name not in self.made:
            layer, path = self.files[name]
            tree: AssetTree = "templates" if layer.tree == "templates" else "theme"
            data = path.read_bytes()
            if name.endswith(".css"):
                self.open.add(name)
                data = self._linked(name, data)
                self.open.remove(name)
            self.made[name] = make_asset(name, data, tree)
        return self.made[name]

    def _linked(self, name: str, data: bytes) -> bytes:
        """Return a style sheet with the names that its files have when they are published."""

        def replace(match: re.Match[bytes]) -> bytes:
            group = match.lastgroup or 0
            written = match[group].decode(errors="replace") if group else ""
            if not written or _ELSEWHERE.match(written):
                return match[0]
            target = re.split("[?#]", written)[0]
            path = normpath(join(dirname(name), target))
            if path.startswith("../"):  # in public/, perhaps
                return match[0]
            line = data.count(b"\n", 0, match.start()) + 1
            if path not in self.files or path in self.open:
                self._report(name, line, path)
                return match[0]
            published = join(dirname(target), basename(self.asset(path).url))
            start = match.start(group) - match.start()
            end = start + len(target.encode())
            return match[0][:start] + published.encode() + match[0][end:]

        return _ADDRESS.sub(replace, data)

    def _report(self, name: str, line: int, path: str) -> None:
        layer, _ = self.files[name]
        if path in self.open:
            reason = message("assets/{path} imports itself", path=path)
        else:
            reason = message("there is no file assets/{path}", path=path)
        self.findings.report("template-name", layer.place(f"assets/{name}").at(line), reason=reason)
