"""One run of the program: a build, unless there is nothing to build."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.report import BuildOptions, Progress, Report
from generator.stopwatch import Stopwatch
from generator.unchanged import read_seen, same_result

if TYPE_CHECKING:
    from concurrent.futures import Executor


def build_unless_same(
    options: BuildOptions,
    tell: Callable[[str], None] = lambda text: None,
    progress: Progress = lambda stage, done, total: None,
    watch: Stopwatch | None = None,
    executor: "Executor | None" = None,
) -> Report:
    """Builds the site, unless it is already what a build would give. Raises as ``build`` does."""
    watch = watch or Stopwatch()
    with watch.stage("read") as items:
        seen = read_seen(options)
        items.append(len(seen.listing.sources))
    with watch.stage("compare"):
        same = same_result(seen, options)
    if same:
        return same
    from generator.pipeline import build  # all of the program: 0.06 s

    return build(options, tell, progress, watch, executor, seen)
