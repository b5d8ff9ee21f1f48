"""What the front matter of a campaign refers to: tables with indicators, and reports."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.model import Details, Document, Position
from kheo.pictures.recipes import referred_path
from kheo.plan.indicators import IndicatorData, Series, read_series
from kheo.plan.measured import Measured
from kheo.read.data.files import TableFile
from kheo.tables import DataTable
from kheo.term_sources import CampaignSource, Indicator


def reference_of(details: Details, key: str) -> int | None:
    """Return the number of the reference that a key of the front matter makes."""
    at = details.positions.get(key)
    numbers = (n for n, one in enumerate(details.references) if one.position == at)
    return next(numbers, None)


class Named(Struct, frozen=True):
    """A document with what its front matter names.

    ``measured`` has what is known of files by path, ``sources`` the sources that have a page.
    """

    document: Document
    details: Details
    measured: Mapping[str, Measured]
    sources: Mapping[str, tuple[Document, str]]

    def path_of(self, key: str) -> str:
        """Return the path of the file or source that a key names; empty if it names none."""
        number = reference_of(self.details, key)
        return (
            "" if number is None else referred_path(self.document, self.details.references[number])
        )

    def place_of(self, key: str) -> Place:
        at = self.details.positions.get(key, Position(1, 1))
        return Place(self.document.path, at.line, at.column)


class CampaignFiles(Struct, frozen=True):
    """The indicators of a campaign, and the tables that they are from, by path."""

    series: tuple[Series, ...] = ()
    tables: dict[str, DataTable] = {}


def campaign_files(named: Named, language: str) -> tuple[CampaignFiles, list[Diagnostic]]:
    """Return what the front matter of a campaign's source names, and what is wrong with it."""
    source = named.document.term
    if not isinstance(source, CampaignSource):
        return CampaignFiles(), []
    found = list(_no_reports(named, source))
    series: list[Series] = []
    tables: dict[str, DataTable] = {}
    for number, indicator in enumerate(source.indicators):
        path = named.path_of(f"indicators.{number}.data")
        file = named.measured.get(path)
        if not isinstance(file, TableFile):  # it is missing or broken, which is reported
            continue
        if path not in tables:
            found += file.found
        if file.table:
            tables[path] = file.table
            one, more = _series(named, number, indicator, path, file.table, language)
            found += more
            series += [one] if one else []
    return CampaignFiles(tuple(series), tables), found


def _series(
    named: Named, number: int, indicator: Indicator, path: str, table: DataTable, language: str
) -> tuple[Series | None, list[Diagnostic]]:
    from kheo.numerals import number_style  # Babel: 0.05 s

    keys = ("column", "target")
    places = {key: named.place_of(f"indicators.{number}.{key}") for key in keys}
    return read_series(IndicatorData(indicator, table, path, places), number_style(language))


def _no_reports(named: Named, source: CampaignSource) -> Iterator[Diagnostic]:
    """Report what is under ``reports`` and is not a report."""
    for number, written in enumerate(source.reports):
        target = named.sources.get(named.path_of(f"reports.{number}"))
        if target and target[0].meta.dated is None:
            yield diagnostic("campaign-report", named.place_of(f"reports.{number}"), target=written)
