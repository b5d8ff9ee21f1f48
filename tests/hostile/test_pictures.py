"""Picture files that are bombs, broken, something else, or carry what acts."""

import struct
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from xml.etree import ElementTree

import pytest
from harmless import build, told
from PIL import Image, PngImagePlugin
from support import Site, article, picture

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"'
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(20))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes) -> bytes:
    """A small file that says it is of this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(more) + body + chunk(b"IEND", b"")


def frames(count: int) -> bytes:
    """A GIF whose third frame is all that follow: so it is made in no time."""

    def animation(length: int) -> bytes:
        file = BytesIO()
        first, *others = (Image.new("P", (2000, 2000), number % 2) for number in range(length))
        first.save(file, "GIF", save_all=True, append_images=others)
        return file.getvalue()

    start, end = animation(2)[:-1], b";"
    third = animation(3).removeprefix(start).removesuffix(end)
    return start + third * (count - 2) + end


def speaking() -> bytes:
    """A PNG whose texts are HTML."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "<script>alert(1)</script>")
    texts.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta><script>alert(1)</script></x:xmpmeta>")
    return picture(pnginfo=texts)


def polyglot() -> bytes:
    """A GIF that is a script too, and a page behind its end."""
    return picture(9, 9, "GIF") + b"/*<html><script>alert(1)</script>*/=1;"


BROKEN, LARGE, GOOD = "image-broken", "image-too-large", ""
# name: file name, what is in it, what is said
FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "PNG of 900 million pixels": ("x.png", lambda: png(30_000, 30_000), LARGE),
    "PNG as wide as can be": ("x.png", lambda: png(2**31 - 1, 1), LARGE),
    "PNG of no width": ("x.png", lambda: png(0, 10), BROKEN),
    "PNG with a text that unpacks to 100 MB": (
        "x.png",
        lambda: png(9, 9, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(10**8)))),
        BROKEN,
    ),
    # 120 million pixels, 4 in each frame: published as it is.
    "GIF of many frames": ("x.gif", lambda: frames(30), GOOD),
    "GIF of very many frames": ("x.gif", lambda: frames(260), "animation-too-long"),
    "JPEG cut off": ("x.jpg", lambda: picture(kind="JPEG")[:900], BROKEN),
    "PNG cut off": ("x.png", lambda: picture()[:300], BROKEN),
    "WebP cut off": ("x.webp", lambda: picture(kind="WEBP")[:200], BROKEN),
    "nothing in it": ("x.png", lambda: b"", BROKEN),
    "NULs": ("x.png", lambda: bytes(10_000), BROKEN),
    "a page named as a picture": ("x.png", lambda: b"<html><script>alert(1)</script>", BROKEN),
    "a page named as a drawing": ("x.svg", lambda: b"<html><script>alert(1)</script>", BROKEN),
    "a PDF named as a picture": ("x.jpg", lambda: b"%PDF-1.7\n/JS (app.alert(1))", BROKEN),
    "a BMP": ("x.jpg", lambda: picture(kind="BMP"), BROKEN),
    "a TIFF": ("x.png", lambda: picture(kind="TIFF"), BROKEN),
    "an EPS, which runs a program": ("x.png", lambda: picture(kind="EPS"), BROKEN),
    "a JPEG named as PNG": ("x.png", lambda: picture(kind="JPEG"), GOOD),
    "a PNG named as drawing": ("x.svg", picture, GOOD),
    "texts of a PNG": ("x.png", speaking, GOOD),
    "a picture that is a script": ("x.gif", polyglot, GOOD),
    "drawing with a script": ("x.svg", lambda: svg("<script>alert(1)</script>"), GOOD),
    "drawing with a script in a namespace": (
        "x.svg",
        lambda: svg('<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>'),
        GOOD,
    ),
    "drawing with an event": ("x.svg", lambda: svg("", ' onload="alert(1)"'), GOOD),
    "drawing with a page": (
        "x.svg",
        lambda: svg(
            '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(1)"/></foreignObject>'
        ),
        GOOD,
    ),
    "drawing with a link that runs": (
        "x.svg",
        lambda: svg('<a xlink:href="javascript:alert(1)"><text>x</text></a>'),
        GOOD,
    ),
    "drawing that sets what runs": (
        "x.svg",
        lambda: svg('<set attributeName="onmouseover" to="alert(1)"/><animate attributeName="href"/>'),
        GOOD,
    ),
    "drawing that fetches": (
        "x.svg",
        lambda: svg(
            '<image href="//evil.example/x.png"/><use href="//evil.example/x.svg#a"/>'
            '<style>@import "//evil.example/x.css"</style><rect fill="url(//evil.example/#a)"/>'
        ),
        GOOD,
    ),
    "drawing whose style sheet acts": (
        "x.svg",
        lambda: b'<?xml-stylesheet href="//evil.example/x.xsl"?>' + svg(""),
        GOOD,
    ),
    "drawing that reads a file": (
        "x.svg",
        lambda: b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("<text>&x;</text>"),
        BROKEN,
    ),
    "drawing of a billion laughs": (
        "x.svg",
        lambda: f"<!DOCTYPE svg [{ENTITIES}]>".encode() + svg("<text>&a19;</text>"),
        BROKEN,
    ),
    "drawing that asks for a DTD": (
        "x.svg",
        lambda: b'<!DOCTYPE svg SYSTEM "//evil.example/x.dtd">' + svg(""),
        GOOD,
    ),
    "drawing nested 100,000 deep": (
        "x.svg",
        lambda: svg("<g>" * 100_000 + "</g>" * 100_000),
        BROKEN,
    ),
    "drawing of 100,000 shapes": ("x.svg", lambda: svg("<path/>" * 100_000), BROKEN),
    "drawing that is no XML": ("x.svg", lambda: svg("<rect <<>"), BROKEN),
}  # fmt: skip


