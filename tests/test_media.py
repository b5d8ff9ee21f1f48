"""Videos, recordings, PDF and galleries of a whole site: what readers get, messages for editors, what an edit changes."""

import re
import struct
from html import unescape

from films import VTT, element, m4a, mp3, mp4, number, pdf, webm
from support import SITE, Site, article, picture, told
from test_pictures import later

from kheo.check.check import CheckOptions, check
from kheo.config import BodyOptions
from kheo.diagnostics import Place
from kheo.read.markdown.body import parse_body
from kheo.search.words import plain_text

A = "articles/2026/a.md"
PAGE = "tin-tuc/bai-mot/index.html"


def test_a_pdf_is_a_card_with_title_pages_and_size(site: Site) -> None:
    data = pdf(title="Kế hoạch <số 12>")
    site.write("articles/2026/ke-hoach.pdf", data)
    body = '![](ke-hoach.pdf)\n\n![Bản đầy đủ](ke-hoach.pdf "Ký ngày 3/2")\n{: .wide #ban }'
    site.write(A, article(body=body))
    assert told(site.build()) == []
    page = site.read(PAGE)
    facts = f'<span class="meta">PDF, 2 trang, {len(data)} B</span></a>'
    link = '<a class="file" href="/tin-tuc/bai-mot/ke-hoach.pdf">'
    assert f"<figure>{link}Kế hoạch &lt;số 12&gt; {facts}</figure>" in page
    assert (
        f'<figure class="wide" id="ban">{link}Bản đầy đủ {facts}'
        "<figcaption>Ký ngày 3/2</figcaption></figure>"
    ) in page
    assert site.tree()["tin-tuc/bai-mot/ke-hoach.pdf"] == data


def test_a_video_has_its_size_a_poster_and_captions(site: Site) -> None:
    site.write("articles/2026/phim.mp4", mp4(1280, 720))
    site.write("articles/2026/phim.jpg", picture(640, 360, "JPEG"))
    for language in (".en", ".vi", ".nhap2"):
        site.write(f"articles/2026/phim{language}.vtt", VTT)
    site.write(A, article(body='![Già làng kể chuyện](phim.mp4 "Tháng 3, làng Kép")'))
    assert told(site.build()) == []
    poster = re.search(r' poster="(/assets/images/[0-9a-f]{16}-640.jpg)"', site.read(PAGE))
    assert poster and poster[1].lstrip("/") in site.tree()
    place = "/tin-tuc/bai-mot/phim"
    assert (
        f'<figure><video controls playsinline src="{place}.mp4" width="1138" height="640" '
        f'aria-label="Già làng kể chuyện" preload="none" poster="{poster[1]}">'
        f'<track kind="captions" src="{place}.vi.vtt" srclang="vi" label="Tiếng Việt" default>'
        f'<track kind="captions" src="{place}.en.vtt" srclang="en" label="Tiếng Anh">'
        "</video><figcaption>Tháng 3, làng Kép</figcaption></figure>"
    ) in site.read(PAGE)
    published = {
        path.rpartition("/")[2] for path in site.tree() if path.startswith("tin-tuc/bai-mot/")
    }
    assert published == {"index.html", "phim.mp4", "phim.vi.vtt", "phim.en.vtt"}


