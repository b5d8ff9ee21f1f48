"""Read the settings of a build: configuration and language."""

from pathlib import Path

from msgspec import Struct, structs

from kheo.config import BodyOptions, DateOrder, ParseOptions, SiteConfig, TableOptions, UrlWords
from kheo.diagnostics import Diagnostic
from kheo.language import Language
from kheo.read.language_file import find_languages, read_language
from kheo.read.site_file import parse_site_file, read_site_file


class Settings(Struct, frozen=True):
    """``site.yaml`` and the language that it names."""

    config: SiteConfig
    language: Language

    @property
    def parse_options(self) -> ParseOptions:
        config = self.config
        return ParseOptions(
            language=config.language,
            timezone=config.timezone,
            date_order=config.date_order,
            body=BodyOptions(
                config.trusted_html,
                config.iframe_hosts,
                TableOptions(config.language, config.date_order),
            ),
            max_body_bytes=config.max_body_bytes,
        )


def read_settings(
    content: Path, templates: Path, base_url: str
) -> tuple[Settings | None, list[Diagnostic]]:
    """Return the settings, or everything that is wrong with them."""
    data = read_site_file(content)
    if isinstance(data, Diagnostic):
        return None, [data]

    def date_order_of(code: str) -> DateOrder:
        return read_language(templates, code)[0].date_order

    config, found = parse_site_file(data, date_order_of, base_url, find_languages(templates))
    if config is None or any(d.severity == "error" for d in found):
        return None, found
    language, more = read_language(templates, config.language)
    if more:
        return None, found + more
    language = structs.replace(language, url_words=_words(config, language))
    return Settings(config, language), found


def _words(config: SiteConfig, language: Language) -> UrlWords:
    """Return the words in URLs: each from the site, else from the language, else English."""
    words = Language().url_words
    for own in (language.url_words, config.url_words):
        set_here = {name: word for name, word in structs.asdict(own).items() if word}
        words = structs.replace(words, **set_here)
    return words
