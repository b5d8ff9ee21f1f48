"""Old URLs: the aliases of reports and of terms, and what was withdrawn. Each is claimed here."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from msgspec import Struct

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.library import Entry, Profile, Taxonomy, Term
from kheo.messages.wording import message
from kheo.model import Document
from kheo.old_urls import EVERYTHING_BELOW, OldUrl, page_path, parse_old_url
from kheo.plan.articles import body_pages
from kheo.plan.claims import Claims, Owner
from kheo.plan.context import Context
from kheo.plan.dashboards import DATA
from kheo.plan.listings import term_source

SITE_FILE = Place("site.yaml")
FEEDS = ("feed.xml", "feed.json")
# The taxonomies whose terms may have aliases.
ALIASED: tuple[Taxonomy, ...] = ("category", "campaign", "author")

Titles = dict[str, str]  # by URL


class Redirect(Struct, frozen=True, gc=False):
    """An old URL and the page that it leads to.

    ``source`` is the path of the report's source, or ``category: A > B``. ``page`` is the output path
    of its own page; empty if only the rules of a host lead on from it. ``is_carried`` says that an
    alias of a term carries it.
    """

    url: OldUrl
    source: str
    title: str
    target: str
    page: str
    is_carried: bool = False


class QueryPath(Struct, frozen=True):
    """A path with old URLs that differ in their queries.

    ``names`` are the sets of names that the queries consist of, the largest first. ``plain`` is the
    redirect of the path without a query, ``is_page`` says whether the site has a page there.
    """

    path: str
    names: tuple[tuple[str, ...], ...]
    plain: Redirect | None
    is_page: bool

    @property
    def page(self) -> str:
        return page_path(self.path)


class OldUrls(Struct, frozen=True):
    """All old URLs of a site. ``below`` has the URLs below which everything else was withdrawn."""

    redirects: tuple[Redirect, ...]
    queries: tuple[QueryPath, ...]
    gone: tuple[str, ...]
    below: tuple[str, ...]

    def is_withdrawn(self, url: str) -> bool:
        return url in self.gone or url.startswith(self.below or ("\0",))


def has_old_urls(context: Context) -> bool:
    """Return whether the site has any aliases or withdrawn URLs."""
    return (
        bool(context.config.gone)
        or any(one.document.meta.aliases for one in context.library.by_age)
        or any(term.aliases for name in ALIASED for term in context.library.terms[name])
    )


def claim_old_urls(
    context: Context, claims: Claims, files: Iterable[str]
) -> tuple[OldUrls, list[Diagnostic]]:
    """Claim all old URLs. ``files`` are the URLs of files that are published beside pages."""
    others = (one for one in context.library.by_age if not isinstance(one, Profile))
    aliases = claim_aliases(context, claims, others)
    redirects = {one.page or str(one.url): one for one in aliases}
    found: list[Diagnostic] = []
    terms = [term for name in ALIASED for term in context.library.terms[name] if term.aliases]
    if terms:
        live = _live_pages(context, files)
        # The deepest first, so that the alias of a parent carries those of its children too.
        for term in sorted(terms, key=lambda term: -term.url.count("/")):
            profile = context.library.profiles.get(term.key)
            source = profile.document if profile else None
            for one in _term_aliases(term, source, claims, live, redirects, found):
                redirects.setdefault(one.page or str(one.url), one)
    queries = tuple(_query_paths(redirects, claims))
    gone = _withdrawn(context, claims, found)
    return OldUrls(tuple(redirects.values()), queries, *gone), found


def claim_aliases(context: Context, claims: Claims, entries: Iterable[Entry]) -> Iterator[Redirect]:
    """Claim the aliases of documents, and yield those that are free."""
    for one in entries:
        document = one.document
        for number, alias in enumerate(document.meta.aliases):
            owner = Owner(document.path, document, f"aliases.{number}", is_alias=True)
            url = parse_old_url(alias)
            page = claims.claim_alias(url, owner) if url else None
            if url and page is not None:
                yield Redirect(url, document.path, document.meta.title, one.url, page)


def _term_aliases(
    term: Term,
    source: Document | None,
    claims: Claims,
    live: Titles,
    redirects: dict[str, Redirect],
    found: list[Diagnostic],
) -> Iterator[Redirect]:
    """Yield the aliases of a term, and what they carry: every page and old URL below its own."""
    name = term_source(term)
    below = {url: (url, title) for url, title in live.items() if url.startswith(term.url)}
    below |= {
        one.url.path: (one.target, one.title)
        for one in redirects.values()
        if not one.url.query and one.url.path.startswith(term.url)
    }
    below.pop(term.url, None)
    for number, alias in enumerate(term.aliases):
        url = parse_old_url(alias)
        owner = Owner(name, source or SITE_FILE, f"aliases.{number}", is_alias=True)
        page = claims.claim_alias(url, owner) if url else None
        if not url or page is None:
            continue
        yield Redirect(url, source_of(term), term.name, term.url, page)
        if url.query or not url.path.endswith("/"):
            continue
        for path, (target, title) in below.items():
            if path.startswith(url.path):
                continue  # else `/a/old/`, an alias of `/a/`, would carry itself
            old = OldUrl(url.path + path.removeprefix(term.url))
            known = redirects.get(old.page)
            if known and known.target == target:
                continue
            if other := claims.holder_of(old):
                found.append(
                    diagnostic(
                        "alias-below", owner.place, alias=alias, url=old.path, other=other.name
                    )
                )
                continue
            claims.claim_alias(old, owner)
            yield Redirect(old, source_of(term), title, target, old.page, is_carried=True)


def _query_paths(redirects: dict[str, Redirect], claims: Claims) -> Iterator[QueryPath]:
    """Yield the paths of old URLs with queries; claim those that are not claimed without one."""
    queried = sorted(
        (one for one in redirects.values() if one.url.query), key=lambda one: one.url.path
    )
    for path, group in groupby(queried, key=lambda one: one.url.path):
        ones = list(group)
        names = sorted({one.url.names for one in ones}, key=lambda one: (-len(one), one))
        plain = redirects.get(page_path(path))
        is_page = plain is None and claims.holder_of(OldUrl(path)) is not None
        if plain is None and not is_page:
            owner = Owner(ones[0].source, SITE_FILE, is_alias=True)
            claims.claim_alias(OldUrl(path), owner)
        yield QueryPath(path, tuple(names), plain, is_page)


def source_of(term: Term) -> str:
    """Return the source of a term in the manifest: ``category: A > B``."""
    return f"{term.taxonomy}: {' > '.join(term.trail)}"


def _live_pages(context: Context, files: Iterable[str]) -> Titles:
    """Return what can be below the URL of a term, each with a title for the page that leads to it."""
    live: Titles = {}
    for name in ALIASED:
        for term in context.library.terms[name]:
            urls = [page.url for page in context.term_pages[term.key]]
            urls += [f"{term.url}{feed}" for feed in FEEDS if name != "author"]
            urls += [f"{term.url}{one}" for one in DATA if name == "campaign"]
            live |= dict.fromkeys(urls, term.name)
    for one in context.library.by_age:
        if isinstance(one, Profile):
            continue
        for part in body_pages(context.shared, one.document, one.url):
            live[part.url] = one.document.meta.title
    return live | {url: url.rpartition("/")[2] for url in files}


def _withdrawn(
    context: Context, claims: Claims, found: list[Diagnostic]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Claim the URLs under ``gone``; return them, and those with a ``*``. What is in use stays in use."""
    gone: list[str] = []
    below: list[str] = []
    for text in context.config.gone:
        if text.endswith(EVERYTHING_BELOW):
            below.append(text.removesuffix("*"))
        elif url := parse_old_url(text):
            if other := claims.holder_of(url):
                found.append(diagnostic("gone-live", SITE_FILE, url=text, other=other.name))
            else:
                name = message("`gone` in site.yaml")
                claims.claim_alias(url, Owner(name, SITE_FILE, is_alias=True))
                gone.append(url.path)
    return tuple(gone), tuple(below)
