"""Find what nothing uses in the site's own ``templates/``: most of it has a mistake in its name."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from kheo.diagnostics import Diagnostic, closest, diagnostic
from kheo.layers import Layer, layers_of
from kheo.render.theme import Theme

LOCALE = ("language.yaml", "messages.po")


def idle_templates(templates: Path, theme: Theme) -> Iterator[Diagnostic]:
    """Report templates, files of a language and texts that no page uses."""
    own, *default = layers_of(templates)
    if not (default and theme.digests):  # the default theme alone, or a theme with errors
        return
    known = [name for name, _ in default[0].files()]
    pages = [name for name in known if "/" not in name]
    used = {*known, *(one for name in pages for one in theme.own.get(name, ()))}
    kinds = {PurePosixPath(name).suffix for name in pages}
    for name, _ in _visible(own):
        path = PurePosixPath(name)
        if path.parts[0] == "locale":
            if len(path.parts) != 3 or path.name not in LOCALE:
                place = f"{path.parent}/{closest(path.name, list(LOCALE)) or LOCALE[1]}"
                meant = place if len(path.parts) == 3 else ""
                yield diagnostic("template-unused", own.place(name), suggestion=meant)
        elif path.parts[0] != "assets" and name not in used and path.suffix in kinds:
            yield diagnostic("template-unused", own.place(name), suggestion=closest(name, pages))
    yield from _idle_texts(own, default[0])


def _idle_texts(own: Layer, default: Layer) -> Iterator[Diagnostic]:
    """Report texts of the site's own catalogues that its templates and the theme's do not have."""
    files = [path for name, path in _visible(own) if name.endswith("/messages.po")]
    if not files:
        return
    known = [text for path in default.root.glob("locale/*/messages.po") for text in _texts(path)]
    templates = [path for name, path in _visible(own) if name.endswith((".html", ".xml", ".txt"))]
    written = "\n".join(path.read_text(encoding="utf-8") for path in templates)
    for path in files:
        for text, line in _texts(path).items():
            if text and text not in known and text not in written:
                yield diagnostic(
                    "text-unused",
                    own.place(path.relative_to(own.root).as_posix()).at(line),
                    text=text,
                    suggestion=closest(text, known),
                )


def _visible(layer: Layer) -> Iterator[tuple[str, Path]]:
    return (one for one in layer.files() if not one[0].startswith("."))


def _texts(path: Path) -> dict[str, int]:
    """Return the texts of a catalogue, with their lines; none if it cannot be read."""
    from babel.messages.pofile import read_po

    try:
        with path.open("rb") as file:
            return {one.id: one.lineno or 0 for one in read_po(file) if isinstance(one.id, str)}
    except ValueError:  # a build reports it, if it is that of the site's language
        return {}
