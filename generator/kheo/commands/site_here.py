"""Refuse to work where there is no site, before anything is created there."""

import sys
from pathlib import Path

from kheo.commands.help import program_name
from kheo.commands.options import CONTENT_PROBLEMS
from kheo.diagnostics import Place, diagnostic
from kheo.read.sources import SITE_FILE
from kheo.reporting.reporter import Reporter


def require_site(content: Path, reporter: Reporter) -> None:
    """Exit with a message if ``content`` has no ``site.yaml``."""
    try:
        (content / SITE_FILE).lstat()
    except (FileNotFoundError, NotADirectoryError):
        missing = diagnostic(
            "site-file-missing", Place(SITE_FILE), path=content, command=program_name()
        )
        reporter.findings([missing], {}, "")
        sys.exit(CONTENT_PROBLEMS)
    except OSError:  # reported when the file is read
        return
