"""The layers of a theme: the site's own ``templates/`` above the default theme.

A file of the site replaces the file of the same name of the default theme. In the repository of the
program both are the same folder, so there is one layer.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from kheo.diagnostics import Place, Tree
from kheo.theme import default_theme

PUBLIC = "public"  # this folder of the site's layer is copied; it has no part of the theme


class Layer(Struct, frozen=True):
    """One folder with files of the theme. ``tree`` is ``templates``, or ``theme`` for the default."""

    root: Path
    tree: Tree

    def place(self, name: str) -> Place:
        return Place(name, tree=self.tree)

    def files(self) -> Iterator[tuple[str, Path]]:
        """Yield the name and the path of every file, sorted, except those in ``public/``."""
        for child in sorted(self.root.iterdir()):
            if child.name != PUBLIC:
                for path in sorted(child.rglob("*")) if child.is_dir() else [child]:
                    if path.is_file():
                        yield path.relative_to(self.root).as_posix(), path


def layers_of(templates: Path) -> tuple[Layer, ...]:
    """Return the layers, the site's own first. ``templates`` is its folder, which may not exist."""
    own, default = Layer(templates, "templates"), Layer(default_theme(), "theme")
    if not templates.is_dir():
        return (default,)
    return (own,) if templates.resolve() == default.root.resolve() else (own, default)


def roots_of(content: Path, templates: Path) -> dict[str, Path]:
    """Return the folder of each ``Place.tree`` that has one."""
    return {"content": content, "templates": templates, "theme": default_theme()}
