"""Build for the preview, into a separate folder. Disk errors are shown as problems."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from msgspec import Struct, structs

from kheo.diagnostics import Diagnostic
from kheo.errors import LockTimeoutError, message_of
from kheo.layers import roots_of
from kheo.pipeline import build
from kheo.read.settings import read_settings
from kheo.reporting.catalogue import Words
from kheo.reporting.reporter import Reporter
from kheo.serve.problems import Problem, problems_of
from kheo.stages.results import BuildOptions, BuildResult, Run
from kheo.stages.workers import Workers

Clock = Callable[[], datetime]


class Result(Struct, frozen=True):
    """The result of a build for the preview. ``found`` has the diagnostics already reported."""

    problems: list[Problem]
    found: list[Diagnostic]


def preview_options(
    content: Path, templates: Path, cache: Path, now: datetime, jobs: int
) -> BuildOptions:
    """Return the options of a build that includes drafts, allows all changes, and publishes nothing."""
    own = cache / "serve"
    return BuildOptions(
        content=content,
        templates=templates,
        output=own / "output",
        cache=own / "store",
        now=now,
        drafts=True,
        future=True,
        keep_going=True,
        max_removed=100,
        allow_empty=True,
        check_urls=False,  # nothing is published
        search=False,  # an index takes longer than an editor waits
        jobs=jobs,
    )


def rebuild(
    options: BuildOptions,
    clock: Clock,
    reporter: Reporter,
    workers: Workers,
    reported: list[Diagnostic] | None = None,
) -> Result:
    """Build and report to the terminal. An error of the disk is a problem like any other.

    ``reported`` is what the last build found: its warnings are not repeated. A build with nothing new
    to report and nothing to do is not mentioned.
    """
    started = perf_counter()
    try:
        with reporter.progress() as progress:
            run = Run(reporter.notify, progress, workers=workers)
            result = build(structs.replace(options, now=clock()), run)
    except (LockTimeoutError, OSError) as error:
        reporter.fail(message_of(error))
        return Result([Problem(message=reporter.words.line(message_of(error)))], [])
    seconds = perf_counter() - started
    news = [d for d in result.found if d.severity == "error" or d not in (reported or ())]
    if reported is None or news or _did_something(result):
        reporter.report(structs.replace(result, found=news), seconds)
    return Result(_problems(result, options, reporter.words), result.found)


def _did_something(result: BuildResult) -> bool:
    counts = result.counts
    return counts is None or bool(result.parsed or counts.written or counts.removed)


def _problems(result: BuildResult, options: BuildOptions, words: Words) -> list[Problem]:
    return problems_of(result.found, roots_of(options.content, options.templates), words)


def prefix_of(content: Path, templates: Path) -> str:
    """Return the folder of the site in URLs, from its ``base_url``: ``/tin``, or an empty text."""
    settings, _ = read_settings(content, templates, "")
    return urlsplit(settings.config.base_url).path.rstrip("/") if settings else ""
