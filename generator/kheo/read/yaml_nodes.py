"""Parse YAML into strings with positions: the small, safe subset for front matter and site.yaml.

Only the events of PyYAML's parser are used, not its constructors. So every value stays the text that
was written (``007``, ``12:30``), every key has a position, and duplicate keys are reported. Anchors,
aliases, tags and merge keys are refused: a merge bomb of 438 bytes takes PyYAML over a second.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NoReturn
from unicodedata import name as unicode_name

import yaml
from msgspec import Struct

from kheo.diagnostics import Findings, Place
from kheo.messages.wording import message
from kheo.model import Position

MAX_DEPTH = 16
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


class Scalar(Struct, frozen=True):
    """One value, as the text that was written."""

    value: str
    at: Position


class Sequence(Struct, frozen=True):
    """A list of nodes."""

    items: "tuple[Node, ...]"
    at: Position


class Mapping(Struct, frozen=True):
    """Keys with nodes, in the order of the file, each key once."""

    items: "dict[str, tuple[Position, Node]]"
    at: Position


Node = Scalar | Sequence | Mapping


class _RefusedError(Exception):
    """Raised after an error that makes the rest of the file useless."""


def parse_yaml(text: str, place: Place, findings: Findings) -> Mapping | None:
    """Return the keys and values of ``text``, whose first line is ``place.line`` of the file.

    Return ``None`` after errors that leave nothing to check. An empty text is an empty mapping.
    """
    composer = _Composer(place, findings)
    try:
        root = composer.document(_events(text))
    except _RefusedError:
        return None
    except yaml.MarkedYAMLError as error:
        _report_syntax(error, text, place, findings)
        return None
    except yaml.YAMLError as error:
        findings.report("yaml-syntax", place, reason=error, advice=_QUOTE_ADVICE)
        return None
    if isinstance(root, Mapping):
        return root
    findings.report("yaml-not-keys", composer.place_of(root.at))
    return None


def _events(text: str) -> Iterator[Any]:
    """Yield the parser's events. Continue past libyaml's nesting limit, so that MAX_DEPTH is reported.

    libyaml has a nesting limit since 0.2.6 (PyYAML 6.0.4). It scans up to 1,024 characters ahead, so
    it may fail before it has returned the events up to MAX_DEPTH. Then the slower parser in Python,
    which has no limit, yields the remaining events.
    """
    count = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            yield event
            count += 1
    except yaml.MarkedYAMLError as error:
        if "nesting" not in (error.problem or ""):
            raise
        yield from islice(yaml.parse(text, Loader=yaml.BaseLoader), count, None)


class _Composer:
    """Builds nodes from the events of one document."""

    def __init__(self, place: Place, findings: Findings) -> None:
        self.place = place
        self.findings = findings

    def document(self, events: Iterator[Any]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self.refuse("yaml-documents", event)
            elif isinstance(event, yaml.NodeEvent):
                root = self.node(event, events, depth=1)
        return root or Mapping({}, Position(self.place.line, 1))

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        if depth > MAX_DEPTH:
            self.refuse("yaml-depth", event, limit=MAX_DEPTH)
        self.refuse_features(event)
        at = self.position(event)
        if isinstance(event, yaml.ScalarEvent):
            self.refuse_escaped_controls(event)
            return Scalar(event.value, at)
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self.sequence(events, depth)), at)
        return Mapping(self.mapping(events, depth), at)

    def sequence(self, events: Iterator[Any], depth: int) -> Iterator[Node]:
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self.node(event, events, depth + 1)

    def mapping(self, events: Iterator[Any], depth: int) -> dict[str, tuple[Position, Node]]:
        items: dict[str, tuple[Position, Node]] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            if not isinstance(event, yaml.ScalarEvent):
                self.refuse("yaml-key", event)
            if event.value == "<<":
                self.refuse("yaml-feature", event, what=message("a merge key (`<<`)"))
            self.refuse_features(event)
            at = self.position(event)
            value = self.node(next(events), events, depth + 1)
            if event.value in items:
                first = items[event.value][0].line
                self.findings.report(
                    "duplicate-key", self.place_of(at), key=event.value, line=first
                )
            else:
                items[event.value] = (at, value)
        return items

    def refuse_features(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            what = message("an alias (`*{anchor}`)", anchor=event.anchor)
            self.refuse("yaml-feature", event, what=what)
        if event.anchor is not None:
            what = message("an anchor (`&{anchor}`)", anchor=event.anchor)
            self.refuse("yaml-feature", event, what=what)
        if event.tag is not None:
            self.refuse("yaml-feature", event, what=message("a tag (`{tag}`)", tag=event.tag))

    def refuse_escaped_controls(self, event: Any) -> None:
        """Refuse ``"\\u0001"``: an escape may not stand for what the text itself may not hold."""
        if match := _CONTROL.search(event.value):
            char = match.group()
            label = f"U+{ord(char):04X} {unicode_name(char, '')}".strip()
            self.refuse("control-character", event, character=label)

    def refuse(self, code: str, event: Any, **values: object) -> NoReturn:
        self.findings.report(code, self.place_of(self.position(event)), **values)
        raise _RefusedError

    def position(self, event: Any) -> Position:
        mark = event.start_mark
        return Position(self.place.line + mark.line, mark.column + 1)

    def place_of(self, at: Position) -> Place:
        return self.place.at(at.line, at.column)


_QUOTE_ADVICE = message("put quotes around text that contains `: `, `#` or quotes")
# The beginning of libyaml's message; the reason and the advice that we show instead.
_REASONS = (
    (
        "mapping values are not allowed",
        message("this value contains a second `: `"),
        message(
            "put quotes around text that contains `: `, `#` or quotes; begin every key in the same column"
        ),
    ),
    (
        "block sequence entries are not allowed",
        message("a list must begin on its own line"),
        message("put each `- ` on a line below the key"),
    ),
    (
        "found unexpected end of stream",
        message("a quotation mark is opened but not closed"),
        message("close it with the same quotation mark"),
    ),
    (
        "found unexpected document indicator",
        message("a quotation mark is opened but not closed"),
        message("close it with the same quotation mark"),
    ),
    (
        "did not find expected ',' or ']'",
        message("a list `[` is opened but not closed"),
        message("close it with `]`"),
    ),
    (
        "did not find expected ',' or '}'",
        message("a `{{` is opened but not closed"),
        message("close it with `}}`"),
    ),
    ("could not find expected ':'", message("a key without `:`"), message("write `key: value`")),
    (
        "did not find expected key",
        message("this line does not continue the lines above"),
        message(
            "begin every key in the same column; put quotes around text that contains `: `, `#` or quotes"
        ),
    ),
    (
        "did not find expected '-' indicator",
        message("this line does not continue the list above"),
        message("begin every `-` in the same column"),
    ),
    (
        "found unknown escape character",
        message("a backslash in text between double quotes"),
        message("use single quotes"),
    ),
    ("found undefined alias", message("a value begins with `*`"), _QUOTE_ADVICE),
    (
        "did not find expected alphabetic or numeric character",
        message("a value begins with `*` or `&`"),
        _QUOTE_ADVICE,
    ),
    (
        "found character that cannot start any token",
        message("a value begins with `@`, `%` or a backtick"),
        _QUOTE_ADVICE,
    ),
)


def _report_syntax(
    error: yaml.MarkedYAMLError, text: str, place: Place, findings: Findings
) -> None:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or ""
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    if "quote" in (error.context or "") and error.context_mark:
        # libyaml reports the end of the file; the editor looks for the quote that was opened.
        line, column = error.context_mark.line, error.context_mark.column
    at = place.at(place.line + line, column + 1)
    tab = lines[line].find("\t") if line < len(lines) else -1
    if 0 <= tab <= column and ("token" in problem or "tab" in problem):
        findings.report("yaml-tab", place.at(place.line + line, tab + 1))
        return
    reason, advice = next(
        (words for beginning, *words in _REASONS if problem.startswith(beginning)),
        (problem or message("it is not YAML"), _QUOTE_ADVICE),
    )
    findings.report("yaml-syntax", at, reason=reason, advice=advice)
