"""Watch folders for changes."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from watchfiles import DefaultFilter, awatch

STEP_MS = 15  # a save counts as finished after a pause of this length
DEBOUNCE_MS = 300  # the longest wait for such a pause
MISSING_MS = 1_000  # how often to look for a folder that does not exist
HALF_SAVED_SECONDS = 0.2  # some editors empty a file first, then write it


async def changes(folders: Iterable[Path], own: Path) -> AsyncIterator[set[Path]]:
    """Yield the files that changed below ``folders``, save by save, except those below ``own``.

    A folder that does not exist is watched as soon as it does.
    """
    choose = DefaultFilter(ignore_paths=[own.resolve()])
    missing = {folder for folder in folders if not folder.is_dir()}
    watched = {folder.resolve() for folder in folders} - {one.resolve() for one in missing}
    while True:
        async for batch in awatch(
            *watched, watch_filter=choose, step=STEP_MS, debounce=DEBOUNCE_MS,
            rust_timeout=MISSING_MS, yield_on_timeout=True, raise_interrupt=False,
        ):  # fmt: skip
            paths = {Path(path) for _, path in batch}
            if any(map(_is_empty, paths)):
                await asyncio.sleep(HALF_SAVED_SECONDS)
            made = {folder for folder in missing if folder.is_dir()}
            if paths or made:
                yield paths | made
            if made:
                missing -= made
                watched |= {folder.resolve() for folder in made}
                break  # and watch these too
        else:
            return


def _is_empty(path: Path) -> bool:
    """Return whether a file is empty: either half saved, or a mistake."""
    try:
        return path.is_file() and path.stat().st_size == 0
    except OSError:  # it is gone
        return False


def changed_styles(paths: set[Path], assets: Iterable[Path]) -> list[str]:
    """Return the names of the theme's stylesheets among ``paths``."""
    folders = {folder.resolve() for folder in assets}
    return sorted(path.name for path in paths if path.parent in folders and path.suffix == ".css")
