"""Options of `build` for deploying the output: a list of changed files, and releases."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kheo.known_urls import PublishedSite


def published(
    ctx: click.Context, parameter: click.Parameter, value: str | None
) -> PublishedSite | None:
    """Read ``--since`` before the build, because the build may overwrite that manifest."""
    if value is None:
        return None
    from kheo.publish.changes import ManifestError, read_published

    try:
        return read_published(Path(value))
    except ManifestError as error:
        raise click.BadParameter(f"{value} is not a site manifest: {error}") from None
    except OSError as error:
        raise click.BadParameter(f"{value}: {error.strerror}") from None


_OPTIONS = (
    click.option(
        "--changes",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the list of files that changed since MANIFEST to this file.",
    ),
    click.option(
        "--since",
        callback=published,
        metavar="MANIFEST",
        help="Manifest of the published site; an empty file if nothing is published yet.",
    ),
    click.option(
        "--release-dir",
        type=click.Path(file_okay=False, path_type=Path),
        help="Create a release in this folder and switch to it.",
    ),
    click.option(
        "--keep",
        type=click.IntRange(1),
        default=5,
        show_default=True,
        help="Number of releases to keep.",
    ),
    click.option(
        "--rollback",
        is_flag=True,
        help="Switch back to the previous release without building.",
    ),
)


def delivery_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def check_delivery(
    rollback: bool, changes: Path | None, since: object, release_dir: Path | None, **others: Any
) -> None:
    """Raise UsageError if an option lacks its partner, or if folders overlap."""
    from kheo.publish.manifest import real_path

    if changes and since is None:
        raise click.UsageError("`--changes FILE` needs `--since MANIFEST`")
    if rollback and not release_dir:
        raise click.UsageError("`--rollback` needs `--release-dir DIR`")
    if changes and real_path(others["output"]) in real_path(changes).parents:
        raise click.UsageError("the `--changes` file must not be in the output folder")
    if not release_dir:
        return
    releases = real_path(release_dir)
    for name in ("content", "templates", "output", "cache"):
        other = real_path(others[name])
        if releases == other or other in releases.parents or releases in other.parents:
            raise click.UsageError(f"`--release-dir` and the {name} folder must not overlap")
