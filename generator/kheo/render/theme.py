"""The theme as plain data: templates, assets and the catalogue of one language."""

from typing import Literal

from msgspec import Struct

from kheo.diagnostics import Place
from kheo.routes import Route, digest, output_path

DEFAULT = (
    "kheo/"  # before the name of a file: that of the default theme, even if the site has its own
)


class Asset(Struct, frozen=True):
    """A file of ``assets/``, published under a name that contains its digest.

    ``tree`` says which layer of the theme it is from.
    """

    name: str
    url: str  # site-relative: /assets/style.1a2b3c4d.css
    digest: str
    tree: Literal["templates", "theme"] = "templates"


class Theme(Struct, frozen=True):
    """The theme in one language: everything that pages are made from except their views.

    ``digests`` has, for each template, a digest of everything in the theme that its output can depend
    on: itself, what it extends, includes or imports, the catalogue and the names of assets. ``codes``
    are the compiled templates, ``messages`` the translations. ``places`` has the file of each
    template, ``own`` the names of the site's own templates that it uses.
    """

    codes: dict[str, bytes]
    assets: dict[str, Asset]
    messages: dict[str, str]
    digests: dict[str, str]
    places: dict[str, Place] = {}
    own: dict[str, tuple[str, ...]] = {}


def asset_routes(theme: Theme) -> list[Route]:
    """Plan the files of ``templates/assets/``, which are copied."""
    return [
        Route(
            url=asset.url,
            path=output_path(asset.url),
            inputs=digest(asset.digest.encode()),
            source=f"{'templates/' if asset.tree == 'templates' else DEFAULT}assets/{asset.name}",
            copy=f"assets/{asset.name}",
            tree=asset.tree,
        )
        for asset in theme.assets.values()
    ]
