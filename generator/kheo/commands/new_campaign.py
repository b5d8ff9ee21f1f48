"""Create the source of a campaign, for ``new --campaign-page``."""

from datetime import date, tzinfo

from msgspec import Struct

from kheo.commands.new_source import fenced, quoted, slug_of
from kheo.config import DateOrder, SiteConfig
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.read.term_front_matter import parse_term_front_matter


class NewCampaign(Struct, frozen=True, kw_only=True):
    """Values for the front matter. ``start`` is the first day."""

    name: str
    start: date

    @property
    def path(self) -> str:
        """Return the path below the content folder. Raises NoAddressError if the name has no slug."""
        return f"campaigns/{slug_of(self.name)}.md"

    @property
    def front_matter(self) -> str:
        lines = (
            f"name: {quoted(self.name)}",
            f"slug: {quoted(slug_of(self.name))}",
            f"start: {self.start}",
        )
        return "".join(f"{line}\n" for line in lines)

    @property
    def text(self) -> str:
        return fenced(self.front_matter)

    def mistakes(self, zone: tzinfo, order: DateOrder) -> list[Diagnostic]:
        """Return what a build would report. Raises NoAddressError if the name gives no slug."""
        place = Place(self.path)
        _, _, found, _ = parse_term_front_matter(self.front_matter, place, zone, order)
        return found

    def clash(self, config: SiteConfig) -> Diagnostic | None:
        """Return what a build would report if site.yaml describes the campaign already."""
        entry = next((one for one in config.campaigns if one.title == self.name), None)
        if entry and (entry.slug or entry.description or entry.start or entry.end or entry.aliases):
            place = Place(self.path)
            return diagnostic("term-described-twice", place, name=self.name, other="site.yaml")
        return None
