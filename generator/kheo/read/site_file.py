"""Read and check ``content/site.yaml``."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import structs

from kheo.config import AuthorEntry, CampaignEntry, CategoryEntry, DateOrder, SiteConfig
from kheo.diagnostics import Diagnostic, Findings, Place, closest, diagnostic
from kheo.messages.rules import RULES
from kheo.messages.system import reason_of
from kheo.model import Position
from kheo.old_urls import EVERYTHING_BELOW, is_site_path, parse_old_url
from kheo.palette import weak_pairs
from kheo.read.decoding import decode_source
from kheo.read.schema import Reader
from kheo.read.sources import SITE_FILE, find_language
from kheo.read.yaml_nodes import Mapping, Node, Scalar, parse_yaml
from kheo.read.zones import zone_names, zone_of
from kheo.slugs import check_slug

PERMALINK_FIELDS = ("category", "slug", "year", "month", "day")
PERMALINK = re.compile(r"/?(?:(?:[a-z0-9-]|\{[a-z]+\})+/)+")
HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)*/?")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_site_file(content: Path) -> bytes | Diagnostic:
    """Return the bytes of ``site.yaml``."""
    try:
        return (content / SITE_FILE).read_bytes()
    except FileNotFoundError:
        return diagnostic("site-file-missing", Place(SITE_FILE), path=content, command="kheo")
    except OSError as error:
        return diagnostic("unreadable", Place(SITE_FILE), reason=reason_of(error))


def parse_site_file(
    data: bytes,
    date_order_of: Callable[[str], DateOrder],
    base_url: str = "",
    languages: Collection[str] = (),
) -> tuple[SiteConfig | None, list[Diagnostic]]:
    """Return the configuration, and everything that is wrong with it.

    If the file does not set ``date_order``, it is taken from ``date_order_of(language)``. Without a name,
    the publisher has that of the site.
    ``base_url``, if given, replaces the one in the file. ``languages``, if given, are those of the theme.
    """
    place = Place(SITE_FILE)
    text, found = decode_source(data, place, find_language(data))
    if any(d.severity == "error" for d in found):
        return None, found
    findings = Findings()
    root = parse_yaml(text, place.at(1), findings)
    if root is None:
        return None, found + findings.list
    if base_url:
        root = Mapping({**root.items, "base_url": (root.at, Scalar(base_url, root.at))}, root.at)
    zone = _text(root, "timezone") if _text(root, "timezone") in zone_names() else "UTC"
    order = _text(root, "date_order")
    if order not in {"day-first", "month-first"}:
        order = date_order_of(_text(root, "language"))
    reader = Reader(place.at(1), zone_of(zone), order, findings)  # type: ignore[arg-type]
    config = reader.struct(root, SiteConfig)
    if config is None:
        return None, found + findings.list
    _check(config, languages, reader)
    publisher = structs.replace(config.publisher, name=config.publisher.name or config.title)
    return (
        structs.replace(config, date_order=order, publisher=publisher),
        found + findings.list,
    )


def site_tree(data: bytes) -> Mapping | None:
    """Return the nodes of a ``site.yaml`` that has been read, for the places of problems found later.

    Few builds need them, so they are not kept: the bytes are parsed once more.
    """
    text, _ = decode_source(data, Place(SITE_FILE), find_language(data))
    return parse_yaml(text, Place(SITE_FILE, 1), Findings())


def place_of_key(data: bytes, key: str) -> Place:
    """Return the place of ``look.font.folder`` or the like in a valid ``site.yaml``."""
    node: Node | None = site_tree(data)
    at = Position(1, 1)
    for name in key.split("."):
        if isinstance(node, Mapping) and name in node.items:
            at, node = node.items[name]
    return Place(SITE_FILE).at(at.line, at.column)


def _text(root: Mapping, key: str) -> str:
    _, value = root.items.get(key, (None, None))
    return value.value.strip() if isinstance(value, Scalar) else ""


def _check(config: SiteConfig, languages: Collection[str], reader: Reader) -> None:
    """Report mistakes that the types cannot find."""

    def report(key: str, code: str, **values: object) -> None:
        reader.report(code, reader.positions.get(key, Position(1, 1)), **values)

    zones = zone_names()
    if config.timezone not in zones:
        report(
            "timezone",
            "zone-unknown",
            value=config.timezone,
            suggestion=closest(config.timezone, sorted(zones)),
        )
    _check_language(config.language, languages, report)
    if not _is_base_url(config.base_url):
        report("base_url", "base-url-form", value=config.base_url)
    known = ", ".join(f"{{{field}}}" for field in PERMALINK_FIELDS)
    for field in re.findall(r"\{[^{}]*\}", config.permalink):
        if field[1:-1] not in PERMALINK_FIELDS:
            report(
                "permalink",
                "permalink-form",
                field=field,
                known=known,
                suggestion=closest(field, known.split(", ")),
            )
    if not PERMALINK.fullmatch(config.permalink) or "{slug}" not in config.permalink:
        report("permalink", "permalink-shape", value=config.permalink)
    for weak in weak_pairs(config.look.colors):
        report(f"look.colors.{weak.key}", "contrast", **weak.values)
    for key, code, value, suggestion in _wrong_entries(config):
        report(key, code, value=value, suggestion=suggestion)
    for key, url in _wrong_old_urls(config):
        report(key, "address-form", value=url)
    for key, slug in _slugs(config):
        if slug and (wrong := check_slug(slug)):
            code, values = wrong
            report(key, code, **values)


def _check_language(language: str, known: Collection[str], report: Callable[..., None]) -> None:
    if not LANGUAGE_TAG.fullmatch(language):
        report("language", "language-form", value=language)
    elif known and not {language, language.partition("-")[0]} & {*known}:
        report("language", "language-unknown", value=language, known=", ".join(sorted(known)))


def _slugs(config: SiteConfig) -> Iterator[tuple[str, str]]:
    """Yield the key and the value of every slug in the file."""
    for word in structs.asdict(config.url_words):
        yield f"url_words.{word}", getattr(config.url_words, word)
    for number, campaign in enumerate(config.campaigns):
        yield f"campaigns.{number}.slug", campaign.slug
    for number, author in enumerate(config.authors):
        yield f"authors.{number}.slug", author.slug
    yield from _category_slugs("categories", config.categories)


def _category_slugs(path: str, categories: tuple[CategoryEntry, ...]) -> Iterator[tuple[str, str]]:
    for number, category in enumerate(categories):
        yield f"{path}.{number}.slug", category.slug
        yield from _category_slugs(f"{path}.{number}.children", category.children)


def _wrong_entries(config: SiteConfig) -> Iterator[tuple[str, str, str, str]]:
    """Yield the key, the code, the value and a suggestion for each wrong entry of a list."""
    for host in config.iframe_hosts:
        if not HOST.fullmatch(host):
            yield "iframe_hosts", "host-form", host, ""
    known = [code for code, rule in RULES.items() if rule.severity == "warning"]
    for code in config.check_off:
        if code not in known:
            yield "check_off", "check-code", code, closest(code, known)


def _wrong_old_urls(config: SiteConfig) -> Iterator[tuple[str, str]]:
    """Yield the key and the value of every alias and withdrawn URL that is not a URL."""
    aliases = (
        *_aliases("campaigns", config.campaigns),
        *_aliases("authors", config.authors),
        *_category_aliases("categories", config.categories),
    )
    yield from ((key, url) for key, url in aliases if parse_old_url(url) is None)
    for number, url in enumerate(config.gone):
        if not is_site_path(url.removesuffix(EVERYTHING_BELOW)):
            yield f"gone.{number}", url


def _category_aliases(
    path: str, categories: tuple[CategoryEntry, ...]
) -> Iterator[tuple[str, str]]:
    yield from _aliases(path, categories)
    for number, category in enumerate(categories):
        yield from _category_aliases(f"{path}.{number}.children", category.children)


def _aliases(
    path: str, entries: Iterable[CategoryEntry | CampaignEntry | AuthorEntry]
) -> Iterator[tuple[str, str]]:
    for number, entry in enumerate(entries):
        for at, alias in enumerate(entry.aliases):
            yield f"{path}.{number}.aliases.{at}", alias


def _is_base_url(text: str) -> bool:
    try:
        url = urlsplit(text)
        port_is_number = url.port is None or url.port > 0
    except ValueError:
        return False
    return bool(
        url.hostname
        and port_is_number
        and not url.query
        and not url.fragment
        and not url.username
        and HOST.fullmatch(url.hostname)
        and PATH.fullmatch(url.path)
        and not {".", ".."} & {*url.path.split("/")}
    )
