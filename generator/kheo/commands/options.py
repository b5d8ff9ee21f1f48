"""Options and exit statuses that several commands share."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click
from click.core import ParameterSource

from kheo.reporting.catalogue import known_language, languages
from kheo.reporting.reporter import FORMATS

GOOD, CONTENT_PROBLEMS, MISUSE, DISK_PROBLEMS = 0, 1, 2, 3

folder = click.Path(file_okay=False, path_type=Path)

content_option = click.option(
    "--content",
    type=folder,
    default=Path("content"),
    show_default=True,
    help="Folder with the reports and site.yaml.",
)


def _own_folder(ctx: click.Context, parameter: click.Parameter, value: Path) -> Path:
    """Refuse a folder that was asked for and does not exist; a site need not have one."""
    is_asked = ctx.get_parameter_source(parameter.name or "") is not ParameterSource.DEFAULT
    if is_asked and not value.is_dir():
        raise click.BadParameter(f"there is no folder {value}")
    return value


templates_option = click.option(
    "--templates",
    type=folder,
    default=Path("templates"),
    show_default=True,
    callback=_own_folder,
    help="Folder with the site's own templates, if it has any.",
)
output_option = click.option(
    "--output",
    type=folder,
    default=Path("output"),
    show_default=True,
    help="Folder for the built site.",
)
cache_option = click.option(
    "--cache",
    type=folder,
    default=Path(".cache"),
    show_default=True,
    help="Folder for the build cache.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    show_default="number of cores",
    help="Number of worker processes.",
)
strict_option = click.option("--strict", is_flag=True, help="Treat warnings as errors.")
quiet_option = click.option("--quiet", is_flag=True, help="Print only problems.")
format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Message format.",
)


def _known(ctx: click.Context, parameter: click.Parameter, value: str) -> str:
    if value and not known_language(value):
        raise click.BadParameter(f"unknown language; choose one of: {', '.join(languages())}")
    return value


lang_option = click.option(
    "--lang",
    default="",
    callback=_known,
    metavar="LANGUAGE",
    help="Message language (default: LANG, then the site's language).",
)


def _moment(ctx: click.Context, parameter: click.Parameter, value: str | None) -> datetime:
    """Return the time given by ``--now``, else by SOURCE_DATE_EPOCH, else by the clock."""
    if value is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
        if epoch:
            try:
                return datetime.fromtimestamp(int(epoch), UTC)
            except (ValueError, OverflowError, OSError):
                raise click.BadParameter(
                    f"SOURCE_DATE_EPOCH must be a number of seconds, not {epoch!r}"
                ) from None
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("write it as 2026-03-05T08:30:00+07:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


now_option = click.option(
    "--now",
    callback=_moment,
    metavar="ISO-DATETIME",
    help="Use this time as the current time (default: SOURCE_DATE_EPOCH, then the clock).",
)
