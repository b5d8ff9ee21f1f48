"""Work in other processes: a slow source is named, and nothing outlives its build."""

import os
import re
import resource
import signal
import subprocess
import sys
import time
from itertools import chain
from pathlib import Path

import pytest
from support import ROOT, Site, article, needs_fork, told

from kheo.errors import WorkerLostError, message_of
from kheo.messages.wording import Message
from kheo.read import documents
from kheo.stages import limits, parsing, workers
from kheo.stages.workers import LOST, Failure, Workers

Numbers = list[int]
# A limit of seconds for work that takes none; a new interpreter has to import this file.
MOMENT = 0.3 if workers.METHOD == "fork" else 2


def squares(job: object, chunk: Numbers) -> Numbers:
    return [number * number for number in chunk]


def hostile(job: str, chunk: Numbers) -> Numbers:
    """Does ``job`` where the number 13 comes up."""
    if 13 in chunk:
        harm(job)
    return squares(None, chunk)


def harm(job: str) -> None:
    match job:
        case "loops":
            while True:
                pass
        case "loops in C":  # no signal handler of Python is called within it
            re.fullmatch(rb"(?:a?){60}a{60}", b"a" * 59)
            sum(range(10**12))
        case "sleeps":
            time.sleep(1000)
        case "takes memory":
            _ = bytearray(2 << 30)
        case "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        case "aborts":
            os.abort()
        case "fails":
            raise ValueError("thirteen")


def give_up(item: int, failure: Failure) -> Numbers:
    return [-item, {"slow": 1, "memory": 2, "ended": 3}[failure.reason]]


@pytest.fixture(params=["fork", "spawn"])
def method(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "fork" and not hasattr(os, "fork"):
        pytest.skip("nothing is forked here")
    monkeypatch.setattr(workers, "METHOD", request.param)
    return str(request.param)


def test_results_arrive_from_all_workers(method: str) -> None:
    with Workers(3) as pool:
        found = list(pool.run(squares, None, range(1000), 0, 7))
        assert sorted(chain(*found)) == [number * number for number in range(1000)]
        assert len(pool.idle) == 3
        assert list(pool.run(squares, None, range(5), 5)) == [[0, 1, 4, 9, 16]]
        assert list(pool.run(squares, None, [], 5, give_up=give_up)) == []


@pytest.mark.parametrize(
    ("job", "reason"),
    [("loops", 1), ("loops in C", 1), ("takes memory", 2), ("aborts", 2), ("dies", 3)],
)
def test_one_harmful_item_affects_no_other(job: str, reason: int) -> None:
    check_harm(job, reason, MOMENT)


def test_one_harmful_item_affects_no_other_where_nothing_is_forked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "METHOD", "spawn")
    check_harm("loops in C", 1, 2)


def check_harm(job: str, reason: int, seconds: float) -> None:
    notes: list[Message] = []
    with Workers(2, notify=notes.append) as pool:
        found = list(pool.run(hostile, job, range(20), 0, 5, give_up=give_up, seconds=seconds))
        assert list(pool.run(squares, None, [3], 0, give_up=give_up)) == [[9]]
    whole = [one for one in found if one != [-13, reason]]
    assert len(found) == len(whole) + 1
    assert sorted(chain(*whole)) == [number * number for number in range(20) if number != 13]
    assert bool(notes) == (job == "dies")


def test_a_worker_that_only_waits_is_stopped_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PATIENCE", 2)
    with Workers(1) as pool:
        found = pool.run(hostile, "sleeps", [13], 0, give_up=give_up, seconds=0.2)
        assert list(found) == [[-13, 1]]


def napping(job: object, chunk: Numbers) -> Numbers:
    time.sleep(MOMENT + 0.1)
    return chunk


def test_somebody_else_s_time_does_not_count() -> None:
    with Workers(1) as pool:
        found = pool.run(napping, None, [1], 0, give_up=give_up, seconds=MOMENT)
        assert list(found) == [[1]]


def test_an_error_is_raised_with_its_place(method: str) -> None:
    with Workers(2) as pool:
        with pytest.raises(ValueError, match="thirteen") as caught:
            list(pool.run(hostile, "fails", range(100), 0, 10))
        assert "in harm" in caught.value.__notes__[0]
        assert pool.busy == []
        assert list(chain(*pool.run(squares, None, range(3), 0))) == [0, 1, 4]


def test_work_that_nobody_is_to_blame_for_ends_the_build() -> None:
    with Workers(2) as pool, pytest.raises(WorkerLostError) as caught:
        list(pool.run(hostile, "dies", range(20), 0, 5))
    assert str(message_of(caught.value)) == str(LOST)


