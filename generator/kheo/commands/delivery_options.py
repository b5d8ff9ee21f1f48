"""What `build` may be asked to do besides the output folder: a list of changes, a release."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click


def _published(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> dict[str, str] | None:
    """``--since``, read before the build: it may be the manifest that the build will write."""
    if value is None:
        return None
    from kheo.publish.changes import ManifestError, read_published

    try:
        return read_published(Path(value))
    except ManifestError as error:
        raise click.BadParameter(f"{value} is not the manifest of a site: {error}") from None
    except OSError as error:
        raise click.BadParameter(f"{value}: {error.strerror}") from None


_OPTIONS = (
    click.option(
        "--changes",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write there what changed since MANIFEST.",
    ),
    click.option(
        "--since",
        callback=_published,
        metavar="MANIFEST",
        help="Of the published site; an empty file at first.",
    ),
    click.option(
        "--release-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Make a release there and switch to it.",
    ),
    click.option("--keep", type=click.IntRange(1), default=5, show_default=True, help="Releases."),
    click.option("--rollback", is_flag=True, help="Build nothing: back to the release before."),
)


def delivery_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def check_delivery(
    rollback: bool, changes: Path | None, since: object, release_dir: Path | None, **others: Any
) -> None:
    """Options that need each other, and folders that must lie apart. Raises UsageError."""
    from kheo.publish.manifest import real_path

    if (changes is None) != (since is None):
        raise click.UsageError("`--changes FILE` and `--since MANIFEST` go together")
    if rollback and not release_dir:
        raise click.UsageError("`--rollback` needs `--release-dir DIR`")
    if changes and real_path(others["output"]) in real_path(changes).parents:
        raise click.UsageError("`--changes` must not lie in the output folder")
    if not release_dir:
        return
    releases = real_path(release_dir)
    for name in ("content", "templates", "output", "cache"):
        other = real_path(others[name])
        if releases == other or other in releases.parents or releases in other.parents:
            raise click.UsageError(f"`--release-dir` and the {name} folder must lie apart")
