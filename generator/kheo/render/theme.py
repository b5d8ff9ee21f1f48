"""The theme as plain data: templates, assets and the catalogue of one language."""

from msgspec import Struct

from kheo.routes import Route, digest, output_path


class Asset(Struct, frozen=True):
    """A file of ``templates/assets/``, published under a name that contains its digest."""

    name: str
    url: str  # site-relative: /assets/style.1a2b3c4d.css
    digest: str


class Theme(Struct, frozen=True):
    """The theme in one language: everything that pages are made from except their views.

    ``digests`` has, for each template, a digest of everything in the theme that its output can depend
    on: itself, what it extends, includes or imports, the catalogue and the names of assets. ``codes``
    are the compiled templates, ``messages`` the translations.
    """

    codes: dict[str, bytes]
    assets: dict[str, Asset]
    messages: dict[str, str]
    digests: dict[str, str]


def asset_routes(theme: Theme) -> list[Route]:
    """Plan the files of ``templates/assets/``, which are copied."""
    return [
        Route(
            url=asset.url,
            path=output_path(asset.url),
            inputs=digest(asset.digest.encode()),
            source=f"templates/assets/{asset.name}",
            copy=f"assets/{asset.name}",
            tree="templates",
        )
        for asset in theme.assets.values()
    ]
