"""The command line of ``explain``."""

import sys
from pathlib import Path

import click

from kheo.commands.explanation import explain
from kheo.commands.options import (
    CONTENT_PROBLEMS,
    DISK_PROBLEMS,
    cache_option,
    content_option,
    lang_option,
    output_option,
    templates_option,
)
from kheo.errors import PublishError, message_of
from kheo.messages.wording import message
from kheo.read.settings import read_settings
from kheo.reporting.catalogue import choose_words
from kheo.reporting.reporter import Reporter
from kheo.store.connection import open_again
from kheo.store.store import STORE_FILE


@click.command("explain")
@click.argument("what", metavar="URL|PATH")
@content_option
@templates_option
@output_option
@cache_option
@lang_option
def explain_command(
    what: str, content: Path, templates: Path, output: Path, cache: Path, lang: str
) -> None:
    """Say what made a page, and why the last build rendered it or left it."""
    reporter = Reporter("text", False, content, templates, choose_words(lang, content))
    settings, _ = read_settings(content, templates, "")
    if settings is None or not (cache / STORE_FILE).exists():
        reporter.fail(message("there is no build to explain: run `python build.py` first"))
        sys.exit(CONTENT_PROBLEMS)
    try:
        with open_again(cache) as store:
            lines = explain(store, settings.config, output, content, what)
    except PublishError as error:
        reporter.fail(message_of(error))
        sys.exit(DISK_PROBLEMS)
    reporter.lines(lines)
    if not lines:
        reporter.fail(message("the last build made nothing at {path}", path=what))
        sys.exit(CONTENT_PROBLEMS)
