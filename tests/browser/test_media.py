"""Videos, recordings, galleries and videos of other sites, as a browser shows them."""

from typing import Any

from films import mp4
from hosting import served
from looking import DESK, PHONE, run_axe
from support import SITE, Site, article
from test_search_form import MEASURE

REPORT = (
    "dan-van-chinh-quyen/chuyen-doi-so/so-hoa-am-nhac-cong-chieng-giu-hon-lang-tren-dien-thoai/"
)
GALLERY = "nguoi-tot-viec-tot/nguoi-giu-cau-treo/"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
BOX = "e => { const box = e.getBoundingClientRect(); return [box.width, box.height] }"


def test_a_video_plays_with_captions_and_nothing_moves(address: str, open_page: Any) -> None:
    visit = open_page(f"{address}/gioi-thieu/", **PHONE)
    visit.page.add_init_script(MEASURE)
    visit.page.goto(f"{address}/{REPORT}")
    video = visit.page.locator("video")
    video.scroll_into_view_if_needed()
    width, height = video.evaluate(BOX)
    assert abs(width / height - 640 / 360) < 0.02
    assert width <= 328
    assert visit.page.locator("audio").evaluate(BOX)[1] >= 40
    video.evaluate("async e => { e.muted = true; await e.play() }")
    tracks = "e => [...e.textTracks].map(t => [t.language, t.label, t.mode, t.cues?.length ?? 0])"
    for _ in range(500):  # the policy forbids what Playwright waits with
        if video.evaluate(tracks)[0][3]:
            break
        visit.page.wait_for_timeout(20)
    assert video.evaluate(tracks) == [
        ["vi", "Tiếng Việt", "showing", 2],
        ["en", "Tiếng Anh", "disabled", 0],
    ]
    assert video.evaluate("e => [e.videoWidth, e.videoHeight]") == [640, 360]
    assert visit.page.evaluate("window.shifts.reduce((sum, one) => sum + one[0], 0)") < 0.01
    assert visit.said == []


def test_a_gallery_leads_to_pictures_in_their_full_size(address: str, open_page: Any) -> None:
    visit = open_page(f"{address}/gioi-thieu/", **PHONE)
    visit.page.add_init_script(MEASURE)
    visit.page.goto(f"{address}/{GALLERY}")
    tiles = visit.page.locator(".gallery figure")
    assert tiles.count() == 3
    tops = {tile.bounding_box()["y"] for tile in tiles.all()}
    assert len(tops) == 2  # two beside each other on a phone
    assert visit.page.evaluate("window.shifts.reduce((sum, one) => sum + one[0], 0)") < 0.01
    tiles.first.locator("a").click()
    assert visit.page.locator("img").evaluate("e => e.naturalWidth") == 1600


def test_a_wide_video_in_html_stays_within_the_page(site: Site, open_page: Any) -> None:
    site.write("articles/a.mp4", mp4(1920, 1080, sound=False))
    html = '<video src="a.mp4" width="1920" height="1080" controls></video>'
    site.write("articles/1.md", article(body=f"{html}\n\n![Phim](a.mp4)\n{{: .wide }}", slug="mot"))
    site.build()
    with served(site.options.output) as address:
        page = open_page(f"{address}/tin-tuc/mot/", **PHONE).page
        for width in (320, 360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_player_of_another_site_is_loaded_when_a_reader_asks(site: Site, open_page: Any) -> None:
    site.write("site.yaml", SITE + "embeds: on\n")
    body = "Xem phim.\n\n![Phim](https://youtu.be/dQw4w9WgXcQ)"
    site.write("articles/1.md", article(body=body, slug="mot"))
    site.build()
    with served(site.options.output) as address:
        visit = open_page(f"{address}/tin-tuc/mot/", **DESK)
        assert run_axe(visit.page) == []
        visit.page.wait_for_timeout(300)
        assert all(one.startswith(address) for one in visit.asked)
        visit.page.locator("summary", has_text="YouTube").click()
        for _ in range(500):
            if PLAYER in visit.asked:
                break
            visit.page.wait_for_timeout(20)
        assert PLAYER in visit.asked
        width, height = visit.page.locator("iframe").evaluate(BOX)
        assert abs(width / height - 16 / 9) < 0.02
        assert not any("Content Security Policy" in line for line in visit.said)
