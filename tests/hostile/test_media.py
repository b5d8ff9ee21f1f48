"""Videos, recordings, captions and PDF that are bombs, broken, or something else."""

import random
import struct
import time
import zlib
from collections.abc import Callable

import pytest
from films import ONE, VTT, box, element, m4a, movie, mp3, mp4, number, pdf, track, webm
from harmless import build, told
from support import Site, article, picture

NOISE = random.Random(7).randbytes
GOOD, BROKEN, OTHER, LINES = [], ["media-broken"], ["file-content"], ["captions-broken", "captions-line"]  # fmt: skip
NESTED = box(b"moov", box(b"mvhd", bytes(108)), *[box(b"trak")] * 20_000)
STREAM = zlib.compress(bytes(10**8))
BOMB = b"%%PDF-1.7\n1 0 obj <</Type/ObjStm/N 9/First 9/Filter/FlateDecode/Length %d>> stream\n%s\nendstream endobj\n"
LOOP = b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>> endobj\ntrailer <</Root 1 0 R>>"


def head(size: int, kind: bytes = b"mdat") -> bytes:
    return struct.pack(">I", size) + kind


# name: file name, content, messages
FILES: dict[str, tuple[str, Callable[[], bytes], list[str]]] = {
    "MP4 cut off": ("x.mp4", lambda: mp4()[:-1], BROKEN),
    "MP4 of noise": ("x.mp4", lambda: b"\0\0\0\x18ftypisom" + NOISE(9000), BROKEN),
    "MP4 of nothing but a head": ("x.mp4", lambda: b"\0\0\0\x08ftyp", BROKEN),
    "MP4 with a box of 2 GB": ("x.mp4", lambda: mp4() + head(2**31 - 1), BROKEN),
    "MP4 with a box of 16 EB": ("x.mp4", lambda: mp4() + head(1) + b"\xff" * 8, BROKEN),
    "MP4 with a box of no length": ("x.mp4", lambda: mp4() + head(4) + bytes(90), BROKEN),
    "MP4 of 20,000 tracks": ("x.mp4", lambda: box(b"ftyp", b"isom") + NESTED, BROKEN),
    "MP4 as large as a wall": ("x.mp4", lambda: mp4(60_000, 60_000), BROKEN),
    "MP4 of no size": ("x.mp4", lambda: movie(track(b"vide")), BROKEN),
    "MP4 turned by an odd angle": (
        "x.mp4", lambda: movie(track(b"vide", 64, 36, (1, 2, 3, ONE))), GOOD
    ),
    "MP4 of endless length": ("x.m4a", lambda: m4a(10**6), BROKEN),
    "page named as a video": ("x.mp4", lambda: b"<html><script>alert(1)</script>", OTHER),
    "WebM named as MP4": ("x.mp4", webm, OTHER),
    "WebM cut off": ("x.webm", lambda: webm()[:-1], BROKEN),
    "WebM of noise": ("x.webm", lambda: b"\x1a\x45\xdf\xa3" + NOISE(9000), BROKEN),
    "WebM with numbers of no length": ("x.webm", lambda: b"\x1a\x45\xdf\xa3" + bytes(9000), BROKEN),
    "Matroska named as WebM": ("x.webm", lambda: webm().replace(b"webm", b"mkva"), OTHER),
    "WebM whose picture is turned by infinity": (
        "x.webm",
        lambda: webm(64, 36, False, element(0x7670, element(0x7675, struct.pack(">f", float("inf"))))),
        GOOD,
    ),
    "WebM of 20,000 elements": (
        "x.webm", lambda: webm(64, 36, False, *[number(0xEC, 0)] * 20_000), BROKEN
    ),
    "MP3 of noise": ("x.mp3", lambda: b"ID3" + NOISE(9000), BROKEN),
    "MP3 of NULs": ("x.mp3", lambda: b"\xff\xfb" + bytes(2_000_000), BROKEN),
    "Ogg of noise": ("x.ogg", lambda: b"OggS" + NOISE(9000), BROKEN),
    "picture named as a recording": ("x.mp3", picture, OTHER),
    "PDF of noise": ("x.pdf", lambda: b"%PDF-1.7\n" + NOISE(9000), BROKEN),
    "PDF that unpacks to 100 MB": ("x.pdf", lambda: BOMB % (len(STREAM), STREAM), BROKEN),
    "PDF whose pages are themselves": ("x.pdf", lambda: LOOP, BROKEN),
    "PDF whose title is a script": ("x.pdf", lambda: pdf(1, "<script>alert(1)</script>\0\x1b[2J"), GOOD),
    "SubRip named as captions": ("x.vtt", lambda: b"1\n00:00:01,000 --> 00:00:02,000\nA\n", LINES),
    "captions in UTF-16": ("x.vtt", lambda: VTT.encode("utf-16"), LINES),
    "captions of 2 MB": ("x.vtt", lambda: b"WEBVTT\n\n" + b"a" * 2_000_000, LINES),
    "captions without an end": ("x.vtt", lambda: b"WEBVTT\n\n00:01.000 -->", LINES),
    "captions of arrows": (
        "x.vtt", lambda: b"WEBVTT\n\n" + b"00:01.000 --> 00:02.000\n" * 5000, LINES + LINES[1:] * 19
    ),
    "captions with a script": (
        "x.vtt", f"{VTT}\n00:03.000 --> 00:04.000\n<script>alert(1)</script>\n".encode, GOOD
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {name: make() for name, (_, make, _) in FILES.items()}


def test_files_that_are_shown(made: dict[str, bytes], site: Site) -> None:
    """Each file has its own folder, with the report that shows it. A bad one is reported there, and all
    other reports are published."""
    expected = {}
    for place, (name, (file, _, codes)) in enumerate(FILES.items()):
        folder = f"articles/{place:02}"
        site.write(f"{folder}/{file}", made[name])
        body = f"\n![]({file})" if file.endswith(".pdf") else f"\n![Xem]({file})"
        if file.endswith(".vtt"):
            site.write(f"{folder}/x.webm", webm(sound=False))
            body = '\n<video src="x.webm" controls><track src="x.vtt"></video>'
        site.write(f"{folder}/a.md", article(f"Bài {place}", body))
        expected[name] = codes
    start = time.monotonic()
    report = build(site, keep_going=True)
    assert time.monotonic() - start < 60
    found = {
        name: [
            d.code
            for d in report.found
            if d.place.path.startswith(f"articles/{place:02}/")
            and d.code not in {"media-without-text", "video-without-captions"}
        ]
        for place, name in enumerate(FILES)
    }
    assert found == expected
    pages = " ".join(site.tree())
    for place, name in enumerate(FILES):
        assert (f"/bai-{place}/" in pages) == (not expected[name]), name


def test_a_bad_file_stops_a_build(made: dict[str, bytes], site: Site) -> None:
    site.write("articles/x.mp4", made["MP4 of noise"])
    site.write("articles/a.md", article(body="\n![Xem](x.mp4)"))
    assert told(build(site)) == ["articles/a.md:8:8 media-broken"]


def test_every_end_of_a_file_is_read_or_refused() -> None:
    """Files cut off anywhere: none ends in a traceback."""
    from io import BytesIO

    from kheo.media.examine import examine

    for name, data in {"x.mp4": mp4(), "x.webm": webm(), "x.m4a": m4a(), "x.mp3": mp3(9)}.items():
        for end in range(0, len(data), max(1, len(data) // 200)):
            assert examine(BytesIO(data[:end]), name)
