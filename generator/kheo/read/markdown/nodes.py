"""The block structure of a text: containers, and leaves whose lines are not read further yet."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

ContainerKind = Literal[
    "document", "quote", "list", "item", "footnote", "definitions", "definition"
]
LeafKind = Literal["paragraph", "heading", "rule", "code", "fence", "html", "table", "term", "page", "nothing"]  # fmt: skip


@dataclass(slots=True, eq=False)
class Leaf:
    """A block of text. ``offsets`` has the place of each of ``lines`` in the whole text.

    ``level`` is that of a heading, or the length of a fence; ``indent`` the indentation of a fence;
    ``info`` is what stands after a fence, its character first, or the kind of an HTML block.
    """

    kind: LeafKind
    first: int  # number of its first line
    last: int  # and of its last one
    lines: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    level: int = 0
    indent: int = 0
    info: str = ""


@dataclass(slots=True, eq=False)
class Container:
    """A block of blocks. A list has only items, and ``definitions`` only terms and definitions.

    ``width`` is how far the content of an item is indented; ``mark`` is the bullet of a list, the
    character after its numbers, or the name of a footnote; ``number`` is the first number of a list.
    """

    kind: ContainerKind
    first: int
    last: int
    children: list["Container | Leaf"] = field(default_factory=list)
    width: int = 0
    mark: str = ""
    number: int = -1
    loose: bool = False


Block = Container | Leaf


def has_gap(blocks: list[Block]) -> bool:
    """Return whether blank lines separate two of ``blocks``."""
    return any(after.first - before.last > 1 for before, after in pairwise(blocks))
