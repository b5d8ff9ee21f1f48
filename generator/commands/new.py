"""The command line of ``new``: what is missing is asked for, where somebody can answer."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from generator.commands.new_source import NewArticle, completer, known_names, write_new
from generator.commands.options import (
    cache_option,
    content_option,
    lang_option,
    templates_option,
)
from generator.reporting.catalogue import Words, choose_words
from generator.stages.settings import read_settings


@click.command("new")
@click.argument("title", required=False, default="")
@click.option("--category", default="", help="Its place: `A > B`.")
@click.option("--author", "authors", multiple=True, help="Who signs; may be given several times.")
@click.option("--campaign", "campaigns", multiple=True, help="May be given several times.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="2026-03-05; else today.")
@click.option("--edit", is_flag=True, help="Open it in your editor ($VISUAL, $EDITOR).")
@lang_option
@content_option
@templates_option
@cache_option
def new_command(
    title: str, category: str, authors: tuple[str, ...], campaigns: tuple[str, ...],
    day: datetime | None, edit: bool, content: Path, templates: Path, cache: Path, lang: str,
) -> None:  # fmt: skip
    """Begin an article: a source with its front matter, where it belongs."""
    words = choose_words(lang, content)
    if sys.stdin.isatty():
        known = known_names(cache)
        title = title or click.prompt(words.say("Title"))
        category = category or _ask(words.say("Category (A > B)"), known.categories)
        if not authors:
            authors = _some(_ask(words.say("Author"), known.authors, optional=True))
        if not campaigns:
            campaigns = _some(_ask(words.say("Campaign"), known.campaigns, optional=True))
    if not title or not category:
        if not title:
            text = words.say('the title is missing: new "Title" --category "A > B"')
        else:
            text = words.say('`--category` is missing: new "Title" --category "A > B"')
        raise click.UsageError(text)
    article = NewArticle(
        title=" ".join(title.split()),
        day=day.date() if day else _today(content, templates),
        category=category.strip(),
        authors=authors,
        campaigns=campaigns,
    )
    click.echo(_written(content, article, edit, words))


def _written(content: Path, article: NewArticle, edit: bool, words: Words) -> str:
    try:
        file = write_new(content, article)
    except FileExistsError:
        raise click.ClickException(
            words.say("{file} is there already: choose another title", file=content / article.path)
        ) from None
    except ValueError as error:
        text = words.line(error.args[0])
        raise click.UsageError(words.say("{text}: it needs letters or digits", text=text)) from None
    except OSError as error:
        raise click.ClickException(
            words.say("{file}: {reason}", file=error.filename, reason=error.strerror)
        ) from None
    if edit:
        click.edit(filename=str(file))
    return str(file)


def _today(content: Path, templates: Path) -> date:
    """By the clock of the newsroom."""
    settings, _ = read_settings(content, templates, "")
    return datetime.now(ZoneInfo(settings.config.timezone) if settings else None).date()


def _some(answer: str) -> tuple[str, ...]:
    """``A; B`` is two."""
    return tuple(name.strip() for name in answer.split(";") if name.strip())


def _ask(question: str, names: list[str], optional: bool = False) -> str:
    with _completing(names):
        answer: str = click.prompt(question, default="" if optional else None, show_default=False)
    return answer.strip()


@contextmanager
def _completing(names: list[str]) -> Iterator[None]:
    """The tab key completes ``names``, where the system has readline."""
    try:
        import readline
    except ImportError:
        yield
        return
    with suppress(AttributeError):  # a readline of another make
        readline.set_completer_delims("")
        readline.parse_and_bind("tab: complete")
    readline.set_completer(completer(names))
    try:
        yield
    finally:
        readline.set_completer(None)
