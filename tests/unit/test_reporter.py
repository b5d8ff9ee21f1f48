"""The progress of a run, as a terminal shows it."""

from io import StringIO
from pathlib import Path

import pytest

from kheo.messages.wording import message
from kheo.reporting.catalogue import Words
from kheo.reporting.reporter import PROGRESS_WIDTH, Reporter


class Screen(StringIO):
    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal


def shown(monkeypatch: pytest.MonkeyPatch, is_terminal: bool, **choices: bool) -> str:
    screen = Screen(is_terminal)
    monkeypatch.setattr("sys.stderr", screen)
    reporter = Reporter("text", choices.get("quiet", False), Path(), Path(), Words("vi"))
    with reporter.progress() as advance:
        advance(message("render"), 3, 10)
        advance(message("render"), 10, 10)
    return screen.getvalue()


def test_a_terminal_shows_the_progress_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    *steps, last, end = shown(monkeypatch, True).split("\r")
    assert [step.strip() for step in steps] == ["dựng trang: 3/10", "dựng trang: 10/10"]
    assert last == " " * PROGRESS_WIDTH
    assert end == ""


def test_nothing_else_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, False) == ""
    assert shown(monkeypatch, True, quiet=True) == ""
