"""Define the command line of ``check``."""

import gc
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from kheo.check.check import CheckOptions, check, path_below
from kheo.commands.delivery_options import published
from kheo.commands.help import TranslatedCommand, program_name
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
from kheo.reporting.catalogue import Words, choose_words
from kheo.reporting.reporter import Reporter
from kheo.stages.results import BuildOptions


@click.command("check", cls=TranslatedCommand)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option("--fix", is_flag=True, help="Fix problems that have only one possible fix.")
@click.option("--external", is_flag=True, help="Check links to other sites too.")
@click.option("--drafts", is_flag=True, help="Check drafts as if they were published.")
@click.option("--future", is_flag=True, help="Check scheduled articles as if they were published.")
@content_option
@templates_option
@output_option
@cache_option
@click.option(
    "--since",
    callback=published,
    metavar="MANIFEST",
    help="Compare URLs with this manifest of the published site (default: with the last build).",
)
@now_option
@strict_option
@format_option
@jobs_option
@lang_option
@quiet_option
def check_command(
    paths: tuple[Path, ...],
    fix: bool,
    external: bool,
    format_: str,
    quiet: bool,
    lang: str,
    **choices: Any,
) -> None:
    """Check the site without publishing anything.

    Report every problem that a build would report, and typical mistakes in pasted text. If paths
    are given, report only problems in these files and folders.
    """
    options = BuildOptions(**choices)
    words = choose_words(lang, options.content)
    reporter = Reporter(format_, quiet, options.content, options.templates, words)
    require_site(options.content, reporter)
    asked = CheckOptions(_below(options.content, paths, words), fix, external)
    started = perf_counter()
    try:
        with reporter.progress() as progress:
            checked = check(options, asked, reporter.notify, progress)
    except (LockTimeoutError, OSError) as error:
        reporter.fail(message_of(error))
        sys.exit(DISK_PROBLEMS)
    seconds = perf_counter() - started
    sentence = checked.sentence(seconds, words, program_name())
    reporter.findings(checked.found, checked.summary(seconds), sentence)
    gc.freeze()  # as in `build`: the process is about to end
    failed = checked.errors or (options.strict and checked.warnings)
    sys.exit(CONTENT_PROBLEMS if failed else GOOD)


def _below(content: Path, paths: tuple[Path, ...], words: Words) -> tuple[str, ...]:
    """Return the paths relative to ``content``.

    Raises UsageError if a path does not exist or is not inside ``content``.
    """
    found = []
    for path in paths:
        if not path.exists():
            raise click.UsageError(words.say("file or folder not found: {path}", path=path))
        below = path_below(content, path)
        if below is None:
            text = words.say("{path} is not inside {content}", path=path, content=content)
            raise click.UsageError(text)
        found.append(below)
    return tuple(found)
