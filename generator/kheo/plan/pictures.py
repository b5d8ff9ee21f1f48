"""Plan the published pictures: their routes, and the data that templates get."""

from hashlib import blake2b

from kheo.assets import IMAGES
from kheo.model import Entry
from kheo.pictures.recipes import (
    FALLBACK_WIDTH,
    SHARE_SIZE,
    Cleaned,
    Cropped,
    PictureFile,
    Recipe,
    Scaled,
    ShareCard,
    encode_recipe,
    height_at,
    share_size,
    webp_widths,
)
from kheo.plan.claims import Claims, Owner
from kheo.routes import Route, digest, output_path
from kheo.views import Picture, ShareImage

FOLDER = f"/{IMAGES}/"
NAME = 16  # hex digits of a digest in a URL
ENDING = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "SVG": "svg"}


class PicturePlanner:
    """Plans the pictures of the site. Each picture is published once, however often it is shown."""

    def __init__(self, claims: Claims, prefix: str) -> None:
        self.claims = claims
        self.prefix = prefix
        self.routes: dict[str, Route] = {}  # by output path
        self._pictures: dict[str, Picture] = {}
        self._shares: dict[str, ShareImage | None] = {}

    def picture(self, file: PictureFile, entry: Entry, owner: Owner) -> Picture:
        """Publish a picture as WebP in several widths, and as one file that all browsers can
        show."""
        if file.digest not in self._pictures:
            self._pictures[file.digest] = self._picture(file, entry, owner)
        return self._pictures[file.digest]

    def _picture(self, file: PictureFile, entry: Entry, owner: Owner) -> Picture:
        if file.format == "SVG":
            url = self._add(file, "", Cleaned(file.digest), "SVG", entry, owner)
            return Picture(url, "", file.width, file.height)
        sizes = webp_widths(file)
        webp = (
            ""
            if file.is_too_long or (file.is_animated and file.format == "WEBP")
            else ", ".join(
                f"{self._scaled(file, 'WEBP', width, entry, owner)} {width}w" for width in sizes
            )
        )
        if file.is_animated:
            url = self._add(file, "", Cleaned(file.digest), file.format, entry, owner)
            return Picture(url, "", file.width, file.height, webp)
        width = min(file.width, FALLBACK_WIDTH)
        url = self._scaled(file, file.format, width, entry, owner)
        return Picture(url, "", width, height_at(width, file), webp)

    def share(self, file: PictureFile, entry: Entry, owner: Owner) -> ShareImage | None:
        """Publish the crop for Open Graph; nothing for an SVG, which social networks do not
        show."""
        if file.format == "SVG":
            return None
        if file.digest not in self._shares:
            width, height = share_size(file)
            url = self._add(
                file, "-share", Cropped(file.digest, width, height), "JPEG", entry, owner
            )
            self._shares[file.digest] = ShareImage(url, width, height, "")
        return self._shares[file.digest]

    def card(self, card: ShareCard, owner: Owner) -> ShareImage:
        """Publish the share card of an article without a picture."""
        recipe = encode_recipe(card)
        url = f"{FOLDER}{short_digest(recipe)}-card.png"
        self._route(url, recipe, None, owner)
        return ShareImage(self.prefix + url, *SHARE_SIZE, card.title)

    def _scaled(self, file: PictureFile, kind: str, width: int, entry: Entry, owner: Owner) -> str:
        recipe = Scaled(file.digest, kind, width, height_at(width, file))
        return self._add(file, f"-{width}", recipe, kind, entry, owner)

    def _add(
        self, file: PictureFile, name: str, recipe: Recipe, kind: str, entry: Entry, owner: Owner
    ) -> str:
        url = f"{FOLDER}{file.digest[:NAME]}{name}.{ENDING[kind]}"
        self._route(url, encode_recipe(recipe), entry, owner)
        return self.prefix + url

    def _route(self, url: str, recipe: bytes, entry: Entry | None, owner: Owner) -> None:
        path = output_path(url)
        if path in self.routes:
            return
        self.claims.claim(url, owner)
        self.routes[path] = Route(
            url=url,
            path=path,
            inputs=digest(recipe),
            source=entry.path if entry else str(owner.name),
            copy=entry.file if entry else "",
            recipe=recipe,
        )


def short_digest(data: bytes) -> str:
    """Return the digest that is used in the URL of a picture."""
    return blake2b(data, digest_size=NAME // 2).hexdigest()
