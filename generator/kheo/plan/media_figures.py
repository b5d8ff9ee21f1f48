"""The views of videos, recordings, PDF and videos of other sites in a body."""

import posixpath

from kheo.addresses import ending_of
from kheo.embeds import find_video
from kheo.media.files import AudioFile, PdfFile, VideoFile
from kheo.model import FileFigure
from kheo.plan.companions import Beside
from kheo.plan.shown import Shown
from kheo.views import AudioPlayer, FigureView, FileCard, Track, VideoCard, VideoPlayer

HIGHEST = 640  # pixels: a video that a telephone took upright would fill more than the screen


def media_figure(shown: Shown, figure: FileFigure) -> FigureView | None:
    """Return what pages show of a file; ``None`` if it cannot be shown, which has been reported."""
    path, url = shown.path_of(figure.reference), shown.links[figure.reference]
    beside = shown.beside.get(figure.reference, Beside())
    if not url:
        return None
    if figure.kind == "embed":
        return _video_card(shown, figure, beside)
    name, kind = posixpath.basename(path), ending_of(path).lstrip(".").upper()
    size = shown.copies[path].size
    match shown.measured.get(path):
        case PdfFile(title, pages):
            return FileCard(figure.text or title or name, url, kind, size, pages)
        case AudioFile(seconds):
            return AudioPlayer(figure.text or name, url, kind, size, seconds)
        case VideoFile() as video:
            width, height = _shown_size(video)
            poster = beside.poster.url if beside.poster else ""
            tracks = _tracks(beside.captions, shown.language)
            return VideoPlayer(url, figure.text or name, width, height, poster, tracks)
    return None


def _video_card(shown: Shown, figure: FileFigure, beside: Beside) -> VideoCard | None:
    url = shown.links[figure.reference]
    video = find_video(url)
    if video is None:
        return None
    frame = video.frame if shown.embeds else ""
    return VideoCard(figure.text or url, url, video.service, beside.poster, frame)


def _tracks(captions: dict[str, str], own: str) -> tuple[Track, ...]:
    """Return the captions, those in the site's ``own`` language first."""
    by_language = {language or own: url for language, url in captions.items()}
    ordered = sorted(by_language, key=lambda language: (language != own, language))
    return tuple(Track(language, by_language[language]) for language in ordered)


def _shown_size(video: VideoFile) -> tuple[int, int]:
    """Return the size of a video on pages, at most HIGHEST pixels high."""
    if video.height <= HIGHEST:
        return video.width, video.height
    return max(1, round(video.width * HIGHEST / video.height)), HIGHEST
