"""Write new files, all of them or none, and never over an old one; compare those that are there."""

import errno
import os
from contextlib import ExitStack, suppress
from difflib import unified_diff
from pathlib import Path


def is_there(file: Path) -> bool:
    """Tell whether something has this name, a link that leads nowhere too."""
    return os.path.lexists(file)


def is_empty(folder: Path) -> bool:
    """Tell whether nothing is in a folder but an empty repository or Python's environment.

    A folder that does not exist is empty. Raises OSError.
    """
    if not folder.exists():
        return True
    return all(
        entry.name == ".git" or (entry / "pyvenv.cfg").is_file() for entry in folder.iterdir()
    )


def file_in_the_way(folder: Path) -> Path | None:
    """Return what is at ``folder``, or above it, and is no folder."""
    above = (one for one in (folder, *folder.parents) if is_there(one))
    nearest = next(above, None)
    return None if nearest is None or nearest.is_dir() else nearest


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Write files by their paths below ``folder``. Raises OSError, after it has removed them again."""
    with ExitStack() as undo:
        for path, text in files.items():
            target = folder / path
            _make_folder(target.parent, undo)
            with target.open("x", encoding="utf-8", newline="\n") as stream:
                undo.callback(target.unlink, missing_ok=True)
                stream.write(text)
        undo.pop_all()


def _make_folder(folder: Path, undo: ExitStack) -> None:
    if folder.is_dir():
        return
    if is_there(folder):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    _make_folder(folder.parent, undo)
    folder.mkdir()
    undo.callback(_remove_folder, folder)


def _remove_folder(folder: Path) -> None:
    with suppress(OSError):  # somebody else has put a file there
        folder.rmdir()


def difference(file: Path, text: str, name: str) -> list[str]:
    """Return the lines of a unified diff from ``file`` to ``text``, which is called ``name``."""
    present = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return list(unified_diff(present, text.splitlines(), str(file), name, lineterm=""))
