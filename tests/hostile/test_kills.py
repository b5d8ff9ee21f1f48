"""Builds killed at any moment, and disks that fail: the short form of ``python -m benchmarks.kills``."""

from pathlib import Path

import pytest

from benchmarks import kills


@pytest.mark.skipif(not hasattr(__import__("os"), "killpg"), reason="no process groups there")
def test_killed_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kills, "REPORTS", 25)
    monkeypatch.setattr(kills, "DISK", ())
    monkeypatch.setattr(kills, "SITUATIONS", kills.KILLED + kills.LIVING)
    trials = kills.run(25, 7, tmp_path)
    assert trials.problems == []
    assert trials.killed > 5
