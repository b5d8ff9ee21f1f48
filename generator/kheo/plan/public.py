"""Plan the files of ``templates/public/``, which are copied to the root of the site."""

from collections.abc import Iterable, Iterator

from kheo.diagnostics import Place
from kheo.layers import PUBLIC
from kheo.model import Entry
from kheo.plan.claims import Claims, Owner
from kheo.publish.manifest import is_safe
from kheo.routes import Route, copy_inputs


def public_routes(claims: Claims, entries: Iterable[Entry]) -> Iterator[Route]:
    """Claim the URL of each file and yield its route. All pages must have claimed theirs before."""
    for entry in entries:
        name = f"templates/{PUBLIC}/{entry.path}"
        owner = Owner(f"“{name}”", Place(f"{PUBLIC}/{entry.path}", tree="templates"))
        if claims.claim_file(f"/{entry.path}", owner, is_free=is_safe(entry.path)):
            yield Route(
                url=f"/{entry.path}",
                path=entry.path,
                inputs=copy_inputs(entry.size, entry.mtime_ns),
                source=name,
                copy=f"{PUBLIC}/{entry.file}",
                tree="templates",
            )
