"""Read the settings and the theme; take them from the store if they are unchanged."""

import msgspec
from msgspec import Struct, structs

from kheo.config import ParseOptions, SiteConfig
from kheo.diagnostics import Diagnostic
from kheo.errors import SiteChangedError
from kheo.language import Language
from kheo.render.theme import Theme
from kheo.stages.looking import Snapshot, site_file_of
from kheo.stages.results import BuildOptions
from kheo.stages.versions import templates_digest
from kheo.store.store import Store

SETTINGS, THEME = "settings", "theme"  # names of memos


class Setup(Struct, frozen=True):
    """The settings of a build. ``program`` is the digest of the program and its packages."""

    config: SiteConfig
    language: Language
    parse_options: ParseOptions
    program: str

    @property
    def sources_version(self) -> str:
        """Return the version of parsed sources. When it changes, all sources are parsed again."""
        return f"{self.program} {msgspec.json.encode(self.parse_options).decode()}"


def read_setup(
    store: Store, snapshot: Snapshot, options: BuildOptions
) -> tuple[Setup | None, list[Diagnostic]]:
    """Return the settings, or ``None`` if they are wrong, and the diagnostics."""
    setup = store.memo(SETTINGS, snapshot.settings, Setup)
    found: list[Diagnostic] = []
    if setup is None:
        from kheo.read.settings import read_settings  # imports YAML: 0.03 s

        settings, found = read_settings(options.content, options.templates, options.base_url)
        _check_unchanged(snapshot, options)
        if settings is None:
            return None, found
        setup = Setup(settings.config, settings.language, settings.parse_options, snapshot.program)
        if not found:
            store.set_memo(SETTINGS, snapshot.settings, setup)
    if setup.config.search:
        config = structs.replace(setup.config, search=options.search)
        setup = structs.replace(setup, config=config)
    return setup, found


def missing_site(snapshot: Snapshot, options: BuildOptions) -> list[Diagnostic] | None:
    """Return diagnostics if site.yaml cannot be read, else ``None``.

    A build in the wrong folder must create nothing, not even a cache.
    """
    if snapshot.site_file is not None:
        return None
    from kheo.read.settings import read_settings

    _, found = read_settings(options.content, options.templates, options.base_url)
    return [*found, *snapshot.listing.found]


def _check_unchanged(snapshot: Snapshot, options: BuildOptions) -> None:
    """Raise SiteChangedError unless what was just read is what the digests of ``snapshot`` are of.

    Otherwise the store would keep a theme under the digest of another one, for ever.
    """
    is_same = site_file_of(options) == snapshot.site_file
    if not is_same or templates_digest(options.templates) != snapshot.templates:
        raise SiteChangedError


def theme_version(snapshot: Snapshot, setup: Setup) -> str:
    return f"{snapshot.program} {snapshot.templates} {setup.config.language}"


def read_theme(
    store: Store, snapshot: Snapshot, setup: Setup, options: BuildOptions
) -> tuple[Theme, list[Diagnostic]]:
    """Return the theme and its diagnostics; from the store if no file of the theme changed."""
    version = theme_version(snapshot, setup)
    theme = store.memo(THEME, version, Theme)
    if theme is not None:
        return theme, []
    from kheo.render import theme_files  # imports Jinja and Babel: 0.08 s

    theme, found = theme_files.read_theme(options.templates, setup.config.language)
    _check_unchanged(snapshot, options)
    if not found:
        store.set_memo(THEME, version, theme)
    return theme, found
