"""Rename staged files into the output folder, so that every step can be undone."""

import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

from kheo.errors import PublishError
from kheo.messages.wording import message
from kheo.store.files import FOLDER_MODE


class Switch:
    """Renames staged files into place and takes stale ones out, noting how to undo each step.

    A file that is replaced keeps a second name in the staging folder until all is done (a hard
    link: 15 µs; renaming it away instead would leave a moment without the page). Symbolic links
    below the output folder are never followed.
    """

    def __init__(self, output: Path, staging: Path) -> None:
        self.output = f"{output}{os.sep}"
        self.staging = f"{staging.parent}{os.sep}"  # where names of staged files begin
        self.own = staging.name  # its own folder there, for the old files
        self._undo: list[tuple[str, str, str]] = []  # what, path, name of the old file
        self._folders = {""}  # below the output folder, seen to be folders

    def place(self, path: str, name: str) -> None:
        """Puts the staged file ``name`` at ``path``. Raises OSError."""
        self._make_folders(path)
        final = self.output + path
        kept = self._keep(final)
        self._undo.append(("restore" if kept else "remove", path, kept))
        os.replace(self.staging + name, final)  # noqa: PTH105 - 14,000 of them; a Path costs as much again

    def remove(self, path: str) -> None:
        """Takes a file of ours out, and its folders where they are empty now."""
        for folder in _folders_of(path):
            status = _status(self.output + folder)
            if status is None:  # removed before a kill, and perhaps not yet its parents
                self._prune(folder)
                return
            if not stat.S_ISDIR(status.st_mode):
                return  # somebody's file or link: what is behind it is not ours
        status = _status(self.output + path)
        if status and not stat.S_ISREG(status.st_mode):
            return
        if status:
            kept = self._new_name()
            self._undo.append(("restore", path, kept))
            os.rename(self.output + path, self.staging + kept)  # noqa: PTH104 - as above
        self._prune(path)

    def take_back(self) -> list[str]:
        """Puts everything back as it was; the paths for which that failed."""
        lost = []
        for what, path, kept in reversed(self._undo):
            try:
                self._take_back(what, path, kept)
            except FileNotFoundError:
                pass  # the step itself was the one that failed
            except OSError:
                lost.append(path)
        self._undo.clear()
        return lost

    def _take_back(self, what: str, path: str, kept: str) -> None:
        file = Path(self.output, path)
        if what == "restore":
            Path(self.staging, kept).replace(file)
        elif what == "remove":
            file.unlink()
        elif what == "make":
            _make_folder(str(file))
        else:
            with suppress(OSError):  # somebody put a file there meanwhile
                file.rmdir()

    def _keep(self, final: str) -> str:
        """A second name, in the staging folder, of the file at ``final``; empty if none is there."""
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
        return f"{self.own}/old-{len(self._undo)}"

    def _make_folders(self, path: str) -> None:
        for folder in _folders_of(path):
            if folder in self._folders:
                continue
            self._folders.add(folder)
            if _make_folder(self.output + folder):
                self._undo.append(("unmake", folder, ""))

    def _prune(self, path: str) -> None:
        """Removes the folders of ``path`` that are empty, innermost first; never the output."""
        for folder in reversed(_folders_of(path)):
            try:
                Path(self.output, folder).rmdir()
            except FileNotFoundError:
                continue
            except OSError as error:
                if error.errno in _IN_USE:
                    return
                raise
            self._undo.append(("make", folder, ""))
            self._folders.discard(folder)


# There is more of the site in a folder, or something of somebody else's.
_IN_USE = {errno.ENOTEMPTY, errno.EEXIST, errno.EBUSY, errno.ENOTDIR}
# Hard links are not known to this file system, or not allowed for this file.
NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK,
            errno.EXDEV}  # fmt: skip


def _make_folder(folder: str) -> bool:
    """Whether the folder was made. Raises PublishError where something else stands there."""
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
    """``a/b/index.html`` -> ``a``, ``a/b``."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]


def _status(file: str) -> os.stat_result | None:
    try:
        return os.lstat(file)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _in_the_way(file: str) -> PublishError:
    return PublishError(
        errno.EEXIST, message("this is in the way and was not written by this program"), file
    )
