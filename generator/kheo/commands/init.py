"""Define the command line of ``init``, which starts a site. In a terminal it asks for missing values."""

import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click

from kheo import __version__
from kheo.commands.help import TranslatedCommand
from kheo.commands.init_answers import Answers, complete, option_of, refuse
from kheo.commands.new_files import difference, is_there, write_files
from kheo.commands.options import CONTENT_PROBLEMS, DISK_PROBLEMS, lang_option
from kheo.commands.starter import CI, GOOD, NewSite, pinned_files, starter_files
from kheo.errors import message_of
from kheo.read.settings import read_settings
from kheo.reporting.catalogue import Words, choose_words, known_language
from kheo.reporting.reporter import Reporter

SITE_FILE = "content/site.yaml"


@click.command("init", cls=TranslatedCommand)
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
@click.option("--title", help="Name of the site.")
@click.option("--language", metavar="TAG", help="Language of the site, such as en or vi.")
@click.option("--base-url", metavar="URL", help="URL at which the site will be published.")
@click.option(
    "--ci",
    type=click.Choice(get_args(CI)),
    help="Service that checks and publishes the site (default: github).",
)
@click.option(
    "--add",
    is_flag=True,
    help="Add what is missing to a folder with files, and show how its CI files differ.",
)
@click.option("--yes", is_flag=True, help="Ask nothing; use defaults for what is not given.")
@lang_option
def init_command(
    folder: Path, title: str | None, language: str | None, base_url: str | None, ci: CI | None,
    add: bool, yes: bool, lang: str,
) -> None:  # fmt: skip
    """Start a site: settings, a first report, and files for VS Code, Git and CI.

    In a terminal, the command asks for the name, the language and the URL of the site. It never overwrites a file.
    """
    content = folder / "content"
    words = choose_words(lang, content)
    reporter = Reporter("text", False, content, folder / "templates", words)
    if title:
        title = " ".join(title.split())  # as site.yaml is read
    given = Answers(title=title, language=language, base_url=base_url)
    try:
        refuse(folder, given, add, words)
        answers = _existing(folder, given, reporter) or complete(given, folder, yes, words)
        site = NewSite(
            **answers.given(),
            ci=ci or ("gitlab" if is_there(folder / ".gitlab-ci.yml") else "github"),
        )
        texts = Words(known_language(site.language) or words.language)
        files = starter_files(site, datetime.now(UTC).date(), texts)
        lines = _add(folder, files, pinned_files(site))
    except OSError as error:
        reporter.fail(message_of(error))
        sys.exit(DISK_PROBLEMS)
    words = choose_words(lang, content)
    reporter.lines([*lines, *_next_steps(folder, site, words)])


def _existing(folder: Path, given: Answers, reporter: Reporter) -> Answers | None:
    """Return the settings of the site that is already there; ``None`` if there is none.

    Exits if they are wrong, or if others are given: ``site.yaml`` is never changed.
    """
    if not is_there(folder / SITE_FILE):
        return None
    words = reporter.words
    if given.given():
        options = ", ".join(f"`{option_of(key)}`" for key in given.given())
        raise click.UsageError(
            words.say(
                "{options} cannot be used: {file} already exists; change it there",
                options=options,
                file=folder / SITE_FILE,
            )
        )
    settings, found = read_settings(folder / "content", folder / "templates", "")
    if settings is None:
        reporter.findings(found, {}, words.say("Nothing was written."))
        sys.exit(CONTENT_PROBLEMS)
    config = settings.config
    return Answers(title=config.title, language=config.language, base_url=config.base_url)


def _add(folder: Path, files: dict[str, str], pinned: dict[str, str]) -> list[str]:
    """Write what is missing. Return a line for each file, and the differences of ``pinned`` files."""
    has_reports = any((folder / "content").rglob("*.md"))
    if is_there(folder / SITE_FILE) or has_reports:  # what is in content/ is the newsroom's
        files = {
            path: text
            for path, text in files.items()
            if path == SITE_FILE or not path.startswith("content/")
        }
    missing = {path: text for path, text in files.items() if not is_there(folder / path)}
    changes = [
        line
        for path in sorted(set(pinned) - set(missing))
        for line in difference(folder / path, pinned[path], f"kheo {__version__}")
    ]
    write_files(folder, missing)
    return [*(str(folder / path) for path in missing), *changes]


def _next_steps(folder: Path, site: NewSite, words: Words) -> Iterator[str]:
    """Yield what to do next, as sentences."""
    enter = "" if folder == Path() else f"cd {shlex.quote(str(folder))} && "
    yield words.say("Show the site in your browser: {command}", command=f"{enter}kheo serve --open")
    if site.base_url == GOOD["base_url"]:
        yield words.say("Before you publish, set `base_url` in {file}.", file=folder / SITE_FILE)
