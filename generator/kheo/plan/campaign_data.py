"""The numbers of a campaign for programs: ``data.json`` and ``data.csv`` below its URL.

docs/terms.md describes both. ``VERSION`` changes if a program that reads the old form would read the
new one wrongly; a new key does not change it.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO

import msgspec

from kheo.library import Article, Term
from kheo.plan.context import Context
from kheo.plan.dashboards import DATA, Campaign, Dashboards, indicator_now, state_of_campaign
from kheo.routes import Route, digest, output_path
from kheo.values import Moment

VERSION = 1
HEAD = ("kind", "name", "date", "value", "unit")


def data_routes(context: Context, dashboards: Dashboards) -> Iterator[Route]:
    for term in context.library.terms["campaign"]:
        data = campaign_data(context, dashboards.campaign(term))
        for name, content in zip(DATA, (as_json(data), as_csv(data)), strict=True):
            url = term.url + name
            yield Route(
                url=url,
                path=output_path(url),
                inputs=digest(content),
                source=url,
                data=lambda content=content: content,  # type: ignore[misc]
            )


def campaign_data(context: Context, campaign: Campaign) -> dict[str, object]:
    """Return everything that the dashboard counts, as plain data."""
    term = campaign.term
    articles = [context.library.articles[number] for number in campaign.numbers]
    months = Counter(article.date.month for article in articles)
    return {
        "version": VERSION,
        "name": term.name,
        "url": context.origin + context.href(term.url),
        "start": _day(term.start),
        "end": _day(term.end),
        "state": state_of_campaign(term, context.now) or None,
        "reports": len(articles),
        "latest": _latest(context, articles),
        "months": [
            {"month": f"{year:04}-{month:02}", "reports": count}
            for (year, month), count in sorted(months.items())
        ],
        "categories": _counted(article.category for article in articles),
        "authors": _counted(author for article in articles for author in article.authors),
        "milestones": [
            {"date": _day(one.date), "text": one.text}
            for one in sorted(campaign.source.milestones, key=lambda one: one.date)
        ]
        if campaign.source
        else [],
        "indicators": list(_indicators(context, campaign)),
    }


def as_json(data: dict[str, object]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(data)) + b"\n"


def as_csv(data: dict[str, object]) -> bytes:
    """Return one row for each number. Spreadsheets recognise UTF-8 by the mark at the beginning."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows(_rows(data))
    return ("\ufeff" + text.getvalue()).encode()


def _rows(data: dict[str, object]) -> Iterator[tuple[object, ...]]:
    months, categories, authors, indicators = (
        data[key] for key in ("months", "categories", "authors", "indicators")
    )
    assert isinstance(months, list) and isinstance(indicators, list)
    yield "reports", "", "", data["reports"], ""
    for one in months:
        yield "month", "", one["month"], one["reports"], ""
    for kind, several in (("category", categories), ("author", authors)):
        assert isinstance(several, list)
        for one in several:
            yield kind, one["name"], "", one["reports"], ""
    for one in indicators:
        for row in one["rows"]:
            yield "indicator", one["name"], row["date"], row["value"], one["unit"]
        if one["target"] is not None:
            yield "target", one["name"], one["by"], one["target"], one["unit"]


def _latest(context: Context, articles: list[Article]) -> dict[str, object] | None:
    if not articles:
        return None
    one = articles[0]
    return {
        "title": one.document.meta.title,
        "url": context.origin + context.href(one.url),
        "date": _day(one.date),
    }


def _counted(terms: Iterator[Term]) -> list[dict[str, object]]:
    """Return the terms by their paths (``A > B``), those with most reports first."""
    counts = Counter(" > ".join(term.trail) for term in terms)
    rows = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [{"name": name, "reports": count} for name, count in rows]


def _indicators(context: Context, campaign: Campaign) -> Iterator[dict[str, object]]:
    for series in campaign.files.series:
        view = indicator_now(series, campaign.term.end, context.now)
        rows = [
            {"date": day, "value": _number(value)}
            for day, value in zip(series.days, series.values, strict=True)
        ]
        yield {
            "name": view.name,
            "unit": view.unit,
            "target": _number(series.target),
            "by": _day(view.by),
            "share": view.share,
            "state": view.state or None,
            "rows": rows,
        }


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value


def _day(moment: Moment | None) -> str | None:
    return moment.at.date().isoformat() if moment else None
