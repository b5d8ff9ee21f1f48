"""Explain what a page was made from, and why the last build rendered or kept it."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kheo.commands.finding import old_page
from kheo.config import SiteConfig
from kheo.messages.wording import Message, message
from kheo.old_urls import EVERYTHING_BELOW
from kheo.reporting.catalogue import Words
from kheo.routes import output_path
from kheo.stages.rendering import RenderNote, decode_render_note
from kheo.store.store import PublishedFile

GONE_TEMPLATE = "gone.html"

# What a build records in English, so that its records do not depend on who ran it.
_RECORDED = {
    text.template: text
    for text in (
        message("it was not there before"),
        message("its file was missing or had been changed by somebody else"),
        message("its content"),
        message("its template"),
        message("what all pages share"),
        message("the program"),
        message("the home page"),
        message("the archive"),
        message("the search page"),
        message("the 404 page"),
        message("the list of campaigns"),
        message("the list of authors"),
    )
}
_TERM = re.compile(r"the (?P<kind>category|campaign|author|year|month) “(?P<name>.*)”")


def find_output(
    config: SiteConfig, output: Path, what: str, published: dict[str, PublishedFile]
) -> str | None:
    """Return the output path that a URL or a path stands for, if that output exists."""
    address = unquote(urlsplit(what).path)
    folder = urlsplit(config.base_url).path.rstrip("/")
    query = urlsplit(what).query
    candidates = [
        old_page(f"{address.removeprefix(folder)}?{query}") if query else "",
        path_below(output, what),
        output_path(address.removeprefix(folder)),
        output_path(address),
        output_path(f"{address.strip('/')}/"),
    ]
    return next((path for path in candidates if path in published), None)


def withdrawn_by(config: SiteConfig, what: str) -> str:
    """Return the entry of ``gone`` in site.yaml that withdrew a URL; empty if none did."""
    folder = urlsplit(config.base_url).path.rstrip("/")
    url = unquote(urlsplit(what).path).removeprefix(folder)
    for entry in config.gone:
        is_below = entry.endswith(EVERYTHING_BELOW) and url.startswith(entry.removesuffix("*"))
        if is_below or url.rstrip("/") == entry.rstrip("/"):
            return entry
    return ""


def is_gone_page(record: PublishedFile) -> bool:
    """Return whether an output says that a URL was withdrawn."""
    return bool(record.note) and decode_render_note(record.note).template == GONE_TEMPLATE


def outputs_of(source: str, published: dict[str, PublishedFile]) -> list[str]:
    """Return the paths of all outputs that are made from a source."""
    return [
        path
        for path, record in published.items()
        if record.note and decode_render_note(record.note).source == source
    ]


def source_of(record: PublishedFile) -> str:
    return decode_render_note(record.note).source if record.note else ""


def path_below(folder: Path, what: str) -> str:
    """Return ``articles/a.md`` for ``content/articles/a.md``; any other path unchanged."""
    for root in (folder, folder.resolve()):
        if Path(what).is_relative_to(root):
            return Path(what).relative_to(root).as_posix()
    return what


def describe(path: str, record: PublishedFile, latest: int, words: Words) -> list[str]:
    """Return lines about one output. ``latest`` is the number of the last build."""
    if not record.note:
        text = words.say("how it was made is not recorded; the next build will record it")
        return [path, f"  {text}"]
    note = decode_render_note(record.note)
    reason, age = _reason(note.reason, words), latest - note.build
    if age == 0:
        why = words.say("the last build rendered it, because {reason}", reason=reason)
    else:
        kept = words.say("the last build kept it: none of its inputs had changed")
        builds = words.counted(age, "{count} build earlier", "{count} builds earlier")
        rendered = words.say(
            "(last rendered {builds}, because {reason})", builds=builds, reason=reason
        )
        why = f"{kept}\n             {rendered}"
    facts = (
        (words.say("URL"), note.url),
        (words.say("made from"), _source(note.source, words)),
        (words.say("template"), _template(note, words)),
        (words.say("why"), why),
        (words.say("bytes"), f"{record.size}, SHA-256 {record.sha256[:16]}…"),
    )
    return [path, *(f"  {name + ':':<11}{text}" for name, text in facts)]


def _template(note: RenderNote, words: Words) -> str:
    """Return the template of an output, and the site's own templates that it uses."""
    if not note.own:
        return note.template or words.say("none (the file is copied)")
    return words.say(
        "{name}, with the site's own {names}", name=note.template, names=", ".join(note.own)
    )


def _reason(recorded: str, words: Words) -> str:
    if recorded in _RECORDED:
        return words.line(_RECORDED[recorded])
    pieces = recorded.removesuffix(" changed").split(" and ")
    shown = [words.line(_RECORDED[one]) if one in _RECORDED else one for one in pieces]
    things = shown[0]
    for one in shown[1:]:
        things = words.say("{things} and {more}", things=things, more=one)
    return words.say("{things} changed", things=things)


def _source(recorded: str, words: Words) -> str:
    if recorded in _RECORDED:
        return words.line(_RECORDED[recorded])
    if not (match := _TERM.fullmatch(recorded)):
        return recorded
    name = match["name"]
    terms: dict[str, Message] = {
        "category": message("the category “{name}”", name=name),
        "campaign": message("the campaign “{name}”", name=name),
        "author": message("the author “{name}”", name=name),
        "year": message("the year {name}", name=name),
        "month": message("the month {name}", name=name),
    }
    return words.line(terms[match["kind"]])
