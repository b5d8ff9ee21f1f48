"""Which URLs of a planned site its manifest lists."""

from collections.abc import Iterator

from kheo.known_urls import ALIAS, TERM, KnownUrl
from kheo.library import Expired, Profile, Term
from kheo.plan.context import Context
from kheo.plan.old_urls import ALIASED, OldUrls, source_of

MARK = 12  # characters of a body's digest: two different bodies hardly ever have the same


def known_urls(context: Context, old: OldUrls) -> tuple[KnownUrl, ...]:
    """Return the URLs of reports, pages and terms, and aliases; not those of drafts."""
    library = context.library
    hidden = {one.url for one in library.entries if one.status}
    hidden |= {one.url for one in library.profiles.values() if not _is_public(context, one.term)}
    aliases = (one for one in old.redirects if not one.is_carried and one.target not in hidden)
    return (
        *_pages(context),
        *_terms(context),
        *(KnownUrl(str(one.url), one.source, ALIAS, one.title) for one in aliases),
    )


def mark_of(bodies: tuple[str, ...]) -> str:
    """Return what identifies a body in the manifest, given the digests of its parts."""
    return bodies[0][:MARK] if bodies else ""


def _pages(context: Context) -> Iterator[KnownUrl]:
    for one in context.library.by_age:
        if isinstance(one, Profile):
            continue
        if isinstance(one, Expired) or not one.status:
            document = one.document
            yield KnownUrl(one.url, document.path, mark_of(document.bodies), document.meta.title)


def _terms(context: Context) -> Iterator[KnownUrl]:
    for name in ALIASED:
        for term in context.library.terms[name]:
            if _is_public(context, term):
                profile = context.library.profiles.get(term.key)
                source = profile.document.path if profile else source_of(term)
                yield KnownUrl(term.url, source, TERM, term.name)


def _is_public(context: Context, term: Term) -> bool:
    """Return whether a term has more than drafts. All reports of an empty one have expired."""
    articles, members = context.library.articles, context.members(term)
    profile = context.library.profiles.get(term.key)
    is_draft = profile is not None and profile.status != ""
    if (term.listed or not members) and not is_draft:
        return True
    return any(not articles[number].status for number in members)
