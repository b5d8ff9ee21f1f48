"""Pictures of a whole site: what is published, what pages show of them, what an edit changes."""

import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from msgspec import structs
from PIL import Image
from support import Site, article, picture, told

A = "articles/2026/a.md"
PAGE = "tin-tuc/bai-mot/index.html"


def images(site: Site) -> list[str]:
    return [path for path in site.tree() if path.startswith("assets/images/")]


def opened(site: Site, path: str) -> Image.Image:
    image = Image.open(BytesIO(site.tree()[path.lstrip("/")]))
    image.load()
    return image


def later(file: Path) -> None:
    """Two writes within one tick of the file system's clock would look like none."""
    status = file.stat()
    os.utime(file, ns=(0, status.st_mtime_ns + 5_000_000))


def test_a_picture_is_published_in_a_few_widths(site: Site) -> None:
    site.write("articles/2026/lua.jpg", picture(1100, 660, "JPEG"))
    site.write(A, article(body='Một.\n\n![Lúa](lua.jpg "Mùa gặt")\n\n![Lúa](lua.jpg)'))
    assert told(site.build()) == []
    page = site.read(PAGE)
    found = re.findall(
        r'<figure><a href="/assets/images/[0-9a-f]{16}-1100.webp"><picture>'
        r'<source type="image/webp" srcset="([^"]+)" sizes="[^"]+">'
        r'<img alt="Lúa" src="(/assets/images/[0-9a-f]{16}-1100.jpg)" width="1100" height="660" '
        r'(fetchpriority="high"|loading="lazy") decoding="async"></picture></a>',
        page,
    )
    assert [one[2] for one in found] == ['fetchpriority="high"', 'loading="lazy"']
    assert len(images(site)) == 5
    srcset, fallback, _ = found[0]
    assert opened(site, fallback).format == "JPEG"
    for candidate in srcset.split(", "):
        address, width = candidate.split()
        image = opened(site, address)
        assert (image.format, f"{image.width}w") == ("WEBP", width)
        assert image.height == round(image.width * 0.6)
    assert "tin-tuc/bai-mot/lua.jpg" not in site.tree()


def test_the_front_matter_s_picture_is_on_cards_head_and_open_graph(site: Site) -> None:
    site.write("articles/2026/lua.png", picture(1300, 1300, "PNG"))
    body = "![Lúa](lua.png)\n\n<!-- page -->\n\n![Lúa](lua.png)"
    site.write(A, article(body=body, image="lua.png", image_alt="Ruộng lúa"))
    assert told(site.build()) == []
    page = site.read(PAGE)
    share = re.search(r'og:image" content="https://lang.example(/assets/images/[^"]+)"', page)
    assert share
    assert opened(site, share[1]).size == (1200, 630)
    assert opened(site, share[1]).format == "JPEG"
    for property_, content in (("width", "1200"), ("height", "630"), ("alt", "Ruộng lúa")):
        assert f'<meta property="og:image:{property_}" content="{content}">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert page.count("fetchpriority") == 1  # the lead picture; the text's come later
    assert re.search(r'class="cover"><picture>.*alt="Ruộng lúa".*fetchpriority="high"', page)
    assert site.read("tin-tuc/bai-mot/trang/2/index.html").count("fetchpriority") == 1
    for path in ("index.html", "tin-tuc/index.html"):
        card = site.read(path)
        assert re.search(r'class="picture".*srcset="/assets/images/.*width="1280"', card), path


def gps() -> Image.Exif:
    tags = Image.Exif()
    tags[0x010F] = "SecretCamera"
    tags.get_ifd(0x8825).update({1: "N", 2: (13.0, 59.0, 0.0)})
    return tags


def test_no_metadata_reach_the_public(site: Site) -> None:
    data = picture(700, 500, "JPEG", exif=gps())
    assert b"SecretCamera" in data
    site.write("articles/2026/anh.JPG", data)
    site.write(
        A,
        article(
            body="![A](anh.JPG) [xem ảnh lớn](anh.JPG)",
            image="anh.JPG", image_alt="A", attachments="anh.JPG",
        ),
    )  # fmt: skip
    assert told(site.build()) == []
    tree = site.tree()
    assert not [path for path, published in tree.items() if b"Secret" in published]
    linked = tree["tin-tuc/bai-mot/anh.JPG"]
    assert opened(site, "tin-tuc/bai-mot/anh.JPG").size == (700, 500)
    size = f"{len(linked) / 1000:.1f}".replace(".", ",").replace(",0", "")
    assert f"(JPG, {size} KB)" in site.read(PAGE)


def test_a_file_without_metadata_is_published_as_it_is(site: Site) -> None:
    site.write("articles/2026/anh.png", picture())
    site.write(A, article(body="[xem](anh.png)"))
    assert told(site.build()) == []
    assert site.tree()["tin-tuc/bai-mot/anh.png"] == picture()
    assert images(site) == []


