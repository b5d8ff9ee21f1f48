"""Compare the URLs of a planned site with those of the published one, and remember the lost ones.

The store keeps the lost URLs until something answers there: else only the build that loses a URL
would say so, and the next one would take the loss for granted.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from msgspec import Struct

from kheo.diagnostics import Diagnostic
from kheo.known_urls import TERM, KnownUrl, decode_lines, encode_urls, urls_in, with_marks
from kheo.messages.wording import Message, message
from kheo.model import Document
from kheo.old_urls import parse_old_url
from kheo.plan.known_urls import mark_of
from kheo.plan.lost_urls import NewUrls, find_lost
from kheo.plan.planning import Plan
from kheo.publish.manifest import manifest_bytes
from kheo.stages.memory import manifest_state
from kheo.stages.results import BuildOptions
from kheo.store.store import Store

URLS, OWED, STATE = "urls", "owed-urls", "urls-state"  # names of memos
VERSION = "1"  # of their format; another version of the program reads them too


class UrlList(Struct, frozen=True):
    """The URLs of a planned site as the manifest lists them, and the lost ones (``owed``)."""

    listed: bytes
    owed: list[KnownUrl]


class PlannedUrls(Struct, frozen=True):
    """A plan, the documents that it was made from, and the paths of those that it leaves out.

    ``hidden`` are drafts and scheduled; ``left_out`` have errors.
    """

    plan: Plan
    documents: list[Document]
    hidden: frozenset[str]
    left_out: frozenset[str]


def compare_urls(
    store: Store, options: BuildOptions, planned: PlannedUrls
) -> tuple[UrlList, list[Diagnostic]]:
    """Return the URLs of a planned site, and what to report of the published URLs that it loses."""
    listed = encode_urls(planned.plan.urls)
    if not options.check_urls:
        return UrlList(listed, []), []
    if options.since:
        before, owed = options.since.urls, list[KnownUrl]()
    else:
        before = store.memo(URLS, VERSION, bytes) or urls_in(manifest_bytes(options.output))
        owed = store.memo(OWED, VERSION, list[KnownUrl]) or []
    if before == listed and not owed:
        return UrlList(listed, []), []
    old, new = (set(one.decode(errors="replace").split("\n")) for one in (before, listed))
    gone, added = decode_lines(sorted(old - new)), decode_lines(sorted(new - old))
    known = {one.source for one in gone}
    added = [one for one in added if one.source not in known]
    lost = {one.url: one for one in (*owed, *gone)}
    owed, found = find_lost(lost.values(), _new_urls(planned, options, lost.values(), added))
    return UrlList(listed, owed), found


def _new_urls(
    planned: PlannedUrls, options: BuildOptions, gone: Iterable[KnownUrl], added: list[KnownUrl]
) -> NewUrls:
    plan = planned.plan
    rules = {str(one.url) for one in plan.old.redirects if not one.page}

    def answers(url: str) -> bool:
        old = parse_old_url(url)
        return (
            old is None
            or old.page in plan.paths
            or url in rules
            or (not old.query and plan.old.is_withdrawn(url))
        )

    documents = {one.path: one for one in planned.documents}
    hidden = {path: _reason(documents[path], options) for path in planned.hidden}
    # Their last good version may still be published; their errors are reported.
    hidden |= dict.fromkeys(planned.left_out)
    if planned.left_out:
        # Terms may be empty only because these reports are left out.
        hidden |= {one.source: None for one in gone if one.mark == TERM}
    return NewUrls(plan.urls, added, answers, documents, hidden)


def _reason(document: Document, options: BuildOptions) -> Message | None:
    """Return why a document has no page now; ``None`` if only the clock took it away."""
    meta = document.meta
    if meta.draft:
        return message("it is a draft now")
    if meta.date and meta.date.seconds > options.now.timestamp():
        return message("its date is in the future now")
    return None


def edited_list(store: Store, bodies: Mapping[str, tuple[str, ...]]) -> UrlList:
    """Return the URLs of the last build after edits of bodies only, by source."""
    listed = store.memo(URLS, VERSION, bytes) or b""
    marks = {path: mark_of(parts) for path, parts in bodies.items()}
    return UrlList(with_marks(listed, marks), store.memo(OWED, VERSION, list[KnownUrl]) or [])


def remember_urls(store: Store, urls: UrlList) -> None:
    """Save the URLs of the site that was published."""
    if urls.listed == store.memo(URLS, VERSION, bytes) and urls.owed == store.memo(
        OWED, VERSION, list[KnownUrl]
    ):
        return
    state = blake2b(urls.listed + repr(urls.owed).encode(), digest_size=16).hexdigest()
    with store.transaction():
        store.put_memo(URLS, VERSION, urls.listed)
        store.put_memo(OWED, VERSION, urls.owed)
        store.put_memo(STATE, VERSION, state)


def urls_state(store: Store, options: BuildOptions) -> str:
    """Return a text that changes when the published URLs change."""
    return store.memo(STATE, VERSION, str) or repr(manifest_state(options.output))
