"""Watch folders for changes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import DefaultFilter, awatch

STEP_MS = 15  # a save counts as finished after a pause of this length
DEBOUNCE_MS = 300  # the longest wait for such a pause
HALF_SAVED_SECONDS = 0.2  # some editors empty a file first, then write it


async def changes(folders: list[Path], own: Path) -> AsyncIterator[set[Path]]:
    """Yield the files that changed below ``folders``, save by save, except those below ``own``."""
    watched = [folder.resolve() for folder in folders]
    choose = DefaultFilter(ignore_paths=[own.resolve()])
    async for batch in awatch(
        *watched, watch_filter=choose, step=STEP_MS, debounce=DEBOUNCE_MS, raise_interrupt=False
    ):
        paths = {Path(path) for _, path in batch}
        if any(map(_is_empty, paths)):
            await asyncio.sleep(HALF_SAVED_SECONDS)
        yield paths


def _is_empty(path: Path) -> bool:
    """Return whether a file is empty: either half saved, or a mistake."""
    try:
        return path.is_file() and path.stat().st_size == 0
    except OSError:  # it is gone
        return False


def changed_styles(paths: set[Path], assets: Path) -> list[str]:
    """Return the names of the theme's stylesheets among ``paths``."""
    folder = assets.resolve()
    return sorted(path.name for path in paths if path.parent == folder and path.suffix == ".css")