def test_the_size_of_a_video_is_that_in_which_it_is_shown(site: Site) -> None:
    """A telephone that is held upright writes a picture that lies, and how it is to be turned."""
    films = {
        "a.mp4": (mp4(320, 180, sound=False), 'width="320" height="180"'),
        "b.mp4": (mp4(640, 360, sound=False, turned=True), 'width="360" height="640"'),
        "c.MP4": (mp4(2160, 3840, sound=False), 'width="360" height="640"'),
        "d.webm": (webm(320, 180, False), 'width="320" height="180"'),
        # Pixels that are not square: 720 x 576 are shown as 1024 x 576.
        "e.webm": (webm(720, 576, False, number(0x54B0, 16), number(0x54BA, 9), number(0x54B2, 3)),
                   'width="1024" height="576"'),
        "f.webm": (webm(640, 360, False, element(0x7670, element(0x7675, struct.pack(">f", -90)))),
                   'width="360" height="640"'),
    }  # fmt: skip
    for name, (data, _) in films.items():
        site.write(f"articles/2026/{name}", data)
    site.write(A, article(body="\n\n".join(f"![Phim {name}]({name})" for name in films)))
    assert told(site.build()) == []
    found = re.findall(
        r'<video .*?(width="\d+" height="\d+") .*?preload="metadata"', site.read(PAGE)
    )
    assert found == [shown for _, shown in films.values()]


def test_a_recording_has_a_length_and_a_download(site: Site) -> None:
    files = {"a.mp3": (mp3(), "0:03"), "b.m4a": (m4a(3675), "1:01:15")}
    for name, (data, _) in files.items():
        site.write(f"articles/2026/{name}", data)
    site.write(A, article(body='![Lời <kể>](a.mp3 "Ghi ở làng")\n\n![Hát](b.m4a)'))
    assert told(site.build()) == []
    page, place = site.read(PAGE), "/tin-tuc/bai-mot/"
    assert (
        '<figure><div class="audio"><p>Lời &lt;kể&gt; <span class="meta">0:03</span></p>'
        f'<audio controls preload="none" src="{place}a.mp3" aria-label="Lời &lt;kể&gt;"></audio>'
        f'<p><a href="{place}a.mp3" download>Tải về</a> <span class="meta">MP3, 48 KB</span></p></div>'
        "<figcaption>Ghi ở làng</figcaption></figure>"
    ) in page
    assert '<p>Hát <span class="meta">1:01:15</span>' in page


def test_captions_are_checked_line_by_line(site: Site) -> None:
    site.write("articles/2026/phim.mp4", mp4())
    site.write("articles/2026/cam.webm", webm(sound=False))
    site.write("articles/2026/tieng.webm", webm())
    wrong = (
        "WEBVTT\n\n1\n00:00,000 --> 00:02,000\nMột.\n\n00:05.000 --> 00:04.000\nHai.\n\n"
        "00:01.000 --> 00:09.000\nBa.\n00:10.000 --> 00:11.000\nBốn.\n\nNăm.\n\n00:20.000 --> 00:21.000\n"
    )
    site.write("articles/2026/phim.vi.vtt", wrong)
    site.write("articles/2026/khac.vtt", "1\n00:00,000 --> 00:02,000\nMột.\n")
    body = (
        "![Phim](phim.mp4)\n\n![](cam.webm)\n\n![Tiếng](tieng.webm)\n\n"
        '<video src="cam.webm" controls><track src="khac.vtt" srclang="vi"></video>'
    )
    site.write(A, article(body=body))
    vtt, line = "articles/2026/phim.vi.vtt", "error[captions-line]"
    assert told(site.build()) == [
        f"{A}:7:9: error[captions-broken]: the captions of “phim.mp4” cannot be used: phim.vi.vtt has mistakes",
        f"{A}:9:5: warning[media-without-text]: nothing says what “cam.webm” is",
        f"{A}:11:10: warning[video-without-captions]: the video “tieng.webm” has sound, but no captions: many readers do not hear it",
        f"{A}:13:44: error[captions-broken]: the captions of “khac.vtt” cannot be used: khac.vtt has mistakes",
        f"articles/2026/khac.vtt:1:1: {line}: the first line must be `WEBVTT`",
        f"{vtt}:4:1: {line}: write a dot before the milliseconds, not a comma",
        f"{vtt}:7:1: {line}: this caption ends before it begins",
        f"{vtt}:10:1: {line}: this caption begins before the one above it",
        f"{vtt}:12:1: {line}: there must be an empty line before the next times",
        f"{vtt}:15:1: {line}: a line such as `00:01.000 --> 00:04.000` is expected here",
        f"{vtt}:17:1: {line}: this caption has no text",
    ]  # fmt: skip
    report = site.build(keep_going=True)
    assert report.left_out == (A,)  # the rest of the site is published


