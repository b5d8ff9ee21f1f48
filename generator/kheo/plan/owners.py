"""The owners of URLs: listings, documents and their aliases."""

from collections.abc import Iterable, Iterator

from kheo.diagnostics import Place
from kheo.library import Entry
from kheo.messages.wording import message
from kheo.plan.articles import body_pages
from kheo.plan.claims import Claims, Owner
from kheo.plan.context import Context
from kheo.plan.listings import index_urls, listing_pages
from kheo.plan.machine_files import machine_urls
from kheo.routes import output_path
from kheo.views import AliasView


def listing_owners(context: Context) -> Iterator[tuple[str, Owner]]:
    """Yield the URL and the owner of every page and file that the program makes itself."""
    site_file = Place("site.yaml")
    for url in machine_urls(context):
        # Two terms with one slug have the same feed URLs; `index` has reported them.
        name = message("the file {owned}", owned=url)
        yield url, Owner(name, site_file, is_term="/feed." in url)
    for listing, pages in listing_pages(context):
        for page in pages:
            yield page.url, Owner(listing, site_file, is_term=True)
    for label, url in index_urls(context).items():
        yield url, Owner(message("the page “{owned}”", owned=label), site_file)


def claim_document(context: Context, claims: Claims, one: Entry) -> None:
    """Claim the URL of each part of a document."""
    document = one.document
    owner = Owner(document.path, document, "slug" if document.meta.slug else "title")
    for part in body_pages(context.shared, document, one.url):
        claims.claim(part.url, owner)


def claim_aliases(
    context: Context, claims: Claims, entries: Iterable[Entry]
) -> Iterator[AliasView]:
    """Claim the aliases of documents, and yield those that are free."""
    for one in entries:
        document = one.document
        for number, alias in enumerate(document.meta.aliases):
            owner = Owner(document.path, document, f"aliases.{number}", is_alias=True)
            url = alias_url(alias)
            if claims.claim(url, owner):
                yield AliasView(
                    context.href(url), document.meta.title, context.href(one.url), output_path(url)
                )


def alias_url(alias: str) -> str:
    """Return the URL of an alias: ``/tin/123`` -> ``/tin/123/``; ``/tin/123.html`` is unchanged."""
    is_file = "." in alias.rpartition("/")[2]
    return alias if is_file or alias.endswith("/") else f"{alias}/"
