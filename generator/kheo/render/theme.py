"""The theme as plain data: templates, assets and the catalogue of one language."""

from functools import partial
from hashlib import blake2b
from pathlib import PurePosixPath
from typing import Literal

from msgspec import Struct, structs

from kheo.assets import ASSETS
from kheo.diagnostics import Place
from kheo.routes import Route, digest, output_path

DEFAULT = (
    "kheo/"  # before the name of a file: that of the default theme, even if the site has its own
)
STYLE, ICON = "style.css", "icon.svg"  # the assets that the look of a site changes
AssetTree = Literal["templates", "theme"]


class Asset(Struct, frozen=True):
    """A file of ``assets/``, published under a name that contains its digest.

    ``tree`` says which layer of the theme it is from. ``data`` has the bytes of style sheets and of
    what the look of a site may change; the others are copied.
    """

    name: str
    url: str  # site-relative: /assets/style.1a2b3c4d.css
    digest: str
    tree: AssetTree = "templates"
    data: bytes = b""


def make_asset(name: str, data: bytes, tree: AssetTree) -> Asset:
    digest = blake2b(data, digest_size=16).hexdigest()
    path = PurePosixPath(name)
    published = path.with_name(f"{path.stem}.{digest[:8]}{path.suffix}")
    is_kept = name == ICON or path.suffix == ".css"
    return Asset(name, f"/{ASSETS}/{published}", digest, tree, data if is_kept else b"")


class Dress(Struct, frozen=True):
    """What ``look:`` in site.yaml changes of the theme.

    ``style`` is added to the end of ``style.css``. ``icon`` has colours of ``icon.svg``, and what
    takes their place.
    """

    style: str = ""
    icon: dict[str, str] = {}


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


def dressed(theme: Theme, dress: Dress) -> Theme:
    """Return the theme with the look of a site. Every page names the style sheet, so all change."""
    assets = dict(theme.assets)
    if dress.style and (style := assets.get(STYLE)):
        assets[STYLE] = make_asset(STYLE, style.data + dress.style.encode(), style.tree)
    if dress.icon and (icon := assets.get(ICON)):
        data = icon.data
        for color, other in dress.icon.items():
            data = data.replace(color.encode(), other.encode())
        assets[ICON] = make_asset(ICON, data, icon.tree)
    if assets == theme.assets:
        return theme
    urls = "".join(f" {assets[name].url}" for name in (STYLE, ICON) if name in assets)
    digests = {name: digest + urls for name, digest in theme.digests.items()}
    return structs.replace(theme, assets=assets, digests=digests)


def asset_routes(theme: Theme) -> list[Route]:
    """Plan the files of ``templates/assets/``."""
    return [
        Route(
            url=asset.url,
            path=output_path(asset.url),
            inputs=digest(asset.digest.encode()),
            source=f"{'templates/' if asset.tree == 'templates' else DEFAULT}assets/{asset.name}",
            copy="" if asset.data else f"assets/{asset.name}",
            tree=asset.tree,
            data=partial(bytes, asset.data) if asset.data else None,
        )
        for asset in theme.assets.values()
    ]
