"""Find and check the files that ``look:`` in site.yaml names: logo, band and fonts."""

import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path
from unicodedata import normalize

from kheo.addresses import is_outside
from kheo.config import Look
from kheo.diagnostics import BrokenFile, Diagnostic, Findings, closest
from kheo.messages.wording import message
from kheo.model import Entry
from kheo.pictures.recipes import PictureFile
from kheo.plan.look import FontFile, LookFiles, is_font
from kheo.plan.measured import Measured
from kheo.read.site_file import place_of_key
from kheo.read.sources import read_source

MAX_BYTES = 1_000_000  # of each file: every reader loads it
WOFF2 = b"wOF2"  # how such a file begins (W3C, WOFF 2.0, section 4)


def look_pictures(look: Look, files: dict[str, Entry]) -> list[Entry]:
    """Return the pictures of the look that exist, to be measured."""
    paths = [_path(name) for name in (look.logo, look.band) if name and name != "none"]
    return [files[path] for path in paths if path in files and files[path].size <= MAX_BYTES]


class LookReader:
    """Checks the files of the look; ``findings`` has what is wrong, at its place in site.yaml.

    ``files`` are those in content/, ``measured`` the pictures among them.
    """

    def __init__(
        self, site_file: bytes, files: dict[str, Entry], measured: dict[str, Measured]
    ) -> None:
        self.site_file = site_file
        self.files = files
        self.measured = measured
        self.findings = Findings()

    def read(self, look: Look, content: Path, assets: Iterable[str]) -> LookFiles:
        """Return the files. ``assets`` are the names of those of the theme."""
        fonts = tuple(self._fonts(look.font.folder, content))
        band = look.band if look.band != "none" else ""
        return LookFiles(
            logo=self._picture("look.logo", look.logo),
            band=self._picture("look.band", band, is_drawing=True),
            fonts=fonts,
            has_fonts=bool(fonts) or any(map(is_font, assets)),
        )

    def _report(self, code: str, where: str, /, **values: object) -> None:
        self.findings.report(code, place_of_key(self.site_file, where), **values)

    def _refuse(self, key: str, target: str, reason: object) -> None:
        name = key.rpartition(".")[2]
        limit = MAX_BYTES // 1_000_000
        self._report("look-file", key, key=name, target=target, reason=reason, limit=limit)

    def _picture(
        self, key: str, target: str, is_drawing: bool = False
    ) -> tuple[PictureFile, Entry] | None:
        """Return the picture; ``None`` if there is none that can be published."""
        path = _path(target)
        if not target:
            return None
        if is_outside(path):
            self._report("link-outside-content", key, target=target)
        elif path not in self.files:
            self._report(
                "image-missing", key, target=target, suggestion=closest(path, [*self.files])
            )
        elif self.files[path].size > MAX_BYTES:
            self._refuse(key, target, _too_large())
        elif isinstance(found := self.measured[path], BrokenFile):
            self._report(found.code, key, target=target, **found.values)
        elif not isinstance(found, PictureFile):
            self._refuse(key, target, message("it is not a picture"))
        elif is_drawing and found.format != "SVG":
            self._refuse(key, target, message("it is not an SVG file"))
        elif not (found.width and found.height):
            self._refuse(key, target, message("it has no size: add `width` and `height` to it"))
        else:
            return found, self.files[path]
        return None

    def _fonts(self, folder: str, content: Path) -> Iterator[FontFile]:
        key, path = "look.font.folder", _path(folder)
        if not folder:
            return
        if is_outside(path):
            self._report("link-outside-content", key, target=folder)
            return
        inside = [one for one in self.files.values() if posixpath.dirname(one.path) == path]
        fonts = [one for one in inside if one.path.lower().endswith(".woff2")]
        if not fonts:
            self._refuse(key, folder, message("it is not a folder with `.woff2` files"))
        for entry in fonts:
            if entry.size > MAX_BYTES:
                self._refuse(key, entry.path, _too_large())
                continue
            source = read_source(content, entry)
            if isinstance(source, Diagnostic):
                self.findings.list.append(source)
            elif not source.data.startswith(WOFF2):
                self._refuse(key, entry.path, message("it is not a WOFF2 file"))
            else:
                yield FontFile(entry, source.digest)


def _too_large() -> object:
    return message("it has more than {limit} MB", limit=MAX_BYTES // 1_000_000)


def _path(target: str) -> str:
    return posixpath.normpath(normalize("NFC", target))
