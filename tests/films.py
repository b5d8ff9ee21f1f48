"""Small videos, recordings, captions and PDF, as files' bytes. They say all that a program reads of them,
but have nothing to show: the tests in a browser use those of the sample site."""

import struct
from io import BytesIO

from pypdf import PdfWriter

ONE = 65_536
UPRIGHT, TURNED = (ONE, 0, 0, ONE), (0, ONE, -ONE, 0)
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nXin chào.\n"


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def track(
    handler: bytes, width: int = 0, height: int = 0, matrix: tuple[int, ...] = UPRIGHT
) -> bytes:
    a, b, c, d = matrix
    numbers = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    head = bytes(40) + numbers + struct.pack(">II", width * ONE, height * ONE)
    return box(
        b"trak", box(b"tkhd", head), box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(13)))
    )


def mp4(
    width: int = 640, height: int = 360, sound: bool = True, turned: bool = False, more: bytes = b""
) -> bytes:
    tracks = track(b"vide", width, height, TURNED if turned else UPRIGHT) if width else b""
    return movie(tracks, track(b"soun") if sound else b"", more=more)


def movie(*tracks: bytes, seconds: int = 75, more: bytes = b"") -> bytes:
    head = bytes(12) + struct.pack(">II", 1000, seconds * 1000) + bytes(80)
    return (
        box(b"ftyp", b"isom", bytes(4))
        + box(b"moov", box(b"mvhd", head), *tracks)
        + box(b"mdat", more or b"x")
    )


def m4a(seconds: int = 75) -> bytes:
    return movie(track(b"soun"), seconds=seconds)


def element(name: int, *content: bytes) -> bytes:
    body = b"".join(content)
    size = (len(body) | 1 << 28).to_bytes(4, "big")  # always in four bytes
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + size + body


def number(name: int, value: int) -> bytes:
    return element(name, value.to_bytes(4, "big"))


def webm(width: int = 640, height: int = 360, sound: bool = True, *more: bytes) -> bytes:
    video = element(0xE0, number(0xB0, width), number(0xBA, height), *more)
    tracks = [element(0xAE, number(0x83, 1), video)] if width else []
    tracks += [element(0xAE, number(0x83, 2))] if sound else []
    head = element(0x1A45DFA3, element(0x4282, b"webm"))
    return head + element(0x18538067, element(0x1654AE6B, *tracks), element(0x1F43B675, b"x"))


def mp3(frames: int = 115) -> bytes:
    """Silence: frames of 26 ms each, of 128 kbit/s at 44.1 kHz (MPEG 1, layer III)."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def pdf(pages: int = 2, title: str = "") -> bytes:
    """A PDF of empty pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if title:
        writer.add_metadata({"/Title": title})
    file = BytesIO()
    writer.write(file)
    return file.getvalue()
