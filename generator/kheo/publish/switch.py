"""Rename staged files into the output folder in steps that can be undone."""

import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from kheo.errors import FileAccessError
from kheo.messages.wording import message
from kheo.store.files import FOLDER_MODE


class Switch:
    """Renames staged files into the output folder, removes stale files, and can undo each step.

    A file that is replaced keeps a hard link in the staging folder until the end (15 µs). Moving it
    there first would leave a moment without the page. Symbolic links below the output folder are
    never followed.
    """

    def __init__(self, output: Path, staging: Path) -> None:
        self.output = f"{output}{os.sep}"
        self.staging = (
            f"{staging.parent}{os.sep}"  # the names of staged files are relative to this folder
        )
        self.own = staging.name  # this build's folder in it, where the old files are kept
        self._steps: list[tuple[str, str, str]] = []  # undo action, path, name of the old file
        self._folders = {""}  # paths below the output folder that are known to be folders

    def place(self, path: str, name: str) -> None:
        """Move the staged file ``name`` to ``path``. Raises OSError."""
        self._make_folders(path)
        final = self.output + path
        kept = self._keep_old(final)
        self._steps.append(("restore" if kept else "remove", path, kept))
        os.replace(self.staging + name, final)  # noqa: PTH105 - 14,000 of them: a Path would double the time

    def remove(self, path: str) -> None:
        """Remove a published file, and its folders if they are now empty. Raises OSError."""
        for folder in _folders_of(path):
            status = _status(self.output + folder)
            if status is None:  # a killed build removed it, but perhaps not its parents
                self._prune(folder)
                return
            if not stat.S_ISDIR(status.st_mode):
                return  # a foreign file or link: what it leads to is not ours
        status = _status(self.output + path)
        if status and not stat.S_ISREG(status.st_mode):
            return
        if status:
            kept = self._new_name()
            self._steps.append(("restore", path, kept))
            os.rename(self.output + path, self.staging + kept)  # noqa: PTH104 - as above
        self._prune(path)

    def undo(self) -> list[str]:
        """Put everything back as it was; return the paths for which that failed."""
        lost = []
        for what, path, kept in reversed(self._steps):
            try:
                self._undo_step(what, path, kept)
            except FileNotFoundError:
                pass  # the step itself was the one that failed
            except OSError:
                lost.append(path)
        self._steps.clear()
        return lost

    def _undo_step(self, what: str, path: str, kept: str) -> None:
        file = Path(self.output, path)
        if what == "restore":
            Path(self.staging, kept).replace(file)
        elif what == "remove":
            file.unlink()
        elif what == "make":
            _make_folder(str(file))
        else:
            with suppress(OSError):  # somebody put a file there in the meantime
                file.rmdir()

    def _keep_old(self, final: str) -> str:
        """Give the file at ``final`` a second name in the staging folder and return it.

        Return an empty name if there is no such file.
        """
        status = _status(final)
        if status is None:
            return ""
        if not stat.S_ISREG(status.st_mode):
            raise _in_the_way(final)
        kept = self._new_name()
        try:
            os.link(final, self.staging + kept)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            shutil.copy2(final, self.staging + kept)
        return kept

    def _new_name(self) -> str:
        return f"{self.own}/old-{len(self._steps)}"

    def _make_folders(self, path: str) -> None:
        for folder in _folders_of(path):
            if folder in self._folders:
                continue
            self._folders.add(folder)
            if _make_folder(self.output + folder):
                self._steps.append(("unmake", folder, ""))

    def _prune(self, path: str) -> None:
        """Remove the parent folders of ``path`` that are empty, innermost first; never the output folder."""
        for folder in reversed(_folders_of(path)):
            try:
                Path(self.output, folder).rmdir()
            except FileNotFoundError:
                continue
            except OSError as error:
                if error.errno in _IN_USE:
                    return
                raise
            self._steps.append(("make", folder, ""))
            self._folders.discard(folder)


# The folder is not empty, or is not a folder.
_IN_USE = {errno.ENOTEMPTY, errno.EEXIST, errno.EBUSY, errno.ENOTDIR}
# The file system has no hard links, or does not allow one for this file.
NO_LINKS = {
    errno.EPERM,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EMLINK,
    errno.EXDEV,
}


def _make_folder(folder: str) -> bool:
    """Create the folder if it does not exist; return whether it was created.

    Raises FileAccessError if something else is in its place.
    """
    try:
        os.mkdir(folder, FOLDER_MODE)  # noqa: PTH102 - as above
    except FileExistsError:
        status = _status(folder)
        if status is None or not stat.S_ISDIR(status.st_mode):
            raise _in_the_way(folder) from None
        return False
    mode = os.lstat(folder).st_mode
    if mode & 0o777 != FOLDER_MODE:  # an unusual umask
        Path(folder).chmod(stat.S_IMODE(mode) & ~0o777 | FOLDER_MODE)
    return True


def _folders_of(path: str) -> list[str]:
    """Return the folders of a path, outermost first: ``a/b/index.html`` -> ``a``, ``a/b``."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _status(file: str) -> os.stat_result | None:
    try:
        return os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _in_the_way(file: str) -> FileAccessError:
    return FileAccessError(
        errno.EEXIST, message("this is in the way and was not written by this program"), file
    )
