"""Create a source with its front matter, for ``new``."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, tzinfo
from pathlib import Path

import msgspec
from msgspec import Struct

from kheo.commands.json_schema import Names, names_of
from kheo.config import DateOrder
from kheo.diagnostics import Diagnostic, Place
from kheo.errors import FileAccessError
from kheo.messages.wording import Message, message
from kheo.model import FrontMatter
from kheo.read.front_matter import parse_front_matter
from kheo.read.settings import Settings
from kheo.slugs import slugify
from kheo.stages.parsing import ParsedBlob
from kheo.store.connection import open_existing
from kheo.store.store import STORE_FILE

# Values that YAML reads as plain text without quotes.
_PLAIN = re.compile(r"[^\W_](?:[\w .()/>–-]*[\w)])?")


class NoAddressError(ValueError):
    """No URL can be made from a title."""

    def __init__(self, text: Message) -> None:
        super().__init__(str(text))
        self.text = text


class NewArticle(Struct, frozen=True, kw_only=True):
    """Values for the front matter. ``category`` is written ``A > B``; ``time`` is ``08:30`` or empty."""

    title: str
    day: date
    time: str = ""
    category: str
    authors: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Return the path below the content folder. Raises NoAddressError if the title has no slug."""
        return f"articles/{self.day.year}/{self.slug}.md"

    @property
    def slug(self) -> str:
        """Return the last part of the URL. Raises NoAddressError if the title has no slug."""
        return slug_of(self.title)

    @property
    def front_matter(self) -> str:
        lines = [f"title: {quoted(self.title)}", f"date: {self.day} {self.time}".rstrip()]
        # Written down, so that the URL stays when the title is edited.
        lines += [f"slug: {quoted(self.slug)}"]
        lines += _list("author", self.authors)
        lines += [f"category: {quoted(self.category)}"]
        lines += _list("campaign", self.campaigns)
        return "".join(f"{line}\n" for line in lines)

    @property
    def text(self) -> str:
        return fenced(self.front_matter)

    def mistakes(self, zone: tzinfo, order: DateOrder) -> list[Diagnostic]:
        """Return what a build would report. Raises NoAddressError if the title gives no slug."""
        place = Place(self.path)
        _, _, found, _ = parse_front_matter(self.front_matter, place, zone, order)
        return found


def slug_of(name: str) -> str:
    """Return the slug of a title or a name. Raises NoAddressError if it has none."""
    slug = slugify(name)
    if not slug:
        raise NoAddressError(message("no URL can be made from “{name}”", name=name))
    return slug


def fenced(front_matter: str) -> str:
    """Return front matter between its lines of dashes: the beginning of a source."""
    return f"---\n{front_matter}---\n\n"


def write_new(file: Path, text: str) -> None:
    """Write a new file. Raises FileExistsError, OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def quoted(text: str) -> str:
    """Return ``text`` as a YAML value, in single quotes if it needs them."""
    return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", "''") + "'"


def _list(key: str, names: tuple[str, ...]) -> list[str]:
    if len(names) < 2:
        return [f"{key}: {quoted(name)}" for name in names]
    return [f"{key}:", *(f"  - {quoted(name)}" for name in names)]


class KnownNames(Struct, frozen=True):
    """Names that the site already uses, the most used first."""

    categories: list[str] = []
    authors: list[str] = []
    campaigns: list[str] = []


def known_names(content: Path, cache: Path, settings: Settings | None) -> KnownNames:
    """Return the names used by articles, then those listed in ``site.yaml``.

    Articles come from the store of the last build or preview; without one, sources are read.
    """
    stores = (
        folder for folder in (cache, cache / "serve/store") if (folder / STORE_FILE).is_file()
    )
    store = next(stores, None)
    metas = _remembered(store) if store else _read(content, settings) if settings else []
    used = {
        "categories": Counter(" > ".join(trail) for one in metas for trail in one.places if trail),
        "authors": Counter(name for one in metas for name in one.author),
        "campaigns": Counter(name for one in metas for name in one.campaign),
    }
    listed = names_of(settings.config, []) if settings else Names()
    return KnownNames(
        **{
            kind: list(
                dict.fromkeys((*(name for name, _ in names.most_common()), *getattr(listed, kind)))
            )
            for kind, names in used.items()
        }
    )


def _remembered(cache: Path) -> list[FrontMatter]:
    decode = msgspec.msgpack.Decoder(ParsedBlob).decode
    try:
        with open_existing(cache) as store:
            return [decode(blob).document.meta for _, _, blob in store.documents()]
    except (FileAccessError, msgspec.DecodeError):
        return []  # completion is optional; the next build reports the broken store


def _read(content: Path, settings: Settings) -> list[FrontMatter]:
    from kheo.commands.schema import front_matters

    return front_matters(content, settings)


def completer(names: Iterable[str]) -> Callable[[str, int], str | None]:
    """Return a completer for ``readline`` that ignores case and accents."""
    known = [(slugify(name), name) for name in names]

    def complete(typed: str, state: int) -> str | None:
        wanted = slugify(typed)
        fitting = [name for folded, name in known if folded.startswith(wanted)]
        return fitting[state] if state < len(fitting) else None

    return complete
