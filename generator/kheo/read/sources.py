"""List the files under ``content/`` and read sources."""

import os
import re
import stat
from functools import partial
from hashlib import blake2b, file_digest
from io import BufferedReader
from operator import attrgetter
from pathlib import Path
from unicodedata import normalize

from msgspec import Struct

from kheo.diagnostics import Diagnostic, Findings, Place, diagnostic
from kheo.messages.system import reason_of
from kheo.messages.wording import Message, message
from kheo.model import Document, Entry, Source

SITE_FILE = "site.yaml"
MAX_FOLDERS = 200  # one in the other
MAX_SOURCE = 101_000_000  # bytes: the largest `max_body_bytes`, and front matter


class Listing(Struct, frozen=True):
    """The files under ``content/``: Markdown ``sources``, and all others by path."""

    sources: tuple[Entry, ...]
    files: dict[str, Entry]
    found: tuple[Diagnostic, ...]


class FailedSource(Struct, frozen=True):
    """All problems of a source with an error that can be found in it alone.

    ``unfinished`` has its references and anchors, so that broken links can be found too.
    """

    found: tuple[Diagnostic, ...]
    unfinished: Document | None = None


def read_listing(content: Path) -> Listing:
    """List every file under ``content``, sorted by path, without opening any.

    Hidden files and ``site.yaml`` are left out. Entries that cannot be used (a link that leads
    outside, a pipe, a folder named ``x.md``) are reported.
    """
    findings = Findings()
    root = os.path.realpath(content)
    entries: list[Entry] = []
    _walk(root, "", root, entries, findings)
    entries.sort(key=attrgetter("path", "file"))
    _find_name_clashes(entries, findings)
    for entry in entries:
        if stem := _stem_of_text(entry.path):
            findings.report("source-name", Place(entry.path), file=f"{stem}.md")
    return Listing(
        tuple(entry for entry in entries if entry.path.endswith(".md")),
        {entry.path: entry for entry in entries if not entry.path.endswith(".md")},
        tuple(findings.list),
    )


def read_source(content: Path, entry: Entry) -> Source | Diagnostic:
    """Read one source; return a diagnostic if that is not possible."""
    if entry.size > MAX_SOURCE:
        reason = message("it has more than {limit} MB", limit=MAX_SOURCE // 1_000_000)
        return diagnostic("too-large", Place(entry.path), reason=reason)
    try:
        with open(f"{content}{os.sep}{entry.file}", "rb", buffering=0) as file:  # noqa: PTH123 - a Path takes three times as long: 1 % of a cold build
            data = file.read()
    except OSError as error:
        return diagnostic("unreadable", Place(entry.path), reason=reason_of(error))
    return Source(entry, content_digest(data), data)


def find_language(site_file: bytes) -> str:
    """Return the ``language`` of a site.yaml that is not yet parsed; empty if it has none."""
    match = re.search(rb"^language: *['\"]?([A-Za-z-]+)", site_file, re.MULTILINE)
    return match[1].decode() if match else ""


def content_digest(data: bytes) -> str:
    """Return the digest of a file's bytes: 32 hex digits."""
    return blake2b(data, digest_size=16).hexdigest()


def content_digest_of(file: BufferedReader) -> str:
    """Return the digest of an open file of any size."""
    return file_digest(file, partial(blake2b, digest_size=16)).hexdigest()


def _walk(folder: str, prefix: str, root: str, entries: list[Entry], findings: Findings) -> None:
    """Append the files below ``folder`` to ``entries``: 3 µs a file, most of it for ``stat``."""
    if prefix.count("/") > MAX_FOLDERS:
        findings.report("path-too-deep", Place(prefix.rstrip("/")), limit=MAX_FOLDERS)
        return
    try:
        children = list(os.scandir(folder))
    except OSError as error:
        path = prefix.rstrip("/") or "."
        findings.report("unreadable", Place(path), reason=reason_of(error))
        return
    for child in children:
        name = child.name
        if name.startswith(".") or prefix + name == SITE_FILE:
            continue
        path = prefix + normalize("NFC", name)
        if not name.isprintable():  # also a name that is not UTF-8: Python gives it lone surrogates
            findings.report("file-name", Place(ascii(path)[1:-1]), name=ascii(name))
        elif child.is_dir(follow_symlinks=False):
            if path.endswith(".md"):
                findings.report("not-a-file", Place(path), what=message("a folder"))
            _walk(child.path, path + "/", root, entries, findings)
        elif entry := _entry(child, path, root, findings):
            entries.append(entry)


def _entry(child: os.DirEntry[str], path: str, root: str, findings: Findings) -> Entry | None:
    if child.is_symlink() and not os.path.realpath(child.path).startswith(root + os.sep):
        findings.report("link-outside", Place(path))
        return None
    try:
        status = child.stat()
    except OSError as error:  # a link to nothing, a loop of links
        findings.report("unreadable", Place(path), reason=reason_of(error))
        return None
    if not stat.S_ISREG(status.st_mode):
        findings.report("not-a-file", Place(path), what=_kind(status.st_mode))
        return None
    file = os.path.relpath(child.path, root) if os.sep != "/" else child.path[len(root) + 1 :]
    return Entry(path, file, status.st_size, stamp_of(status))


def stamp_of(status: os.stat_result) -> int:
    """Return a number that changes with a file, also if its modification time is set back.

    tar, git-restore-mtime and layers of images give a new file the time of the old one; only the time
    of the change of its inode tells. On Windows, where that is the time of its creation, nothing does.
    """
    return hash((status.st_mtime_ns, status.st_ctime_ns))


def _stem_of_text(path: str) -> str:
    """Return the stem of a file that was probably meant to be a source, or an empty string.

    Examples are ``bai.MD``, ``bai.markdown`` and ``bai.md.txt``.
    """
    if path.endswith(".md"):
        return ""
    match = _TEXTS.fullmatch(path)
    return match[1].rpartition("/")[2] if match else ""


_TEXTS = re.compile(r"(.+?)\.(?:md|markdown|mdown|mkd|md\.txt)", re.IGNORECASE)


def _find_name_clashes(entries: list[Entry], findings: Findings) -> None:
    first: dict[str, str] = {}
    for entry in entries:
        key = entry.path.casefold()
        other = first.setdefault(key, entry.path)
        if other is not entry.path:
            is_same = other == entry.path  # in NFC
            difference = message("Unicode form") if is_same else message("capital letters")
            findings.report(
                "duplicate-file-name", Place(entry.path), other=other, difference=difference
            )


def _kind(mode: int) -> Message:
    kinds = {
        stat.S_IFDIR: message("a link to a folder"),
        stat.S_IFIFO: message("a named pipe"),
        stat.S_IFSOCK: message("a socket"),
    }
    return kinds.get(stat.S_IFMT(mode), message("a device"))
