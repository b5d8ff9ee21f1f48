"""What changes on the disk, as soon as it does."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import DefaultFilter, awatch

STEP_MS = 15  # quiet for so long, and a save is over
DEBOUNCE_MS = 300  # never waits longer than that
HALF_SAVED_SECONDS = 0.2  # for the words of a file that was emptied, as some editors save


async def changes(folders: list[Path], own: Path) -> AsyncIterator[set[Path]]:
    """The files that were changed below ``folders``, save by save; nothing of ``own`` is one."""
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
    """Whether it is a file of which the words are still to come, or a mistake."""
    try:
        return path.is_file() and path.stat().st_size == 0
    except OSError:  # gone since
        return False


def changed_styles(paths: set[Path], assets: Path) -> list[str]:
    """The names of the theme's stylesheets among them."""
    folder = assets.resolve()
    return sorted(path.name for path in paths if path.parent == folder and path.suffix == ".css")
