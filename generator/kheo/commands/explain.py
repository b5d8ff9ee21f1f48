"""Define the command line of ``explain``."""

import sys
from datetime import datetime
from pathlib import Path

import click
from msgspec import Struct

from kheo.check.survey import examine
from kheo.commands.explanation import (
    describe,
    find_output,
    is_gone_page,
    outputs_of,
    path_below,
    source_of,
    withdrawn_by,
)
from kheo.commands.finding import Report, by_alias, find_reports, read_reports
from kheo.commands.help import TranslatedCommand, program_name
from kheo.commands.options import (
    CONTENT_PROBLEMS,
    DISK_PROBLEMS,
    cache_option,
    content_option,
    lang_option,
    now_option,
    output_option,
    templates_option,
)
from kheo.commands.site_here import require_site
from kheo.commands.whereabouts import details_of, state_of
from kheo.config import SiteConfig
from kheo.diagnostics import Diagnostic
from kheo.errors import LockTimeoutError, message_of
from kheo.messages.wording import message
from kheo.read.settings import read_settings
from kheo.reporting.catalogue import Words, choose_words
from kheo.reporting.reporter import Reporter
from kheo.stages.memory import NO_VERSION, SOURCES, PublishedSource
from kheo.stages.rendering import BUILD
from kheo.stages.results import BuildOptions
from kheo.store.connection import open_existing
from kheo.store.store import STORE_FILE, PublishedFile

MOST = 20  # reports in a list


@click.command("explain", cls=TranslatedCommand)
@click.argument("what", metavar="URL|PATH|TITLE", nargs=-1, required=True)
@content_option
@templates_option
@output_option
@cache_option
@now_option
@lang_option
def explain_command(
    what: tuple[str, ...], content: Path, templates: Path, output: Path, cache: Path,
    now: datetime, lang: str,
) -> None:  # fmt: skip
    """Say where a report is, what a page was made from, and why it was rebuilt or kept.

    The page is given by its URL, its output file, its source, or words of its title, with or without accents.
    """
    words, asked = choose_words(lang, content), " ".join(what)
    reporter = Reporter("text", False, content, templates, words)
    require_site(content, reporter)
    settings, _ = read_settings(content, templates, "")
    if settings is None or not (cache / STORE_FILE).exists():
        reporter.fail(
            message("there is no build to explain: run `{command}` first", command=program_name())
        )
        sys.exit(CONTENT_PROBLEMS)
    options = BuildOptions(
        content=content, templates=templates, output=output, cache=cache, now=now
    )
    try:
        lines = _explain(options, settings.config, asked, words, reporter)
    except (LockTimeoutError, OSError) as error:
        reporter.fail(message_of(error))
        sys.exit(DISK_PROBLEMS)
    reporter.lines(lines)
    if not lines:
        reporter.fail(message("no report and no page was found for {path}", path=asked))
        sys.exit(CONTENT_PROBLEMS)


class Knowledge(Struct, frozen=True):
    """What is known of a site: its reports, their errors, and what the last build published.

    ``public`` are the paths of the sources of published pages. ``sources`` is not there after a build
    with errors.
    """

    reports: dict[str, Report]
    errors: dict[str, list[Diagnostic]]
    published: dict[str, PublishedFile]
    public: set[str]
    sources: dict[str, PublishedSource]
    build: int


def _explain(
    options: BuildOptions, config: SiteConfig, asked: str, words: Words, reporter: Reporter
) -> list[str]:
    """Return lines about what was asked for; none if nothing is found."""
    site = _look(options, reporter)
    path = find_output(config, options.output, asked, site.published)
    entry = withdrawn_by(config, asked)
    if entry and (path is None or is_gone_page(site.published[path])):
        text = words.say(
            "{url}: withdrawn on purpose; `gone` in site.yaml lists {entry}", url=asked, entry=entry
        )
        return [text]
    if path:
        source = source_of(site.published[path])
        found = [site.reports[source]] if source in site.reports else by_alias(site.reports, asked)
        return [
            *(line for one in found for line in _whereabouts(site, one, options, words)),
            *describe(path, site.published[path], site.build, words),
        ]
    found = find_reports(site.reports, asked, path_below(options.content, asked))
    if len(found) != 1:
        return _list(site, found, options.now, words)
    lines = _whereabouts(site, found[0], options, words)
    for path in outputs_of(found[0].path, site.published):
        lines += describe(path, site.published[path], site.build, words)
    return lines


def _look(options: BuildOptions, reporter: Reporter) -> Knowledge:
    """Find the problems of all sources, as ``check`` does, and read what the last build left."""
    with open_existing(options.cache) as store:
        published = store.published()
        latest = store.memo(BUILD, "", int) or 0
    survey = examine(options, reporter.notify, lambda stage, done, total: None)
    errors: dict[str, list[Diagnostic]] = {}
    for d in survey.found:
        if d.severity == "error" and d.place.tree == "content":
            errors.setdefault(d.place.path, []).append(d)
    with open_existing(options.cache) as store:
        reports = read_reports(store, options.content, errors.keys() & set(survey.paths))
        sources = store.memo(SOURCES, NO_VERSION, dict[str, PublishedSource]) or {}
    public = {source_of(record) for record in published.values()}
    return Knowledge(reports, errors, published, public, sources, latest)


def _whereabouts(site: Knowledge, report: Report, options: BuildOptions, words: Words) -> list[str]:
    errors = site.errors.get(report.path, [])
    state = state_of(report, errors, report.path in site.public, options.now)
    lines = [f"{report.path}: {words.line(state)}"]
    lines += [
        f"  {line}" for line in details_of(report, errors, options.now, words, options.content)
    ]
    known = site.sources.get(report.path)
    if known and known.digest != report.digest:
        lines.append(f"  {words.say('edited since the last build')}")
    return lines


def _list(site: Knowledge, found: list[Report], now: datetime, words: Words) -> list[str]:
    """Return one line for each of several reports."""
    lines = []
    for one in found[:MOST]:
        errors = site.errors.get(one.path, [])
        state = words.line(state_of(one, errors, one.path in site.public, now))
        lines.append(f"{one.path}: “{one.title}”, {state}")
    if len(found) > MOST:
        more = len(found) - MOST
        lines.append(words.counted(more, "and {count} more report", "and {count} more reports"))
    return lines
