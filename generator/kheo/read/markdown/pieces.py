"""The pieces of parsed inlines, and how they become a part of Python-Markdown's tree."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Protocol
from xml.etree.ElementTree import Element

from markdown.util import AMP_SUBSTITUTE

from kheo.read.markdown.emphasis import Run

# What Python-Markdown's serializer takes for a character reference, and leaves as it is.
_LIKE_REFERENCE = re.compile(r"&(?=(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"""\b(?:href|src|poster)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE
)
_STRIPPED = str.maketrans("", "", "\t\n\r")


class RawHtml(str):
    """The text that stands for raw HTML."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Span:
    """A link or picture, with its content. ``is_auto``: it is written as its own address."""

    tag: str
    attributes: dict[str, str]
    pieces: list["Piece"]
    is_auto: bool = False


Piece = str | Element | Run | Span


class Mentions(Protocol):
    """What inlines say about the whole text."""

    def keep_html(self, html: str, locate: Callable[[int], int]) -> str:
        """Keep raw HTML; return the text that stands for it."""

    def record(self, target: str, offset: int, picture: int = -1) -> None:
        """Remember where an address was written, and where the picture with it begins."""

    def footnote(self, name: str) -> Element | None:
        """Return the mark of a footnote; ``None`` if there is no such footnote."""


def protect(text: str) -> str:
    """Return text that the serializer will not take for a reference: `&amp;lt;` is shown as `&lt;`."""
    return _LIKE_REFERENCE.sub(f"{AMP_SUBSTITUTE}amp;", text) if "&" in text else text


def addresses(html: str) -> Iterator[tuple[str, int]]:
    """Yield the addresses in raw HTML, each with its place."""
    for match in _ADDRESS.finditer(html):
        number = match.lastindex or 3
        yield normalise(match[number]), match.start(number)


def normalise(value: str) -> str:
    """Return the value of an attribute as browsers read an address."""
    return unescape(value).translate(_STRIPPED).strip()


def write(parent: Element, pieces: list[Piece]) -> None:
    """Append ``pieces`` to the content of ``parent``."""
    _Writer(parent).write(pieces)


def append_text(parent: Element, text: str) -> None:
    """Append ``text`` to the content of ``parent``."""
    if len(parent):
        last = parent[-1]
        last.tail = last.tail + text if last.tail else text
    else:
        parent.text = parent.text + text if parent.text else text


class _Writer:
    """Writes text and elements; the text between two elements is joined once."""

    def __init__(self, parent: Element) -> None:
        self.open = [parent]
        self.text: list[str] = []

    def write(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            if isinstance(piece, str):
                self.text.append(piece)
            elif isinstance(piece, Run):
                self._run(piece)
            elif isinstance(piece, Span):
                self._span(piece)
            else:
                self._flush()
                self.open[-1].append(piece)
        self._flush()

    def _run(self, run: Run) -> None:
        for _ in run.closes:
            self._flush()
            self.open.pop()
        self.text.append(run.char * run.left)
        for tag in reversed(run.opens):
            self._begin(Element(tag))

    def _span(self, span: Span) -> None:
        attributes = {name: protect(value) for name, value in span.attributes.items()}
        if span.tag == "img":
            attributes = {"alt": protect(_plain_text(span.pieces)), **attributes}
            self._begin(Element("img", attributes))
        else:
            self._begin(Element("a", attributes))
            self.write([*_without_links(span.pieces)])
        self._flush()
        self.open.pop()

    def _begin(self, element: Element) -> None:
        self._flush()
        self.open[-1].append(element)
        self.open.append(element)

    def _flush(self) -> None:
        if not self.text:
            return
        text = protect("".join(self.text))
        self.text.clear()
        append_text(self.open[-1], text)


def _without_links(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield ``pieces`` with the text of bare addresses: a link cannot contain another."""
    for piece in pieces:
        if isinstance(piece, Span) and piece.is_auto:
            yield from piece.pieces
        else:
            yield piece


def _plain_text(pieces: list[Piece]) -> str:
    """Return the text of ``pieces``, for ``alt``. Pictures may be nested deeply, hence the stack."""
    texts = []
    rest = list(reversed(pieces))
    while rest:
        piece = rest.pop()
        if isinstance(piece, RawHtml):
            continue
        if isinstance(piece, str):
            texts.append(piece)
        elif isinstance(piece, Run):
            texts.append(piece.char * piece.left)
        elif isinstance(piece, Span):
            rest.extend(reversed(piece.pieces))
        else:
            texts.append(piece.text or "")
    return "".join(texts)
