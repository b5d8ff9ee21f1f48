"""Look: list the files of the site. Sources are not read."""

from hashlib import blake2b

import msgspec
from msgspec import Struct

from kheo.known_urls import only_urls
from kheo.layers import PUBLIC
from kheo.read.sources import SITE_FILE, Listing, read_listing, read_public
from kheo.stages.results import BuildOptions
from kheo.stages.versions import program_digest, templates_digest


class Snapshot(Struct, frozen=True):
    """The files of a site as a build finds them; ``public`` are those in ``templates/public/``.

    ``site_file`` is the content of site.yaml, or ``None`` if it cannot be read. ``settings`` is a
    digest of everything that the settings and the theme are read from. ``key`` is a digest of
    everything that a build depends on, except the sources and the time.
    """

    listing: Listing
    public: Listing
    program: str
    templates: str
    site_file: bytes | None
    settings: str
    key: bytes

    @property
    def whole_key(self) -> str:
        """Return a digest of everything that a build depends on, except the time."""
        sources = msgspec.msgpack.encode(self.listing.sources)
        return blake2b(self.key + sources, digest_size=16).hexdigest()


def look(options: BuildOptions) -> Snapshot:
    """Return the list of the site's files, with digests of the theme and of the program."""
    listing, public = read_listing(options.content), read_public(options.templates / PUBLIC)
    program, templates = program_digest(), templates_digest(options.templates)
    site_file = site_file_of(options)
    settings = _digest((site_file, program, templates, options.base_url))
    output = str(options.output.absolute())
    since = only_urls(options.since.urls) if options.since else None
    asked = (options.drafts, options.future, options.search, output, since)
    files = (*listing.files.values(), *public.files.values())
    key = _digest((settings, asked, files, listing.found, public.found))
    return Snapshot(listing, public, program, templates, site_file, settings.hex(), key)


def site_file_of(options: BuildOptions) -> bytes | None:
    try:
        return (options.content / SITE_FILE).read_bytes()
    except OSError:  # reported later, when the settings are read
        return None


def _digest(value: object) -> bytes:
    return blake2b(msgspec.msgpack.encode(value), digest_size=16).digest()
