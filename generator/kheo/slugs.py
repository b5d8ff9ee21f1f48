"""Names to address parts: one function for permalinks, terms and heading anchors."""

import re
from functools import lru_cache
from hashlib import blake2b

from slugify import slugify as _python_slugify

MAX_SLUG = 120  # of a slug made from a name; an address part may have 255 bytes
MAX_GIVEN_SLUG = 200
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_DEVICES = (f"{device}{number}" for device in ("com", "lpt") for number in "123456789¹²³")
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$", *_DEVICES}

# What may begin an entity such as `&amp;`; python-slugify turns each of these signs into `&`.
_AMPERSAND = re.compile("[&ϗ۽⠯﹠＆]")


@lru_cache(maxsize=20_000)
def slugify(name: str) -> str:
    """``"Đổi mới"`` -> ``"doi-moi"``, from NFC and NFD alike; empty where nothing is left.

    A slug over MAX_SLUG characters is cut at a word and ends in six hex digits of its whole, so
    that two long titles with one beginning keep two addresses.
    """
    slug = _stock(name) if _AMPERSAND.search(name) else _by_words(name)
    if len(slug) <= MAX_SLUG:
        return slug
    mark = blake2b(slug.encode(), digest_size=3).hexdigest()
    beginning, _, _ = slug[: MAX_SLUG - len(mark)].rpartition("-")
    return f"{beginning or slug[: MAX_SLUG - len(mark) - 1]}-{mark}"


def check_slug(slug: str) -> tuple[str, dict[str, str]] | None:
    """What is wrong with a slug, as a diagnostic's code and values; ``None`` if it is good.

    For slugs that an editor gave and for those made of a name, once they are known not to be empty.
    Reserved names: Microsoft, "Naming Files, Paths, and Namespaces"; ``con.html`` is one too.
    """
    if is_reserved(slug):
        return "slug-reserved", {"slug": slug}
    if not SLUG.fullmatch(slug):
        better = slugify(slug) or "my-report"
        return "slug-form", {
            "value": slug,
            "better": f"{better}-1" if is_reserved(better) else better,
        }
    if len(slug) > MAX_GIVEN_SLUG:
        return "slug-too-long", {"size": str(len(slug)), "limit": str(MAX_GIVEN_SLUG)}
    return None


def is_reserved(slug: str) -> bool:
    """Whether Windows has a device of this name."""
    return slug.partition(".")[0].rstrip(" ").lower() in _RESERVED


def _by_words(name: str) -> str:
    """``_stock`` for names without entities: none of its other steps looks past a space.

    Several times as fast, for the same words come again and again.
    """
    return "-".join(filter(None, map(_word, name.split(" "))))


@lru_cache(maxsize=20_000)
def _word(word: str) -> str:
    return _stock(word)


def _stock(name: str) -> str:
    """What python-slugify makes of ``name``.

    Its back end is named: with «auto», a Unidecode that happens to be installed moves addresses.
    """
    return _python_slugify(name, backend="text-unidecode")
