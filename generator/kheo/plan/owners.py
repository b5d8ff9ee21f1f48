"""The owners of URLs: listings and documents."""

from collections.abc import Iterator

from kheo.diagnostics import Place
from kheo.library import Entry, Profile
from kheo.messages.wording import message
from kheo.model import Document
from kheo.plan.articles import body_pages
from kheo.plan.claims import Claims, Owner
from kheo.plan.context import Context
from kheo.plan.listings import index_urls, listing_pages
from kheo.plan.machine_files import machine_urls

OF_TERMS = ("/feed.xml", "/feed.json", "/data.json", "/data.csv")


def listing_owners(context: Context) -> Iterator[tuple[str, Owner]]:
    """Yield the URL and the owner of every page and file that the program makes itself."""
    site_file = Place("site.yaml")
    for url in machine_urls(context):
        # Two terms with one slug have the same URLs of feeds and data; `index` has reported them.
        name = message("the file {owned}", owned=url)
        yield url, Owner(name, site_file, is_term=url.endswith(OF_TERMS))
    for listing, source, pages in listing_pages(context):
        at, key = (source, _key(source)) if source else (site_file, "")
        for page in pages:
            yield page.url, Owner(listing, at, key, is_term=True)
    for label, url in index_urls(context).items():
        yield url, Owner(message("the page “{owned}”", owned=label), site_file)


def claim_document(context: Context, claims: Claims, one: Entry) -> None:
    """Claim the URL of each part of a document. Of the source of a term, the listing has claimed it."""
    document = one.document
    owner = Owner(document.path, document, _key(document), is_term=isinstance(one, Profile))
    for part in body_pages(context.shared, document, one.url):
        claims.claim(part.url, owner)


def _key(document: Document) -> str:
    """Return the key in the front matter that the URL is made from."""
    return "slug" if document.meta.slug else "title"
