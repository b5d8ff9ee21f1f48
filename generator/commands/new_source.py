"""``new``: a source with filled front matter, at the place where it belongs."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from generator.messages.wording import told
from generator.publish.errors import PublishError
from generator.publish.opening import open_again
from generator.publish.store import STORE_FILE
from generator.slugs import slugify
from generator.stages.tasks import ParsedBlob

# What YAML takes for plain text wherever it stands as a value.
_PLAIN = re.compile(r"[^\W_](?:[\w .()/>–-]*[\w)])?")


class NewArticle(Struct, frozen=True, kw_only=True):
    """What the front matter will say. ``category`` is as in front matter: ``A > B``."""

    title: str
    day: date
    category: str
    authors: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Below the content folder. Raises ValueError where no address can be made of the title."""
        slug = slugify(self.title)
        if not slug:
            raise ValueError(told("no address can be made of “{name}”", name=self.title))
        return f"articles/{self.day.year}/{slug}.md"

    @property
    def text(self) -> str:
        lines = [f"title: {quoted(self.title)}", f"date: {self.day}"]
        lines += _list("author", self.authors)
        lines += [f"category: {quoted(self.category)}"]
        lines += _list("campaign", self.campaigns)
        return "\n".join(["---", *lines, "---", "", ""])


def write_new(content: Path, article: NewArticle) -> Path:
    """The file, written. Raises FileExistsError, ValueError (no address), OSError."""
    file = content / article.path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(article.text)
    return file


def quoted(text: str) -> str:
    """``text`` as a value in YAML: as it is where that is safe, else between single quotes."""
    return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", "''") + "'"


def _list(key: str, names: tuple[str, ...]) -> list[str]:
    if len(names) < 2:
        return [f"{key}: {quoted(name)}" for name in names]
    return [f"{key}:", *(f"  - {quoted(name)}" for name in names)]


class KnownNames(Struct, frozen=True):
    """What the site has already, the most used first."""

    categories: list[str]
    authors: list[str]
    campaigns: list[str]


def known_names(cache: Path) -> KnownNames:
    """From the store of the last build; nothing where there was none."""
    found: dict[str, Counter[str]] = {key: Counter() for key in ("category", "author", "campaign")}
    if (cache / STORE_FILE).is_file():
        decode = msgspec.msgpack.Decoder(ParsedBlob).decode
        try:
            with open_again(cache) as store:
                for _, _, blob in store.documents():
                    meta = decode(blob).document.meta
                    found["category"].update([" > ".join(meta.category)] if meta.category else [])
                    found["author"].update(meta.author)
                    found["campaign"].update(meta.campaign)
        except (PublishError, msgspec.DecodeError):
            pass  # completion is a kindness; a build will tell what is wrong with the store
    return KnownNames(*([name for name, _ in names.most_common()] for names in found.values()))


def completer(names: Iterable[str]) -> Callable[[str, int], str | None]:
    """For ``readline``: the names that begin with what was typed, accents and capitals aside."""
    known = [(slugify(name), name) for name in names]

    def complete(typed: str, state: int) -> str | None:
        wanted = slugify(typed)
        fitting = [name for folded, name in known if folded.startswith(wanted)]
        return fitting[state] if state < len(fitting) else None

    return complete
