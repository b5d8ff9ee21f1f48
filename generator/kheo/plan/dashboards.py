"""Dashboards: what is known of a campaign, as its first page, a list and programs show it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, structs

from kheo.diagnostics import Place
from kheo.index.visibility import end_of
from kheo.library import Article, Term
from kheo.model import Moment
from kheo.plan.articles import Listed
from kheo.plan.campaign_files import CampaignFiles
from kheo.plan.context import Context
from kheo.plan.indicators import Series, state_of
from kheo.plan.profiles import ShownProfile
from kheo.plan.resolved import Resolved
from kheo.term_sources import CampaignSource
from kheo.views import (
    Card,
    Counts,
    Dashboard,
    DataFigure,
    IndicatorView,
    Link,
    MilestoneView,
    Share,
    TermCard,
)

MOST_MONTHS = 48  # a longer campaign is counted by years
MOST_CATEGORIES = 8  # that are shown
DATA = tuple(f"data.{form}" for form in ("json", "csv"))  # below the URL of a campaign


class Campaign(Struct, frozen=True):
    """A campaign with everything that its dashboard is made from.

    ``numbers`` are the indexes of its articles in ``listed``. ``indexes`` has the index of each article
    by the path of its source.
    """

    term: Term
    numbers: tuple[int, ...]
    listed: Listed
    profile: ShownProfile | None
    indexes: Mapping[str, int]

    @property
    def source(self) -> CampaignSource | None:
        term = self.profile.profile.document.term if self.profile else None
        return term if isinstance(term, CampaignSource) else None

    @property
    def files(self) -> CampaignFiles:
        return self.profile.resolved.campaign if self.profile else CampaignFiles()


class Dashboards:
    """Makes the dashboards of all campaigns, each once."""

    def __init__(self, context: Context, listed: Listed, resolved: dict[str, Resolved]) -> None:
        self.context = context
        self.listed = listed
        articles = context.library.articles
        self.indexes = {one.document.path: number for number, one in enumerate(articles)}
        self.resolved = resolved
        self.made: dict[tuple[str, ...], Dashboard] = {}

    def campaign(self, term: Term) -> Campaign:
        members = self.context.members(term)
        return Campaign(term, members, self.listed, self.profile(term), self.indexes)

    def profile(self, term: Term) -> ShownProfile | None:
        profile = self.context.library.profiles.get(term.key)
        return ShownProfile(profile, self.resolved[profile.document.path]) if profile else None

    def of(self, term: Term) -> Dashboard:
        if term.trail not in self.made:
            self.made[term.trail] = make_dashboard(self.context, self.campaign(term))
        return self.made[term.trail]

    def card(self, term: Term) -> TermCard:
        """Return the campaign as a list of campaigns shows it."""
        dashboard, campaign = self.of(term), self.campaign(term)
        with_target = (one for one in dashboard.indicators if one.share is not None)
        newest = dashboard.latest
        return TermCard(
            term.name,
            self.context.href(term.url),
            term.text,
            term.start,
            term.end,
            dashboard.state,
            dashboard.reports,
            Link(newest.title, newest.url) if newest else None,
            next(with_target, None),
            campaign.profile.resolved.cover if campaign.profile else None,
        )

    def pinned(self) -> tuple[TermCard, ...]:
        """Return the campaigns that the home page shows."""
        terms = self.context.library.terms["campaign"]
        sources = ((term, self.campaign(term).source) for term in terms)
        return tuple(self.card(term) for term, source in sources if source and source.pinned)


def state_of_campaign(term: Term, now: datetime) -> str:
    """Return whether a campaign is ``upcoming``, ``running`` or ``ended``; nothing without dates."""
    seconds = now.timestamp()
    if term.start and term.start.seconds > seconds:
        return "upcoming"
    if term.end and end_of(term.end).seconds <= seconds:
        return "ended"
    return "running" if term.start or term.end else ""


def make_dashboard(context: Context, campaign: Campaign) -> Dashboard:
    articles = [context.library.articles[number] for number in campaign.numbers]
    categories = Counter(article.category.trail for article in articles)
    cards = campaign.listed.cards
    shares = _shares(context, categories, len(articles))
    urls = tuple(context.href(campaign.term.url + name) for name in DATA)
    return Dashboard(
        state=state_of_campaign(campaign.term, context.now),
        reports=len(articles),
        authors=len({author.trail for article in articles for author in article.authors}),
        latest=cards[campaign.numbers[0]] if articles else None,
        counts=_counts(context, articles),
        categories=shares[:MOST_CATEGORIES],
        more_categories=len(shares[MOST_CATEGORIES:]),
        indicators=_indicators(context, campaign),
        milestones=_milestones(context, campaign),
        pinned=_pinned(campaign),
        tables=_tables(context, campaign),
        json=urls[0],
        csv=urls[1],
    )


def _shares(
    context: Context, categories: Counter[tuple[str, ...]], reports: int
) -> tuple[Share, ...]:
    """Return the categories that take part, those with most reports first."""
    terms = {term.trail: term for term in context.library.terms["category"]}
    order = {trail: number for number, trail in enumerate(terms)}
    found = sorted(categories.items(), key=lambda one: (-one[1], order[one[0]]))
    return tuple(
        Share(
            terms[trail].name,
            context.href(terms[trail].url),
            count,
            count / reports,
            f"{round(100 * count / reports)}%",
        )
        for trail, count in found
    )


def _counts(context: Context, articles: list[Article]) -> Counts | None:
    """Return the reports of each month, or of each year; nothing if all are of one month.

    The last month is that of the newest report: with the current one, time alone would change the page.
    """
    months = Counter(article.date.month for article in articles)
    if len(months) < 2:
        return None
    (year, month), last = min(months), max(months)
    spanned = [(year + n // 12, n % 12 + 1) for n in range(month - 1, _number(last, year))]
    if len(spanned) > MOST_MONTHS:
        years = Counter(article.date.month[0] for article in articles)
        all_years = range(min(years), max(years) + 1)
        labels = tuple(map(str, all_years))
        return Counts(labels, tuple(years[one] for one in all_years), is_monthly=False)
    label = context.shared.labels.month
    return Counts(
        tuple(label.format(year=f"{y:04}", month=f"{m:02}") for y, m in spanned),
        tuple(months[one] for one in spanned),
    )


def _number(month: tuple[int, int], first_year: int) -> int:
    """Return the number of a month, counted from the first one of ``first_year``."""
    return (month[0] - first_year) * 12 + month[1]


def _indicators(context: Context, campaign: Campaign) -> tuple[IndicatorView, ...]:
    return tuple(
        indicator_now(one, campaign.term.end, context.now) for one in campaign.files.series
    )


def indicator_now(series: Series, end: Moment | None, now: datetime) -> IndicatorView:
    """Return an indicator with its state: without a day of its own, it is due when its campaign ends."""
    by = series.view.by or (end if series.target is not None else None)
    state = state_of(series.view, end_of(by) if by else None, now.timestamp())
    return structs.replace(series.view, by=by, state=state)


def _milestones(context: Context, campaign: Campaign) -> tuple[MilestoneView, ...]:
    source, profile = campaign.source, campaign.profile
    if not source or not profile:
        return ()
    keys = [f"milestones.{number}.report" for number in range(len(source.milestones))]
    urls, now = profile.urls(keys), context.now.timestamp()
    views = [
        MilestoneView(one.date, one.text, urls.get(key, ""), one.date.seconds <= now)
        for key, one in zip(keys, source.milestones, strict=True)
    ]
    return tuple(sorted(views, key=lambda one: one.date))


def _pinned(campaign: Campaign) -> tuple[Card, ...]:
    """Return the cards of the reports that the source names, in its order."""
    source, profile = campaign.source, campaign.profile
    if not source or not profile:
        return ()
    paths = profile.paths(f"reports.{number}" for number in range(len(source.reports)))
    numbers = [campaign.indexes[path] for path in paths if path in campaign.indexes]
    return tuple(campaign.listed.cards[number] for number in dict.fromkeys(numbers))


def _tables(context: Context, campaign: Campaign) -> tuple[DataFigure, ...]:
    """Return the tables of the indicators, each named after those that are read from it."""
    if not (campaign.profile and campaign.files.series):
        return ()
    names: dict[str, list[str]] = {}
    for one in campaign.files.series:
        names.setdefault(one.file, []).append(one.view.name)
    from kheo.plan.charts import DataSource, table_figure  # Babel: 0.05 s

    copies = {copy.entry.path: copy for copy in campaign.profile.resolved.copies}
    figures = []
    for path, table in campaign.files.tables.items():
        if path in names and path in copies:
            title = ", ".join(dict.fromkeys(names[path]))
            copy = copies[path]
            source = DataSource(Place(path), context.href(copy.url), copy.size)
            figures.append(table_figure(table, title, source))
    return tuple(figures)
