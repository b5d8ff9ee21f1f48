"""Pagefind, through its command line: pages in, the files of an index out, the same for the same pages."""

import errno
import gzip
import os
import re
import shutil
import subprocess
import zlib
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from kheo.errors import FileAccessError
from kheo.messages.wording import message

SECONDS = 600  # it takes some 2 ms a page
ENTRY, META = "pagefind-entry.json", "pagefind.{}.pf_meta"
FILTER = "filter/{}.pf_filter"
_MAGIC = b"pagefind_dcd"  # before the CBOR of each file
_GZIP = b"\x1f\x8b"
# Its ready-made interface; the theme has its own, a thirtieth of the size.
_UNUSED = re.compile(r"pagefind-(ui|modular-ui|component-ui|highlight)\.(js|css)")


class PagefindError(Exception):
    """There is no index; the text tells why."""


def indexer() -> str:
    """Where Pagefind is; empty on systems that it is not made for."""
    try:
        from pagefind_bin import get_executable

        return str(get_executable())
    except (ImportError, FileNotFoundError):
        return ""


def make_index_of(folder: Path) -> dict[str, bytes]:
    """The files of the index of the pages in ``folder/site``, by path.

    Raises PagefindError, and FileAccessError where the disk did not take what Pagefind wrote.
    """
    made = folder / "made"
    _run(folder)
    files = (file for file in sorted(made.rglob("*")) if file.is_file())
    found = {file.relative_to(made).as_posix(): file.read_bytes() for file in files}
    shutil.rmtree(made)
    if not all(_is_whole(path, data) for path, data in found.items()):
        raise FileAccessError(
            errno.ENOSPC, message("there is no space left on the disk"), str(made)
        )
    return _in_order({path: data for path, data in found.items() if not _UNUSED.fullmatch(path)})


def _run(folder: Path) -> None:
    """It would obey settings that it finds in the environment or in its working directory."""
    environment = {key: value for key, value in os.environ.items() if "PAGEFIND" not in key}
    command = [indexer(), "--site", "site", "--output-path", "made", "--silent"]
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PagefindError(str(error)) from error
    if done.returncode or not (folder / "made" / ENTRY).is_file():
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise PagefindError(said[-1] if said else f"Pagefind ended with {done.returncode}")


def _is_whole(path: str, data: bytes) -> bool:
    """Pagefind ends well on a full disk too, and leaves files that are empty or cut off."""
    if path == ENTRY:
        return data.endswith(b"}")
    if path.endswith(".js"):
        return data.rstrip().endswith((b"}", b";", b"*/"))
    if not data.startswith(_GZIP):
        return path.endswith(".css")  # none is published
    try:
        gzip.decompress(data)
    except (EOFError, OSError, zlib.error):
        return False
    return True


def _in_order(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same index in alphabetical order: Pagefind 1.5 writes filters in an order of chance, and
    names files by what they hold."""
    entry = msgspec.json.decode(files[ENTRY])
    entry["include_characters"].sort()
    for language, content in entry["languages"].items():
        meta = _read(files.pop(META.format(content["hash"])))
        filters = meta[3]  # pairs of a filter's name and the name of its file
        for pair in filters:
            name, values = _read(files.pop(FILTER.format(pair[1])))
            pair[1] = _put(files, FILTER, language, [name, sorted(values)])
        filters.sort()
        content["hash"] = _put(files, META, language, meta)
    files[ENTRY] = msgspec.json.encode(entry)
    return files


def _read(data: bytes) -> Any:
    import cbor2

    return cbor2.loads(gzip.decompress(data)[len(_MAGIC) :])


def _put(files: dict[str, bytes], pattern: str, language: str, content: Any) -> str:
    """Adds a file; the name that others know it by."""
    import cbor2

    data = _MAGIC + cbor2.dumps(content)
    name = f"{language}_{blake2b(data, digest_size=5).hexdigest()}"
    files[pattern.format(name)] = gzip.compress(data, mtime=0)
    return name
