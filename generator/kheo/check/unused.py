"""Find files under ``content/`` that nothing refers to: they are not published."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.messages.wording import message
from kheo.model import Document, Entry
from kheo.pictures.recipes import referred_path
from kheo.plan.companions import Companions

MOST = 50  # files that are reported one by one


def unused_files(
    files: Mapping[str, Entry], documents: Iterable[Document], site_file: bytes
) -> Iterator[Diagnostic]:
    """Report the files that no source, draft or not, refers to, and site.yaml does not either.

    The last of many reports says how many more there are.
    """
    companions, used = Companions(files), set()
    for document in documents:
        if document.has_references:
            for reference in document.details.references:
                used.add(referred_path(document, reference))
                used.update(companions.of(document, reference))
    unused = [path for path in files if path not in used]
    if not unused:
        return
    named = _Named(site_file)
    unused = [path for path in unused if not named.has(path)]
    for number, path in enumerate(unused[:MOST], start=1):
        more = len(unused) - MOST if number == MOST else 0
        also = message("; nor to {count} other files", count=more) if more > 0 else ""
        yield diagnostic("file-unused", Place(path), also=also)


class _Named:
    """What site.yaml names: a file, or the folder that it is in."""

    def __init__(self, site_file: bytes) -> None:
        self.text = site_file.decode(errors="replace")
        self.folders: dict[str, bool] = {}

    def has(self, path: str) -> bool:
        folder = posixpath.dirname(path)
        if folder and folder not in self.folders:
            self.folders[folder] = self._is_written(folder)
        return self.folders.get(folder, False) or self._is_written(path)

    def _is_written(self, name: str) -> bool:
        return name in self.text and bool(
            re.search(rf"(?<![\w/.-]){re.escape(name)}/?(?![\w/.-])", self.text)
        )
