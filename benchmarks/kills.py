"""``python -m benchmarks.kills --runs 500``: builds that are killed with -9, or whose disk fails.

Killed at random moments while everything is new, words, titles, the template, names of files or
pictures changed, another version of the program took over, search was turned on or off, and while the store
is damaged or another's. After that no file of the site is torn
(each is as before, or as after), the release that is served is whole, the next build completes, its
tree is that of a clean build, and it leaves nothing behind.

Of living builds, workers are killed, or two run at once: both end well, with the tree of a clean build.

The disk: full (a small tmpfs, where one may be mounted), with a limit for the size of files, or with an error at a random write
of site, cache or releases. Then the build says so by exit status 3, and the site is as it was byte for byte; or
all is well.
"""

import argparse
import errno
import hashlib
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from pathlib import Path

from benchmarks.corpus import make_corpus, write_text
from benchmarks.disks import WRITES, Failure, fill, small_disk
from benchmarks.programs import Kheo
from benchmarks.victim import Build, Fate, Trouble

KILLED = ("cold", "words", "titles", "template", "names", "pictures", "version", "store damaged",
          "store foreign", "search")  # fmt: skip
DISK = ("disk errors", "disk full", "file size")
LIVING = ("workers killed", "two builds")  # these end well
SITUATIONS = tuple(one for pair in zip(KILLED, (*DISK, *LIVING) * 2, strict=True) for one in pair)
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS)
REPORTS, PICTURES = 120, 3
MEGABYTES = 192  # of the small disk
LEFT = {
    "lock",
    "store.sqlite",
    "store.sqlite.foreign",
    "manifest",
    "pictures",
    "search",
}  # in the cache