def test_a_track_in_raw_html_is_published_with_its_file(site: Site) -> None:
    site.write("articles/2026/phim.mp4", mp4())
    site.write("articles/2026/phu-de.vtt", VTT)
    track = '<track src="{}" kind="captions" srclang="vi" label="Việt">'
    site.write(
        A, article(body=f'<video src="phim.mp4" controls>{track.format("phu-de.vtt")}</video>')
    )
    assert told(site.build()) == []
    assert track.format("/tin-tuc/bai-mot/phu-de.vtt") in site.read(PAGE)
    assert site.read("tin-tuc/bai-mot/phu-de.vtt") == VTT
    site.write(
        A, article(body=f'<video src="phim.mp4" controls>{track.format("khong.vtt")}</video>')
    )
    assert [line.partition("]")[0] for line in told(site.build())] == [
        f"{A}:7:44: error[link-broken"
    ]


def test_files_that_belong_to_a_video_are_not_reported_as_unused(site: Site) -> None:
    for name, data in (("phim.mp4", mp4()), ("phim.vi.vtt", VTT), ("phim.png", picture())):
        site.write(f"articles/2026/{name}", data)
    site.write("articles/2026/le.vi.vtt", VTT)
    site.write(A, article(body="![Phim](phim.mp4)"))
    found = check(site.options, CheckOptions()).found
    assert [d.place.path for d in found] == ["articles/2026/le.vi.vtt"]


def test_a_picture_leads_to_its_full_size(site: Site) -> None:
    """If that is larger than what the page shows, and if the link has a name."""
    site.write("articles/2026/lon.jpg", picture(2400, 1600, "JPEG"))
    site.write("articles/2026/nho.png", picture(640, 480))
    site.write(
        "articles/2026/ve.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="9"/>'
    )
    body = (
        '![Lớn](lon.jpg "Chú thích"){: .wide }\n\n![Nhỏ](nho.png)\n{: .left #nho }\n\n![Vẽ](ve.svg)\n\n'
        '<img src="lon.jpg" alt="Mã">\n\nTrong ![dòng](lon.jpg) chữ\n\n![](lon.jpg)\n{: .trang-tri }'
    )
    site.write(A, article(body=body))
    assert [line.partition(":")[2] for line in told(site.build())] == [
        "18:1: warning[image-without-alt]: the picture has no alternative text"
    ]
    page = site.read(PAGE)
    full = re.findall(r'<a href="(/assets/images/[^"]+)"><picture>', page)
    assert [name.partition("-")[2] for name in full] == ["1920.webp"]
    assert full[0].lstrip("/") in site.tree()
    assert re.search(
        r'<figure class="wide"><a [^>]*><picture><source [^>]* sizes="\(min-width: 64rem\) 60rem, 94vw"><img alt="Lớn" .*?></picture></a><figcaption>Chú thích</figcaption>',
        page,
    )
    assert '<figure class="left" id="nho"><picture>' in page
    assert re.search(r'<figure><a href="/assets/images/[0-9a-f]+.svg"><img alt="Vẽ"', page)
    assert '<figure class="trang-tri"><picture>' in page


