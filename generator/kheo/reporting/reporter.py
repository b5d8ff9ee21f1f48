"""What a person, a forge or a program reads of a build."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

from kheo.diagnostics import Diagnostic, Severity
from kheo.messages.wording import Message, message
from kheo.reporting.catalogue import IN_ENGLISH, Words
from kheo.stages.results import BuildResult, Progress
from kheo.stages.stopwatch import Lap

FORMATS = ("text", "github", "json")
NOTE = message("note")
ERROR = message("error")
SEVERITIES: dict[Severity, Message] = {"error": ERROR, "warning": message("warning")}


def speak_every_letter() -> None:
    """Lets messages out where the system has an encoding of one byte a letter, as pipes on Windows.

    What a program reads is UTF-8; a terminal shows question marks for what it has no letter for.
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

    ``json`` is one object on standard output: ``{"diagnostics": […], "summary": {…}}``.
    """

    def __init__(
        self, format_: str, quiet: bool, content: Path, templates: Path, words: Words = IN_ENGLISH
    ) -> None:
        self.words = words
        self.format = format_
        self.quiet = quiet
        self.roots = {"content": content, "templates": templates}

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A bar where somebody is looking, nothing elsewhere."""
        is_seen = sys.stderr and sys.stderr.isatty()  # `2>&-` leaves none
        if self.quiet or self.format != "text" or not is_seen:
            yield lambda stage, done, total: None
            return
        from rich.console import Console
        from rich.progress import Progress as Bar

        with Bar(console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
            tasks: dict[str, object] = {}

            def advance(stage: Message, done: int, total: int) -> None:
                name = self.words.line(stage)
                if name not in tasks:
                    tasks[name] = bar.add_task(name, total=total)
                bar.update(tasks[name], completed=done, total=total, refresh=True)  # type: ignore[arg-type]

            yield advance

    def tell(self, text: Message) -> None:
        """A line about the run itself."""
        _print(_clean(f"{self.words.line(NOTE)}: {self.words.line(text)}"), sys.stderr)

    def lines(self, lines: list[str]) -> None:
        """What was asked for."""
        for line in lines:
            for part in line.split("\n"):
                _print(_clean(part), sys.stdout)

    def fail(self, why: Message) -> None:
        """The run could not be done."""
        text = self.words.line(why)
        if self.format == "github":
            _print(f"::error::{_escape_data(text)}", sys.stdout)
        _print(_clean(f"{self.words.line(ERROR)}: {text}"), sys.stderr)

    def report(self, result: BuildResult, seconds: float) -> None:
        sentence = _sentence(result, seconds, self.words)
        self.findings(result.found, _summary(result, seconds), sentence)

    def findings(self, found: list[Diagnostic], summary: dict[str, object], sentence: str) -> None:
        """Everything found, and what it comes to: ``summary`` for programs, ``sentence`` for people."""
        if self.format == "json":
            whole = {"diagnostics": [self._as_json(d) for d in found], "summary": summary}
            _print(json.dumps(whole, ensure_ascii=False, indent=1), sys.stdout)
            return
        for d in found:
            if self.format == "github":
                _print(self._as_github(d), sys.stdout)
            else:
                _print(self._as_text(d), sys.stderr)
        if not self.quiet:
            _print(sentence, sys.stdout)

    def finish(self) -> None:
        """Lets out what was said. Raises OSError, once, where it could not be written."""
        try:
            if sys.stdout:
                sys.stdout.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)  # what is left would fail once more as the process ends
            raise

    def profile(self, laps: list[Lap]) -> None:
        """A table: stage, seconds, items, items a second."""
        _print(f"{'stage':<10}{'seconds':>9}{'items':>9}{'items/s':>10}", sys.stderr)
        for lap in laps:
            rate = f"{lap.items / lap.seconds:10.0f}" if lap.items and lap.seconds else ""
            _print(f"{lap.stage:<10}{lap.seconds:9.3f}{lap.items:9}{rate}", sys.stderr)

    def path(self, d: Diagnostic) -> str:
        """The file as the person at the terminal can open it."""
        root = self.roots.get(d.place.tree)
        return (root / d.place.path).as_posix() if root else d.place.path

    def _as_text(self, d: Diagnostic) -> str:
        position = f":{d.place.line}:{d.place.column}" if d.place.line else ""
        severity, hint = self.words.line(SEVERITIES[d.severity]), self.words.hint(d)
        line = f"{self.path(d)}{position}: {severity}[{d.code}]: {self.words.message(d)}"
        return _clean(line) + (f"\n    {_clean(hint)}" if hint else "")

    def _as_github(self, d: Diagnostic) -> str:
        """A workflow command (GitHub, «Workflow commands: setting an error message»)."""
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
        "written": counts.written if counts else 0,
        "unchanged": counts.unchanged if counts else 0,
        "removed": counts.removed if counts else 0,
        "left_out": list(result.left_out),
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
            "Nothing was published: {errors}, {warnings}. The site is as it was before.",
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
    if result.left_out:
        names = ", ".join(result.left_out)
        lines.append(words.say("Not as they should be: {names}", names=names))
    if result.next_publication:
        moment = f"{result.next_publication.at:%Y-%m-%d %H:%M %z}"
        lines.append(words.say("Next scheduled article: {moment}", moment=moment))
    return "\n".join(lines)


def _clean(text: str) -> str:
    """No escape sequence of a hostile file reaches the terminal."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


def _print(text: str, stream: object) -> None:
    print(text, file=stream)  # type: ignore[call-overload]
