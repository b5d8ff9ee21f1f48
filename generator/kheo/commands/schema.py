"""Define the command line of ``schema``, which writes JSON Schemas for text editors."""

import json
import sys
from pathlib import Path

import click

from kheo.commands.help import TranslatedCommand
from kheo.commands.json_schema import Schema, names_of, schemas_of
from kheo.commands.options import (
    CONTENT_PROBLEMS,
    DISK_PROBLEMS,
    content_option,
    folder,
    lang_option,
    templates_option,
)
from kheo.commands.site_here import require_site
from kheo.diagnostics import Diagnostic, Place
from kheo.errors import message_of
from kheo.model import FrontMatter
from kheo.read.decoding import decode_source
from kheo.read.front_matter import parse_front_matter, split_front_matter
from kheo.read.settings import Settings, read_settings
from kheo.read.sources import read_listing, read_source
from kheo.read.term_front_matter import as_page, parse_term_front_matter
from kheo.read.zones import zone_of
from kheo.reporting.catalogue import choose_words
from kheo.reporting.reporter import Reporter
from kheo.term_sources import kind_of_term


@click.command("schema", cls=TranslatedCommand)
@click.option(
    "--to",
    type=folder,
    default=Path("schema"),
    show_default=True,
    help="Folder for the schema files.",
)
@content_option
@templates_option
@lang_option
def schema_command(to: Path, content: Path, templates: Path, lang: str) -> None:
    """Write JSON Schemas for front matter and site.yaml.

    They list the site's categories, campaigns and authors, for completion in a text editor.
    """
    words = choose_words(lang, content)
    reporter = Reporter("text", False, content, templates, words)
    require_site(content, reporter)
    settings, found = read_settings(content, templates, "")
    if settings is None:
        count = words.counted(len(found), "{count} error", "{count} errors")
        reporter.findings(found, {}, words.say("No schema was written: {errors}.", errors=count))
        sys.exit(CONTENT_PROBLEMS)
    names = names_of(settings.config, front_matters(content, settings))
    schemas = schemas_of(settings.config, names, words.plain)
    try:
        to.mkdir(parents=True, exist_ok=True)
        for name, schema in schemas.items():
            (to / name).write_text(as_text(schema), encoding="utf-8", newline="\n")
    except OSError as error:
        reporter.fail(message_of(error))
        sys.exit(DISK_PROBLEMS)
    reporter.lines([str(to / name) for name in schemas])


def as_text(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def front_matters(content: Path, settings: Settings) -> list[FrontMatter]:
    """Read the front matter of all valid sources; a build reports the invalid ones."""
    zone, order = zone_of(settings.config.timezone), settings.config.date_order
    found = []
    for entry in read_listing(content).sources:
        source = read_source(content, entry)
        if isinstance(source, Diagnostic):
            continue
        text, _ = decode_source(source.data, Place(entry.path), settings.config.language)
        split = split_front_matter(text, Place(entry.path)) if text else None
        if split is None or isinstance(split, Diagnostic):
            continue
        place = Place(entry.path)
        if kind_of_term(entry.path):
            term, *_ = parse_term_front_matter(split.yaml, place, zone, order)
            found += [as_page(term)] if term else []
            continue
        meta, *_ = parse_front_matter(split.yaml, place, zone, order)
        if meta:
            found.append(meta)
    return found
