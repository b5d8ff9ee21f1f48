"""Addresses inside a body that lead to other sources, files and anchors."""

import re
from html import unescape
from urllib.parse import unquote

from generator.diagnostics import Diagnostic, Place, closest, diagnostic
from generator.model import Position, Reference, ReferenceKind

# One attribute of one tag; serialised HTML has no `<` or `>` in its double-quoted values.
_ADDRESS = re.compile(
    r"""(?P<before><(?P<tag>[a-zA-Z][a-zA-Z0-9]*)\b[^<>]*?\s(?P<name>href|src|poster)=)"""
    r"""(?P<quote>["'])(?P<value>[^"'<>]*)(?P=quote)"""
)
_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|\\")


def collect_references(
    parts: tuple[str, ...], anchors: dict[str, int], text: str, place: Place
) -> tuple[tuple[str, ...], tuple[Reference, ...], list[Diagnostic]]:
    """The parts with ``\\0n\\0`` in place of internal addresses, those addresses, and broken anchors.

    ``anchors`` has the part of every id; ``text`` is the Markdown that begins at ``place``.
    """
    references: list[Reference] = []
    found: list[Diagnostic] = []
    finder = _Finder(text, place)

    def replace(part: int, match: re.Match[str]) -> str:
        raw = unescape(match["value"]).strip()
        if _ELSEWHERE.match(raw):
            return match.group()
        address, _, anchor = raw.partition("#")
        target, anchor = unquote(address), unquote(anchor)
        if not target and (not anchor or anchors.get(anchor) == part):
            return match.group()
        position = finder.find(address or f"#{anchor}")
        if not target and anchor not in anchors:
            found.append(_broken_anchor(anchor, anchors, place, position))
            return match.group()
        kind: ReferenceKind = "link" if match["name"] == "href" else "image"
        references.append(Reference(kind, target, anchor, position))
        return f'{match["before"]}"\0{len(references) - 1}\0"'

    changed = tuple(
        _ADDRESS.sub(lambda match, number=number: replace(number, match), part)  # type: ignore[misc]
        for number, part in enumerate(parts)
    )
    return changed, tuple(references), found


def _broken_anchor(
    anchor: str, anchors: dict[str, int], place: Place, position: Position
) -> Diagnostic:
    known = [name for name in anchors if not name.startswith(("fn:", "fnref"))]
    return diagnostic(
        "anchor-broken",
        place.at(position.line, position.column),
        anchor=anchor,
        target="this text",
        known=", ".join(known[:10]) or "none",
        suggestion=closest(anchor, known),
    )


class _Finder:
    """Finds where addresses stand in the Markdown, each occurrence once."""

    def __init__(self, text: str, place: Place) -> None:
        self.text = text
        self.place = place
        self.next: dict[str, int] = {}

    def find(self, address: str) -> Position:
        for written in (address, unquote(address), address.replace("&", "&amp;")):
            offset = self.text.find(written, self.next.get(written, 0))
            if offset >= 0:
                self.next[written] = offset + 1
                line = self.text.count("\n", 0, offset)
                return Position(self.place.line + line, offset - self.text.rfind("\n", 0, offset))
        return Position(self.place.line, 1)
