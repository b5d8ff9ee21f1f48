"""Define the command line: the command ``build``, and the group that loads the other commands."""

import gc
import sys
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from kheo import __version__
from kheo.commands.delivery_options import check_delivery, delivery_options
from kheo.commands.help import TranslatedCommand, TranslatedGroup
from kheo.commands.options import (
    CONTENT_PROBLEMS,
    DISK_PROBLEMS,
    GOOD,
    cache_option,
    content_option,
    format_option,
    jobs_option,
    lang_option,
    now_option,
    output_option,
    quiet_option,
    strict_option,
    templates_option,
)
from kheo.commands.site_here import require_site
from kheo.errors import LockTimeoutError, message_of
from kheo.messages.wording import message
from kheo.pipeline import build
from kheo.reporting.catalogue import Words, choose_words
from kheo.reporting.reporter import Reporter, force_utf8_output
from kheo.stages.results import BuildOptions, BuildResult, Run
from kheo.stages.stopwatch import Stopwatch

OTHERS = ("check", "explain", "init", "new", "schema", "serve", "theme")  # imported only when used
GROUP_OPTIONS = frozenset({"-h", "--help", "--version"})


class DefaultGroup(TranslatedGroup):
    """Run ``build`` if no command is given: ``--drafts`` means ``build --drafts``."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **more: Any,
    ) -> click.Context:
        """Name the program as it was run. Click knows ``kheo`` and ``python -m kheo``, but no script."""
        if info_name and info_name.endswith(".py"):
            info_name = f"python {sys.argv[0]}"
        return super().make_context(info_name, args, parent, **more)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        language, rest = _split_language(args)
        first = next(iter(rest), "")
        if self.get_command(ctx, first):  # `--lang vi check` is `check --lang vi`
            args = [first, *language, *rest[1:]]
        elif not first or (first.startswith("-") and first not in GROUP_OPTIONS):
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *OTHERS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in OTHERS:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"kheo.commands.{cmd_name}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command


def _split_language(args: list[str]) -> tuple[list[str], list[str]]:
    """Split off ``--lang LANGUAGE`` at the start of the arguments."""
    first = next(iter(args), "")
    count = 2 if first == "--lang" else 1 if first.startswith("--lang=") else 0
    return args[:count], args[count:]


@click.group(cls=DefaultGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", expose_value=False, metavar="LANGUAGE", help="Language of this help.")
@click.version_option(__version__, prog_name="kheo")
def main() -> None:
    """Turn Markdown reports into a static news site.

    Without a command, build the site.
    """
    force_utf8_output()


@main.command("build", cls=TranslatedCommand)
@content_option
@templates_option
@output_option
@cache_option
@click.option("--base-url", default="", help="Override base_url from site.yaml.")
@click.option("--drafts", is_flag=True, help="Include drafts.")
@click.option("--future", is_flag=True, help="Include scheduled articles.")
@now_option
@strict_option
@click.option(
    "--keep-going",
    is_flag=True,
    help="Publish despite errors; articles with errors keep their last good version or are left out.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Overwrite files in the output folder that this program did not write.",
)
@click.option(
    "--max-removed",
    type=click.IntRange(0, 100),
    default=20,
    show_default=True,
    help="Stop if the build would remove more than this percentage of the published pages.",
)
@click.option("--allow-empty", is_flag=True, help="Publish even if no articles are left.")
@format_option
@jobs_option
@click.option(
    "--no-search",
    "search",
    is_flag=True,
    flag_value=False,
    default=True,
    help="Build without a search index.",
)
@delivery_options
@click.option("--no-cache", is_flag=True, help="Do not read or write the cache.")
@lang_option
@click.option("--profile", is_flag=True, help="Show how long each stage takes.")
@quiet_option
def build_command(
    format_: str,
    quiet: bool,
    profile: bool,
    no_cache: bool,
    rollback: bool,
    lang: str,
    **choices: Any,
) -> None:
    """Build the site.

    Only what changed is rebuilt. If there are errors, nothing is published.
    """
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
    """Build the site, report the result, and return the exit status."""
    watch = Stopwatch()
    reporter = Reporter(
        format_, quiet, options.content, options.templates, choose_words(lang, options.content)
    )
    require_site(options.content, reporter)
    started = perf_counter()
    try:
        with reporter.progress() as progress:
            result = build(options, Run(reporter.notify, progress, watch))
    except (LockTimeoutError, OSError) as error:
        reporter.fail(message_of(error))
        return DISK_PROBLEMS
    try:
        reporter.report(result, perf_counter() - started)
        reporter.finish()
    except BrokenPipeError:  # the reader has closed the pipe: `| head`
        raise
    except OSError as error:
        reporter.fail(message_of(error))
        return DISK_PROBLEMS
    if profile:
        reporter.profile(watch.laps)
    gc.freeze()  # the process is about to end: collecting 10,000 articles would take 0.06 s
    return _exit_code(result, options.strict)


def _exit_code(result: BuildResult, strict: bool) -> int:
    failed = result.errors or (strict and result.warnings) or result.counts is None
    return CONTENT_PROBLEMS if failed else GOOD


def _roll_back(release_dir: Path, format_: str, quiet: bool, words: Words) -> int:
    from kheo.publish.lock import build_lock
    from kheo.publish.releases import NoReleaseError, roll_back

    reporter = Reporter(format_, quiet, Path(), Path(), words)
    try:
        with build_lock(release_dir, reporter.notify):
            name = roll_back(release_dir)
    except NoReleaseError:
        reporter.fail(message("there is no older release in {folder}", folder=release_dir))
        return CONTENT_PROBLEMS
    except (LockTimeoutError, OSError) as error:
        reporter.fail(message_of(error))
        return DISK_PROBLEMS
    if not quiet:
        reporter.notify(message("Switched back to release {number}", number=name))
    return GOOD
