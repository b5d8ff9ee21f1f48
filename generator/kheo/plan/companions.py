"""The files that belong to a video by their names: its poster and its captions."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from kheo.addresses import CAPTIONS, PICTURES, VIDEOS, ending_of
from kheo.diagnostics import BrokenFile, Diagnostic
from kheo.embeds import find_video
from kheo.media.files import CaptionsFile, VideoFile
from kheo.messages.wording import Fields
from kheo.model import Document, Reference
from kheo.pictures.recipes import referred_path
from kheo.plan.measured import Measured
from kheo.views import Picture

# `film.vi.vtt`, `film.zh-Hant.vtt`; `film.vtt` is in the language of the site.
_LANGUAGE = re.compile(r"(?P<stem>.+?)(?:\.(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*))?")


FIGURES = frozenset({"figure", "embed"})  # references that may have companions


class Beside(Struct, frozen=True):
    """What is published with a video: its poster, and its captions by language (empty: the site's)."""

    poster: Picture | None = None
    captions: dict[str, str] = {}


class Problem(Struct, frozen=True):
    """Something wrong with a video, to be reported where it is shown."""

    code: str
    values: Fields


class VideoFiles(Struct, frozen=True):
    """The paths of a video, of its poster, and of its captions by language; empty where there is none.

    ``tracks`` are all captions to check: those, or the one that raw HTML names.
    """

    video: str
    poster: str
    captions: dict[str, str]
    tracks: tuple[str, ...]


class Companions:
    """Finds files by name among those under ``content/``, whose ``paths`` are given."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = paths

    def of(self, document: Document, reference: Reference) -> Iterator[str]:
        """Yield the paths of all files that are shown with what ``reference`` shows."""
        if reference.kind not in FIGURES:
            return
        if poster := self.poster(document, reference):
            yield poster
        if reference.kind == "figure":
            yield from self.captions(referred_path(document, reference)).values()

    def all_of(self, document: Document, reference: Reference) -> VideoFiles:
        """Return the files that are shown with what ``reference`` shows, or the captions that it is."""
        path = referred_path(document, reference)
        is_video = reference.kind == "figure"
        captions = self.captions(path) if is_video else {}
        return VideoFiles(
            path if is_video else "",
            self.poster(document, reference),
            captions,
            (path,) if ending_of(path) == CAPTIONS else tuple(captions.values()),
        )

    def poster(self, document: Document, reference: Reference) -> str:
        """Return the path of the picture for a video; empty if there is none.

        It has the same name as the file, or as the video at YouTube, Vimeo or Facebook:
        ``dQw4w9WgXcQ.jpg``.
        """
        path = referred_path(document, reference)
        if reference.kind == "figure" and ending_of(path) in VIDEOS:
            return self._picture(path[: -len(ending_of(path))])
        if reference.kind == "embed" and (video := find_video(reference.target)):
            return self._picture(posixpath.join(posixpath.dirname(document.path), video.name))
        return ""

    def captions(self, path: str) -> dict[str, str]:
        """Return the paths of captions by language, which is empty for ``film.vtt``."""
        if ending_of(path) not in VIDEOS:
            return {}
        return dict(sorted(self._captions.get(path[: -len(ending_of(path))], [])))

    def _picture(self, stem: str) -> str:
        found = self._pictures.get(stem, [])
        return min(found, key=lambda path: PICTURES.index(ending_of(path)), default="")

    @cached_property
    def _pictures(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.paths:
            if (ending := ending_of(path)) in PICTURES:
                found.setdefault(path[: -len(ending)], []).append(path)
        return found

    @cached_property
    def _captions(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for path in self.paths:
            if ending_of(path) != CAPTIONS:
                continue
            match = _LANGUAGE.fullmatch(path[: -len(CAPTIONS)])
            if match:
                found.setdefault(match["stem"], []).append((match["language"] or "", path))
        return found


def problems_of(
    files: VideoFiles, measured: Mapping[str, Measured], language: str
) -> tuple[list[Problem], list[Diagnostic]]:
    """Return what is wrong with a video and what belongs to it: for the report that shows it, and in
    the lines of captions."""
    problems = _poster_problems(files.poster, measured.get(files.poster))
    found: list[Diagnostic] = []
    for track in files.tracks:
        more, lines = _caption_problems(track, measured)
        problems += more
        found += lines
    problems += _video_problems(files.video, language, files.captions, measured.get(files.video))
    return problems, found


def _caption_problems(
    path: str, measured: Mapping[str, Measured]
) -> tuple[list[Problem], list[Diagnostic]]:
    """Return what is wrong with the captions at ``path``: for the report that shows them, and in the
    lines of the file."""
    file = measured.get(path)
    found = list(file.found) if isinstance(file, CaptionsFile) else []
    if isinstance(file, CaptionsFile) and not found:
        return [], []
    return [Problem("captions-broken", {"file": posixpath.basename(path)})], found


def _video_problems(
    path: str, language: str, captions: Mapping[str, str], file: Measured | None
) -> list[Problem]:
    """Return a problem if the video at ``path`` has sound, but no captions."""
    if not isinstance(file, VideoFile) or not file.has_sound or captions:
        return []
    name = posixpath.splitext(posixpath.basename(path))[0]
    return [Problem("video-without-captions", {"file": f"{name}.{language}.vtt"})]


def _poster_problems(path: str, file: Measured | None) -> list[Problem]:
    """Return a problem if the picture of a video is broken."""
    if not isinstance(file, BrokenFile):
        return []
    return [Problem(file.code, {**file.values, "target": posixpath.basename(path)})]
