"""One run of the program: as little of a build as the changes ask for."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kheo.messages.wording import Message
from kheo.stages.delivery import deliver
from kheo.stages.results import BuildOptions, Progress, Report
from kheo.stages.stopwatch import Stopwatch
from kheo.stages.unchanged import last_build, read_seen, same_result

if TYPE_CHECKING:
    from concurrent.futures import Executor


def build_least(
    options: BuildOptions,
    tell: Callable[[Message], None] = lambda text: None,
    progress: Progress = lambda stage, done, total: None,
    watch: Stopwatch | None = None,
    executor: "Executor | None" = None,
) -> Report:
    """Builds the site: not at all if it is already what a build would give, and without index and
    plan if only texts were edited. Then delivers it. Raises as ``build`` does."""
    report = _build_least(options, tell, progress, watch or Stopwatch(), executor)
    return deliver(report, options, tell)


def _build_least(
    options: BuildOptions,
    tell: Callable[[Message], None],
    progress: Progress,
    watch: Stopwatch,
    executor: "Executor | None",
) -> Report:
    with watch.stage("read") as items:
        seen = read_seen(options)
        items.append(len(seen.listing.sources))
    with watch.stage("compare"):
        last = last_build(seen, options)
    if last and (same := same_result(last)):
        return same
    if last:
        from kheo.stages.edits import build_edited

        if edited := build_edited(last, options, tell, watch):
            return edited
    from kheo.pipeline import build  # all of the program: 0.06 s

    return build(options, tell, progress, watch, executor, seen)
