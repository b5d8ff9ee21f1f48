"""What changes on the disk, as soon as it does."""

from collections.abc import AsyncIterator
from pathlib import Path

from watchfiles import DefaultFilter, awatch

STEP_MS = 15  # quiet for so long, and a save is over
DEBOUNCE_MS = 300  # never waits longer than that


async def changes(folders: list[Path], own: Path) -> AsyncIterator[set[Path]]:
    """The files that were changed below ``folders``, save by save; nothing of ``own`` is one."""
    watched = [folder.resolve() for folder in folders]
    choose = DefaultFilter(ignore_paths=[own.resolve()])
    async for batch in awatch(
        *watched, watch_filter=choose, step=STEP_MS, debounce=DEBOUNCE_MS, raise_interrupt=False
    ):
        yield {Path(path) for _, path in batch}


def changed_styles(paths: set[Path], assets: Path) -> list[str]:
    """The names of the theme's stylesheets among them."""
    folder = assets.resolve()
    return sorted(path.name for path in paths if path.parent == folder and path.suffix == ".css")
