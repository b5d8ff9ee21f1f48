"""What the source of a term adds to the first page of its listing."""

from collections.abc import Iterable, Iterator

from msgspec import Struct, structs

from kheo.addresses import is_elsewhere
from kheo.library import Profile
from kheo.pictures.recipes import referred_path
from kheo.plan.articles import body_pages, contents
from kheo.plan.campaign_files import reference_of
from kheo.plan.resolved import Resolved
from kheo.plan.shared import Shared
from kheo.routes import digest
from kheo.views import Link, ListingView


class ShownProfile(Struct, frozen=True):
    """A profile with the URLs of its references: everything that a page shows of it but the body."""

    profile: Profile
    resolved: Resolved

    def numbers(self, keys: Iterable[str]) -> dict[str, int]:
        """Return the numbers of the references that these keys of the front matter make."""
        details = self.profile.document.details
        found = ((key, reference_of(details, key)) for key in keys)
        return {key: number for key, number in found if number is not None}

    def urls(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the URLs of what these keys name, by key; those that exist."""
        links = self.resolved.links
        return {key: links[number] for key, number in self.numbers(keys).items() if links[number]}

    def paths(self, keys: Iterable[str]) -> list[str]:
        """Return the paths of the sources or files that these keys name."""
        document = self.profile.document
        references = document.details.references
        numbers = self.numbers(keys).values()
        return [referred_path(document, references[number]) for number in numbers]

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
    keys = [f"links.{number}.link" for number in range(len(document.term.links))]
    urls = shown.urls(keys)
    for key, one in zip(keys, document.term.links, strict=True):
        url = urls.get(key, one.link if is_elsewhere(one.link) else "")
        if url:
            yield Link(one.title, url)
