"""Builds killed at any moment, each situation once: ``python -m benchmarks.kills --runs 500`` is the long
form, on a larger site and with disks that fail."""

from pathlib import Path

import pytest

from benchmarks import kills


@pytest.mark.skipif(not hasattr(__import__("os"), "killpg"), reason="no process groups there")
def test_killed_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kills, "REPORTS", 12)
    monkeypatch.setattr(kills, "DISK", ())
    monkeypatch.setattr(kills, "SITUATIONS", kills.KILLED + kills.LIVING)
    trials = kills.run(len(kills.SITUATIONS), 7, tmp_path)
    assert trials.problems == []
    assert trials.killed > 3