@dataclass
class Trials:
    """A site that is changed, built, killed and looked at, again and again."""

    folder: Path
    chance: random.Random
    has_small_disk: bool = False
    killed: int = 0
    workers: int = 0
    failed: int = 0
    lengths: dict[str, float] = field(default_factory=dict)  # of whole builds, as far as known
    tried: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site = self.folder / "disk/site"
        self.program = Kheo(self.site)
        years = (replace(one, day=date(2020 + n % 2, 1 + n % 12, 1 + n % 28))
                 for n, one in enumerate(make_corpus(REPORTS)))  # fmt: skip
        self.program.prepare(list(years))
        for number in range(PICTURES):
            self.draw(number)
            file = self.sources()[number]
            write_text(file, f"{file.read_text(encoding='utf-8')}\n![x]({number}.png)\n")
            shutil.move(self.folder / f"{number}.png", file.with_name(f"{number}.png"))
        self.turn = 0

    @property
    def output(self) -> Path:
        return self.site / "output"

    @property
    def cache(self) -> Path:
        return self.site / ".cache"

    @property
    def releases(self) -> Path:
        return self.site / "www"

    def draw(self, number: int) -> None:
        from PIL import Image

        data = BytesIO()
        Image.new("RGB", (40, 30), (self.chance.randrange(256), number, 0)).save(data, "PNG")
        (self.folder / f"{number}.png").write_bytes(data.getvalue())

    def sources(self) -> list[Path]:
        return sorted((self.site / "content").rglob("*.md"))

    # --- builds ---------------------------------------------------------------------------------

    def start(
        self, trouble: Trouble | None = None, folder: Path | None = None, said: str = "said"
    ) -> Build:
        where = (folder / "output", folder / "cache") if folder else (self.output, self.cache)
        arguments = ["--max-removed=100", "--jobs=2", f"--output={where[0]}", f"--cache={where[1]}"]
        arguments += [] if folder else [f"--release-dir={self.releases}", "--keep=2"]
        return Build(self.site, arguments, self.folder / said, trouble)

    def run(
        self,
        after: float | None = None,
        trouble: Trouble | None = None,
        folder: Path | None = None,
    ) -> Fate:
        return self.see(self.start(trouble, folder).end(after))

    def see(self, fate: Fate) -> Fate:
        if "Traceback" in fate.said and fate.status is not None:
            self.problems.append(f"a traceback: {fate.said[-1500:]}")
        return fate

    def complete(self, why: str) -> None:
        fate = self.run()
        if fate.status:
            self.problems.append(f"{why}: a build ended with {fate.status}: {fate.said[-500:]}")

    def clean(self) -> dict[str, bytes]:
        """The tree of a clean build of what the sources are now."""
        folder = self.folder / "clean"
        shutil.rmtree(folder, ignore_errors=True)
        if (fate := self.run(folder=folder)).status:
            self.problems.append(f"a clean build ended with {fate.status}: {fate.said[-500:]}")
        self.lengths.setdefault("cold", fate.seconds)
        return tree(folder / "output")

    # --- what changes ---------------------------------------------------------------------------

    def change(self, situation: str) -> None:
        self.turn += 1
        chosen = self.chance.sample(self.sources(), 10)
        if situation == "cold":
            for folder in (self.output, self.cache):
                shutil.rmtree(folder, ignore_errors=True)
            self.with_search(self.turn % 4 > 1)
        elif situation == "search":
            self.with_search(self.turn % 2 > 0)
        elif situation == "template":
            self.program.edit_base_template(f"edit {self.turn}")
        elif situation == "names":
            for file in chosen:
                file.rename(file.with_name(f"moved-{self.turn}-{file.name}"))
        elif situation == "pictures":
            for number in range(PICTURES):
                self.draw(number)
                there = next((self.site / "content").rglob(f"{number}.png"))
                shutil.move(self.folder / f"{number}.png", there)
        else:
            for file in chosen:
                text = file.read_text(encoding="utf-8") + f"\nThêm {self.turn}.\n"
                if situation != "words":
                    text = text.replace("title: '", f"title: 'Sửa {self.turn} ", 1)
                file.write_text(text, encoding="utf-8")
        self.harm_store(situation)

    def with_search(self, is_on: bool) -> None:
        file = self.site / "content/site.yaml"
        text = file.read_text(encoding="utf-8")
        now, then = ("false", "true") if is_on else ("true", "false")
        file.write_text(text.replace(f"search: {now}", f"search: {then}"), encoding="utf-8")

    def harm_store(self, situation: str) -> None:
        store = self.cache / "store.sqlite"
        if situation == "store damaged":
            data = bytearray(store.read_bytes())
            for _ in range(20):
                data[self.chance.randrange(len(data))] ^= self.chance.randrange(1, 256)
            store.write_bytes(data)
        elif situation == "store foreign":
            store.write_bytes(b"SQLite format 3\0" + bytes(52) + b"not ours" * 500)

    # --- trials ---------------------------------------------------------------------------------

    def trial(self, situation: str) -> None:
        if situation == "disk full" and not self.has_small_disk:
            return
        self.tried[situation] += 1
        self.before = tree(self.output)
        self.change(situation)
        self.after = self.clean()
        if situation == "disk errors":
            self.let_fail(situation, Trouble(self.failure()))
        elif situation == "disk full":
            room = int(self.chance.triangular(0, 6_000_000, 0))  # what a build needs, or less
            ballast = fill(self.folder / "disk", room, MEGABYTES)
            self.let_fail(situation, Trouble())
            ballast.unlink()
        elif situation == "file size":
            size = int(self.chance.triangular(1_000, 2_000_000, 1_000))
            self.let_fail(situation, Trouble(file_size=size))
        elif situation == "workers killed":
            self.kill_workers()
        elif situation == "two builds":
            self.build_twice()
        else:
            self.kill(situation)
        self.look(situation)
        self.complete(situation)
        if tree(self.output) != self.after:
            self.problems.append(f"{situation}: the next build gives another tree")
        self.look_for_leavings(situation)

    def kill(self, situation: str) -> None:
        length = self.lengths.get(situation, self.lengths["cold"])
        trouble = Trouble(version=f"v{self.turn}") if situation == "version" else None
        fate = self.run(self.chance.uniform(0, length * 1.1), trouble)
        self.killed += fate.status is None
        if fate.status is not None:
            self.lengths[situation] = fate.seconds

    def kill_workers(self) -> None:
        """Up to three times while a build runs: it goes on, and ends well.

        If the kills hit the same file twice, that file is named and nothing is published.
        """
        build = self.start()
        for _ in range(3):
            time.sleep(self.chance.uniform(0, self.lengths["cold"] / 4))
            self.workers += build.kill_a_worker()
        fate = self.see(build.end())
        is_named = fate.status == 1 and "worker-ended" in fate.said
        if tree(self.output) != (self.before if is_named else self.after) or (
            fate.status and not is_named
        ):
            self.problems.append(f"workers killed: exit {fate.status}: {fate.said[-500:]}")

    def build_twice(self) -> None:
        """One build waits for the other; both end well."""
        first, second = self.start(), self.start(said="said too")
        fates = self.see(first.end()), self.see(second.end())
        if any(fate.status for fate in fates) or tree(self.output) != self.after:
            self.problems.append(f"two builds: {fates}")

    def failure(self) -> Failure:
        folders = (str(self.output), str(self.cache), str(self.releases))
        nth = int(self.chance.triangular(1, 200, 1))  # there are few of some, hundreds of others
        return Failure(self.chance.choice(WRITES), nth, self.chance.choice(ERRORS), folders)

    def let_fail(self, situation: str, trouble: Trouble) -> None:
        fate = self.run(trouble=trouble)
        served = tree(self.output)
        self.failed += fate.status != 0
        if fate.status not in {0, 3}:
            self.problems.append(f"{situation} {trouble}: exit {fate.status}: {fate.said[-500:]}")
        # A release can fail when the site itself is done.
        if fate.status and served not in (self.before, self.after):
            self.problems.append(f"{situation} {trouble}: the last good site is no more")

    def look(self, situation: str) -> None:
        torn = [
            path for path, data in tree(self.output).items()
            if data not in (self.before.get(path), self.after.get(path)) and path != ".kheo"
        ]  # fmt: skip
        gone = self.before.keys() & self.after.keys() - tree(self.output).keys()
        if torn or (gone and situation != "cold"):
            names = ", ".join([*torn[:5], *sorted(gone)[:5]])
            self.problems.append(f"{situation}: torn or gone: {names}")
        served = self.releases / "current"
        listed = (served / ".kheo").read_text(encoding="utf-8").splitlines()
        for digest, path in (line.split("  ", 1) for line in listed if line[0] != "#"):
            file = served / path
            if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
                self.problems.append(f"{situation}: {path} of the release is not whole")

    def look_for_leavings(self, situation: str) -> None:
        left = {file.name for file in self.cache.iterdir()} - LEFT
        left |= {file.name for file in self.releases.iterdir()} - {"current", "releases", "lock"}
        left |= {file.name for file in self.output.glob(".staging")}
        if left:
            self.problems.append(f"{situation}: left behind: {', '.join(sorted(left))}")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".staging" not in file.parts
    }


def run(runs: int, seed: int, folder: Path) -> Trials:
    with small_disk(folder / "disk", MEGABYTES) as is_small:
        trials = Trials(folder, random.Random(seed), is_small)
        trials.complete("the first")
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
    if not trials.has_small_disk:
        print("note: no small disk could be mounted: none was full")
    print(", ".join(f"{count} {name}" for name, count in sorted(trials.tried.items())))
    print(f"{sum(trials.tried.values())} trials, {trials.killed} killed in time, {trials.workers} workers killed, {trials.failed} "
          f"ended by the disk, {len(trials.problems)} problems")  # fmt: skip
    sys.exit(1 if trials.problems else 0)


if __name__ == "__main__":
    main()
