"""Define the command line of ``new``. In a terminal it asks for missing values."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from kheo.commands.help import TranslatedCommand, program_name
from kheo.commands.name_choice import NameChoice, closed_lists
from kheo.commands.new_campaign import NewCampaign
from kheo.commands.new_source import (
    NewArticle,
    NoAddressError,
    completer,
    known_names,
    write_new,
)
from kheo.commands.options import (
    cache_option,
    content_option,
    lang_option,
    templates_option,
)
from kheo.commands.site_here import require_site
from kheo.config import DateOrder
from kheo.diagnostics import Place, diagnostic
from kheo.messages.system import reason_of
from kheo.model import Moment
from kheo.read.moments import parse_moment
from kheo.read.settings import read_settings
from kheo.read.zones import zone_of
from kheo.reporting.catalogue import Words, choose_words
from kheo.reporting.reporter import Reporter
from kheo.slugs import slugify


@click.command("new", cls=TranslatedCommand)
@click.argument("title", required=False, default="")
@click.option("--category", default="", help="Category, as a path from the root: `A > B`.")
@click.option(
    "--author", "authors", multiple=True, help="Author; repeat the option for several authors."
)
@click.option(
    "--campaign",
    "campaigns",
    multiple=True,
    help="Campaign; repeat the option for several campaigns.",
)
@click.option(
    "--campaign-page",
    metavar="NAME",
    default="",
    help="Create the page of a campaign instead: a file in content/campaigns/.",
)
@click.option(
    "--date",
    "day",
    default="",
    help="Publication date, with an optional time, such as 2026-03-05 (default: today); of a campaign, its first day.",
)
@click.option(
    "--edit", is_flag=True, help="Open the new file in your editor ($VISUAL, then $EDITOR)."
)
@lang_option
@content_option
@templates_option
@cache_option
def new_command(
    title: str, category: str, authors: tuple[str, ...], campaigns: tuple[str, ...],
    campaign_page: str, day: str, edit: bool, content: Path, templates: Path, cache: Path, lang: str,
) -> None:  # fmt: skip
    """Create an article: a Markdown file with its front matter.

    In a terminal, the command asks for missing values, and the tab key completes names.
    """
    words = choose_words(lang, content)
    require_site(content, Reporter("text", False, content, templates, words))
    settings, _ = read_settings(content, templates, "")
    zone = zone_of(settings.config.timezone if settings else "UTC")
    order = settings.config.date_order if settings else ""
    when = _moment(day, zone, order, words) if day else Moment.of(datetime.now(zone))
    if campaign_page:
        if title or category or authors or campaigns:
            text = words.say("{option} stands alone, or with `--date`", option="--campaign-page")
            raise click.UsageError(text)
        campaign = NewCampaign(name=" ".join(campaign_page.split()), start=when.at.date())
        _refuse_mistakes(campaign, zone, order, words)
        if settings and (clash := campaign.clash(settings.config)):
            raise click.UsageError(words.whole(clash))
        click.echo(_written(content, campaign, edit, words))
        return
    known, is_terminal = known_names(content, cache, settings), sys.stdin.isatty()
    choice = NameChoice(
        known, closed_lists(settings.config if settings else None), is_terminal, words
    )
    if is_terminal:
        title = title or _ask(words, words.say("Title"), [], slugify)
        category = category or _ask(
            words, words.say("Category (A > B)"), known.categories, _has_all_parts
        )
    if not title or not category:
        if not title:
            text = words.say("the title is missing")
        else:
            text = words.say("`--category` is missing")
        example = words.say('new "Title" --category "A > B"')
        raise click.UsageError(f"{text}: {program_name()} {example}")
    if _has_all_parts(category):  # else it is refused below
        category = choice.category(category)
    if is_terminal and not authors:
        authors = _some(_ask(words, words.say("Author"), known.authors))
    authors = choice.authors(authors)
    if is_terminal and not campaigns:
        campaigns = _some(_ask(words, words.say("Campaign"), known.campaigns))
    campaigns = choice.campaigns(campaigns)
    article = NewArticle(
        title=" ".join(title.split()),
        day=when.at.date(),
        time=f"{when.at:%H:%M}" if when.has_time else "",
        category=" ".join(category.split()),
        authors=authors,
        campaigns=campaigns,
    )
    _refuse_mistakes(article, zone, order, words)
    click.echo(_written(content, article, edit, words))


def _moment(text: str, zone: ZoneInfo, order: DateOrder, words: Words) -> Moment:
    """Parse ``--date``, in any form that front matter accepts. Raises UsageError."""
    moment = parse_moment(" ".join(text.split()), zone, order)
    if isinstance(moment, Moment):
        return moment
    code, values = moment
    raise click.UsageError(words.whole(diagnostic(code, Place(""), **values)))


def _refuse_mistakes(
    new: NewArticle | NewCampaign, zone: ZoneInfo, order: DateOrder, words: Words
) -> None:
    """Raise UsageError if a build would reject the new source."""
    try:
        mistakes = new.mistakes(zone, order)
    except NoAddressError as error:
        text = words.say("{text}: it needs at least one letter or digit", text=error.text)
        raise click.UsageError(text) from None
    if mistakes:
        raise click.UsageError("\n".join(map(words.whole, mistakes)))


def _written(content: Path, new: NewArticle | NewCampaign, edit: bool, words: Words) -> str:
    file = content / new.path
    try:
        write_new(file, new.text)
    except FileExistsError:
        raise click.ClickException(
            words.say("{file} already exists: choose another title", file=file)
        ) from None
    except OSError as error:
        raise click.ClickException(
            words.say("{file}: {reason}", file=error.filename, reason=reason_of(error))
        ) from None
    if edit:
        click.edit(filename=str(file))
    return str(file)


def _some(answer: str) -> tuple[str, ...]:
    """Split an answer into names: ``A; B`` gives two."""
    return tuple(name.strip() for name in answer.split(";") if name.strip())


def _has_all_parts(category: str) -> bool:
    return all(part.strip() for part in category.split(">"))


def _ask(
    words: Words, question: str, names: list[str], is_good: Callable[[str], object] | None = None
) -> str:
    """Ask until the answer is valid, and return it. Without ``is_good``, it may be empty."""
    with _completing(names):
        while True:
            answer: str = click.prompt(question, default="", show_default=False).strip()
            if is_good is None or is_good(answer):
                return answer
            if answer:
                click.echo(words.say("not a valid answer: {answer}", answer=answer), err=True)


@contextmanager
def _completing(names: list[str]) -> Iterator[None]:
    """Let the tab key complete ``names``, if the system has readline."""
    try:
        import readline
    except ImportError:
        yield
        return
    with suppress(AttributeError):  # another implementation of readline
        readline.set_completer_delims("")
        readline.parse_and_bind("tab: complete")
    readline.set_completer(completer(names))
    try:
        yield
    finally:
        readline.set_completer(None)
