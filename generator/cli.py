"""The command line."""

import gc
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from generator import __version__
from generator.catalogue import Words, choose_words
from generator.delivery_options import check_delivery, delivery_options
from generator.lang_option import lang_option
from generator.publish.errors import BusyError
from generator.publish.opening import open_again
from generator.publish.store import STORE_FILE
from generator.report import BuildOptions, Report
from generator.reporting import FORMATS, Reporter, speak_every_letter
from generator.run import build_least
from generator.stopwatch import Stopwatch
from generator.wording import told

GOOD, CONTENT_PROBLEMS, MISUSE, DISK_PROBLEMS = 0, 1, 2, 3


class DefaultGroup(click.Group):
    """``build.py --drafts`` is ``build.py build --drafts``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in {"--help", "--version"}):
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), "new", "schema", "serve"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "new":  # what builds need not load
            from generator.new_command import new_command

            return new_command
        if cmd_name == "schema":
            from generator.schema_command import schema_command

            return schema_command
        if cmd_name == "serve":
            from generator.serve_command import serve_command

            return serve_command
        return super().get_command(ctx, cmd_name)


@click.group(cls=DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kheo")
def main() -> None:
    """Khéo: a news site from Markdown reports. Without a command: build."""
    speak_every_letter()


def _moment(ctx: click.Context, parameter: click.Parameter, value: str | None) -> datetime:
    """``--now``, else SOURCE_DATE_EPOCH, else the clock: the only place where it is read."""
    if value is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        if epoch:
            try:
                return datetime.fromtimestamp(int(epoch), UTC)
            except (ValueError, OverflowError, OSError):
                raise click.BadParameter(f"SOURCE_DATE_EPOCH is {epoch!r}, not seconds") from None
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("write it as 2026-03-05T08:30:00+07:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


folder = click.Path(file_okay=False, path_type=Path)


@main.command("build")
@click.option("--content", type=folder, default=Path("content"), help="Where the reports are.")
@click.option("--templates", type=folder, default=Path("templates"), help="The theme.")
@click.option("--output", type=folder, default=Path("output"), help="Where the site goes.")
@click.option("--cache", type=folder, default=Path(".cache"), help="What is kept between builds.")
@click.option("--base-url", default="", help="Instead of that in site.yaml.")
@click.option("--drafts", is_flag=True, help="Publish drafts too.")
@click.option("--future", is_flag=True, help="Publish scheduled articles too.")
@click.option("--now", callback=_moment, metavar="ISO-DATETIME", help="Build as if it were then.")
@click.option("--strict", is_flag=True, help="Let warnings fail the build.")
@click.option("--keep-going", is_flag=True, help="Publish all but the articles with errors.")
@click.option("--force", is_flag=True, help="Overwrite files that are not ours.")
@click.option(
    "--max-removed",
    type=click.IntRange(0, 100),
    default=20,
    show_default=True,
    help="Percent of the published pages that a build may remove.",
)
@click.option("--allow-empty", is_flag=True, help="Publish a site that has lost all its articles.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", help="Of messages."
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    show_default="cores",
    help="Processes to work in.",
)
@click.option("--no-search", "search", is_flag=True, flag_value=False, default=True,
              help="Without a search index.")  # fmt: skip
@delivery_options
@click.option("--no-cache", is_flag=True, help="Remember nothing from build to build.")
@lang_option
@click.option("--profile", is_flag=True, help="Show where the time goes.")
@click.option("--quiet", is_flag=True, help="Only problems.")
def build_command(
    format_: str,
    quiet: bool,
    profile: bool,
    no_cache: bool,
    rollback: bool,
    lang: str,
    **choices: Any,
) -> None:
    """Build the site."""
    check_delivery(rollback, **choices)
    if rollback:
        words = choose_words(lang, choices["content"])
        sys.exit(_roll_back(choices["release_dir"], format_, quiet, words))
    with _no_cache() if no_cache else nullcontext(choices["cache"]) as cache:
        options = BuildOptions(**choices | {"cache": Path(cache)})
        sys.exit(_build(options, format_, quiet, profile, lang))


def _no_cache() -> AbstractContextManager[str]:
    from tempfile import TemporaryDirectory

    return TemporaryDirectory(prefix="kheo-")


def _build(options: BuildOptions, format_: str, quiet: bool, profile: bool, lang: str) -> int:
    """Builds and tells; the exit status."""
    watch = Stopwatch()
    reporter = Reporter(
        format_, quiet, options.content, options.templates, choose_words(lang, options.content)
    )
    started = perf_counter()
    try:
        with reporter.progress() as progress:
            report = build_least(options, reporter.tell, progress, watch)
    except (BusyError, OSError) as error:
        reporter.fail(_disk_problem(error))
        return DISK_PROBLEMS
    reporter.report(report, perf_counter() - started)
    if profile:
        reporter.profile(watch.laps)
    gc.freeze()  # the process ends: to look for cycles among 10,000 articles takes 0.06 s
    return _exit_code(report, options.strict)


def _roll_back(release_dir: Path, format_: str, quiet: bool, words: Words) -> int:
    from generator.publish.lock import build_lock
    from generator.publish.releases import NoReleaseError, roll_back

    reporter = Reporter(format_, quiet, Path(), Path(), words)
    try:
        with build_lock(release_dir, reporter.tell):
            name = roll_back(release_dir)
    except NoReleaseError:
        reporter.fail(told("there is no older release in {folder}", folder=release_dir))
        return CONTENT_PROBLEMS
    except (BusyError, OSError) as error:
        reporter.fail(_disk_problem(error))
        return DISK_PROBLEMS
    if not quiet:
        reporter.tell(told("Back to release {number}", number=name))
    return GOOD


@main.command("explain")
@click.argument("what", metavar="URL|PATH")
@click.option("--content", type=folder, default=Path("content"), help="Where the reports are.")
@click.option("--templates", type=folder, default=Path("templates"), help="The theme.")
@click.option("--output", type=folder, default=Path("output"), help="Where the site is.")
@click.option("--cache", type=folder, default=Path(".cache"), help="What is kept between builds.")
@lang_option
def explain_command(
    what: str, content: Path, templates: Path, output: Path, cache: Path, lang: str
) -> None:
    """Say what made a page, and why the last build rendered it or left it."""
    from generator.explain import explain
    from generator.settings import read_settings

    reporter = Reporter("text", False, content, templates, choose_words(lang, content))
    settings, _ = read_settings(content, templates, "")
    if settings is None or not (cache / STORE_FILE).exists():
        reporter.fail(told("there is no build to explain: run `python build.py` first"))
        sys.exit(CONTENT_PROBLEMS)
    with open_again(cache) as store:
        lines = explain(store, settings.config, output, content, what)
    reporter.lines(lines)
    if not lines:
        reporter.fail(told("the last build made nothing at {path}", path=what))
        sys.exit(CONTENT_PROBLEMS)


@main.command("check")
@click.argument(
    "paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path)
)
@click.option("--content", type=folder, default=Path("content"), help="Where the reports are.")
@click.option("--templates", type=folder, default=Path("templates"), help="The theme.")
@click.option("--output", type=folder, default=Path("output"), help="Where the site goes.")
@click.option("--cache", type=folder, default=Path(".cache"), help="What is kept between runs.")
@click.option("--drafts", is_flag=True, help="Check links of drafts too.")
@click.option("--future", is_flag=True, help="Check links of scheduled articles too.")
@click.option("--now", callback=_moment, metavar="ISO-DATETIME", help="Check as if it were then.")
@click.option("--fix", is_flag=True, help="Mend what has one right answer.")
@lang_option
@click.option("--external", is_flag=True, help="Ask other sites whether links to them still lead.")
@click.option("--strict", is_flag=True, help="Let warnings fail the check.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", help="Of messages."
)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="cores",
              help="Processes to work in.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="Only problems.")
def check_command(
    paths: tuple[Path, ...],
    fix: bool,
    external: bool,
    format_: str,
    quiet: bool,
    lang: str,
    **choices: Any,
) -> None:
    """Say all that a build would say, and what pasted text does wrong; publish nothing."""
    from generator.check import CheckOptions, check, path_below

    options = BuildOptions(**choices)
    below = [path_below(options.content, path) for path in paths]
    if None in below:
        raise click.BadParameter(f"{paths[below.index(None)]} is not below {options.content}")
    asked = CheckOptions(tuple(path for path in below if path is not None), fix, external)
    reporter = Reporter(
        format_, quiet, options.content, options.templates, choose_words(lang, options.content)
    )
    started = perf_counter()
    try:
        with reporter.progress() as progress:
            checked = check(options, asked, reporter.tell, progress)
    except (BusyError, OSError) as error:
        reporter.fail(_disk_problem(error))
        sys.exit(DISK_PROBLEMS)
    seconds = perf_counter() - started
    reporter.findings(
        checked.found, checked.summary(seconds), checked.sentence(seconds, reporter.words)
    )
    gc.freeze()
    failed = checked.errors or (options.strict and checked.warnings)
    sys.exit(CONTENT_PROBLEMS if failed else GOOD)


def _disk_problem(error: OSError | BusyError) -> str:
    if isinstance(error, BusyError):
        text: str = error.args[0]  # a line of `told`, which `str()` would forget
        return text
    reason = error.strerror or str(error)
    if not error.filename:
        return reason
    return told("{file}: {reason}", file=error.filename, reason=reason)


def _exit_code(report: Report, strict: bool) -> int:
    failed = report.errors or (strict and report.warnings) or report.counts is None
    return CONTENT_PROBLEMS if failed else GOOD
