"""Find the reports that an editor means: by source, by URL, or by words of the title."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Struct

from kheo.diagnostics import Diagnostic, Place
from kheo.model import Document
from kheo.old_urls import parse_old_url
from kheo.read.decoding import decode_source
from kheo.read.sources import read_listing, read_source
from kheo.spelling import bare, words_of
from kheo.stages.parsing import ParsedBlob
from kheo.store.store import Store

_TITLE = re.compile(r"^(?:title|name):[ \t]*(.+?)[ \t]*$", re.MULTILINE)


class Report(Struct, frozen=True):
    """A source: its title, its digest, and its document unless it has errors."""

    path: str
    title: str
    digest: str = ""
    document: Document | None = None


def read_reports(store: Store, content: Path, broken: Iterable[str]) -> dict[str, Report]:
    """Return all sources by path. ``broken`` are the paths of those that could not be parsed."""
    decode = msgspec.msgpack.Decoder(ParsedBlob).decode
    reports = {}
    for path, digest, blob in store.documents():
        document = decode(blob).document
        reports[path] = Report(path, document.meta.title, digest, document)
    missing = set(broken) - reports.keys()
    return reports | {path: Report(path, title) for path, title in _titles(content, missing)}


def _titles(content: Path, paths: set[str]) -> Iterator[tuple[str, str]]:
    """Yield each of these sources with what its line ``title:`` or ``name:`` says, or nothing."""
    for entry in read_listing(content).sources if paths else ():
        if entry.path not in paths:
            continue
        source = read_source(content, entry)
        found = None
        if not isinstance(source, Diagnostic):
            text, _ = decode_source(source.data, Place(entry.path), "")
            found = _TITLE.search(text)
        yield entry.path, found[1].strip("'\"") if found else ""


def find_reports(reports: dict[str, Report], what: str, path: str) -> list[Report]:
    """Return the reports that ``what`` means, those of the best kind of match only.

    ``path`` is ``what`` as a path below the content folder.
    """
    if path in reports:
        return [reports[path]]
    name = path.removesuffix(".md")
    by_name = [one for one in reports.values() if one.path.removesuffix(".md").endswith(f"/{name}")]
    return by_name or _by_url(reports, what) or _by_title(reports, what)


def _by_url(reports: dict[str, Report], what: str) -> list[Report]:
    """Return the reports with this alias, or with this last part of the URL."""
    address = unquote(urlsplit(what).path).strip("/")
    if " " in address:
        return []
    slug = address.rpartition("/")[2]
    return by_alias(reports, what) or [
        one for one in reports.values() if slug and one.document and one.document.slug == slug
    ]


def by_alias(reports: dict[str, Report], what: str) -> list[Report]:
    """Return the reports that had this URL."""
    page = old_page(what)
    return [
        one
        for one in reports.values()
        if page and one.document and page in map(old_page, one.document.meta.aliases)
    ]


def old_page(what: str) -> str:
    """Return the output path of the page at an old URL; nothing if it has not the form of one."""
    parts = urlsplit(what)
    query = f"?{parts.query}" if parts.query else ""
    old = parse_old_url(f"/{unquote(parts.path).strip('/')}{query}")
    return old.page if old else ""


def _by_title(reports: dict[str, Report], what: str) -> list[Report]:
    """Return the reports with all these words in their titles, newest first.

    Accents that were typed count if a title has them; words that only begin so count if no title has
    the whole words.
    """
    typed = words_of(what)
    wanted = [bare(word) for word in typed]
    if not all(wanted):
        return []
    found: list[Report] = []
    whole: list[Report] = []
    exact: list[Report] = []
    for one in reports.values() if wanted else ():
        words = words_of(one.title)
        title = [bare(word) for word in words]
        if all(any(word.startswith(start) for word in title) for start in wanted):
            found.append(one)
            if set(wanted) <= set(title):
                whole.append(one)
            if set(typed) <= set(words) and not what.isascii():
                exact.append(one)
    return sorted(exact or whole or found, key=_newest_first)


def _newest_first(one: Report) -> tuple[int, str]:
    date = one.document.meta.date if one.document else None
    return (-date.seconds if date else 0, one.path)
