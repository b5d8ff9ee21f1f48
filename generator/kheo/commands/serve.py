"""Define the command line of ``serve``."""

import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import click

from kheo.commands.help import TranslatedCommand, program_name
from kheo.commands.options import (
    DISK_PROBLEMS,
    MISUSE,
    cache_option,
    content_option,
    jobs_option,
    lang_option,
    quiet_option,
    templates_option,
)
from kheo.commands.site_here import require_site
from kheo.messages.system import reason_of
from kheo.reporting.catalogue import Words, choose_words
from kheo.reporting.reporter import Reporter
from kheo.serve.listening import PortTakenError, listen
from kheo.serve.rebuilding import preview_options

PACKAGES = ("starlette", "uvicorn", "watchfiles")  # the extra `serve`: a build needs none of them


@click.command("serve", cls=TranslatedCommand)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; 0.0.0.0 lets other machines on the network connect.",
)
@click.option("--open", "opens", is_flag=True, help="Open the site in your browser.")
@content_option
@templates_option
@cache_option
@jobs_option
@lang_option
@quiet_option
def serve_command(
    port: int, host: str, opens: bool, content: Path, templates: Path, cache: Path, jobs: int,
    lang: str, quiet: bool,
) -> None:  # fmt: skip
    """Preview the site in a browser while you write.

    Drafts and scheduled articles are included, and mistakes are shown over the page.
    """
    words = choose_words(lang, content)
    _require_packages(words)
    from kheo.serve.running import Preview, run_preview

    reporter = Reporter("text", quiet, content, templates, words)
    require_site(content, reporter)
    with suppress(KeyboardInterrupt), _listener(host, port, words) as listener:
        options = preview_options(content, templates, cache, datetime.now(UTC), jobs)
        run_preview(Preview(options, listener, host, opens, lambda: datetime.now(UTC), reporter))


class NotInstalledError(click.ClickException):
    """The program was installed without the extra ``serve``."""

    exit_code = MISUSE


def _require_packages(words: Words) -> None:
    """Raise NotInstalledError, which says what to install, if a package of the preview is missing."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        message = words.say(
            "the preview needs packages that are not installed ({packages}): {command}",
            packages=", ".join(missing),
            command='python -m pip install "kheo[serve]"',  # these quotes work in every shell
        )
        raise NotInstalledError(message)


class NoPortError(click.ClickException):
    """The port cannot be used. Click prints one line and exits with the status for system errors."""

    exit_code = DISK_PROBLEMS


def _listener(host: str, port: int, words: Words) -> socket.socket:
    """Listen on ``port``; if it is taken and the user agrees, on the next free one."""
    try:
        return listen(host, port)
    except PortTakenError as error:
        taken = words.say("port {port} is in use, perhaps by another preview", port=error.port)
        if not error.free:
            other = words.say("choose another with --port")
            raise NoPortError(f"{taken}; {other}") from None
        if not _may_take(f"{taken}. {words.say('Use port {port}?', port=error.free)}"):
            command = f"{program_name()} serve --port {error.free}"
            free = words.say("port {port} is free", port=error.free)
            raise NoPortError(f"{taken}; {free}: {command}") from None
        return _listener(host, error.free, words)
    except OSError as error:
        reason = reason_of(error)
        message = words.say(
            "cannot listen on {host}, port {port}: {reason}", host=host, port=port, reason=reason
        )
        raise NoPortError(message) from None


def _may_take(question: str) -> bool:
    return sys.stdin.isatty() and click.confirm(question, default=True)
