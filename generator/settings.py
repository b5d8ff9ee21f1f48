"""What a build works with besides the sources: configuration, language, and their versions."""

import sys
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from generator.config import BodyOptions, DateOrder, ParseOptions, SiteConfig, UrlWords
from generator.diagnostics import Diagnostic
from generator.language import Language
from generator.read.language_file import read_language
from generator.read.site_file import parse_site_file, read_site_file
from generator.read.sources import content_digest

# Packages that shape what is published. Another version of one is another program.
SHAPING = ("Babel", "Jinja2", "Markdown", "MarkupSafe", "PyYAML", "msgspec", "nh3", "python-slugify",
           "text-unidecode")  # fmt: skip


class Settings(Struct, frozen=True):
    """``site.yaml`` and the language that it names; ``digest`` stands for both."""

    config: SiteConfig
    language: Language
    digest: str

    @property
    def parse_options(self) -> ParseOptions:
        config = self.config
        return ParseOptions(
            language=config.language,
            timezone=config.timezone,
            date_order=config.date_order,
            body=BodyOptions(config.trusted_html, config.iframe_hosts),
            max_body_bytes=config.max_body_bytes,
        )


def read_settings(
    content: Path, templates: Path, base_url: str
) -> tuple[Settings | None, list[Diagnostic]]:
    """The settings, or everything that is wrong with them."""
    data = read_site_file(content)
    if isinstance(data, Diagnostic):
        return None, [data]

    def date_order_of(code: str) -> DateOrder:
        return read_language(templates, code)[0].date_order

    config, found = parse_site_file(data, date_order_of, base_url)
    if config is None or any(d.severity == "error" for d in found):
        return None, found
    language, more = read_language(templates, config.language)
    if more:
        return None, found + more
    language = structs.replace(language, url_words=_words(config, language))
    digest = content_digest(msgspec.msgpack.encode((config, language)))
    return Settings(config, language, digest), found


def _words(config: SiteConfig, language: Language) -> UrlWords:
    """The site's words, where it sets them, else the language's."""
    own = structs.asdict(config.url_words)
    return structs.replace(language.url_words, **{name: word for name, word in own.items() if word})


def program_digest() -> str:
    """Changes with the program, with Python, and with every package that shapes output."""
    digest = blake2b(sys.version.encode(), digest_size=16)
    root = Path(__file__).parent
    for file in sorted(root.rglob("*.py")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    for package in SHAPING:
        digest.update(f"{package} {version(package)}\0".encode())
    return digest.hexdigest()


def templates_digest(templates: Path) -> str:
    """Changes with any file of the theme."""
    digest = blake2b(digest_size=16)
    for file in sorted(templates.rglob("*")):
        if file.is_file():
            name = file.relative_to(templates).as_posix()
            digest.update(f"{name}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()
