"""What a chart says in the language of the site: numbers, and a description for those who cannot see it."""

from collections.abc import Callable

from markupsafe import Markup
from msgspec import Struct

from kheo.formats import find_locale, format_size
from kheo.numerals import NumberStyle, number_style
from kheo.render.charts.scale import Scale
from kheo.views import DataFigure, DataSeries

NO_VALUE = "–"
KINDS: dict[str, str] = {
    "bars": "Bar chart",
    "stacked": "Stacked bar chart",
    "line": "Line chart",
    "dots": "Dot chart",
    "table": "Table",
}
ONE = "%(name)s: %(value)s (%(row)s)."
EXTREMES = "%(name)s: highest %(high)s (%(high_row)s), lowest %(low)s (%(low_row)s)."
ALL = (
    "%(name)s: highest %(high)s (%(high_row)s), lowest %(low)s (%(low_row)s), "
    "last %(last)s (%(last_row)s)."
)
SHOW_TABLE = "Show the data as a table"
SOURCE = "Source"
DOWNLOAD = "Download the data (CSV, %(size)s)"
FIRST_ROWS = "The first %(shown)s of %(count)s rows"
NOT_FROM_ZERO = "The axis does not begin at zero."
CHART_TEXTS = (
    *KINDS.values(), ONE, EXTREMES, ALL, SHOW_TABLE, SOURCE, DOWNLOAD, FIRST_ROWS, NOT_FROM_ZERO,
)  # fmt: skip


class ChartWords(Struct, frozen=True):
    """The words and numbers of one language. ``translate`` is ``gettext`` of the theme."""

    translate: Callable[..., Markup]
    style: NumberStyle
    language: str
    is_rtl: bool

    def value(self, value: float | None, series: DataSeries) -> str:
        """Return a number of a series, with all its decimals."""
        if value is None:
            return NO_VALUE
        return self.style.write(value, series.decimals) + ("%" if series.is_percent else "")

    def sum(self, value: float, parts: tuple[DataSeries, ...]) -> str:
        """Return the sum of numbers of several series."""
        return self.value(value, _widest(parts))

    def tick(self, value: float, scale: Scale, drawn: tuple[DataSeries, ...]) -> str:
        """Return a number on an axis."""
        percent = all(series.is_percent for series in drawn)
        return self.style.write(value, scale.decimals) + ("%" if percent else "")

    def count(self, number: int) -> str:
        return self.style.write(number)

    def size(self, size: int) -> str:
        return format_size(size, find_locale(self.language))

    def description(self, figure: DataFigure) -> str:
        """Return the kind of chart, its title, and the highest, lowest and last number of each series."""
        kind = self.translate(KINDS[figure.type])
        ranges = (self.range_of(series, figure) for series in figure.series)
        return " ".join([f"{kind}: {figure.title.rstrip('.')}.", *filter(None, ranges)])

    def range_of(self, series: DataSeries, figure: DataFigure) -> str:
        """Return the highest, lowest and last number of a series; the last only if rows are in order.

        Return an empty text for a series without numbers.
        """
        some = [
            (value, figure.labels[row])
            for row, value in enumerate(series.values)
            if value is not None
        ]
        if not some:
            return ""
        if len(some) == 1:
            value, row = some[0]
            return self.translate(ONE, name=series.name, value=self.value(value, series), row=row)
        (high, high_row), (low, low_row) = (
            choose(some, key=lambda one: one[0]) for choose in (max, min)
        )
        last, last_row = some[-1]
        text = ALL if figure.is_ordered else EXTREMES
        values = {
            "high": self.value(high, series), "high_row": high_row,
            "low": self.value(low, series), "low_row": low_row,
        }  # fmt: skip
        if figure.is_ordered:
            values |= {"last": self.value(last, series), "last_row": last_row}
        return self.translate(text, name=series.name, **values)


def chart_words(translate: Callable[..., Markup], language: str) -> ChartWords:
    """Return the words of a language tag."""
    is_rtl = find_locale(language).text_direction == "rtl"
    return ChartWords(translate, number_style(language), language, is_rtl)


def _widest(parts: tuple[DataSeries, ...]) -> DataSeries:
    return max(parts, key=lambda series: series.decimals)
