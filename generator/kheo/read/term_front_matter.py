"""Read and check the front matter of a term source, which describes a category, campaign or author."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from msgspec import structs

from kheo.addresses import DATA, is_elsewhere
from kheo.config import DateOrder
from kheo.diagnostics import Diagnostic, Findings, Place
from kheo.model import FrontMatter, Position, Reference, ReferenceKind
from kheo.old_urls import parse_old_url
from kheo.read.front_matter import MAX_TITLE
from kheo.read.schema import Reader
from kheo.read.yaml_nodes import Mapping, parse_yaml
from kheo.slugs import check_slug
from kheo.term_sources import (
    SOURCE_OF,
    AuthorSource,
    CampaignSource,
    CategorySource,
    TermKind,
    TermSource,
    kind_of_term,
)

_OF_REPORTS = ("date", "category", "kind")  # keys that say that a file is a report, or a page
OUTSIDE = ("https://", "http://", "mailto:", "tel:")


def parse_term_front_matter(
    yaml: str, place: Place, zone: tzinfo, order: DateOrder
) -> tuple[TermSource | None, dict[str, Position], list[Diagnostic], TermSource]:
    """Return what a term source says, the position of each key, and everything that is wrong with it.

    The last value has what valid keys say, even if another key is wrong.
    """
    findings = Findings()
    kind = kind_of_term(place.path) or "category"
    schema = SOURCE_OF[kind]
    root = parse_yaml(yaml, place, findings)
    reader = Reader(place, zone, order, findings)
    if root is None or _is_report(root, kind, reader):
        return None, {}, findings.list, _valid(kind, {})
    term = reader.struct(root, schema)
    valid = _valid(kind, reader.valid)
    _check(valid, reader)
    if check_slug(valid.slug):
        valid = structs.replace(valid, slug="")
    reader.positions["title"] = reader.positions.get("name", Position(place.line, 1))
    return term, reader.positions, findings.list, valid


def _valid(kind: TermKind, values: dict[str, Any]) -> TermSource:
    nameless = {"name": () if kind == "category" else ""}
    return SOURCE_OF[kind](**nameless | values)


def _is_report(root: Mapping, kind: TermKind, reader: Reader) -> bool:
    """Report front matter of a report: sites may have had such a folder before it had a meaning."""
    if "name" in root.items:
        return False
    key = next((key for key in _OF_REPORTS if key in root.items), None)
    if key is None:
        return False
    folder = reader.place.path.partition("/")[0]
    at, _ = root.items[key]
    reader.report("report-among-terms", at, key=key, folder=f"{folder}/")
    return True


def _check(term: TermSource, reader: Reader) -> None:
    """Report mistakes that the schema of single keys cannot find."""

    def position_of(key: str) -> Position:
        return reader.positions.get(key, Position(reader.place.line, 1))

    if term.slug and (problem := check_slug(term.slug)):
        code, values = problem
        reader.report(code, position_of("slug"), **values)
    if (size := len(term.trail[-1]) if term.trail else 0) > MAX_TITLE:
        reader.report("title-too-long", position_of("name"), size=size, limit=MAX_TITLE)
    for number, alias in enumerate(term.aliases):
        if parse_old_url(alias) is None:
            reader.report("address-form", position_of(f"aliases.{number}"), value=alias)
    for number, one in enumerate(term.links):
        if is_elsewhere(one.link) and not one.link.startswith(OUTSIDE):
            at = position_of(f"links.{number}.link")
            reader.report("url-scheme", at, key="link", example="https://example.vn/")
    if not isinstance(term, CampaignSource):
        return
    for number, indicator in enumerate(term.indicators):
        if not indicator.data.lower().endswith(DATA):
            at = position_of(f"indicators.{number}.data")
            reader.report("chart-file", at, target=indicator.data)
    if term.start and term.end and term.end < term.start:
        reader.report("end-before-start", position_of("end"), end=term.end.at.date())


def as_page(term: TermSource) -> FrontMatter:
    """Return what a term source has in common with a standing page.

    Its name is also where reports have it, so that it is known where names are offered.
    """
    return FrontMatter(
        title=term.trail[-1] if term.trail else "",
        kind="page",
        slug=term.slug,
        summary=term.text,
        image=term.photo,
        image_alt=term.photo_alt,
        aliases=term.aliases,
        draft=term.draft,
        extra=term.extra,
        category=term.trail if isinstance(term, CategorySource) else (),
        campaign=term.trail if isinstance(term, CampaignSource) else (),
        author=term.trail if isinstance(term, AuthorSource) else (),
    )


def term_references(term: TermSource, positions: dict[str, Position]) -> tuple[Reference, ...]:
    """Return the references in the front matter of a term source, besides its picture."""
    return tuple(
        Reference(kind, target.partition("#")[0], target.partition("#")[2], positions[key])
        for kind, key, target in _named_files(term)
    )


def _named_files(term: TermSource) -> Iterator[tuple[ReferenceKind, str, str]]:
    """Yield what a source refers to: how, the key, and the file, source or URL on this site."""
    for number, one in enumerate(term.links):
        if not is_elsewhere(one.link):
            yield "link", f"links.{number}.link", one.link
    if not isinstance(term, CampaignSource):
        return
    for number, indicator in enumerate(term.indicators):
        if indicator.data.lower().endswith(DATA):
            yield "figure", f"indicators.{number}.data", indicator.data
    for number, milestone in enumerate(term.milestones):
        if milestone.report:
            yield "link", f"milestones.{number}.report", milestone.report
    for number, report in enumerate(term.reports):
        yield "link", f"reports.{number}", report
