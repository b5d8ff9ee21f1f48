"""Work in other processes: a slow source is named, and nothing outlives its build."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import ROOT, Site, article, told

from kheo.read import documents
from kheo.stages import parsing
from kheo.stages.time_limit import TooSlowError, time_limits


def test_the_limit_ends_what_takes_too_long() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    with time_limits() as set_limit:
        set_limit(0.05)
        with pytest.raises(TooSlowError):
            while True:
                pass
        set_limit(0.05)
        with pytest.raises(TooSlowError):  # within one call of the C library
            re.match(r"(a|a)*b", "a" * 64)
        set_limit(0.05)
        time.sleep(0.1)  # of somebody else's time
        set_limit(0)
        assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
        set_limit(1)
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGVTALRM) is before


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_source_that_takes_too_long_is_named(
    jobs: int, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = documents.parse_body

    def slow(text: str, *rest: object) -> object:
        while "chậm" in text:
            pass
        return real(text, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(documents, "parse_body", slow)
    monkeypatch.setattr(parsing, "SOURCE_SECONDS", 0.2)
    monkeypatch.setattr("kheo.stages.parsing.FEW_SOURCES", 2)
    for number in range(8):
        body = "Rất chậm." if number in {3, 6} else "Nhanh."
        site.write(f"articles/{number}.md", article(f"Bài {number}", body))
    report = site.build(jobs=jobs)
    assert told(report) == [
        f"articles/{number}.md:0:0: error[too-slow]: this text takes more than 0.2 seconds to parse"
        for number in (3, 6)
    ]
    assert site.build(jobs=jobs, keep_going=True).counts is not None


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's list of processes")
def test_workers_end_with_a_killed_build(tmp_path: Path) -> None:
    site = Site(tmp_path)
    for number in range(3000):
        site.write(f"articles/{number}.md", article(f"Bài {number}", "Đoạn *một*.\n\n" * 30))
    build = subprocess.Popen(
        [sys.executable, ROOT / "build.py", "--jobs", "3", "--templates", ROOT / "templates"],
        cwd=tmp_path, start_new_session=True,
    )  # fmt: skip
    try:
        assert soon(lambda: len(children(build.pid)) == 3)
        workers = children(build.pid)
        build.kill()
        build.wait()
        assert soon(lambda: not any(map(is_running, workers)))
    finally:
        for worker in children(build.pid):
            os.kill(worker, signal.SIGKILL)


def children(process: int) -> list[int]:
    file = Path(f"/proc/{process}/task/{process}/children")
    return [int(one) for one in file.read_text().split()] if file.exists() else []


def is_running(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def soon(condition: object, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.01)
    return False
