"""Turn names into parts of URLs: one function for permalinks, terms and heading anchors."""

import re
from functools import lru_cache
from hashlib import blake2b

from slugify import slugify as _python_slugify

MAX_SLUG = 120  # characters of a slug made from a name; a file name may have 255 bytes
MAX_GIVEN_SLUG = 200
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_DEVICES = (f"{device}{number}" for device in ("com", "lpt") for number in "123456789¹²³")
_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$", *_DEVICES}

# Any of these may begin an entity such as `&amp;`: python-slugify converts each of them to `&`.
_AMPERSAND = re.compile("[&ϗ۽⠯﹠＆]")


@lru_cache(maxsize=20_000)
def slugify(name: str) -> str:
    """Return the slug of a name: ``"Đổi mới"`` -> ``"doi-moi"``; empty if nothing is left.

    NFC and NFD give the same slug. A slug of more than MAX_SLUG characters is cut between words, and
    six hex digits of its digest are added: two long titles that begin alike get different URLs.
    """
    slug = _stock(name) if _AMPERSAND.search(name) else _by_words(name)
    if len(slug) <= MAX_SLUG:
        return slug
    mark = blake2b(slug.encode(), digest_size=3).hexdigest()
    beginning, _, _ = slug[: MAX_SLUG - len(mark)].rpartition("-")
    return f"{beginning or slug[: MAX_SLUG - len(mark) - 1]}-{mark}"


def check_slug(slug: str) -> tuple[str, dict[str, str]] | None:
    """Return the code and values of a diagnostic if a slug is wrong; ``None`` if it is valid.

    The slug must not be empty. Reserved names are those of Microsoft, "Naming Files, Paths, and
    Namespaces"; ``con.html`` is one too.
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
    """Return whether Windows has a device of this name."""
    return slug.partition(".")[0].rstrip(" ").lower() in _RESERVED


def _by_words(name: str) -> str:
    """Return the slug of a name without entities, made from the cached slugs of its words.

    No other step of python-slugify looks beyond a space. The cache makes this several times as fast.
    """
    return "-".join(filter(None, map(_word, name.split(" "))))


@lru_cache(maxsize=20_000)
def _word(word: str) -> str:
    return _stock(word)


def _stock(name: str) -> str:
    """Return python-slugify's slug of ``name``.

    The back end is explicit: with "auto", URLs would change where Unidecode happens to be installed.
    """
    return _python_slugify(name, backend="text-unidecode")