def test_several_pictures_in_a_paragraph_are_a_gallery(site: Site) -> None:
    for name in "abc":
        site.write(f"articles/2026/{name}.png", picture(400 + ord(name), 300))
    site.write("articles/2026/d.pdf", pdf())
    body = '![Một](a.png "Chú thích")\n![Hai](b.png)\n![Ba](c.png)\n![Tệp](d.pdf)\n{: #anh .rong }'
    site.write(A, article(body=body))
    assert told(site.build()) == []
    page = site.read(PAGE)
    gallery = re.search(r'<div class="gallery rong" id="anh">(.*?)</div>', page, re.DOTALL)
    assert gallery
    figures = re.findall(
        r'<figure class="tile"><a href="/assets/images/[0-9a-f]+-\d+.webp"><picture><source .*? sizes="[^"]*50vw">'
        r'<img alt="(\w+)" .*?></picture></a>(?:<figcaption>(.*?)</figcaption>)?</figure>',
        gallery[1],
    )
    assert figures == [("Một", "Chú thích"), ("Hai", ""), ("Ba", "")]
    assert '</div>\n<figure><a class="file"' in page


VIDEOS = {
    "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=5": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://youtu.be/dQw4w9WgXcQ?si=x": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://m.youtube.com/shorts/dQw4w9WgXcQ": "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
    "https://vimeo.com/76979871": "https://player.vimeo.com/video/76979871?dnt=1",
    "https://vimeo.com/76979871/abc123": "https://player.vimeo.com/video/76979871?dnt=1&h=abc123",
    "https://www.facebook.com/tinhdoan/videos/123456789/":
        "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fwatch%2F%3Fv%3D123456789&show_text=false",
    "https://www.facebook.com/watch/?v=123456789":
        "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fwatch%2F%3Fv%3D123456789&show_text=false",
    "https://fb.watch/aB3-xyz_1/":
        "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Ffb.watch%2FaB3-xyz_1%2F&show_text=false",
}  # fmt: skip


def test_a_video_of_another_site_is_a_card(site: Site) -> None:
    site.write("articles/2026/dQw4w9WgXcQ.jpg", picture(640, 360, "JPEG"))
    body = "\n\n".join(
        f'![Phim <{number}>]({url} "Chú thích")' for number, url in enumerate(VIDEOS)
    )
    site.write(A, article(body=body))
    assert told(site.build()) == []
    page = site.read(PAGE)
    assert "<iframe" not in page
    assert "frame-src 'none'" in site.read("_headers")
    cards = re.findall(
        r'<figure><a class="file" href="([^"]+)">(<picture>.*?</picture>)?Phim &lt;\d&gt; '
        r'<span class="meta">Xem trên (\w+)</span></a><figcaption>Chú thích</figcaption></figure>', page
    )  # fmt: skip
    assert [unescape(card[0]) for card in cards] == [*VIDEOS]
    assert [bool(card[1]) for card in cards] == [True] * 3 + [False] * 5
    assert [card[2] for card in cards] == ["YouTube"] * 3 + ["Vimeo"] * 2 + ["Facebook"] * 3
    site.write("site.yaml", SITE + "embeds: on\n")
    assert told(site.build()) == []
    frames = re.findall(
        r'<details class="player"><summary>Phát tại đây \(từ \w+\)</summary><iframe src="([^"]+)" title="Phim [^"]+" '
        r'width="640" height="360" loading="lazy"', site.read(PAGE)
    )  # fmt: skip
    assert [unescape(frame) for frame in frames] == [*VIDEOS.values()]
    assert (
        "frame-src https://player.vimeo.com https://www.facebook.com https://www.youtube-nocookie.com\n"
    ) in site.read("_headers")


def test_other_addresses_of_video_sites_are_told(site: Site) -> None:
    site.write("articles/2026/dQw4w9WgXcQ.jpg", b"hong")
    body = (
        "Xem ![phim](https://youtu.be/dQw4w9WgXcQ) nhé.\n\n![](https://vimeo.com/76979871)\n\n"
        "![phim](https://youtu.be/dQw4w9WgXcQ)"
    )
    site.write(A, article(body=body))
    broken = "the picture “dQw4w9WgXcQ.jpg” cannot be published: it is not a JPEG, PNG, GIF, WebP or SVG file"
    assert told(site.build()) == [
        f"{A}:7:13: error[figure-not-alone]: “https://youtu.be/dQw4w9WgXcQ” is not a picture, and is in the middle of a text",
        f"{A}:7:13: error[image-broken]: {broken}",
        f"{A}:9:5: warning[media-without-text]: nothing says what “https://vimeo.com/76979871” is",
        f"{A}:11:9: error[image-broken]: {broken}",
    ]  # fmt: skip


