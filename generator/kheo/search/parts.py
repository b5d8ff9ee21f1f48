"""The search index of one year, made by Pagefind and kept in the cache: work that processes share."""

import re
import shutil
from hashlib import blake2b, sha256
from html import escape
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import category, normalize

import msgspec
from msgspec import Struct

from kheo.errors import wrap_os_errors
from kheo.language import DatePatterns
from kheo.search.entries import SearchEntry
from kheo.search.pagefind import PagefindError, make_index_of
from kheo.store.cache_folder import list_cache_files, make_cache_folder
from kheo.store.connection import open_existing
from kheo.store.files import write_file

FOLDER = "search"  # below the cache
WORK = "index-"  # so begins the name of a folder, below the cache too, in which Pagefind works
CHECKED = 16  # bytes of digest before an index in its cache file
_TAG = re.compile("<[^>]*>")
_MARK = re.compile("\0[^\0]*\0")  # in bodies: places of links and pictures
_STROKE = re.compile(r"\w*[đĐ]\w*")
_WORD = re.compile(r"[^\W\d_]+")
_END = "zq"  # no word ends so; search.js has the same


class IndexJob(Struct, frozen=True):
    """What all parts of an index are made with."""

    cache: Path
    language: str
    patterns: DatePatterns


class IndexTask(Struct, frozen=True):
    """One part to make: its name (the year), all that is in it, and what stands for that."""

    name: str
    fingerprint: str
    entries: tuple[SearchEntry, ...]


class IndexPart(Struct, frozen=True):
    """One part as it was made: the SHA-256 of each file, by its path in the part's folder.

    ``failure`` tells why there is none.
    """

    name: str
    fingerprint: str
    files: dict[str, str]
    failure: str = ""


def index_chunk(job: IndexJob, tasks: list[IndexTask]) -> list[IndexPart]:
    """Makes parts of the index, or finds them in the cache. Raises FileAccessError."""
    with wrap_os_errors(job.cache):
        return [_index(job, task) for task in tasks]


def _index(job: IndexJob, task: IndexTask) -> IndexPart:
    file = cache_file(job.cache, task.name, task.fingerprint)
    made = cached_index(file)
    if not made:
        with TemporaryDirectory(prefix=WORK, dir=job.cache, ignore_cleanup_errors=True) as folder:
            _write_pages(job, task.entries, Path(folder, "site"))
            try:
                made = make_index_of(Path(folder))
            except PagefindError as error:
                return IndexPart(task.name, task.fingerprint, {}, str(error))
        data = msgspec.msgpack.encode(made)
        make_cache_folder(file.parent)
        write_file(str(file), blake2b(data, digest_size=CHECKED).digest() + data)
    digests = {path: sha256(data).hexdigest() for path, data in made.items()}
    return IndexPart(task.name, task.fingerprint, digests)


def cache_file(cache: Path, name: str, fingerprint: str) -> Path:
    return cache / FOLDER / f"{name}-{fingerprint}"


def cached_index(file: Path) -> dict[str, bytes]:
    """The files of a part; none where there is no such part, or a power cut has torn it."""
    try:
        stored = file.read_bytes()
    except OSError:
        return {}
    data = stored[CHECKED:]
    if blake2b(data, digest_size=CHECKED).digest() != stored[:CHECKED]:
        return {}
    return msgspec.msgpack.decode(data, type=dict[str, bytes])


def drop_other_indexes(cache: Path, kept: set[Path]) -> None:
    """Deletes the parts that no site has any more, and what builds have left that were killed."""
    for folder in cache.glob(f"{WORK}*"):
        shutil.rmtree(folder, ignore_errors=True)
    for file in list_cache_files(cache / FOLDER):
        if file not in kept:
            file.unlink(missing_ok=True)


# --- pages for Pagefind --------------------------------------------------------------------------


def _write_pages(job: IndexJob, entries: tuple[SearchEntry, ...], site: Path) -> None:
    from kheo.formats import date_filter, find_locale  # Babel: 0.05 s

    date = date_filter(find_locale(job.language), job.patterns)
    site.mkdir()
    with open_existing(job.cache) as store:
        for number, entry in enumerate(entries):
            bodies = store.bodies(list(dict.fromkeys(entry.bodies)))
            text = "".join(bodies[digest] for digest in entry.bodies)
            body = _MARK.sub("", text)
            if not _TAG.sub("", body).strip():  # Pagefind leaves out pages without words
                body = f"<p>{escape(entry.title)}</p>"
            page = _page(job.language, entry, date(entry.date), body)
            write_file(str(site / f"{number:06}.html"), page.encode())


def _page(language: str, entry: SearchEntry, date: str, body: str) -> str:
    """What Pagefind reads of an article: its text, with data and filters."""
    names = f"{entry.title} {' '.join(entry.authors)}"
    data = {
        "title": entry.title,
        "href": entry.url,
        "date": date,
        "day": entry.date.at.date().isoformat(),  # what sorts
        "category": " > ".join(entry.trail),
        "authors": ", ".join(entry.authors),
        "fold": folded_words(f"{names} {body}"),
        "keys": title_keys(names),
    }
    filters = [
        *(("category", " > ".join(entry.trail[:end])) for end in range(1, len(entry.trail) + 1)),
        *(("campaign", name) for name in entry.campaigns),
        *(("author", name) for name in entry.authors),
        ("year", str(entry.date.at.year)),
    ]
    head = "".join(
        f'<meta data-pagefind-{use}="{key}[content]" content="{escape(value)}">'
        for use, pairs in (("meta", data.items()), ("filter", dict.fromkeys(filters)))
        for key, value in pairs
        if value
    )
    return (
        f'<!doctype html><html lang="{escape(language)}"><body data-pagefind-body>'
        f"{head}{body}</body></html>"
    )


def folded_words(text: str) -> str:
    """The words with đ, written with d: Pagefind folds marks, but đ is a letter without one."""
    words = {word.lower().replace("đ", "d") for word in _STROKE.findall(text)}
    return " ".join(sorted(words))


def title_keys(title: str) -> str:
    """Its words and pairs of words, folded: ``Đường hoa`` -> ``duongzq hoazq duonghoazq``.

    Pagefind finds what begins so, ``hoạch`` for ``hòa``, and knows no order of words. With an end
    that no word has, a query finds the titles that have its words whole and one behind the other.
    """
    words = [fold(word) for word in _WORD.findall(title)]
    pairs = [one + other for one, other in pairwise(words)]
    return " ".join(dict.fromkeys(f"{key}{_END}" for key in (*words, *pairs)))


def fold(text: str) -> str:
    """Without accents, in small letters: ``Đường`` -> ``duong``."""
    letters = normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not category(letter).startswith("M"))