def test_what_is_wrong_is_told_where_it_is_shown(site: Site) -> None:
    site.write("articles/2026/hong.jpg", picture(kind="JPEG")[:600])
    site.write("articles/2026/chu.png", b"text")
    site.write("articles/2026/ve.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><g></svg>')
    site.write("articles/2026/khong-dung.jpg", b"nobody refers to it")
    body = "Một.\n\n![a](hong.jpg)\n\nHai ![b](chu.png)\n\n![c](ve.svg)\n\n[d](hong.jpg)"
    site.write(A, article(body=body, image="chu.png"))
    report = site.build()
    assert report.counts is None
    assert told(report) == [
        f"{A}:5:1: warning[cover-without-alt]: the lead picture has no alternative text",
        f"{A}:5:1: error[image-broken]: the picture “chu.png” cannot be published: it is not a JPEG, PNG, GIF, WebP or SVG file",
        f"{A}:10:6: error[image-broken]: the picture “hong.jpg” cannot be published: it is damaged or incomplete",
        f"{A}:12:10: error[image-broken]: the picture “chu.png” cannot be published: it is not a JPEG, PNG, GIF, WebP or SVG file",
        f"{A}:14:6: error[image-broken]: the picture “ve.svg” cannot be published: it is not a well-formed SVG file",
        f"{A}:16:5: error[image-broken]: the picture “hong.jpg” cannot be published: it is damaged or incomplete",
    ]  # fmt: skip


def test_a_bomb_is_told_and_what_is_mended_is_published(site: Site) -> None:
    file = site.write(
        "articles/2026/a.png", picture(10, 10)[:16] + b"\x7f\xff\xff\xff" * 2 + bytes(40)
    )
    site.write(A, article(body="![a](a.png)"))
    assert site.build().counts is None
    file.write_bytes(picture())
    assert told(site.build()) == []
    assert len(images(site)) == 3


def test_films_and_sounds_are_copied(site: Site) -> None:
    site.write("articles/2026/a.mp4", b"film")
    site.write("articles/2026/a.jpg", picture(kind="JPEG"))
    site.write(A, article(body='<video src="a.mp4" poster="a.jpg" controls></video>'))
    assert told(site.build()) == []
    assert site.tree()["tin-tuc/bai-mot/a.mp4"] == b"film"
    assert re.search(r'poster="/assets/images/[0-9a-f]{16}-400.jpg"', site.read(PAGE))


def test_drawings_are_published_without_what_acts(site: Site) -> None:
    site.write(
        "articles/2026/so-do.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" onload="alert(1)">'
        b"<script>alert(2)</script><rect width='40' height='20'/></svg>",
    )
    site.write(A, article(body="![Sơ đồ](so-do.svg)", image="so-do.svg", image_alt="Sơ đồ"))
    assert told(site.build()) == []
    (path,) = images(site)
    assert b"alert" not in site.tree()[path]
    assert f'src="/{path}" width="40" height="20"' in site.read(PAGE)
    assert "og:image" not in site.read(PAGE)


def test_share_cards_are_drawn_once_for_what_has_no_picture(site: Site) -> None:
    site.write(
        "site.yaml", site.options.content.joinpath("site.yaml").read_text() + "share_cards: true\n"
    )
    site.write("articles/2026/lua.jpg", picture(1300, 900, "JPEG"))
    site.write(A, article(body="Một.\n\n<!-- page -->\n\nHai."))
    site.write("articles/2026/b.md", article("Bài hai", image="lua.jpg", image_alt="Lúa"))
    site.write("pages/gioi-thieu.md", "---\ntitle: Giới thiệu\nkind: page\n---\n\nMột.\n")
    assert told(site.build()) == []
    cards = [path for path in images(site) if path.endswith("-card.png")]
    assert len(cards) == 2
    page = site.read(PAGE)
    card = re.search(
        r'og:image" content="https://lang.example/(assets/images/[0-9a-f]{16}-card.png)"', page
    )
    assert card
    assert card[1] in site.read("tin-tuc/bai-mot/trang/2/index.html")
    assert opened(site, card[1]).size == (1200, 630)
    assert '<meta property="og:image:alt" content="Bài một">' in page
    assert "-share.jpg" in site.read("tin-tuc/bai-hai/index.html")
    assert "-card.png" in site.read("gioi-thieu/index.html")
    edited = site.write(A, article("Bài một mới", slug="bai-mot"))
    later(edited)
    site.build()
    assert card[1] not in site.tree()
    assert clean(site) == site.tree()


def clean(site: Site) -> dict[str, bytes]:
    """The tree of a clean build of the same content."""
    other = Site(site.root / "clean")
    shutil.rmtree(other.root)
    other.options = structs.replace(
        other.options, content=site.options.content, templates=site.options.templates
    )
    other.build()
    return other.tree()


def written(site: Site, before: dict[str, bytes]) -> set[str]:
    return {path for path, data in site.tree().items() if before.get(path) != data} - {".kheo"}


def two_pictures(site: Site) -> Path:
    site.write("articles/2026/b.jpg", picture(500, 300, "JPEG"))
    site.write(A, article(body="![A](a.jpg)"))
    site.write("articles/2026/b.md", article("Bài hai", body="![B](b.jpg)", category="Đời sống"))
    return site.write("articles/2026/a.jpg", picture(400, 300, "JPEG"))


def test_an_edited_picture_changes_its_pages_only(site: Site) -> None:
    file = two_pictures(site)
    site.build()
    before = site.tree()
    file.write_bytes(picture(420, 300, "JPEG"))
    later(file)
    report = site.build()
    assert {path for path in written(site, before) if not path.startswith("assets/images/")} == {
        PAGE
    }
    assert report.counts and report.counts.removed == 3
    assert clean(site) == site.tree()
    kept = {file.name for file in (site.options.cache / "pictures").iterdir()}
    assert len(kept) == len(images(site))


def test_new_times_of_a_picture_change_nothing(site: Site) -> None:
    later(two_pictures(site))
    site.build()
    before = site.tree()
    later(site.options.content / "articles/2026/a.jpg")
    assert site.build().rendered == 0
    assert site.tree() == before


def test_a_lost_output_folder_needs_no_picture_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_pictures(site)
    site.build()
    before = site.tree()
    shutil.rmtree(site.options.output)
    monkeypatch.setattr("kheo.pictures.develop.develop", None)
    site.build()
    assert site.tree() == before


def test_a_torn_file_of_the_cache_is_made_again(site: Site) -> None:
    two_pictures(site)
    site.build()
    before = site.tree()
    for number, file in enumerate(sorted((site.options.cache / "pictures").iterdir())):
        data = file.read_bytes()
        file.write_bytes([data[:-1], b"", data[:20] + b"x" + data[21:]][number % 3])
    shutil.rmtree(site.options.output)
    site.build()
    assert site.tree() == before


def test_a_picture_that_leaves_the_text_leaves_the_site(site: Site) -> None:
    two_pictures(site)
    site.build()
    later(site.write(A, article()))
    site.build()
    assert len(images(site)) == 3  # of b.jpg: 320, 500, and the JPEG
    assert len(list((site.options.cache / "pictures").iterdir())) == 3


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_number_of_processes_changes_no_byte(site: Site, jobs: int) -> None:
    for number in range(12):
        kind = ("JPEG", "PNG", "WEBP", "GIF")[number % 4]
        site.write(f"articles/2026/{number}.jpg", picture(500 + number, 200, kind))
        name = f"{number}.jpg"
        body = f"![x]({name})"
        site.write(
            f"articles/2026/{number}.md", article(f"Bài {number}", body, image=name, image_alt="x")
        )
    assert told(site.build(jobs=1)) == []
    before = site.tree()
    assert len(images(site)) == 9 * 4 + 3 * 3  # a WebP is its own fallback
    shutil.rmtree(site.options.output)
    shutil.rmtree(site.options.cache)
    site.build(jobs=jobs)
    assert site.tree() == before


def test_pictures_are_made_by_whatever_executor_is_given(site: Site) -> None:
    from kheo.pipeline import build
    from kheo.stages.results import Run

    two_pictures(site)
    asked = []

    class Counting(ThreadPoolExecutor):
        def submit(self, function, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            asked.append(function.__name__)
            return super().submit(function, *args, **kwargs)

    with Counting(2) as executor:
        build(site.options, Run(executor=executor))
    assert {"measure_chunk", "picture_chunk", "parse_chunk", "render_chunk"} == set(asked)
    assert clean(site) == site.tree()


def test_one_picture_of_many_articles_and_names_is_published_once(site: Site) -> None:
    for name in "abc":
        site.write(f"articles/{name}.png", picture())
        site.write(f"articles/{name}.md", article(f"Bài {name}", body=f"![x]({name}.png)"))
    site.build()
    assert len(images(site)) == 3


def test_an_author_s_own_sizes_stay(site: Site) -> None:
    site.write("articles/2026/a.png", picture())
    site.write(A, article(body='![A](a.png){: width="120"}\n\n<img src="a.png" alt="B">'))
    assert told(site.build()) == []
    first, second = re.findall(r"<img[^>]+images[^>]+>", site.read(PAGE))
    assert first.count("width") == 1
    assert 'width="120"' in first
    assert 'width="400" height="300"' in second


def test_a_page_may_not_lie_where_a_picture_does(site: Site) -> None:
    two_pictures(site)
    site.build()
    path = next(path for path in images(site) if path.endswith(".jpg"))
    site.write("articles/2026/c.md", article("Bài ba", aliases=f"/{path}"))
    found = [d.code for d in site.build().found]
    assert found in (["url-twice"], ["alias-live"])
