"""Two builds at once: the second waits, or says who is building."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

from kheo.errors import FileAccessError, LockTimeoutError
from kheo.messages.wording import Message
from kheo.publish.lock import build_lock

HOLDER = """
import sys
from pathlib import Path
from kheo.publish.lock import build_lock
with build_lock(Path(sys.argv[1]), print, output=Path(sys.argv[2])):
    print("building", flush=True)
    sys.stdin.read()
"""


def holding(cache: Path, output: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, cache, output], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == b"building\n"
    return process


def release(process: subprocess.Popen[bytes]) -> None:
    process.communicate()


def test_the_second_build_says_who_is_building(tmp_path: Path) -> None:
    cache, output = tmp_path / "cache", tmp_path / "output"
    other = holding(cache, output)
    told: list[Message] = []
    with (
        pytest.raises(LockTimeoutError, match=f"still running: process {other.pid}, since 20"),
        build_lock(cache, told.append, 0.2),
    ):
        pass
    assert len(told) == 1
    assert str(told[0]).startswith(f"waiting for another build: process {other.pid}, since 20")
    release(other)
    with build_lock(cache, told.append, 0.2):
        assert len(told) == 1


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be locked there")
def test_builds_with_different_caches_share_an_output_one_by_one(tmp_path: Path) -> None:
    output = tmp_path / "output"
    other = holding(tmp_path / "cache", output)
    told: list[Message] = []
    with (
        pytest.raises(LockTimeoutError, match=r"still writing to .*output"),
        build_lock(tmp_path / "cache2", told.append, 0.3, output),
    ):
        pass
    assert [*map(str, told)] == [f"waiting for another build that writes to {output}"]
    assert list(output.iterdir()) == []
    release(other)
    with build_lock(tmp_path / "cache2", told.append, 0.3, output):
        assert len(told) == 1


def test_a_killed_build_holds_nothing(tmp_path: Path) -> None:
    cache, output = tmp_path / "cache", tmp_path / "output"
    other = holding(cache, output)
    other.kill()
    other.communicate()
    with build_lock(cache, pytest.fail, 0, output):
        pass


def test_a_build_that_wrote_nothing_leaves_no_output_folder(tmp_path: Path) -> None:
    output = tmp_path / "output"
    with build_lock(tmp_path / "cache", pytest.fail, 0, output):
        pass
    assert not output.exists()
    with build_lock(tmp_path / "cache", pytest.fail, 0, output):
        (output / "index.html").touch()
    assert output.exists()


def test_an_empty_output_folder_that_was_there_stays(tmp_path: Path) -> None:
    with build_lock(tmp_path / "cache", pytest.fail, 0, tmp_path):
        pass
    assert tmp_path.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks there")
def test_a_worker_that_outlives_its_build_does_not_hold_the_lock(tmp_path: Path) -> None:
    script = (
        HOLDER.replace("import sys", "import os, sys, time")
        .replace('print("building"', 'os.fork() or time.sleep(60)\n    print("building"')
    )  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", script, tmp_path / "cache", tmp_path / "output"], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdout
    assert process.stdin
    process.stdout.readline()
    process.kill()
    process.wait()
    try:
        # The worker, which sleeps for a minute, may be some moments late to let go after its fork.
        with build_lock(tmp_path / "cache", str, 20, tmp_path / "output"):
            pass
    finally:
        os.killpg(process.pid, 9)
        process.stdout.close()
        process.stdin.close()


def test_a_cache_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileAccessError), build_lock(tmp_path / "file", pytest.fail, 0):
        pass
    with (
        pytest.raises(FileAccessError),
        build_lock(tmp_path / "cache", pytest.fail, 0, tmp_path / "file/output"),
    ):
        pass
