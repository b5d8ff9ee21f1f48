"""The references of one document as they are on the site: URLs, files to publish, pictures, figures."""

from collections.abc import Collection

import msgspec
from msgspec import Struct, structs

from kheo.plan.campaign_files import CampaignFiles
from kheo.plan.copies import Copy
from kheo.routes import digest
from kheo.views import FigureView, Picture, ShareImage

_encode = msgspec.msgpack.Encoder().encode


class Resolved(Struct, frozen=True, gc=False):
    """The URLs of the references of one document, in their order, and the files to publish for them.

    ``pictures`` has the pictures of the body by the number of their reference, ``figures`` its
    figures by their number. ``cover`` and ``share`` are made from the picture in the front matter.
    """

    links: tuple[str, ...]
    copies: tuple[Copy, ...] = ()
    pictures: dict[int, Picture] = {}
    cover: Picture | None = None
    share: ShareImage | None = None
    figures: dict[int, FigureView] = {}
    campaign: CampaignFiles = CampaignFiles()
    digest: bytes = b""  # of all other fields

    def with_digest(self) -> "Resolved":
        return structs.replace(self, digest=digest(_encode(structs.replace(self, digest=b""))))


NOTHING_RESOLVED = Resolved(()).with_digest()


def without_links(resolved: Resolved, numbers: Collection[int]) -> Resolved:
    """Return ``resolved`` with empty URLs for the references with these numbers."""
    links = ("" if number in numbers else url for number, url in enumerate(resolved.links))
    return structs.replace(resolved, links=tuple(links)).with_digest()
