"""The HTML of figures in a body: files, videos, recordings and videos of other sites."""

from collections.abc import Callable

from markupsafe import Markup, escape

from kheo.formats import find_locale, format_length, format_size
from kheo.render.body import attributes, closing, opening
from kheo.views import AudioPlayer, FileCard, Picture, Track, VideoCard, VideoPlayer

MediaView = FileCard | VideoPlayer | AudioPlayer | VideoCard
# What figures say in the language of the site.
TEXTS = (
    "1 page",
    "%(count)s pages",
    "Download",
    "Watch on %(service)s",
    "Play here (from %(service)s)",
)


class FigureWriter:
    """Writes figures in the language of a site. All values are escaped."""

    def __init__(self, language: str, translate: Callable[..., Markup]) -> None:
        self.language = language
        self.locale = find_locale(language)
        self.translate = translate

    def write(self, figure: MediaView) -> Markup:
        match figure:
            case FileCard():
                return self._file_card(figure)
            case VideoPlayer():
                return self._video(figure)
            case AudioPlayer():
                return self._audio(figure)
            case VideoCard():
                return self._video_card(figure)

    def _file_card(self, card: FileCard) -> Markup:
        pages = [self._pages(card.pages)] if card.pages else []
        facts = ", ".join([card.type, *pages, format_size(card.size, self.locale)])
        link = Markup('<a class="file" href="{}">{} <span class="meta">{}</span></a>')
        return link.format(card.url, card.title, facts)

    def _pages(self, count: int) -> str:
        if count == 1:
            return self.translate("1 page")
        return self.translate("%(count)s pages", count=count)

    def _video(self, video: VideoPlayer) -> Markup:
        """Return a player. Its first picture is loaded only if there is no poster."""
        start = Markup(' preload="metadata"')
        if video.poster:
            start = Markup(' preload="none" poster="{}"').format(video.poster)
        head = Markup(
            '<video controls playsinline src="{}" width="{}" height="{}" aria-label="{}"{}>'
        ).format(video.url, video.width, video.height, video.text, start)
        return head + Markup("").join(map(self._track, video.tracks)) + Markup("</video>")

    def _track(self, track: Track) -> Markup:
        name = self.locale.languages.get(track.language.replace("-", "_"), track.language)
        default = Markup(" default") if track.language == self.language else ""
        return Markup('<track kind="captions" src="{}" srclang="{}" label="{}"{}>').format(
            track.url, track.language, name[:1].upper() + name[1:], default
        )

    def _audio(self, audio: AudioPlayer) -> Markup:
        facts = f"{audio.type}, {format_size(audio.size, self.locale)}"
        return Markup(
            '<div class="audio"><p>{title} <span class="meta">{length}</span></p>'
            '<audio controls preload="none" src="{url}" aria-label="{title}"></audio>'
            '<p><a href="{url}" download>{download}</a> <span class="meta">{facts}</span></p></div>'
        ).format(
            title=audio.title,
            length=format_length(audio.seconds),
            url=audio.url,
            download=self.translate("Download"),
            facts=facts,
        )

    def _video_card(self, card: VideoCard) -> Markup:
        """Return a link, and a player if the site allows it. A closed <details> is not shown, so the
        frame in it is not loaded before a reader opens it."""
        watch = self.translate("Watch on %(service)s", service=card.service)
        still = _picture(card.picture) if card.picture else ""
        link = Markup('<a class="file" href="{}">{}{} <span class="meta">{}</span></a>').format(
            card.url, still, card.title, watch
        )
        if not card.frame:
            return link
        return link + Markup(
            '<details class="player"><summary>{}</summary>'
            '<iframe src="{}" title="{}" width="640" height="360" loading="lazy" allowfullscreen '
            'referrerpolicy="strict-origin-when-cross-origin"></iframe></details>'
        ).format(
            self.translate("Play here (from %(service)s)", service=card.service),
            card.frame,
            card.title,
        )


def _picture(picture: Picture) -> Markup:
    """Return a picture without a text of its own: it stands in a link with a title."""
    return Markup(
        f'{opening(picture)}<img src="{escape(picture.url)}" alt=""{attributes(picture, eager=False)}>'
        f"{closing(picture)}"
    )
