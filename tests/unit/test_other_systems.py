"""What macOS and Windows do differently, as far as Linux can play them."""

import errno
import importlib.util
import os
import resource
import signal
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from kheo.publish import lock, manifest
from kheo.publish.lock import build_lock
from kheo.stages import limits, workers
from kheo.stages.workers import Failure, Workers

WINDOWS = SimpleNamespace(platform="win32")


def loaded_again(module: ModuleType) -> ModuleType:
    """A second copy of a module, which is what it would be on the system that is played now."""
    spec = importlib.util.spec_from_file_location(
        f"{module.__name__}_elsewhere", module.__file__ or ""
    )
    assert spec
    assert spec.loader
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


def busy(job: object, chunk: list[int]) -> list[int]:
    while 13 in chunk:
        pass
    return chunk


def give_up(item: int, failure: Failure) -> list[str]:
    return [failure.reason]


# --- time and memory ------------------------------------------------------------------------------


def test_without_a_timer_the_parent_watches_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (limits, workers):
        monkeypatch.setattr(module, "HAS_TIMER", False)
    monkeypatch.setattr(workers, "METHOD", "fork")
    started = time.monotonic()
    with Workers(1) as pool:
        assert list(pool.run(busy, None, [13], 0, give_up=give_up, seconds=0.5)) == [["slow"]]
    assert time.monotonic() - started >= 0.5


def test_windows_has_no_limits_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(signal, "setitimer")
    there = loaded_again(limits)
    assert not there.HAS_TIMER
    asked = there.Limits(3, 1)
    assert asked.clock_seconds == 3
    assert there.address_space() == 0
    with there.limited(asked, there.address_space()):
        assert resource.getrlimit(resource.RLIMIT_AS) == before
    monkeypatch.setattr(there, "FREE", Path("no/such/file"))
    assert there.affordable(8) == (8, limits.MEMORY)


def test_macos_does_not_tell_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    with limits.limited(limits.Limits(100, 1), 0):  # the address space where there is no /proc
        assert resource.getrlimit(resource.RLIMIT_AS) == before
        assert signal.getitimer(signal.ITIMER_PROF)[0] > 50


def test_pipes_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "METHOD", "spawn")
    monkeypatch.setattr(workers, "sys", WINDOWS)
    with Workers(1) as pool:
        assert list(pool.run(busy, None, [1, 2], 2, give_up=give_up, seconds=30)) == [[1, 2]]


# --- locks and paths ------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [errno.ENOTSUP, errno.EBADF, errno.ENOLCK, errno.EINVAL])
def test_a_file_system_that_locks_no_folders(
    error: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(
        lock, "fcntl", SimpleNamespace(flock=refuse, LOCK_EX=2, LOCK_NB=4, LOCK_UN=8)
    )
    with build_lock(tmp_path / "cache", pytest.fail, 0, tmp_path / "output"):
        assert (tmp_path / "output").is_dir()


def test_windows_locks_the_cache_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "sys", WINDOWS)
    with build_lock(tmp_path / "cache", pytest.fail, 0, tmp_path / "output"):
        assert (tmp_path / "cache/lock").exists()
        assert not (tmp_path / "output").exists()


@pytest.mark.parametrize("path", ["a\\..\\..\\b", "c:x", "a/con:b", "a\\b"])
def test_what_leads_elsewhere_on_windows(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "name", "nt")
    there = loaded_again(manifest)
    monkeypatch.undo()
    assert not there.is_safe(path)
    assert there.is_safe("tin-tuc/bai/index.html")
