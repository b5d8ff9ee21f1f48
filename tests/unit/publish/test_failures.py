"""Every write can fail, and the program can be killed: what is left is a whole site."""

import errno
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support import ROOT, tree
from unit.publish.press import Press, generation
from unit.publish.test_writer import NEW, OLD, pages_of

from kheo.errors import FileAccessError

WRITES = ["open", "write", "close", "fsync", "mkdir", "link", "rename", "replace", "rmdir", "unlink"]  # fmt: skip
WORDS = {
    errno.ENOSPC: "no space left",
    errno.EIO: "disk reports an error",
    errno.EACCES: "permission",
    errno.EROFS: "read-only",
}


def failing(
    patch: pytest.MonkeyPatch, name: str, nth: int, error: int, for_ever: bool
) -> Callable[[], bool]:
    """Lets the ``nth`` call of ``os.name`` fail; whether it came to that is what is returned."""
    calls = 0
    real = getattr(os, name)

    def call(*args, **keywords):
        nonlocal calls
        calls += 1
        if calls == nth or (for_ever and calls > nth):
            if name == "close":
                real(*args, **keywords)  # the file is closed, but what was written is not all there
            raise OSError(error, os.strerror(error), None if isinstance(args[0], int) else args[0])
        return real(*args, **keywords)

    patch.setattr(os, name, call)
    return lambda: calls >= nth


@pytest.mark.parametrize(
    ("name", "error"),
    [*((name, errno.ENOSPC) for name in WRITES), *(("write", error) for error in WORDS)],
)
def test_a_write_that_fails_leaves_the_last_good_site(
    make_press: Callable[[str], Press], monkeypatch: pytest.MonkeyPatch, name: str, error: int
) -> None:
    for nth in range(1, 200):
        press = make_press(f"{name}-{nth}")
        press.publish(OLD)
        before = tree(press.output)
        with monkeypatch.context() as patch:
            happened = failing(patch, name, nth, error, for_ever=False)
            try:
                press.publish(NEW)
                is_published = True
            except FileAccessError as told:
                is_published = False
                assert WORDS[error] in str(told.reason)
                assert told.filename
        if is_published:
            assert pages_of(press) == NEW
        else:
            assert tree(press.output) == before
        press.publish(NEW)
        assert pages_of(press) == NEW
        assert not (press.output / ".staging").exists()
        if not happened():
            assert nth > 1
            return
    pytest.fail("it never ended")


@pytest.mark.parametrize("name", ["write", "link", "replace", "rename", "mkdir"])
def test_a_disk_that_breaks_for_good_leaves_whole_files_and_the_next_build_completes(
    make_press: Callable[[str], Press], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for nth in range(1, 200):
        press = make_press(f"{name}-{nth}")
        press.publish(OLD)
        with monkeypatch.context() as patch:
            happened = failing(patch, name, nth, errno.EIO, for_ever=True)
            try:
                press.publish(NEW)
            except FileAccessError as told:
                assert "disk reports an error" in str(told)
        for path, data in pages_of(press).items():
            assert data in (OLD.get(path), NEW.get(path))
        press.publish(NEW)
        assert pages_of(press) == NEW
        assert not (press.output / ".staging").exists()
        if not happened():
            return
    pytest.fail("it never ended")


@pytest.mark.parametrize("name", ["replace", "rename", "link"])
def test_an_interrupted_build_leaves_the_last_good_site(
    press: Press, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    press.publish(OLD)
    before = tree(press.output)
    real, calls = getattr(os, name), iter(range(2))

    def interrupted(*args, **keywords):
        if next(calls, None) == 1:
            raise KeyboardInterrupt
        return real(*args, **keywords)

    monkeypatch.setattr(os, name, interrupted)
    with pytest.raises(KeyboardInterrupt):
        press.publish(NEW)
    assert tree(press.output) == before


def test_without_hard_links_old_files_are_copied(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.publish(OLD)
    before = tree(press.output)

    def no_links(*args, **keywords):
        raise OSError(errno.ENOTSUP, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    with monkeypatch.context() as patch:
        failing(patch, "replace", 5, errno.EIO, for_ever=False)
        with pytest.raises(FileAccessError):
            press.publish(NEW)
    assert tree(press.output) == before
    press.publish(NEW)
    assert pages_of(press) == NEW


def test_a_store_that_cannot_grow_leaves_the_last_good_site(
    make_press: Callable[[str], Press],
) -> None:
    """A full disk as SQLite sees it, at each page of the store that a publication adds."""
    old = dict.fromkeys(OLD, b"old")
    new = {f"{'long' * 40}/{n}.html": b"new" for n in range(200)}
    for room in range(100):
        press = make_press(str(room))
        press.publish(old)
        before = tree(press.output)
        with press.store() as store:
            (pages,) = store.connection.execute("PRAGMA page_count").fetchone()
            store.connection.execute(f"PRAGMA max_page_count = {pages + room}")
            try:
                press.publish_with(store, new)
            except FileAccessError as told:
                assert "no space left" in str(told.reason)
                assert tree(press.output) == before
            else:
                assert room > 2
                assert pages_of(press) == new
                return
        press.publish(new)
        assert pages_of(press) == new
    pytest.fail("it never had room enough")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal there")
def test_a_killed_build_leaves_whole_files_and_the_next_one_completes(
    press: Press, many: bool
) -> None:
    chance = random.Random(4)
    script = Path(__file__).parent / "press.py"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    for _ in range(15 if many else 4):
        running = subprocess.Popen(
            [sys.executable, script, press.output.parent],
            stdout=subprocess.PIPE, env=environment,
        )  # fmt: skip
        assert running.stdout
        with running.stdout:
            running.stdout.readline()  # the first generation is there
            time.sleep(chance.uniform(0, 0.15))
            running.kill()
        running.wait()
        for path, data in pages_of(press).items():
            assert len(set(data.split())) == 1, f"{path} is torn"
            assert len(data.splitlines()) == 3000, f"{path} is cut off"
        press.publish(generation(1))
        assert pages_of(press) == generation(1)
        assert not list(press.output.glob("moi-[02]"))
        assert not (press.output / ".staging").exists()
