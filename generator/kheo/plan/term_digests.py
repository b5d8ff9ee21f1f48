"""Digests of terms, each computed once."""

import msgspec

from kheo.library import Term
from kheo.plan.context import Context
from kheo.routes import digest

_encode = msgspec.msgpack.Encoder().encode


class TermDigests:
    """The digest of each term, of everything that pages show of it."""

    def __init__(self, context: Context) -> None:
        terms = context.library.terms.values()
        self._own = {one.key: digest(_encode(one)) for several in terms for one in several}

    def of(self, terms: tuple[Term, ...]) -> bytes:
        """Return the digests of several terms, joined."""
        if len(terms) == 1:
            return self._own[terms[0].key]
        return b"".join([self._own[term.key] for term in terms])
