"""The theme as plain data: templates, assets and one language's catalogue."""

from msgspec import Struct

from kheo.model import Route


class Asset(Struct, frozen=True):
    """A file of ``templates/assets/``, published under a name that changes with its bytes."""

    name: str
    url: str  # site-relative: /assets/style.1a2b3c4d.css
    digest: str


class Theme(Struct, frozen=True):
    """Everything that shapes pages besides their views.

    ``digests``: for each template a digest of all that its output can depend on in the theme:
    itself, what it extends, includes or imports, the catalogue and the names of assets. ``codes``
    are the compiled templates.
    """

    codes: dict[str, bytes]
    assets: dict[str, Asset]
    messages: dict[str, str]
    digests: dict[str, str]


def asset_routes(theme: Theme) -> list[Route]:
    """The files of ``templates/assets/``, as they are."""
    return [
        Route(
            asset.url,
            asset.url.lstrip("/"),
            "",
            b"",
            f"templates/assets/{asset.name}",
            f"assets/{asset.name}",
            tree="templates",
            version=asset.digest,
        )
        for asset in theme.assets.values()
    ]
