"""Everything that goes into a build."""

import msgspec
from msgspec import Struct, structs

from kheo.config import ParseOptions, SiteConfig
from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.language import Language
from kheo.read.settings import Settings, read_settings
from kheo.read.sources import SITE_FILE, Listing
from kheo.render.theme import Theme
from kheo.search.pagefind import indexer
from kheo.stages.results import BuildOptions
from kheo.stages.unchanged import Seen
from kheo.store.store import Store


class Inputs(Struct, frozen=True):
    """What a build works on: settings, the list of sources, and digests of program and theme."""

    settings: Settings | None
    listing: Listing
    program: str
    templates: str

    @property
    def config(self) -> SiteConfig:
        assert self.settings, "a build without settings ends before it needs them"
        return self.settings.config

    @property
    def language(self) -> Language:
        assert self.settings, "a build without settings ends before it needs them"
        return self.settings.language

    @property
    def parse_options(self) -> ParseOptions:
        assert self.settings, "a build without settings ends before it needs them"
        return self.settings.parse_options

    @property
    def store_version(self) -> str:
        """A source that was parsed under another one must be parsed again."""
        return f"{self.program} {msgspec.json.encode(self.parse_options).decode()}"


def read_inputs(options: BuildOptions, seen: Seen) -> tuple[Inputs, list[Diagnostic]]:
    """Reads everything but the sources themselves, and tells what is wrong with it."""
    settings, found = read_settings(options.content, options.templates, options.base_url)
    found += seen.listing.found
    if settings and settings.config.search:
        can_search = bool(indexer())
        if options.search and not can_search:
            found.append(diagnostic("search-unavailable", Place(SITE_FILE)))
        config = structs.replace(settings.config, search=options.search and can_search)
        settings = structs.replace(settings, config=config)
    return Inputs(settings, seen.listing, seen.program, seen.templates), found


def theme_of(store: Store, inputs: Inputs, options: BuildOptions) -> tuple[Theme, list[Diagnostic]]:
    """The theme: from the store if no file of it changed, else read and checked."""
    version = f"{inputs.program} {inputs.templates} {inputs.config.language} ".encode()
    remembered = store.fact("theme")
    if remembered.startswith(version):
        return msgspec.msgpack.decode(remembered[len(version) :], type=Theme), []
    from kheo.render.theme_files import read_theme  # Jinja and Babel: 0.08 s

    theme, found = read_theme(options.templates, inputs.config.language)
    if not found:
        store.set_fact("theme", version + msgspec.msgpack.encode(theme))
    return theme, found
