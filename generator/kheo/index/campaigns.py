"""When campaigns change because of the clock alone."""

from collections.abc import Iterator

from kheo.index.taxonomies import TermTable
from kheo.index.visibility import end_of
from kheo.model import Moment
from kheo.term_sources import CampaignSource


def campaign_changes(campaigns: TermTable) -> Iterator[Moment]:
    """Yield when campaigns begin and end, when targets are due, and when milestones are reached."""
    for trail, term in campaigns.terms.items():
        if term.start:
            yield term.start
        if term.end:
            yield end_of(term.end)
        document = campaigns.sources.get(trail)
        source = document.term if document else None
        if isinstance(source, CampaignSource):
            yield from (milestone.date for milestone in source.milestones)
            yield from (end_of(one.by) for one in source.indicators if one.by)
