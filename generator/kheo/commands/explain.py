"""Define the command line of ``explain``."""

import sys
from pathlib import Path

import click

from kheo.commands.explanation import explain
from kheo.commands.help import TranslatedCommand
from kheo.commands.options import (
    CONTENT_PROBLEMS,
    DISK_PROBLEMS,
    cache_option,
    content_option,
    lang_option,
    output_option,
    templates_option,
)
from kheo.errors import FileAccessError, message_of
from kheo.messages.wording import message
from kheo.read.settings import read_settings
from kheo.reporting.catalogue import choose_words
from kheo.reporting.reporter import Reporter
from kheo.store.connection import open_existing
from kheo.store.store import STORE_FILE


@click.command("explain", cls=TranslatedCommand)
@click.argument("what", metavar="URL|PATH")
@content_option
@templates_option
@output_option
@cache_option
@lang_option
def explain_command(
    what: str, content: Path, templates: Path, output: Path, cache: Path, lang: str
) -> None:
    """Explain what a page was made from, and why it was rebuilt or kept.

    The page is given by its URL, its output file or its source.
    """
    reporter = Reporter("text", False, content, templates, choose_words(lang, content))
    settings, _ = read_settings(content, templates, "")
    if settings is None or not (cache / STORE_FILE).exists():
        reporter.fail(message("there is no build to explain: run `python build.py` first"))
        sys.exit(CONTENT_PROBLEMS)
    try:
        with open_existing(cache) as store:
            lines = explain(store, settings.config, output, content, what)
    except FileAccessError as error:
        reporter.fail(message_of(error))
        sys.exit(DISK_PROBLEMS)
    reporter.lines(lines)
    if not lines:
        reporter.fail(message("the last build produced nothing for {path}", path=what))
        sys.exit(CONTENT_PROBLEMS)
