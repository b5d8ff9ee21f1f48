"""Collect the ids in a body, the possible targets of ``#anchor``."""

import re
from html import escape, unescape

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.read.markdown.positions import AddressFinder
from kheo.read.markdown.tags import attributes, replace_attributes, replace_tags, tags_with


def collect_anchors(
    parts: tuple[str, ...], text: str, place: Place, clean: bool = False
) -> tuple[tuple[str, ...], dict[str, int], list[Diagnostic]]:
    """Return the parts with unique ids, the part number of every id, and a warning for each duplicate.

    Of two elements with one id, the first keeps it, because that is where browsers go. ``text`` is
    the Markdown, which begins at ``place``. ``clean``: the sanitiser wrote the parts.
    """
    anchors: dict[str, int] = {}
    twice: set[str] = set()
    for number, part in enumerate(parts):
        for anchor in _ids(part, clean):
            if anchor in anchors:
                twice.add(anchor)
            anchors.setdefault(anchor, number)
    if not twice:
        return parts, anchors, []
    renamer = _Renamer(anchors)
    renamed = tuple(renamer.rename(number, part) for number, part in enumerate(parts))
    finder = AddressFinder(text, place)
    return (
        renamed,
        anchors,
        [_twice_diagnostic(anchor, text, finder, place) for anchor in sorted(twice)],
    )


def _ids(html: str, clean: bool) -> list[str]:
    given = (attributes(tag["attributes"]) for tag in tags_with(html, ("id",), clean))
    return [unescape(value) for each in given for name, value in each if name == "id" and value]


class _Renamer:
    """Renames duplicate ids in the tags of all parts, in order."""

    def __init__(self, anchors: dict[str, int]) -> None:
        self.anchors = anchors
        self.part = 0
        self.seen: set[str] = set()

    def rename(self, number: int, html: str) -> str:
        self.part = number
        return replace_tags(html, lambda tag: replace_attributes(tag, self._attribute))

    def _attribute(self, name: str, value: str) -> str | None:
        anchor = unescape(value)
        if name != "id" or not anchor:
            return None
        if anchor not in self.seen:
            self.seen.add(anchor)
            return None
        free = next(f"{anchor}-{n}" for n in range(2, 10**6) if f"{anchor}-{n}" not in self.anchors)
        self.anchors[free] = self.part
        self.seen.add(free)
        return escape(free)


def _twice_diagnostic(anchor: str, text: str, finder: AddressFinder, place: Place) -> Diagnostic:
    """Report a duplicate id at the second place where it is written: ``{#id}`` or ``id="id"``."""
    written = re.compile(rf"(?:#|\bid\s*=\s*[\"']?){re.escape(anchor)}(?![\w-])", re.IGNORECASE)
    starts = [match.start() for match in written.finditer(text)]
    at = finder.position(starts[1] if len(starts) > 1 else starts[0] if starts else -1)
    return diagnostic("anchor-twice", place.at(at.line, at.column), anchor=anchor)
