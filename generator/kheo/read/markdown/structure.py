"""The block structure of a text while it is built: what is open, and how blocks begin and end."""

from typing import Literal

from kheo.read.markdown.cursor import Cursor
from kheo.read.markdown.nodes import Container, ContainerKind, Leaf, LeafKind, has_gap
from kheo.read.markdown.references import Target, take_definitions

MAX_DEPTH = 60  # levels of lists and quotes; no report has ten

Step = Literal["leaf", "container", ""]  # what began: nothing else can follow a leaf on its line


class TooDeepError(ValueError):
    """A text with more than MAX_DEPTH levels of lists and quotes."""


class Structure:
    """The blocks of one text, and what else it defines.

    ``open`` has the containers that the next line may continue, and ``leaf`` the open leaf, which is
    in the last of them. ``matched`` is how many of them the current line continues.
    """

    def __init__(self, any_tag: bool) -> None:
        self.any_tag = any_tag  # whether every tag is HTML, not only those that HTML has
        self.document = Container("document", 0, 0)
        self.references: dict[str, Target] = {}
        self.footnotes: dict[str, Container] = {}
        self.abbreviations: dict[str, str] = {}
        self.open = [self.document]
        self.leaf: Leaf | None = None
        self.cursor = Cursor()
        self.number = 0  # of the current line
        self.matched = 1

    @property
    def paragraph(self) -> Leaf | None:
        """Return the open paragraph if the line continues all containers, so that it is at its level."""
        leaf = self.leaf
        whole = self.matched == len(self.open)
        return leaf if whole and leaf is not None and leaf.kind == "paragraph" else None

    @property
    def outer(self) -> Container:
        """Return the innermost container that the line continues."""
        return self.open[self.matched - 1]

    def begin_leaf(self, kind: LeafKind) -> Leaf:
        self.prepare()
        if self.open[-1].kind in {"list", "definitions"}:
            self.close_to(len(self.open) - 1)
        leaf = Leaf(kind, self.number, self.number)
        self.open[-1].children.append(leaf)
        self.leaf = leaf
        return leaf

    def add_closed_leaf(self, kind: LeafKind) -> Leaf:
        """Add a leaf of one line."""
        leaf = self.begin_leaf(kind)
        self.leaf = None
        return leaf

    def begin_container(self, kind: ContainerKind, inside: str = "") -> Container:
        """Begin a container; a list or definition list ends, unless it is what it goes ``inside``."""
        self.prepare()
        last = self.open[-1].kind
        if last in {"list", "definitions"} and last != inside:
            self.close_to(len(self.open) - 1)
        container = Container(kind, self.number, self.number)
        self.open[-1].children.append(container)
        self.push(container)
        return container

    def push(self, container: Container) -> None:
        self.open.append(container)
        self.matched = len(self.open)
        if len(self.open) > MAX_DEPTH:
            levels = sum(one.kind not in {"list", "definitions"} for one in self.open)
            if levels > MAX_DEPTH:
                raise TooDeepError

    def add_line(self, leaf: Leaf, line: str, pos: int) -> None:
        """Add to a leaf what is at ``pos`` of the current line."""
        leaf.lines.append(line)
        leaf.offsets.append(self.cursor.offset + pos)
        if leaf.kind != "code" or not self.cursor.blank:
            leaf.last = self.number

    def prepare(self) -> None:
        """Close what the line does not continue, so that another block can begin."""
        self.close_to(self.matched)
        self.close_leaf()

    def close_leaf(self) -> None:
        leaf, self.leaf = self.leaf, None
        if leaf is None:
            return
        if leaf.kind == "paragraph":
            take_definitions(leaf, self.references)
        elif leaf.kind == "code":
            del leaf.lines[leaf.last - leaf.first + 1 :]

    def close_to(self, count: int) -> None:
        """Close containers until ``count`` are open."""
        if len(self.open) <= count:
            return
        self.close_leaf()
        while len(self.open) > count:
            _finish(self.open.pop())


def _finish(container: Container) -> None:
    """Find where a container ends, and whether blank lines are in it."""
    blocks = container.children
    if blocks:
        container.last = max(container.last, blocks[-1].last)
    if container.kind == "list":
        container.loose = has_gap(blocks) or any(
            has_gap(item.children) for item in blocks if isinstance(item, Container)
        )
    elif container.kind == "definition":
        container.loose = container.loose or has_gap(blocks)
