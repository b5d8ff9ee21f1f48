"""The settings that views of all pages may use, with the texts and URLs made from them."""

import re
from urllib.parse import quote, urlsplit

import msgspec
from msgspec import Struct

from kheo.config import SiteConfig, UrlWords
from kheo.language import Labels, Language
from kheo.library import Term
from kheo.routes import digest
from kheo.views import Crumb, FeedLink, Link

CRUMB_LENGTH = 100  # characters, as on the first user's current site
_PLAIN = re.compile("[a-z0-9/.-]*")  # nearly every URL: nothing to encode
ATOM, JSON_FEED = "application/atom+xml", "application/feed+json"
_encode = msgspec.msgpack.Encoder().encode


class Shared(Struct, frozen=True):
    """The settings that views are made with. They are part of every fingerprint.

    ``prefix`` is the folder that the site is in (``/news``), or empty. ``stable``: pages of listings
    are numbered from the oldest. ``embeds``: videos of other sites can be played.
    """

    prefix: str
    words: UrlWords
    labels: Labels
    stable: bool
    language: str = "en"
    embeds: bool = False

    def digest(self) -> bytes:
        return digest(_encode(self))

    def href(self, url: str) -> str:
        """Return a URL as templates need it, percent-encoded: ``/tin-tuc/`` -> ``/folder/tin-tuc/``."""
        return self.prefix + (url if _PLAIN.fullmatch(url) else quote(url))

    def link(self, term: Term) -> Link:
        return Link(term.name, self.href(term.url))

    def crumb(self, title: str, url: str) -> Crumb:
        return Crumb(title, shortened(title), self.href(url))

    def trail(self, terms: tuple[Term, ...]) -> tuple[Crumb, ...]:
        """Return the breadcrumb of a category, given it and those above it, from the root."""
        return tuple(self.crumb(term.name, term.url) for term in terms)

    def feeds(self, title: str, url: str) -> tuple[FeedLink, ...]:
        return (
            FeedLink(title, self.href(f"{url}feed.xml"), ATOM),
            FeedLink(title, self.href(f"{url}feed.json"), JSON_FEED),
        )


def shared_settings(config: SiteConfig, language: Language) -> Shared:
    return Shared(
        prefix=urlsplit(config.base_url).path.rstrip("/"),
        words=language.url_words,
        labels=language.labels,
        stable=config.pagination == "stable",
        language=config.language,
        embeds=config.embeds,
    )


def shortened(title: str) -> str:
    """Return ``title``; if it is too long for a breadcrumb, cut it between words."""
    if len(title) <= CRUMB_LENGTH:
        return title
    return title[: CRUMB_LENGTH + 1].rpartition(" ")[0] + "…"
