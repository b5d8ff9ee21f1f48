"""Print the diagnostics and the summary of a run, as text, for GitHub or as JSON."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from kheo.diagnostics import Diagnostic, Severity
from kheo.layers import roots_of
from kheo.library import Taxonomy
from kheo.messages.wording import Message, message
from kheo.reporting.catalogue import IN_ENGLISH, Words
from kheo.stages.results import BuildResult, Progress
from kheo.stages.stopwatch import Lap

MOST_NAMES = 20  # new names in a summary; JSON has all
FORMATS = ("text", "github", "json")
SHOWN = 10  # sources that were left out; `--format json` has all
PROGRESS_WIDTH = 60  # columns
NOTE = message("note")
ERROR = message("error")
SEVERITIES: dict[Severity, Message] = {"error": ERROR, "warning": message("warning")}


def force_utf8_output() -> None:
    """Make standard output and error accept every character if their encoding is not UTF-8.

    Pipes and files (as on Windows) are switched to UTF-8. A terminal shows a question mark for a
    character that its encoding lacks.
    """
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, TextIOWrapper) or stream.encoding.lower().startswith("utf"):
            continue
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")


class Reporter:
    """Prints messages in one of FORMATS: problems to standard error, the summary to standard output.

    ``json`` prints one object to standard output: ``{"diagnostics": […], "summary": {…}}``.
    """

    def __init__(
        self, format_: str, quiet: bool, content: Path, templates: Path, words: Words = IN_ENGLISH
    ) -> None:
        self.words = words
        self.format = format_
        self.quiet = quiet
        self.roots = roots_of(content, templates)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show the progress if standard error is a terminal; yield the function that advances it.

        It is one line, which what is printed next replaces. (A library for this was a seventh of the
        size of an installation.)
        """
        is_seen = sys.stderr and sys.stderr.isatty()  # `2>&-` makes stderr None
        if self.quiet or self.format != "text" or not is_seen:
            yield lambda stage, done, total: None
            return

        def advance(stage: Message, done: int, total: int) -> None:
            text = f"{self.words.line(stage)}: {done}/{total}"
            sys.stderr.write(f"{text[:PROGRESS_WIDTH].ljust(PROGRESS_WIDTH)}\r")
            sys.stderr.flush()

        try:
            yield advance
        finally:
            sys.stderr.write(f"{' ' * PROGRESS_WIDTH}\r")

    def notify(self, text: Message) -> None:
        """Print a note about the run itself."""
        _print(_clean(f"{self.words.line(NOTE)}: {self.words.line(text)}"), sys.stderr)

    def lines(self, lines: list[str]) -> None:
        """Print the lines of a command's result."""
        for line in lines:
            for part in line.split("\n"):
                _print(_clean(part), sys.stdout)

    def fail(self, why: Message) -> None:
        """Print why the run failed."""
        text = self.words.line(why)
        if self.format == "github":
            _print(f"::error::{_escape_data(text)}", sys.stdout)
        _print(_clean(f"{self.words.line(ERROR)}: {text}"), sys.stderr)

    def report(self, result: BuildResult, seconds: float) -> None:
        """Print the result of a build."""
        sentence = _sentence(result, seconds, self.words)
        self.findings(result.found, _summary(result, seconds), sentence)

    def findings(self, found: list[Diagnostic], summary: dict[str, object], sentence: str) -> None:
        """Print all diagnostics, then ``summary`` (in JSON) or ``sentence`` (in other formats)."""
        if self.format == "json":
            whole = {"diagnostics": [self._as_json(d) for d in found], "summary": summary}
            _print(json.dumps(whole, ensure_ascii=False, indent=1), sys.stdout)
            return
        for d in found:
            if self.format == "github":
                _print(self._as_github(d), sys.stdout)
            else:
                _print(self._as_text(d), sys.stderr)
        if sentence and not self.quiet:
            _print(sentence, sys.stdout)

    def finish(self) -> None:
        """Flush standard output. Raises OSError, once, if it cannot be written."""
        try:
            if sys.stdout:
                sys.stdout.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)  # else flushing fails again when the process exits
            raise

    def profile(self, laps: list[Lap]) -> None:
        """Print a table: stage, seconds, items, items per second."""
        _print(f"{'stage':<10}{'seconds':>9}{'items':>9}{'items/s':>10}", sys.stderr)
        for lap in laps:
            rate = f"{lap.items / lap.seconds:10.0f}" if lap.items and lap.seconds else ""
            _print(f"{lap.stage:<10}{lap.seconds:9.3f}{lap.items:9}{rate}", sys.stderr)

    def path(self, d: Diagnostic) -> str:
        """Return the path of the file, relative to the current folder."""
        root = self.roots.get(d.place.tree)
        return (root / d.place.path).as_posix() if root else d.place.path

    def _as_text(self, d: Diagnostic) -> str:
        position = f":{d.place.line}:{d.place.column}" if d.place.line else ""
        severity, hint = self.words.line(SEVERITIES[d.severity]), self.words.hint(d)
        line = f"{self.path(d)}{position}: {severity}[{d.code}]: {self.words.message(d)}"
        return _clean(line) + (f"\n    {_clean(hint)}" if hint else "")

    def _as_github(self, d: Diagnostic) -> str:
        """Return a workflow command (GitHub docs: “Setting an error message”)."""
        position = f",line={d.place.line},col={d.place.column}" if d.place.line else ""
        hint = self.words.hint(d)
        text = self.words.message(d) + (f"\n{hint}" if hint else "")
        return (
            f"::{d.severity} file={_escape_property(self.path(d))}{position},"
            f"title={d.code}::{_escape_data(text)}"
        )

    def _as_json(self, d: Diagnostic) -> dict[str, object]:
        return {
            "severity": d.severity,
            "code": d.code,
            "path": self.path(d),
            "line": d.place.line,
            "column": d.place.column,
            "message": self.words.message(d),
            "hint": self.words.hint(d),
        }


