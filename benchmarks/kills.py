"""``python -m benchmarks.kills --runs 500``: builds killed with -9 at random moments.

After each, no file of the site is torn (it is as before, or as after), the next build completes, and
its tree is that of a clean build. The situations take turns: everything new, an edit, another
template, articles renamed; so does what may happen besides: a full disk, a store that is read-only,
damaged, or another's.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpus import make_corpus
from benchmarks.programs import Kheo

SITUATIONS = (
    "cold",
    "edit",
    "template",
    "rename",
    "store read-only",
    "store damaged",
    "store foreign",
)
REPORTS = 300


@dataclass
class Trials:
    """A site that is changed, built, killed and looked at, again and again."""

    folder: Path
    chance: random.Random
    seconds: float = 1.0  # of a whole build; learnt from the first
    killed: int = 0
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.program = Kheo(self.folder / "site")
        self.articles = make_corpus(REPORTS)
        self.program.prepare(self.articles)
        self.turn = 0

    @property
    def output(self) -> Path:
        return self.program.output

    @property
    def store(self) -> Path:
        return self.program.folder / ".cache/store.sqlite"

    def command(self, folder: Path | None = None) -> list[str]:
        more = ["--output", str(folder / "output"), "--cache", str(folder / "c")] if folder else []
        return [*self.program.command(), "--jobs", "2", *more]

    def build(self, folder: Path | None = None) -> None:
        started = time.perf_counter()
        run = subprocess.run(
            self.command(folder),
            cwd=self.program.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            self.problems.append(f"a build ended with {run.returncode}: {run.stderr[-300:]}")
        self.seconds = max(0.3, time.perf_counter() - started)

    def clean(self) -> dict[str, bytes]:
        """The tree of a clean build of what the sources are now."""
        folder = self.folder / "clean"
        shutil.rmtree(folder, ignore_errors=True)
        self.build(folder)
        return tree(folder / "output")

    def change(self, situation: str) -> None:
        self.turn += 1
        if situation == "cold":
            self.program.forget()
        elif situation == "template":
            self.program.edit_base_template(f"edit {self.turn}")
        elif situation == "rename":
            for file in self.chance.sample(self.sources(), 20):
                file.rename(file.with_name(f"moved-{self.turn}-{file.name}"))
        else:
            for file in self.chance.sample(self.sources(), 30):
                text = file.read_text(encoding="utf-8")
                file.write_text(
                    text.replace("title: '", f"title: 'Sửa {self.turn} ", 1) + "\nThêm.\n"
                )
        self.harm_store(situation)

    def sources(self) -> list[Path]:
        return sorted((self.program.folder / "content").rglob("*.md"))

    def harm_store(self, situation: str) -> None:
        if not self.store.exists():
            return
        if situation == "store damaged":
            data = bytearray(self.store.read_bytes())
            for _ in range(20):
                data[self.chance.randrange(len(data))] ^= self.chance.randrange(1, 256)
            self.store.write_bytes(data)
        elif situation == "store foreign":
            self.store.write_bytes(b"SQLite format 3\0" + bytes(84) + b"not ours" * 500)
        elif situation == "store read-only":
            self.store.chmod(0o444)  # the folder may be written: a user would see no difference

    def trial(self, situation: str) -> None:
        before = tree(self.output)
        self.change(situation)
        after = self.clean()
        process = subprocess.Popen(
            self.command(), cwd=self.program.folder, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            process.wait(self.chance.uniform(0.02, self.seconds * 1.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self.killed += 1
        torn = [
            path for path, data in tree(self.output).items()
            if data not in (before.get(path), after.get(path)) and path != ".kheo"
        ]  # fmt: skip
        if torn:
            self.problems.append(f"{situation}: torn files: {', '.join(torn[:5])}")
        self.build()
        if tree(self.output) != after:
            self.problems.append(f"{situation}: the next build gives another tree")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".staging" not in file.parts
    }


def run(runs: int, seed: int, folder: Path) -> Trials:
    trials = Trials(folder, random.Random(seed))
    trials.build()
    for number in range(runs):
        trials.trial(SITUATIONS[number % len(SITUATIONS)])
    return trials


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kheo-kills-") as folder:
        trials = run(arguments.runs, arguments.seed, Path(folder))
    for problem in trials.problems:
        print(problem)
    print(
        f"{arguments.runs} trials, {trials.killed} killed in time, {len(trials.problems)} problems"
    )
    sys.exit(1 if trials.problems else 0)


if __name__ == "__main__":
    main()
