"""Whole releases beside each other, and a link that is switched from one to the next.

    DIR/current -> releases/000007      what a web server serves
    DIR/releases/000006/ ...            older ones, to go back to

A release is made of hard links to the files of the output folder (a copy on another file system):
the writer never writes into a published file, it renames a new one over it. So a release costs
15 µs a file, and no space for what did not change. Its ``.kheo`` lists its own files. Besides them
it holds the fingerprinted files of all other releases that are kept, so that a reader who got a
page before the switch gets its stylesheet after it, also when the switch goes back.
"""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from kheo.assets import is_fingerprinted
from kheo.errors import PublishError, clearly
from kheo.messages.wording import Message, message
from kheo.publish.manifest import MANIFEST, manifest_text, read_manifest
from kheo.publish.switch import NO_LINKS
from kheo.store.files import FOLDER_MODE

CURRENT, RELEASES = "current", "releases"
_NEW = ".kheo-new"  # below DIR: a release that is not whole yet, a link that is not in place yet

_RELEASE = re.compile(rf"{RELEASES}/([0-9]+)")  # what the link says


class NoReleaseError(Exception):
    """There is no older release to go back to."""


def open_releases(folder: Path) -> None:
    """Makes the folder of releases where it is not there. Raises PublishError."""
    with clearly(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        for one in (folder, folder / RELEASES):
            if not one.is_dir():
                _make_folder(one)


def make_release(
    output: Path, folder: Path, keep: int, tell: Callable[[Message], None] = lambda text: None
) -> str:
    """Makes a release of what is published in ``output`` and switches to it; its name.

    Where the current release is the same, nothing is done. Of all others the newest are kept, so
    that there are ``keep`` with the current one; what was rolled back, or made and never switched
    to, goes; if it cannot, that is told. Raises PublishError; the link is then as before.
    """
    with clearly(folder):
        _check_link(folder)
        for left in (_NEW, f"{_NEW}-old"):  # by a build that was killed
            _remove(folder / left)
        listed = read_manifest(output) or {}
        now = current_release(folder)
        if now and read_manifest(folder / RELEASES / now) == listed:
            return now
        new = folder / _NEW
        _fill(new, output, listed)
        names = release_names(folder)
        name = f"{max(map(int, _numbers(folder)), default=0) + 1:06}"
        new.rename(folder / RELEASES / name)
        _switch(folder, name)
    try:
        with clearly(folder):
            _prune(folder, keep, [one for one in names if now and int(one) > int(now)])
    except PublishError as error:  # the new one is served: no failure, and the next tries again
        tell(message("old releases stay in {folder}: {reason}", folder=folder, reason=error.reason))
    return name


def roll_back(folder: Path) -> str:
    """Switches to the release before the current one; its name. Raises NoReleaseError."""
    with clearly(folder):
        now = current_release(folder)
        older = [name for name in release_names(folder) if now and int(name) < int(now)]
        if not older:
            raise NoReleaseError
        _check_link(folder)
        _switch(folder, older[-1])
    return older[-1]


def current_release(folder: Path) -> str:
    """The name of the release that is served; empty if there is none."""
    try:
        name = _RELEASE.fullmatch(os.readlink(folder / CURRENT))  # noqa: PTH115 - to read it is all
    except OSError:
        return ""
    return name[1] if name and (folder / RELEASES / name[1]).is_dir() else ""


def release_names(folder: Path) -> list[str]:
    """All releases, oldest first. What has no manifest is none of ours, and is left alone."""
    names = [name for name in _numbers(folder) if (folder / RELEASES / name / MANIFEST).is_file()]
    return sorted(names, key=int)


def _numbers(folder: Path) -> list[str]:
    return [one.name for one in (folder / RELEASES).glob("*") if re.fullmatch("[0-9]+", one.name)]


def _check_link(folder: Path) -> None:
    link = folder / CURRENT
    is_ours = link.is_symlink() and _RELEASE.fullmatch(os.readlink(link))  # noqa: PTH115
    if os.path.lexists(link) and not is_ours:
        raise PublishError(None, message("this is not a link that the program made"), str(link))


def _fill(new: Path, output: Path, listed: dict[str, str]) -> None:
    folders: set[str] = set()
    _make_folder(new)
    for path in sorted(listed):
        parent = path.rpartition("/")[0]
        if parent not in folders:
            folders.add(parent)
            _make_folders(new, parent)
        _link(output / path, new / path)
    _write(new / MANIFEST, manifest_text(listed))


def _make_folders(root: Path, path: str) -> None:
    folder = root
    for part in filter(None, path.split("/")):
        folder /= part
        if not folder.exists():
            _make_folder(folder)


def _make_folder(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(FOLDER_MODE)  # whatever the umask


def _write(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    file.chmod(0o644)


def _link(source: Path, target: Path) -> None:
    """A second name, or a copy where there can be none. Never follows a link."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        shutil.copy2(source, target, follow_symlinks=False)


def _switch(folder: Path, name: str) -> None:
    """From one moment to the next: a request sees the old release or the new one."""
    target = folder / RELEASES / name
    for other in release_names(folder):
        if other != name:
            _carry(folder / RELEASES / other, target)
    link = folder / f"{_NEW}-{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(f"{RELEASES}/{name}", target_is_directory=True)
    link.replace(folder / CURRENT)


def _carry(other: Path, target: Path) -> None:
    for path in read_manifest(other) or {}:
        if is_fingerprinted(path) and not os.path.lexists(target / path):
            _make_folders(target, path.rpartition("/")[0])
            _link(other / path, target / path)


def _prune(folder: Path, keep: int, abandoned: list[str]) -> None:
    now = current_release(folder)
    others = [name for name in release_names(folder) if name not in {now, *abandoned}]
    for name in abandoned + others[: max(0, len(others) + 1 - keep)]:
        # First out of the way, so that a release is either whole or not there.
        _remove(folder / f"{_NEW}-old")
        (folder / RELEASES / name).rename(folder / f"{_NEW}-old")
        _remove(folder / f"{_NEW}-old")


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
