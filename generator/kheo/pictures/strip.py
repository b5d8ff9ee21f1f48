"""Remove metadata from a picture's own bytes: place, camera, author, thumbnails.

Nothing is decoded: parts of the file are kept or left out, and unknown parts are left out.
"""

from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNK_NAMES = b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT"
_PNG_CHUNKS = frozenset(_PNG_CHUNK_NAMES.split())
_WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
_WEBP_METADATA_FLAGS = 0b1100  # of VP8X: Exif, XMP
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
# JPEG: markers without a length, and the application segments that are kept.
_ALONE = {0x01, *range(0xD0, 0xD8)}
_SOI, _EOI, _SOS, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_APPLICATION = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}


def strip_metadata(data: bytes, kind: str, orientation: int = 1) -> bytes:
    """Return ``data`` without metadata, except for what its colours and its orientation need.

    ``kind`` is JPEG, PNG, GIF or WEBP. Raises ValueError or IndexError if the file is damaged.
    """
    if kind == "JPEG":
        return b"".join(_jpeg_parts(data, orientation))
    if kind == "PNG":
        return b"".join(_png_parts(data))
    if kind == "WEBP":
        body = b"".join(_webp_parts(data))
        return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body
    return b"".join(_gif_parts(data))


def _jpeg_parts(data: bytes, orientation: int) -> Iterator[bytes]:
    """Yield the segments up to the end of the first picture; phones write others after it."""
    yield data[:2]
    if orientation in range(2, 9):
        yield _orientation_segment(orientation)
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError(f"no marker at {at}")
        marker = data[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
        elif marker == _EOI:
            yield data[at : at + 2]
            return
        elif marker in _ALONE:
            yield data[at : at + 2]
            at += 2
        else:
            end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
            if marker == _SOS:
                end = _scan_end(data, end)
            if _is_kept(marker, data[at + 4 : at + 16]):
                yield data[at:end]
            at = end


def _is_kept(marker: int, start: bytes) -> bool:
    if marker in range(0xE0, 0xF0):
        return marker in _APPLICATION and start.startswith(_APPLICATION[marker])
    return marker != _COMMENT


def _scan_end(data: bytes, at: int) -> int:
    """Return where the next marker is after compressed data, in which 0 or RSTn follows each 0xFF."""
    while (at := data.find(b"\xff", at)) >= 0:
        if data[at + 1] != 0 and data[at + 1] not in _ALONE:
            return at
        at += 2
    return len(data)  # where the caller finds no marker


def _orientation_segment(orientation: int) -> bytes:
    """Make Exif with one entry (TIFF 6.0: big-endian, one directory, tag 0x0112 as a SHORT)."""
    entry = bytes.fromhex("0112 0003 00000001") + orientation.to_bytes(2, "big") + bytes(2)
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + bytes(4)
    return b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif


def _png_parts(data: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while True:
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        kind = data[at + 4 : at + 8]
        if end > len(data):
            raise ValueError(f"the chunk at {at} is cut off")
        if kind in _PNG_CHUNKS:
            yield data[at:end]
        if kind == b"IEND":
            return
        at = end


def _webp_parts(data: bytes) -> Iterator[bytes]:
    at, whole = 12, min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while at + 8 <= whole:
        kind = data[at : at + 4]
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = data[at : at + 8 + size + size % 2]
        if kind == b"VP8X":
            flags = chunk[8] & ~_WEBP_METADATA_FLAGS
            yield chunk[:8] + bytes([flags]) + chunk[9:]
        elif kind in _WEBP_CHUNKS:
            yield chunk
        at += len(chunk)


def _gif_parts(data: bytes) -> Iterator[bytes]:
    at = 13 + _table_size(data[10])
    yield data[:at]
    while data[at] != 0x3B:
        if data[at] == 0x21:
            end = _blocks_end(data, at + 2)
            is_loop = data[at + 1] == 0xFF and data[at + 3 : at + 14] in _GIF_LOOPS
            if data[at + 1] == 0xF9 or is_loop:
                yield data[at:end]
        elif data[at] == 0x2C:
            end = _blocks_end(data, at + 11 + _table_size(data[at + 9]))
            yield data[at:end]
        else:
            raise ValueError(f"no block at {at}")
        at = end
    yield b";"


def _table_size(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1