def _summary(result: BuildResult, seconds: float) -> dict[str, object]:
    counts = result.counts
    waiting = result.next_publication
    return {
        "published": counts is not None,
        "articles": result.articles,
        "drafts": result.unlisted.drafts,
        "scheduled": result.unlisted.scheduled,
        "expired": result.unlisted.expired,
        "written": counts.written if counts else 0,
        "unchanged": counts.unchanged if counts else 0,
        "removed": counts.removed if counts else 0,
        "left_out": list(result.left_out),
        "new_names": [
            {"kind": one.taxonomy, "name": one.name, "suggestion": one.suggestion}
            for one in result.new_names
        ],
        "errors": result.errors,
        "warnings": result.warnings,
        "next_publication": waiting.at.isoformat() if waiting else None,
        "seconds": round(seconds, 3),
    }


def _sentence(result: BuildResult, seconds: float, words: Words) -> str:
    errors = words.counted(result.errors, "{count} error", "{count} errors")
    warnings = words.counted(result.warnings, "{count} warning", "{count} warnings")
    if result.counts is None:
        return words.say(
            "Nothing was published: {errors}, {warnings}. The site is unchanged.",
            errors=errors,
            warnings=warnings,
        )
    counts = result.counts
    whole = words.say(
        "{articles}; files: {written} written, {unchanged} unchanged, {removed} removed; "
        "{errors}, {warnings}; {seconds} s",
        articles=words.counted(result.articles, "{count} article", "{count} articles"),
        written=counts.written,
        unchanged=counts.unchanged,
        removed=counts.removed,
        errors=errors,
        warnings=warnings,
        seconds=f"{seconds:.2f}",
    )
    lines = [whole]
    if unlisted := _unlisted(result, words):
        lines.append(words.say("Not listed: {counts}", counts=unlisted))
    if result.left_out:
        names = ", ".join(result.left_out[:SHOWN])
        if (more := len(result.left_out) - SHOWN) > 0:
            names = words.say("{names} and {count} more", names=names, count=more)
        lines.append(words.say("Left out or not updated because of errors: {names}", names=names))
    if result.next_publication:
        moment = f"{result.next_publication.at:%Y-%m-%d %H:%M %z}"
        lines.append(words.say("Next scheduled article: {moment}", moment=moment))
    lines += _new_names(result, words)
    return "\n".join(lines)


def _new_names(result: BuildResult, words: Words) -> Iterator[str]:
    """Yield a line for each kind of new names."""
    if categories := _named(result, "category", words):
        yield words.say("New categories: {names}", names=categories)
    if campaigns := _named(result, "campaign", words):
        yield words.say("New campaigns: {names}", names=campaigns)
    if authors := _named(result, "author", words):
        yield words.say("New authors: {names}", names=authors)


def _named(result: BuildResult, taxonomy: Taxonomy, words: Words) -> str:
    names = [
        words.say(
            "“{name}” (did you mean “{suggestion}”?)", name=one.name, suggestion=one.suggestion
        )
        if one.suggestion
        else f"“{one.name}”"
        for one in result.new_names
        if one.taxonomy == taxonomy
    ]
    return ", ".join([*names[:MOST_NAMES], *(["…"] if len(names) > MOST_NAMES else [])])


def _unlisted(result: BuildResult, words: Words) -> str:
    """Return the numbers of drafts, scheduled and expired sources; empty if there are none."""
    one = result.unlisted
    counts = (
        (one.drafts, words.counted(one.drafts, "{count} draft", "{count} drafts")),
        (one.scheduled, words.say("{count} scheduled", count=one.scheduled)),
        (one.expired, words.say("{count} expired", count=one.expired)),
    )
    return ", ".join(text for count, text in counts if count)


def _clean(text: str) -> str:
    """Escape unprintable characters, so that a hostile file cannot control the terminal."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


def _print(text: str, stream: object) -> None:
    print(text, file=stream)  # type: ignore[call-overload]
