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
_LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}  # what file managers leave
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
    walk = _Walk(content, Place(""))
    entries, findings = walk.list(), walk.findings
    _find_name_clashes(entries, findings)
    for entry in entries:
        if stem := _stem_of_text(entry.path):
            findings.report("source-name", Place(entry.path), file=f"{stem}.md")
    return Listing(
        tuple(entry for entry in entries if entry.path.endswith(".md")),
        {entry.path: entry for entry in entries if not entry.path.endswith(".md")},
        tuple(findings.list),
    )


def read_public(folder: Path) -> Listing:
    """List every file under ``templates/public/``, hidden ones too (``.well-known``, ``.htaccess``)."""
    if not folder.is_dir():
        return Listing((), {}, ())
    walk = _Walk(folder, Place(folder.name, tree="templates"))
    return Listing((), {entry.path: entry for entry in walk.list()}, tuple(walk.findings.list))


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


class _Walk:
    """Lists the files below ``root``: 3 µs a file, most of it for ``stat``.

    ``findings`` has what cannot be used, at ``place``, the folder, and below it.
    """

    def __init__(self, root: Path, place: Place) -> None:
        self.root = os.path.realpath(root)
        self.folder = place
        self.is_content = place.tree == "content"
        self.entries: list[Entry] = []
        self.findings = Findings()

    def list(self) -> list[Entry]:
        """Return all files, sorted by path."""
        self._walk(self.root, "")
        self.entries.sort(key=attrgetter("path", "file"))
        return self.entries

    def report(self, code: str, path: str, **values: object) -> None:
        whole = f"{self.folder.path}/{path}" if self.folder.path else path
        self.findings.report(code, Place(whole, tree=self.folder.tree), **values)

    def _is_left_out(self, name: str, prefix: str) -> bool:
        if self.is_content:
            return name.startswith(".") or prefix + name == SITE_FILE
        return name in _LITTER

    def _walk(self, folder: str, prefix: str) -> None:
        if prefix.count("/") > MAX_FOLDERS:
            self.report("path-too-deep", prefix.rstrip("/"), limit=MAX_FOLDERS)
            return
        try:
            children = list(os.scandir(folder))
        except OSError as error:
            self.report("unreadable", prefix.rstrip("/") or ".", reason=reason_of(error))
            return
        for child in children:
            name = child.name
            if self._is_left_out(name, prefix):
                continue
            path = prefix + normalize("NFC", name)
            # Also a name that is not UTF-8 is not printable: Python gives it lone surrogates.
            if not name.isprintable():
                self.report("file-name", ascii(path)[1:-1], name=ascii(name))
            elif child.is_dir(follow_symlinks=False):
                if self.is_content and path.endswith(".md"):
                    self.report("not-a-file", path, what=message("a folder"))
                self._walk(child.path, path + "/")
            elif entry := self._entry(child, path):
                self.entries.append(entry)

    def _entry(self, child: os.DirEntry[str], path: str) -> Entry | None:
        root = self.root
        if child.is_symlink() and not os.path.realpath(child.path).startswith(root + os.sep):
            folder = "/".join(filter(None, (self.folder.tree, self.folder.path)))
            self.report("link-outside", path, folder=folder)
            return None
        try:
            status = child.stat()
        except OSError as error:  # a link to nothing, a loop of links
            self.report("unreadable", path, reason=reason_of(error))
            return None
        if not stat.S_ISREG(status.st_mode):
            self.report("not-a-file", path, what=_kind(status.st_mode))
            return None
        relative = (
            os.path.relpath(child.path, root) if os.sep != "/" else child.path[len(root) + 1 :]
        )
        return Entry(path, relative, status.st_size, stamp_of(status))


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
