"""Folders of the cache. Who can put a file into a repository can put a link there, as
``.cache/pictures -> ../content``: nothing is written, read or deleted behind it."""

from collections.abc import Iterator
from pathlib import Path


def make_own_folder(folder: Path) -> None:
    """Makes the folder where it is not there, in the place of a link. Raises OSError."""
    if folder.is_symlink():
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)


def own_files(folder: Path) -> Iterator[Path]:
    """The plain files in a folder that is none of somebody else's."""
    if folder.is_dir() and not folder.is_symlink():
        yield from (one for one in folder.iterdir() if one.is_file() and not one.is_symlink())