def test_a_changed_file_changes_the_pages_that_show_it(site: Site) -> None:
    file = site.write("articles/2026/ke-hoach.pdf", pdf())
    site.write(A, article(body="![Kế hoạch](ke-hoach.pdf)"))
    site.write("articles/2026/b.md", article("Bài hai"))
    site.build()
    file.write_bytes(pdf(5))
    later(file)
    report = site.build()
    assert "5 trang" in site.read(PAGE)
    assert report.counts and report.counts.written == 2  # the page and the file
    clean = Site(site.root / "clean")
    for name in (A, "articles/2026/b.md", "articles/2026/ke-hoach.pdf"):
        clean.write(name, (site.options.content / name).read_bytes())
    clean.build()
    assert clean.tree() == site.tree()


def test_what_cannot_be_shown_is_told_where_it_is_written(site: Site) -> None:
    site.write("articles/2026/hong.pdf", pdf()[:200])
    site.write("articles/2026/tot.pdf", pdf())
    site.write("articles/2026/hong.mp4", mp4()[:-1])
    site.write("articles/2026/tieng.mp4", mp4(0))
    site.write("articles/2026/anh.webm", picture())
    site.write("articles/2026/im.mp3", b"ID3" + bytes(200))
    body = (
        "![a](anh.webm)\n\n![b](hong.pdf)\n\n![c](khong.mp4)\n\nXem ![d](tot.pdf) nhé\n\n![e](/tot.pdf)\n\n"
        "![f](https://a.example/b.mp4?x)\n\n![g](hong.mp4)\n\n![h](tieng.mp4)\n\n![i](im.mp3)\n\n![k](tot.pdf)"
    )
    site.write(A, article(body=body, image="tot.pdf", image_alt="x"))
    shown = "cannot be shown"
    assert told(site.build()) == [
        f"{A}:5:1: error[image-broken]: the picture “tot.pdf” cannot be published: it is not a picture",
        f"{A}:9:6: error[file-content]: “anh.webm” is not a WEBM file",
        f"{A}:11:6: error[media-broken]: the file “hong.pdf” {shown}: it is damaged or incomplete",
        f"{A}:13:6: error[link-broken]: link target not found: “khong.mp4”",
        f"{A}:15:10: error[figure-not-alone]: “tot.pdf” is not a picture, and is in the middle of a text",
        f"{A}:17:6: error[media-elsewhere]: “/tot.pdf” {shown}: it is not in the content folder",
        f"{A}:19:6: error[media-elsewhere]: “https://a.example/b.mp4?x” {shown}: it is not in the content folder",
        f"{A}:21:6: error[media-broken]: the file “hong.mp4” {shown}: it is damaged or incomplete",
        f"{A}:23:6: error[media-broken]: the file “tieng.mp4” {shown}: it has no picture, only sound: save it as an audio file",
        f"{A}:25:6: error[media-broken]: the file “im.mp3” {shown}: it has no sound",
    ]  # fmt: skip


def test_the_text_of_a_figure_is_searched() -> None:
    text = 'Một.\n\n![Biên <bản> giám sát](ke-hoach.pdf "Chữ ký")\n\nHai.'
    body, found = parse_body(text, "", "d", Place("a.md"), BodyOptions())
    assert found == []
    assert plain_text(body.parts[0]).split() == [
        "Một.",
        "Biên",
        "<bản>",
        "giám",
        "sát",
        "Chữ",
        "ký",
        "Hai.",
    ]