def test_an_idle_worker_that_was_killed_is_replaced() -> None:
    with Workers(1) as pool:
        assert list(pool.run(squares, None, [1], 0, give_up=give_up)) == [[1]]
        (worker,) = pool.idle
        process = worker.process
        os.kill(process if isinstance(process, int) else process.pid, signal.SIGKILL)
        assert list(pool.run(squares, None, [2], 0, give_up=give_up)) == [[4]]


def test_no_worker_is_left() -> None:
    before = children(os.getpid())
    with Workers(3) as pool:
        results = pool.run(squares, None, range(1000), 0, 5)
        next(results)
        assert len(children(os.getpid())) == len(before) + 3
    assert pool.idle == pool.busy == []
    assert children(os.getpid()) == before


def test_the_next_worker_is_spawned_once_there_are_threads() -> None:
    with Workers(2) as pool:
        pool.prepare_for_threads()
        (first,) = pool.idle
        found = list(pool.run(hostile, "dies", [13, 12], 0, give_up=give_up))
        assert found == [[-13, 3], [144]]
        assert type(pool.idle[0]) is not type(first) or workers.METHOD == "spawn"


@pytest.mark.parametrize(
    ("free", "jobs", "share"),
    [
        (64 << 30, 4, (4, 1 << 30)), (4 << 30, 4, (4, 512 << 20)), (1 << 30, 8, (2, 256 << 20)),
        (0, 8, (1, 256 << 20)), (None, 8, (8, 1 << 30)),
    ],
)  # fmt: skip
def test_all_workers_together_get_half_of_the_free_memory(
    free: int | None, jobs: int, share: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "free_memory", lambda: free)
    assert limits.affordable(jobs) == share


def test_fewer_workers_where_little_memory_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "free_memory", lambda: 1 << 30)
    with Workers(4) as pool:
        found = list(pool.run(squares, None, range(100), 0, 5, give_up=give_up))
        assert len(list(chain(*found))) == 100
        assert len(pool.idle) == 2


@pytest.mark.parametrize(
    ("group", "free"),
    [
        ({"memory.max": "900", "memory.current": "700", "memory.stat": "anon 1\ninactive_file 300"}, 500),
        ({"memory.max": "900", "memory.current": "950", "memory.stat": "inactive_file 0"}, 0),
        ({"memory.max": "max", "memory.current": "700", "memory.stat": "inactive_file 300"}, 2048),
        ({}, 2048),
    ],
)  # fmt: skip
def test_a_container_has_less_free_memory(
    group: dict[str, str], free: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable: 2 kB\n")
    for name, text in group.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(limits, "FREE", tmp_path / "meminfo")
    monkeypatch.setattr(limits, "GROUP", tmp_path)
    assert limits.free_memory() == free
    (tmp_path / "meminfo").unlink()
    assert limits.free_memory() is None


KEPT = []


def keeps_memory(job: object, chunk: Numbers) -> Numbers:
    KEPT.append(bytearray(600 << 20))
    return [os.getpid()]


@pytest.mark.skipif(sys.platform != "linux", reason="no limit of memory")
def test_memory_that_a_worker_keeps_counts() -> None:
    with Workers(1) as pool:
        (first,), (second,) = pool.run(keeps_memory, None, [1, 2], 2, 1, give_up=give_up)
    assert first != second, "the first worker was replaced"


def test_limits_end_with_their_block() -> None:
    before = signal.getitimer(signal.ITIMER_PROF), resource.getrlimit(resource.RLIMIT_AS)
    with limits.limited(limits.Limits(100, 1 << 40), 1 << 30):
        assert signal.getitimer(signal.ITIMER_PROF)[0] > 50
    assert before == (signal.getitimer(signal.ITIMER_PROF), resource.getrlimit(resource.RLIMIT_AS))


@needs_fork
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_source_that_takes_too_long_is_named(
    jobs: int, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = documents.parse_body

    def slow(text: str, *rest: object) -> object:
        while "chậm" in text:
            pass
        if "nhiều" in text:
            _ = bytearray(2 << 30)
        if "chết" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(text, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(documents, "parse_body", slow)
    monkeypatch.setattr(parsing, "SOURCE_SECONDS", 0.2)
    monkeypatch.setattr("kheo.stages.parsing.FEW_SOURCES", 2)
    bodies = {3: "Rất chậm.", 5: "Rất nhiều.", 6: "Rất chậm.", 7: "chết"}
    for number in range(8):
        site.write(f"articles/{number}.md", article(f"Bài {number}", bodies.get(number, "Nhanh.")))
    report = site.build(jobs=jobs)
    assert told(report) == [
        "articles/3.md:0:0: error[too-slow]: this text takes more than 0.2 seconds to parse",
        "articles/5.md:0:0: error[too-large]: this file is too large: it needs more than 1024 MB of memory",
        "articles/6.md:0:0: error[too-slow]: this text takes more than 0.2 seconds to parse",
        "articles/7.md:0:0: error[worker-ended]: the process that read this file ended unexpectedly",
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