def svg(inner: str, attributes: str = "") -> bytes:
    return f"{HEAD}{attributes}>{inner}<circle r='4'/></svg>".encode()


PLACES = {"body": ("8:8", "![xem]({})"), "link": ("8:7", "[xem]({})"), "cover": ("5:1", "x")}


@cache
def made(name: str) -> bytes:
    return FILES[name][1]()


@pytest.mark.parametrize("where", PLACES)
def test_picture_files(where: str, site: Site) -> None:
    """Each picture has its own folder, with the report that shows it. A bad one is reported where it is
    used, and all others are published."""
    place, body = PLACES[where]
    expected = {}
    for number, (name, (file, _, code)) in enumerate(FILES.items()):
        folder = f"articles/{number:02}"
        site.write(f"{folder}/{file}", made(name))
        keys = {"image": file, "image_alt": "x"} if where == "cover" else {}
        text = article(f"Bài {number}", "\n" + body.format(file), **keys)
        site.write(f"{folder}/a.md", text)
        expected[name] = [f"{folder}/a.md:{place} {code}"] if code else []
    report = build(site, keep_going=True)
    found = {
        name: [line for line in told(report) if line.startswith(f"articles/{number:02}/")]
        for number, name in enumerate(FILES)
    }
    assert found == expected
    assert len(told(report)) == len(report.left_out)
    pages = " ".join(site.tree())
    for number, name in enumerate(FILES):
        assert (f"/bai-{number}/" in pages) == (not expected[name]), name
    assert check_published(site) >= 10


@pytest.mark.parametrize("where", PLACES)
def test_a_bad_picture_file_stops_a_build(where: str, site: Site) -> None:
    place, body = PLACES[where]
    site.write("articles/x.png", made("nothing in it"))
    keys = {"image": "x.png", "image_alt": "x"} if where == "cover" else {}
    site.write("articles/a.md", article(body="\n" + body.format("x.png"), **keys))
    assert told(build(site)) == [f"articles/a.md:{place} {BROKEN}"]


def check_published(site: Site) -> int:
    """No published picture has anything that acts, fetches, or was hidden in it; how many there are."""
    count = 0
    for path, data in site.tree().items():
        if path.startswith("assets/images/") or path.endswith((".png", ".jpg", ".gif", ".svg")):
            count += 1
            for bad in (b"alert", b"evil.example", b"script", b"/etc/passwd"):
                assert bad not in data, path
            if data.lstrip().startswith(b"<"):
                assert ElementTree.fromstring(data).tag.endswith("}svg")
            else:
                with Image.open(BytesIO(data)) as image:
                    image.load()
    return count
