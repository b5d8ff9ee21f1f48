"""What an upload has to do: the difference between two manifests, as a file that tools can read."""

import os
import re
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from kheo.errors import clearly, told_of
from kheo.publish.manifest import MANIFEST, STAGING, is_safe
from kheo.store.files import write_file

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


class ManifestError(Exception):
    """A file is not the manifest of a published site; the text says where it is not."""


class Changes(Struct, frozen=True):
    """Paths below the output folder, sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def read_published(file: Path) -> dict[str, str]:
    """The SHA-256 of every published file, by path. An empty file: nothing is published yet.

    Unlike the manifest of the output folder it comes from elsewhere, perhaps as the error page of
    a server: one line that cannot be is a ManifestError, for what is not listed would be taken for
    never published, and would not be removed.
    """
    with clearly(file):
        data = file.read_bytes()
    found = {}
    for number, line in enumerate(data.decode(errors="replace").split("\n")[:-1], start=1):
        match = _LINE.fullmatch(line)
        if not match or not is_safe(match[2]):
            raise ManifestError(f"line {number} is not a SHA-256 and a path")
        found[match[2]] = match[1]
    if data and not data.endswith(b"\n"):
        raise ManifestError("its last line is not whole")
    return found


def compare(before: dict[str, str], after: dict[str, str]) -> Changes:
    """From one published state to the next, each as path -> SHA-256."""
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(p for p in after.keys() & before.keys() if after[p] != before[p])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def copy_manifest(output: Path, file: Path) -> None:
    """Puts the manifest of ``output`` at ``file``, with its time. Raises PublishError."""
    with clearly(file):
        status = (output / MANIFEST).lstat()
        data = (output / MANIFEST).read_bytes()
        if (output / STAGING).exists():
            return  # another build is under way, and will leave its own
        _replace(file, data)  # a link that stands there goes, and what it leads to stays
        os.utime(file, ns=(status.st_mtime_ns, status.st_mtime_ns))


def write_changes(file: Path, changes: Changes) -> None:
    """One line for each: ``added``, ``changed`` or ``removed``, a tab, the path. Raises OSError.

    In the order in which an upload does no harm: what is new, then what points to it, and last
    what nothing points to any more. No path holds a tab or a line feed: ``is_safe`` sees to that.
    """
    lines = [f"added\t{path}\n" for path in changes.added]
    lines += [f"changed\t{path}\n" for path in changes.changed]
    lines += [f"removed\t{path}\n" for path in changes.removed]
    with clearly(file):
        if file.exists() and not file.is_file():  # as `/dev/stdout`
            file.write_bytes("".join(lines).encode())
        else:
            _replace(file.resolve(), "".join(lines).encode())


def _replace(file: Path, data: bytes) -> None:
    """Whole, or not at all."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        write_file(str(new), data)
        new.replace(file)
    except OSError as error:  # of the name that was asked for, not of this one
        raise told_of(OSError(error.errno, error.strerror, str(file)), file) from error
    finally:
        with suppress(OSError):
            new.unlink()
