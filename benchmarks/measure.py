"""One command, measured as a whole: wall time, processor time, memory of all its processes."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.25
REST = 16  # times as long as a sample took: the PSS of a gigabyte holds a process up for 15 ms


@dataclass(frozen=True)
class Run:
    """``wall`` and ``cpu`` in seconds; ``memory`` is the highest sum of the proportional set sizes
    (PSS: shared pages count once) of the command and its descendants, in bytes; at least the
    highest resident set of one of them, where it ends between two samples."""

    wall: float
    cpu: float
    memory: int


def run(command: list[str], folder: Path) -> Run:
    """Run ``command`` to its end. Raises RuntimeError if it fails."""
    # As a user's shell has it: without compiled modules each run compiles the program again.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    os.sync()  # what earlier runs left to be written is not to be written during this one
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    peak = _Peak(process.pid)
    peak.start()
    error = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    peak.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stderr:
        process.stderr.close()
    if process.returncode:
        raise RuntimeError(
            f"{command[0]} ended with {process.returncode}: {error.decode()[-2000:]}"
        )
    return Run(wall, usage.ru_utime + usage.ru_stime, max(peak.bytes, usage.ru_maxrss * 1024))


class _Peak(threading.Thread):
    """Watches the memory of a process and its descendants."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.bytes = 0
        self.over = threading.Event()

    def run(self) -> None:
        pause = SAMPLE_SECONDS
        while not self.over.wait(pause):
            started = time.perf_counter()
            self.bytes = max(self.bytes, sum(map(_pss, _family(self.root))))
            pause = max(SAMPLE_SECONDS, REST * (time.perf_counter() - started))

    def stop(self) -> None:
        self.over.set()
        self.join()


def _family(root: int) -> list[int]:
    family, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        family.append(process)
        try:
            for thread in Path(f"/proc/{process}/task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
        except OSError:  # it has ended
            continue
    return family


def _pss(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) * 1024
