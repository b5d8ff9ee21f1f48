"""Define the command line of ``theme``, which starts templates of the site's own."""

import sys
from pathlib import Path

import click

from kheo.check.originals import copy_of
from kheo.commands.help import TranslatedCommand
from kheo.commands.options import (
    CONTENT_PROBLEMS,
    DISK_PROBLEMS,
    content_option,
    folder,
    lang_option,
)
from kheo.commands.site_here import require_site
from kheo.diagnostics import closest
from kheo.errors import message_of
from kheo.layers import Layer
from kheo.messages.wording import Message, message
from kheo.render.theme import DEFAULT
from kheo.reporting.catalogue import choose_words
from kheo.reporting.reporter import Reporter
from kheo.theme import default_theme


@click.command("theme", cls=TranslatedCommand)
@click.argument("action", type=click.Choice(["copy"]))
@click.argument("name", metavar="FILE")
@click.option(
    "--templates",
    type=folder,
    default=Path("templates"),
    show_default=True,
    help="Folder with the site's own templates, if it has any.",
)
@content_option
@lang_option
def theme_command(action: str, name: str, templates: Path, content: Path, lang: str) -> None:
    """Copy a file of the default theme, such as article.html, to your templates folder.

    The copy replaces the original. If the original changes in a later version, `check` says so.
    To change only one block of a template, extend it instead of copying it: see docs/theme.md.
    """
    reporter = Reporter("text", False, content, templates, choose_words(lang, content))
    require_site(content, reporter)
    name = name.removeprefix(DEFAULT)
    originals = dict(Layer(default_theme(), "theme").files())
    copy = templates / name
    if problem := _problem(name, templates, list(originals)):
        reporter.fail(problem)
        sys.exit(CONTENT_PROBLEMS)
    try:
        data = copy_of(name, originals[name].read_bytes())
        copy.parent.mkdir(parents=True, exist_ok=True)
        with copy.open("xb") as file:
            file.write(data)
    except OSError as error:
        reporter.fail(message_of(error))
        sys.exit(DISK_PROBLEMS)
    reporter.lines([copy.as_posix()])


def _problem(name: str, templates: Path, known: list[str]) -> Message | None:
    """Return why a file cannot be copied."""
    if templates.resolve() == default_theme().resolve():
        return message("{folder} is the default theme itself", folder=templates)
    if name not in known:
        if meant := closest(name, known):
            return message(
                "the default theme has no file {name}; did you mean “{suggestion}”?",
                name=name,
                suggestion=meant,
            )
        return message(
            "the default theme has no file {name}; it has: {known}",
            name=name,
            known=", ".join(known),
        )
    if (templates / name).exists():
        return message("{file} already exists", file=(templates / name).as_posix())
    return None
