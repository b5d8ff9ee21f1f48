"""Compare two manifests, and write the differences to a file for an upload script."""

import os
import re
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from kheo.errors import convert_os_error, wrap_os_errors
from kheo.known_urls import PublishedSite, urls_in
from kheo.publish.manifest import MANIFEST, STAGING, is_safe
from kheo.store.files import write_file

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class ManifestError(Exception):
    """The file is not a valid manifest; the text of the error says which line is wrong."""


class Changes(Struct, frozen=True):
    """Paths below the output folder, sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def read_published(file: Path) -> PublishedSite:
    """Return a published site by its manifest. An empty file means an empty site.

    Raises ManifestError for the first invalid line, FileAccessError if the file cannot be read. Invalid
    lines are not ignored here: this manifest was downloaded, and may be the error page of a server. A
    file that it does not list would never be removed from the site.
    """
    with wrap_os_errors(file):
        data = file.read_bytes()
    found = {}
    for number, line in enumerate(data.decode(errors="replace").split("\n")[:-1], start=1):
        if line.startswith("# "):
            continue
        match = _LINE.fullmatch(line)
        if not match or not is_safe(match[2]):
            raise ManifestError(f"line {number} is not a SHA-256 and a path")
        found[match[2]] = match[1]
    if data and not data.endswith(b"\n"):
        raise ManifestError("its last line is not whole")
    return PublishedSite(found, urls_in(data))


def compare(before: dict[str, str], after: dict[str, str]) -> Changes:
    """Return what changed from one published state to the next, each as path -> SHA-256."""
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(p for p in after.keys() & before.keys() if after[p] != before[p])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def copy_manifest(output: Path, file: Path) -> None:
    """Copy the manifest of ``output`` to ``file``, with its time. Raises FileAccessError."""
    with wrap_os_errors(file):
        status = (output / MANIFEST).lstat()
        data = (output / MANIFEST).read_bytes()
        if (output / STAGING).exists():
            return  # another build is publishing, and will copy its own
        _replace_file(file, data)  # if it is a link, the link is replaced, not its target
        os.utime(file, ns=(status.st_mtime_ns, status.st_mtime_ns))


def write_changes(file: Path, changes: Changes) -> None:
    """Write a line for each path: ``added``, ``changed`` or ``removed``, a tab, the path.

    The order is the one in which to upload: what is new, then what links to it, and last what
    nothing links to any more. No path holds a tab or a line feed (see ``is_safe``). Raise
    FileAccessError.
    """
    lines = [f"added\t{path}\n" for path in changes.added]
    lines += [f"changed\t{path}\n" for path in changes.changed]
    lines += [f"removed\t{path}\n" for path in changes.removed]
    with wrap_os_errors(file):
        if file.exists() and not file.is_file():  # such as `/dev/stdout`
            file.write_bytes("".join(lines).encode())
        else:
            _replace_file(file.resolve(), "".join(lines).encode())


def _replace_file(file: Path, data: bytes) -> None:
    """Write all of ``data``, or leave the file as it is."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        write_file(str(new), data)
        new.replace(file)
    except OSError as error:  # reported under the name that the user gave
        raise convert_os_error(OSError(error.errno, error.strerror, str(file)), file) from error
    finally:
        with suppress(OSError):
            new.unlink()
