"""Releases: complete copies of the site, and a link that is switched from one to the next.

    DIR/current -> releases/000007      what a web server serves
    DIR/releases/000006/ ...            older ones, to go back to

A release consists of hard links to the files of the output folder, or of copies on another file
system. Hard links are safe because the writer never changes a published file: it renames a new file
over it. A release takes 15 µs per file, and no space for unchanged files. Its ``.kheo`` lists its own
files. It also contains the fingerprinted files of the other releases: a reader who loaded a page
before a switch, in either direction, can still load its stylesheet afterwards.
"""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from kheo.assets import is_fingerprinted
from kheo.errors import FileAccessError, wrap_os_errors
from kheo.known_urls import urls_in
from kheo.messages.wording import Message, message
from kheo.publish.manifest import MANIFEST, manifest_bytes, manifest_text, read_manifest
from kheo.publish.switch import NO_LINKS
from kheo.store.files import FOLDER_MODE

CURRENT, RELEASES = "current", "releases"
_NEW = ".kheo-new"  # in DIR: prefix of incomplete releases and of links that are not yet in place

_RELEASE = re.compile(rf"{RELEASES}/([0-9]+)")  # the target of the link


class NoReleaseError(Exception):
    """There is no older release to go back to."""


def open_releases(folder: Path) -> None:
    """Create the folder of releases if it does not exist. Raises FileAccessError."""
    with wrap_os_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        for one in (folder, folder / RELEASES):
            if not one.is_dir():
                _make_folder(one)


def make_release(
    output: Path, folder: Path, keep: int, notify: Callable[[Message], None] = lambda text: None
) -> str:
    """Make a release of what is published in ``output``, switch to it, and return its name.

    If the current release has the same files, do nothing. Otherwise remove old releases, so that
    ``keep`` remain, including the new one; releases newer than the current one are removed too. If
    removing fails, ``notify`` the user. Raises FileAccessError; the link is then unchanged.
    """
    with wrap_os_errors(folder):
        _check_link(folder)
        for leftover in (_NEW, f"{_NEW}-old"):  # of a build that was killed
            _remove(folder / leftover)
        listed = read_manifest(output) or {}
        now = current_release(folder)
        if now and read_manifest(folder / RELEASES / now) == listed:
            return now
        new = folder / _NEW
        _fill_release(new, output, listed)
        names = release_names(folder)
        name = f"{max(map(int, _numbers(folder)), default=0) + 1:06}"
        new.rename(folder / RELEASES / name)
        _switch(folder, name)
    try:
        with wrap_os_errors(folder):
            _prune(folder, keep, [one for one in names if now and int(one) > int(now)])
    except FileAccessError as error:
        # Not a failure: the new release is served. The next build tries again.
        notify(
            message(
                "old releases in {folder} could not be deleted: {reason}",
                folder=folder,
                reason=error.reason,
            )
        )
    return name


def roll_back(folder: Path) -> str:
    """Switch to the release before the current one and return its name.

    Raises NoReleaseError if there is none, or FileAccessError.
    """
    with wrap_os_errors(folder):
        now = current_release(folder)
        older = [name for name in release_names(folder) if now and int(name) < int(now)]
        if not older:
            raise NoReleaseError
        _check_link(folder)
        _switch(folder, older[-1])
    return older[-1]


def current_release(folder: Path) -> str:
    """Return the name of the release that is served; empty if there is none."""
    try:
        name = _RELEASE.fullmatch(os.readlink(folder / CURRENT))  # noqa: PTH115 - its text, unchanged
    except OSError:
        return ""
    return name[1] if name and (folder / RELEASES / name[1]).is_dir() else ""


def release_names(folder: Path) -> list[str]:
    """Return the names of all releases, oldest first. A folder without a manifest is not a release."""
    names = [name for name in _numbers(folder) if (folder / RELEASES / name / MANIFEST).is_file()]
    return sorted(names, key=int)


def _numbers(folder: Path) -> list[str]:
    return [one.name for one in (folder / RELEASES).glob("*") if re.fullmatch("[0-9]+", one.name)]


def _check_link(folder: Path) -> None:
    link = folder / CURRENT
    is_own = link.is_symlink() and _RELEASE.fullmatch(os.readlink(link))  # noqa: PTH115
    if os.path.lexists(link) and not is_own:
        raise FileAccessError(
            None, message("this is not a link created by this program"), str(link)
        )


def _fill_release(new: Path, output: Path, listed: dict[str, str]) -> None:
    folders: set[str] = set()
    _make_folder(new)
    for path in sorted(listed):
        parent = path.rpartition("/")[0]
        if parent not in folders:
            folders.add(parent)
            _make_folders(new, parent)
        _link(output / path, new / path)
    _write(new / MANIFEST, manifest_text(listed) + urls_in(manifest_bytes(output)))


def _make_folders(root: Path, path: str) -> None:
    folder = root
    for part in filter(None, path.split("/")):
        folder /= part
        if not folder.exists():
            _make_folder(folder)


def _make_folder(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(FOLDER_MODE)  # regardless of the umask


def _write(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    file.chmod(0o644)


def _link(source: Path, target: Path) -> None:
    """Create a hard link to ``source``, or a copy if that is not possible. Never follow a link."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        shutil.copy2(source, target, follow_symlinks=False)


def _switch(folder: Path, name: str) -> None:
    """Switch in one step: a request gets the old release or the new one, never a mixture."""
    target = folder / RELEASES / name
    for other in release_names(folder):
        if other != name:
            _add_assets(folder / RELEASES / other, target)
    link = folder / f"{_NEW}-{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(f"{RELEASES}/{name}", target_is_directory=True)
    link.replace(folder / CURRENT)


def _add_assets(other: Path, target: Path) -> None:
    """Link the fingerprinted files of another release into ``target``."""
    for path in read_manifest(other) or {}:
        if is_fingerprinted(path) and not os.path.lexists(target / path):
            _make_folders(target, path.rpartition("/")[0])
            _link(other / path, target / path)


def _prune(folder: Path, keep: int, abandoned: list[str]) -> None:
    now = current_release(folder)
    others = [name for name in release_names(folder) if name not in {now, *abandoned}]
    for name in abandoned + others[: max(0, len(others) + 1 - keep)]:
        # Rename it first, so that a release is either complete or not there.
        _remove(folder / f"{_NEW}-old")
        (folder / RELEASES / name).rename(folder / f"{_NEW}-old")
        _remove(folder / f"{_NEW}-old")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
