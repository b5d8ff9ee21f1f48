"""Damaged pictures and texts, in workers as in a build: an error that names the file, or a result; never a
traceback, and memory within its limit.

The short run belongs to the suite; ``python -m pytest -n 0 -s tests/hostile/test_fuzz_files.py --many`` takes ten
minutes for pictures, for front matter and for Markdown, and prints what came of them.
"""

import itertools
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image
from support import ROOT, article, picture
from test_fuzz import MARKS, OPTIONS, source_of

from kheo.diagnostics import BrokenFile
from kheo.pictures.develop import develop, load_upright
from kheo.pictures.measure import measure
from kheo.pictures.recipes import Cleaned, Cropped, Scaled, share_size, webp_widths
from kheo.pictures.recipes import height_at as height_of
from kheo.read.documents import parse_source
from kheo.read.sources import FailedSource
from kheo.stages.limits import MEMORY
from kheo.stages.picture_tasks import made_or_broken
from kheo.stages.workers import Failure, Workers

MINUTES = 10.0  # of pictures, of front matter and of Markdown, with --many
FEW = 120  # of each kind, without
CHUNK = 40
Answer = list[tuple[str, int]]  # what came of each, and the memory of the worker in bytes
INTERESTING = (b"\0", b"\xff", b"\x7f", b"\x80", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xd9", b"\xff\xd8")  # fmt: skip


def moving(kind: str, frames: int = 3) -> bytes:
    file = BytesIO()
    images = [Image.new("RGB", (20, 16), (number * 60, 9, 9)) for number in range(frames)]
    images[0].save(file, kind, save_all=True, append_images=images[1:], duration=50)
    return file.getvalue()


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "a text" * 20
    return picture(40, 30, "JPEG", exif=exif)


def profiled() -> bytes:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return picture(40, 30, "JPEG", icc_profile=profile)


CORPUS: dict[str, Callable[[], list[bytes]]] = {
    "JPEG": lambda: [
        picture(40, 30, "JPEG"), picture(40, 30, "JPEG", progressive=True), picture(40, 30, "JPEG", "L"),
        picture(40, 30, "JPEG", "CMYK"), turned(), profiled(),
    ],
    "PNG": lambda: [
        picture(40, 30), picture(40, 30, mode="L"), picture(40, 30, mode="P"), picture(40, 30, mode="RGBA"),
        picture(40, 30, mode="1"), picture(40, 30, mode="I;16") if hasattr(Image, "I16") else picture(9, 9), moving("PNG"),
    ],
    "GIF": lambda: [picture(40, 30, "GIF"), moving("GIF"), moving("GIF", 12)],
    "WebP": lambda: [
        picture(40, 30, "WEBP"), picture(40, 30, "WEBP", lossless=True), picture(40, 30, "WEBP", "RGBA"), moving("WEBP"),
    ],
    "SVG": lambda: [
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="9"/><text>a&amp;b</text></svg>',
        b'<?xml version="1.0"?><!-- a --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><defs>'
        b'<linearGradient id="a"/></defs><use href="#a" style="fill:url(#a)"/><path d="M0 0L9 9"/></svg>',
    ],
}  # fmt: skip


def mutated(good: list[bytes], chance: random.Random) -> Iterator[bytes]:
    """Yield damaged copies without end."""
    while True:
        data = bytearray(chance.choice(good))
        for _ in range(chance.choice((1, 1, 2, 4, 16))):
            at, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
            match chance.randrange(7):
                case 0 if data:
                    data[min(at, len(data) - 1)] ^= 1 << chance.randrange(8)
                case 1:
                    data[at:at] = chance.choice(INTERESTING)
                case 2:
                    value = chance.choice(INTERESTING)
                    data[at : at + len(value)] = value
                case 3:
                    del data[at : min(end, at + 64)]
                case 4:
                    data[at:at] = data[at : min(end, at + 256)] * chance.choice((1, 2, 50))
                case 5:
                    other = chance.choice(good)
                    data[at:] = other[chance.randrange(len(other)) :]
                case _:
                    del data[at:]
            if not data:
                break
        yield bytes(data)


def process_pictures(job: object, chunk: list[bytes]) -> Answer:
    return [(named(data, _process), _memory()) for data in chunk]


def named(data: bytes, process: Callable[[bytes], str]) -> str:
    """Process data; an error says which it was."""
    try:
        return process(data)
    except BaseException as error:
        error.add_note(repr(data))
        raise


def _process(data: bytes) -> str:
    """Measure a picture and make what a build would make of it."""
    file = measure(data, "d")
    if isinstance(file, BrokenFile):
        return file.code
    image = None if file.format == "SVG" else load_upright(data)
    recipes = [Cleaned("d")]
    if image is not None:
        width, height = share_size(file)
        recipes += [Scaled("d", "WEBP", one, height_of(one, file)) for one in webp_widths(file)]
        recipes += [Scaled("d", file.format, file.width, file.height), Cropped("d", width, height)]
    made = [made_or_broken(lambda one=one: develop(one, data, image)) for one in recipes]
    return "broken later" if None in made else file.format


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def process_sources(job: object, chunk: list[bytes]) -> Answer:
    return [(named(data, _parse), _memory()) for data in chunk]


def _parse(data: bytes) -> str:
    parsed = parse_source(source_of(data), OPTIONS)
    found = parsed.found if isinstance(parsed, FailedSource) else parsed.warnings
    assert all(one.message for one in found)
    return "refused" if isinstance(parsed, FailedSource) else "parsed"


def process_bodies(job: object, chunk: list[bytes]) -> Answer:
    head = article().encode()
    return [(named(head + data, _parse), _memory()) for data in chunk]


def give_up(data: bytes, failure: Failure) -> Answer:
    return [(f"{failure.reason}: {data[:40]!r}", 0)]


def fuzz(
    request: pytest.FixtureRequest,
    good: list[bytes],
    function: Callable[..., Answer],
    minutes: float = MINUTES,
) -> Counter[str]:
    """Process damaged copies in a worker; return how often what came of them."""
    is_long = request.config.getoption("--many")
    end = time.monotonic() + minutes * 60
    chance = random.Random(None if is_long else 1)
    inputs = mutated(good, chance)
    count = itertools.count() if is_long else range(FEW)
    items = (
        next(inputs)
        for _ in itertools.takewhile(lambda _: not is_long or time.monotonic() < end, count)
    )
    came: Counter[str] = Counter()
    largest = 0
    with Workers(1) as workers:
        for answer in workers.run(function, None, items, 1, CHUNK, give_up=give_up):
            came.update(what for what, _ in answer)
            largest = max([largest, *(memory for _, memory in answer)])
    print(f"{sum(came.values())} inputs, {largest >> 20} MB at most: {dict(came)}")
    assert largest < MEMORY
    return came


@pytest.mark.parametrize("kind", CORPUS)
def test_pictures(kind: str, request: pytest.FixtureRequest) -> None:
    came = fuzz(request, CORPUS[kind](), process_pictures, MINUTES / len(CORPUS))
    assert came["image-broken"]


def test_front_matter(request: pytest.FixtureRequest) -> None:
    good = [
        article().encode(),
        article(author="[A, B]", attachments="[{file: a.pdf, title: A}]", aliases="/a/").encode(),
        article(summary="|\n  a\n  b", corrections="\n- {date: 2020-01-01, text: 'x'}", draft="true").encode(),
        article(title='"a\\u00e1 \\"b\\""', image="a.png", image_alt="x", weight="3").encode(),
    ]  # fmt: skip
    came = fuzz(request, good, process_sources)
    assert set(came) == {"refused", "parsed"}


def test_markdown(request: pytest.FixtureRequest) -> None:
    """Parts of the guide for editors, which uses all that there is; its front matter stays whole."""
    guide = (ROOT / "docs/writing.md").read_text(encoding="utf-8")
    sections = [one.encode() for one in re.split(r"^(?=#)", guide, flags=re.MULTILINE) if one]
    marks = "".join(random.Random(1).choices(MARKS, k=300)).encode()
    came = fuzz(request, [*sections, marks], process_bodies)
    assert came["parsed"]
