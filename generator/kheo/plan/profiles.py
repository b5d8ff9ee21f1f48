"""What the source of a term adds to the first page of its listing."""

from collections.abc import Iterator

from msgspec import Struct, structs

from kheo.library import Profile
from kheo.pictures.recipes import referred_path
from kheo.plan.articles import body_pages, contents
from kheo.plan.links import Resolved
from kheo.plan.shared import Shared
from kheo.routes import digest
from kheo.term_sources import is_elsewhere
from kheo.views import Link, ListingView


class ShownProfile(Struct, frozen=True):
    """A profile with the URLs of its references: everything that a page shows of it but the body."""

    profile: Profile
    resolved: Resolved

    @property
    def urls(self) -> dict[str, str]:
        """Return the URLs of what the front matter names, by key; those that exist."""
        found = zip(self._named(), self.resolved.links, strict=True)
        return {key: url for key, url in found if key and url}

    def path_of(self, key: str) -> str:
        """Return the path of the source or file that a key of the front matter names."""
        references = self.profile.document.details.references
        named = dict(zip(self._named(), references, strict=True))
        return referred_path(self.profile.document, named[key]) if key in named else ""

    def _named(self) -> list[str]:
        """Return the key of each reference; nothing for those of the body."""
        details = self.profile.document.details
        keys = {at: key for key, at in details.positions.items()}
        return [keys.get(one.position, "") for one in details.references]

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
    urls = shown.urls
    for number, one in enumerate(document.term.links):
        url = urls.get(f"links.{number}.link", one.link if is_elsewhere(one.link) else "")
        if url:
            yield Link(one.title, url)
