"""Folders of the cache.

Whoever can add files to a repository can add a link, such as ``.cache/pictures -> ../content``.
Nothing is written, read or deleted behind it.
"""

from collections.abc import Iterator
from pathlib import Path


def make_cache_folder(folder: Path) -> None:
    """Create ``folder`` if it does not exist; replace a link. Raises OSError."""
    if folder.is_symlink():
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)


def list_cache_files(folder: Path) -> Iterator[Path]:
    """Yield the plain files in ``folder``; none if it is a link or does not exist."""
    if folder.is_dir() and not folder.is_symlink():
        yield from (file for file in folder.iterdir() if file.is_file() and not file.is_symlink())
