"""What the references of sources can lead to: files, and sources with a page."""

from msgspec import Struct

from kheo.library import Library
from kheo.model import Document, Entry, Moment
from kheo.plan.look import LookFiles
from kheo.plan.measured import Measured


class ContentFiles(Struct, frozen=True):
    """The files under ``content/`` that references can lead to, by path.

    ``measured`` has the pictures among them. ``left_out`` has the paths of sources with errors: a
    link to such a source gets a diagnostic of its own. ``unfinished`` has what could be read of them.
    ``public`` has the files of ``templates/public/``, which links reach by their addresses.
    ``look`` has the files of ``look:`` in site.yaml.
    """

    entries: dict[str, Entry]
    measured: dict[str, Measured]
    left_out: frozenset[str] = frozenset()
    unfinished: tuple[Document, ...] = ()
    public: tuple[Entry, ...] = ()
    look: LookFiles = LookFiles()


class Targets(Struct, frozen=True):
    """The sources that links can lead to, by path: those with a page, each with its URL.

    ``scheduled`` has when those are published that are not public yet, ``drafts`` the paths of
    drafts. Both may be among ``published`` if links are resolved as of a later time.
    """

    published: dict[str, tuple[Document, str]]
    scheduled: dict[str, Moment]
    drafts: frozenset[str]


def link_targets(library: Library, now: Library) -> Targets:
    """Return what links can lead to in ``library``; ``now`` has what is not public yet."""
    published = {one.document.path: (one.document, one.url) for one in library.by_age}
    return Targets(published, now.scheduled, now.drafts)
