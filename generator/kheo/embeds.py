"""Videos of other sites, known by their addresses: nothing is fetched from there."""

import re
from urllib.parse import parse_qs, quote, urlsplit

from msgspec import Struct

YOUTUBE, VIMEO, FACEBOOK = "www.youtube-nocookie.com", "player.vimeo.com", "www.facebook.com"
FRAME_HOSTS = (FACEBOOK, VIMEO, YOUTUBE)  # those whose frames `embeds: on` allows

_YOUTUBE_ID = r"([A-Za-z0-9_-]{11})"
_NUMBER = r"(\d{4,20})"
_SHORT = re.compile(rf"/{_YOUTUBE_ID}")
_ON_YOUTUBE = re.compile(rf"/(?:shorts|live|embed|v)/{_YOUTUBE_ID}")
_ON_VIMEO = re.compile(
    rf"/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?{_NUMBER}(?:/([0-9a-f]+))?"
)
_ON_FACEBOOK = re.compile(rf"/(?:[\w.-]+/videos/(?:[\w.%-]+/)?|reel/){_NUMBER}")


class VideoPage(Struct, frozen=True):
    """A video of another site. ``name`` is its name there, such as ``dQw4w9WgXcQ``; ``frame`` is the
    address of its player."""

    service: str
    name: str
    frame: str


def find_video(address: str) -> VideoPage | None:
    """Return the video of YouTube, Vimeo or Facebook at an address; ``None`` for any other address."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
        query = parse_qs(parts.query)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    path = parts.path.rstrip("/")
    asked = query.get("v", [""])[0]
    match host:
        case "youtube.com" | "youtu.be" | "youtube-nocookie.com":
            return _on_youtube(host, path, asked)
        case "vimeo.com" | "player.vimeo.com":
            return _on_vimeo(path)
        case "facebook.com" | "fb.watch":
            return _on_facebook(host, path, asked)
    return None


def _on_youtube(host: str, path: str, asked: str) -> VideoPage | None:
    if host == "youtu.be":
        found = _SHORT.fullmatch(path)
    elif path == "/watch":
        found = re.fullmatch(_YOUTUBE_ID, asked)
    else:
        found = _ON_YOUTUBE.fullmatch(path)
    if not found:
        return None
    return VideoPage("YouTube", found[1], f"https://{YOUTUBE}/embed/{found[1]}")


def _on_vimeo(path: str) -> VideoPage | None:
    found = _ON_VIMEO.fullmatch(path)
    if not found:
        return None
    secret = f"&h={found[2]}" if found[2] else ""  # of a video that is not listed
    return VideoPage("Vimeo", found[1], f"https://{VIMEO}/video/{found[1]}?dnt=1{secret}")


def _on_facebook(host: str, path: str, asked: str) -> VideoPage | None:
    if host == "fb.watch":
        found = re.fullmatch(r"/([\w-]{4,40})", path)
    elif path == "/watch":
        found = re.fullmatch(_NUMBER, asked)
    else:
        found = _ON_FACEBOOK.fullmatch(path)
    if not found:
        return None
    page = (
        f"https://{host}/{found[1]}/"
        if host == "fb.watch"
        else f"https://{FACEBOOK}/watch/?v={found[1]}"
    )
    frame = f"https://{FACEBOOK}/plugins/video.php?href={quote(page, safe='')}&show_text=false"
    return VideoPage("Facebook", found[1], frame)
