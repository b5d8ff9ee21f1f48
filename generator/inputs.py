"""Everything that goes into a build, and whether it is what went into the last one."""

from hashlib import blake2b

import msgspec
from msgspec import Struct

from generator.config import SiteConfig
from generator.diagnostics import Diagnostic
from generator.language import Language
from generator.model import Moment
from generator.publish.manifest import MANIFEST
from generator.publish.store import Store
from generator.publish.writer import Counts
from generator.read.sources import Listing, read_listing
from generator.render.theme import Theme
from generator.rendering import Current
from generator.report import BuildOptions, Report
from generator.settings import Settings, program_digest, read_settings, templates_digest


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
    def store_version(self) -> str:
        """A source that was parsed under another one must be parsed again."""
        assert self.settings, "a build without settings ends before it needs them"
        return f"{self.program} {msgspec.json.encode(self.settings.parse_options).decode()}"


def read_inputs(options: BuildOptions) -> tuple[Inputs, list[Diagnostic]]:
    """Reads everything but the sources themselves, and tells what is wrong with it."""
    settings, found = read_settings(options.content, options.templates, options.base_url)
    listing = read_listing(options.content)
    inputs = Inputs(settings, listing, program_digest(), templates_digest(options.templates))
    return inputs, [*found, *listing.found]


def theme_of(store: Store, inputs: Inputs, options: BuildOptions) -> tuple[Theme, list[Diagnostic]]:
    """The theme: from the store if no file of it changed, else read and checked."""
    version = f"{inputs.program} {inputs.templates} {inputs.config.language} ".encode()
    remembered = store.fact("theme")
    if remembered.startswith(version):
        return msgspec.msgpack.decode(remembered[len(version) :], type=Theme), []
    from generator.render.theme_files import read_theme  # Jinja and Babel: 0.08 s

    theme, found = read_theme(options.templates, inputs.config.language)
    if not found:
        store.set_fact("theme", version + msgspec.msgpack.encode(theme))
    return theme, found


class LastResult(Struct, frozen=True):
    """What the last good build was made of (``key``), and what it said.

    The same inputs give the same site from ``since`` until ``until`` (Unix seconds). ``manifest``
    is the size and the time of the manifest that it left.
    """

    key: bytes
    since: float
    until: float | None
    files: int
    manifest: tuple[int, int]
    articles: int
    found: list[Diagnostic]
    next_publication: Moment | None


def same_result(
    store: Store, inputs: Inputs, options: BuildOptions, current: Current
) -> Report | None:
    """The report of a build that has nothing to do; ``None`` where something may have changed."""
    if not (remembered := store.fact("last")):
        return None
    last = msgspec.msgpack.decode(remembered, type=LastResult)
    now = options.now.timestamp()
    is_same = (
        last.key == _key(inputs, options)
        and last.since <= now
        and (last.until is None or now < last.until)
        and len(current.intact) == len(current.published) == last.files
        and last.manifest == _manifest_state(options)
        and not (options.strict and last.found)
    )
    if not is_same:
        return None
    return Report(
        found=last.found,
        counts=Counts(0, last.files, 0),
        articles=last.articles,
        next_publication=last.next_publication,
    )


def remember_result(
    store: Store, inputs: Inputs, options: BuildOptions, report: Report, until: Moment | None
) -> None:
    """Notes what this build was made of. One with errors is never the same again."""
    if report.counts is None or report.errors:
        store.set_fact("last", b"")
        return
    last = LastResult(
        key=_key(inputs, options),
        since=options.now.timestamp(),
        until=until.seconds if until else None,
        files=report.counts.written + report.counts.unchanged,
        manifest=_manifest_state(options),
        articles=report.articles,
        found=report.found,
        next_publication=report.next_publication,
    )
    store.set_fact("last", msgspec.msgpack.encode(last))


def _key(inputs: Inputs, options: BuildOptions) -> bytes:
    listing = (inputs.listing.sources, tuple(inputs.listing.files.values()))
    whole = (
        inputs.settings.digest if inputs.settings else "",
        inputs.program,
        inputs.templates,
        options.drafts,
        options.future,
        listing,
    )
    return blake2b(msgspec.msgpack.encode(whole), digest_size=16).digest()


def _manifest_state(options: BuildOptions) -> tuple[int, int]:
    """Size and time of the manifest, to see that nobody touched it; zeros without one."""
    try:
        status = (options.output / MANIFEST).lstat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns
