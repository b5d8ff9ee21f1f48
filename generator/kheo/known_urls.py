"""The URLs of a site as its manifest lists them, so that a later build sees which of them are lost.

Pagers and the archive are left out: their pages come and go with the number of reports.
"""

from collections.abc import Iterable

from msgspec import Struct

HEAD = "# kheo-urls 1\n"  # with the version of the format
TERM, ALIAS = "term", "alias"


class KnownUrl(Struct, frozen=True, array_like=True, gc=False, order=True):
    """One URL, site-relative.

    ``source`` is the path of its source, or ``category: A > B``. ``mark`` is the beginning of the
    digest of a report's body, or says what else it is: ``term`` or ``alias``.
    """

    url: str
    source: str
    mark: str
    title: str

    @property
    def is_page(self) -> bool:
        """Return whether it is the URL of a report or a standing page."""
        return self.mark not in {TERM, ALIAS}


class PublishedSite(Struct, frozen=True):
    """A published site by its manifest: the SHA-256 of each file, by path, and the lines with URLs."""

    files: dict[str, str]
    urls: bytes = b""


def encode_urls(urls: Iterable[KnownUrl]) -> bytes:
    """Return the lines of a manifest: comments, which ``sha256sum -c`` skips. Sorted by URL."""
    lines = sorted(f"# {one.url}\t{one.source}\t{one.mark}\t{one.title}\n" for one in urls)
    return "".join((HEAD, *lines)).encode()


def decode_lines(lines: Iterable[str]) -> list[KnownUrl]:
    """Return the URLs in lines of a manifest. Lines without a URL are skipped."""
    parts = (line.removeprefix("# ").split("\t") for line in lines if line.startswith("# /"))
    return [KnownUrl(*one) for one in parts if len(one) == 4]


def urls_in(manifest: bytes) -> bytes:
    """Return the part of a manifest that lists URLs; empty if it has none, or in another format."""
    at = manifest.find(HEAD.encode())
    return manifest[at:] if at >= 0 else b""


def only_urls(urls: bytes) -> list[str]:
    """Return the URLs alone, from the part of a manifest that lists them."""
    return [one.url for one in decode_lines(urls.decode(errors="replace").split("\n"))]


def with_marks(urls: bytes, marks: dict[str, str]) -> bytes:
    """Return the lines with other marks for the pages of some sources."""
    text = urls.decode()
    for source, mark in marks.items():
        # Most lines stay, so they are not split. Aliases have the same source: `/a/\tx.md\talias\tA`.
        key, at = f"\t{source}\t", 0
        while (at := text.find(key, at)) >= 0:
            at += len(key)
            end = text.index("\t", at)
            if text[at:end] not in {TERM, ALIAS}:
                text = text[:at] + mark + text[end:]
    return text.encode()
