"""What several commands share: their options, and what their exit status means."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from kheo.reporting.catalogue import known_language, languages
from kheo.reporting.reporter import FORMATS

GOOD, CONTENT_PROBLEMS, MISUSE, DISK_PROBLEMS = 0, 1, 2, 3

folder = click.Path(file_okay=False, path_type=Path)

content_option = click.option(
    "--content", type=folder, default=Path("content"), help="Where the reports are."
)
templates_option = click.option(
    "--templates", type=folder, default=Path("templates"), help="The theme."
)
output_option = click.option(
    "--output", type=folder, default=Path("output"), help="Where the site goes."
)
cache_option = click.option(
    "--cache", type=folder, default=Path(".cache"), help="What is kept between runs."
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    show_default="cores",
    help="Processes to work in.",
)
strict_option = click.option("--strict", is_flag=True, help="Let warnings fail the run.")
quiet_option = click.option("--quiet", is_flag=True, help="Only problems.")
format_option = click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="text", help="Of messages."
)


def _known(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    if value and not known_language(value):
        raise click.BadParameter(f"the program speaks {', '.join(languages())}")
    return value


lang_option = click.option(
    "--lang",
    default="",
    callback=_known,
    metavar="LANGUAGE",
    help="Of messages; else that of LANG, else that of the site.",
)


def _moment(ctx: click.Context, parameter: click.Parameter, value: str | None) -> datetime:
    """``--now``, else SOURCE_DATE_EPOCH, else the clock."""
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


now_option = click.option(
    "--now", callback=_moment, metavar="ISO-DATETIME", help="As if it were then."
)
