"""What the source of a term adds to the first page of its listing."""

from collections.abc import Iterator

from msgspec import Struct, structs

from kheo.library import Profile
from kheo.plan.articles import body_pages, contents
from kheo.plan.links import Resolved
from kheo.plan.shared import Shared
from kheo.routes import digest
from kheo.views import Link, ListingView


class ShownProfile(Struct, frozen=True):
    """A profile with the URLs of its references: everything that a page shows of it but the body."""

    profile: Profile
    resolved: Resolved

    def digest(self) -> bytes:
        one = self.profile
        return digest(one.document.facts + self.resolved.digest + one.status.encode())


def with_profile(view: ListingView, shown: ShownProfile, shared: Shared) -> ListingView:
    """Return the view of the first page of a listing with what the term's source says."""
    document, links = shown.profile.document, shown.resolved
    parts = body_pages(shared, document, shown.profile.url)
    return structs.replace(
        view,
        description=document.summary,
        robots="noindex" if shown.profile.status else "",
        extra=document.meta.extra,
        image=links.cover,
        headings=contents(shared, document, parts[0], parts),
        more=tuple(_more(shown)),
        links=links.links,
        pictures=links.pictures,
        figures=links.figures,
        share=links.share,
        status=shown.profile.status,
    )


def _more(shown: ShownProfile) -> Iterator[Link]:
    """Yield the links of the front matter, except those that lead nowhere."""
    document = shown.profile.document
    if document.term is None or not document.term.links:
        return
    details = document.details
    places = (one.position for one in details.references)
    urls = dict(zip(places, shown.resolved.links, strict=True))
    for number, one in enumerate(document.term.links):
        url = urls.get(details.positions[f"links.{number}.link"], one.link)
        if url:
            yield Link(one.title, url)
