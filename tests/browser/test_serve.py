"""The preview as an editor uses it: a browser beside the text."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from shutil import copytree
from typing import Any
from urllib.request import urlopen

import pytest
from hosting import picture_fails
from support import ROOT, Site, article

LONG = "\n\n".join(f"Đoạn {number}. " + "Chữ. " * 120 for number in range(60))
LOOKED_AGAIN = 2  # the version after the first look of the running preview
OVERLAY = "kheo-preview section"
SECONDS = 90  # for a slow machine; each wait ends as soon as what is waited for is there
# Counts how often a page is loaded, notes the version of the site that it was told last, and how
# many of its requests are under way.
WATCH = """
    sessionStorage.loads = Number(sessionStorage.loads || 0) + 1;
    window.version = -1;
    window.asking = 0;
    window.EventSource = class extends EventSource {
        constructor(...choices) {
            super(...choices);
            this.addEventListener("message", event => { window.version = JSON.parse(event.data).version; });
        }
    };
    const get = window.fetch;
    window.fetch = async (...choices) => {
        window.asking += 1;
        const text = await (await get(...choices)).text();
        return { text: async () => { window.asking -= 1; return text; } };
    };
"""
# Told of this version, it has compared itself with the site, and is not about to load itself again.
CAUGHT_UP = """version => window.version >= version && window.asking === 0
    && document.readyState === "complete" && !sessionStorage.getItem("kheo-preview-scroll")"""


@pytest.fixture
def theme(tmp_path: Path) -> Path:
    """A theme that may be edited."""
    return Path(copytree(ROOT / "templates", tmp_path / "templates"))


@pytest.fixture
def address(site: Site, theme: Path) -> Iterator[str]:
    """A preview of ``site`` with one long article."""
    site.write("articles/1.md", article(slug="mot", body=LONG))
    process = subprocess.Popen(
        [sys.executable, "-u", str(ROOT / "build.py"), "serve", "--port", "0", "--content",
         str(site.options.content), "--templates", str(theme), "--cache", str(site.options.cache)],
        cwd=site.root, text=True, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    found: Queue[str] = Queue()

    def read() -> None:
        for line in process.stdout or ():
            if "http://" in line:
                found.put(line.split()[2])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        address = found.get(timeout=SECONDS).rstrip("/")
        while latest_version(address) < LOOKED_AGAIN:
            time.sleep(0.02)
        yield address
    finally:
        process.kill()
        process.wait()
        reader.join()
        if process.stdout:
            process.stdout.close()


def latest_version(address: str) -> int:
    """How many builds the preview has made. It makes a second one soon after its start."""
    with urlopen(f"{address}/.kheo/events", timeout=SECONDS) as events:
        line = next(line for line in events if line.startswith(b"data: "))
    return int(json.loads(line.removeprefix(b"data: "))["version"])


@pytest.fixture
def settled(address: str) -> Callable[[Any], None]:
    """Waits until a page has done all that it will do about the builds so far."""
    return lambda page: page.wait_for_function(CAUGHT_UP, arg=latest_version(address))


@pytest.fixture
def visit(
    browser: Any, address: str, settled: Callable[[Any], None]
) -> Iterator[Callable[[str], Any]]:
    context = browser.new_context(viewport={"width": 900, "height": 600})
    context.set_default_timeout(SECONDS * 1000)
    context.add_init_script(WATCH)
    said: list[str] = []

    def open_page(path: str) -> Any:
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{address}{path}")
        settled(page)
        return page

    yield open_page
    context.close()
    assert said == []


def loads(page: Any) -> int:
    return int(page.evaluate("sessionStorage.loads"))


def test_an_edit_shows_and_the_place_is_kept(site: Site, visit: Any) -> None:
    page = visit("/tin-tuc/mot/")
    page.evaluate("scrollTo({top: 3000, behavior: 'instant'})")
    site.write("articles/1.md", article(slug="mot", body=f"{LONG}\n\nChữ vừa thêm."))
    page.get_by_text("Chữ vừa thêm.").wait_for()
    page.wait_for_load_state("load")
    assert abs(page.evaluate("scrollY") - 3000) < 5
    assert loads(page) == 2


def test_another_title_loads_the_page_once(site: Site, visit: Any, settled: Any) -> None:
    """Though it is there before the build, and then made by the build: it is the same."""
    page, home = visit("/tin-tuc/mot/"), visit("/")
    site.write("articles/1.md", article("Đầu đề mới", slug="mot", body=LONG))
    page.locator("h1", has_text="Đầu đề mới").wait_for()
    home.get_by_text("Đầu đề mới").first.wait_for()
    settled(page)
    assert loads(page) == 2


def test_an_edit_of_another_article_leaves_the_page_alone(
    site: Site, visit: Any, settled: Any
) -> None:
    site.write("articles/2.md", article("Bài hai", slug="hai", category="Khác"))
    other = visit("/khac/hai/")
    other.locator("h1", has_text="Bài hai").wait_for()
    page = visit("/tin-tuc/mot/")
    before = loads(page)
    site.write("articles/2.md", article("Bài hai", slug="hai", category="Khác", body="Chữ mới."))
    other.get_by_text("Chữ mới.").first.wait_for()
    settled(page)
    assert loads(page) == before


def test_a_mistake_lies_over_the_last_good_page_and_goes(
    site: Site, visit: Any, settled: Any
) -> None:
    page = visit("/tin-tuc/mot/")
    site.write("articles/1.md", article(slug="mot", body="Không ai thấy.", catgory="Tin"))
    overlay = page.locator(OVERLAY, has_text="catgory")
    overlay.wait_for()
    settled(page)
    text = overlay.inner_text()
    assert "articles/1.md:6:1" in text
    assert "catgory" in text
    assert "category" in text, "the hint says what was meant"
    assert page.locator("kheo-preview .it").inner_text().strip() == "6  catgory: Tin"
    lines = page.locator("kheo-preview .line")
    assert lines.all_inner_texts() == [
        "4  category: Tin tức",
        "5  slug: mot",
        "6  catgory: Tin",
        "7  ---",
        "8  ",
    ]
    tops = lines.evaluate_all("lines => lines.map(line => line.getBoundingClientRect().top)")
    assert tops == sorted(set(tops)), "one below the other"
    assert page.get_by_text("Đoạn 3.").count() > 0
    assert page.get_by_text("Không ai thấy.").count() == 0
    site.write("articles/1.md", article(slug="mot", body="Đã lành."))
    page.locator(OVERLAY).wait_for(state="detached")
    page.get_by_text("Đã lành.").first.wait_for()


def test_the_overlay_is_there_for_who_comes_later_and_can_be_put_away(
    site: Site, visit: Any
) -> None:
    page = visit("/tin-tuc/mot/")
    site.write("articles/1.md", article(slug="mot", catgory="Tin"))
    page.locator(OVERLAY).wait_for()
    home = visit("/")
    home.locator(OVERLAY).wait_for()
    home.keyboard.press("Escape")
    assert home.locator(OVERLAY).count() == 0
    assert page.locator(OVERLAY).count() == 1
    page.get_by_role("button", name="Esc").click()
    assert page.locator(OVERLAY).count() == 0
    site.write("articles/1.md", article(slug="mot", dat="2020"))
    page.locator(OVERLAY).wait_for()  # another mistake


def observe(page: Any) -> None:
    page.evaluate(
        """new MutationObserver(() => { window.seen = window.seen || Boolean(document.querySelector("kheo-preview")) })
            .observe(document.documentElement, {childList: true})"""
    )


def test_a_file_saved_in_two_steps_is_no_mistake(site: Site, visit: Any) -> None:
    """Some editors empty a file before they write it: nobody wants to see that."""
    page = visit("/tin-tuc/mot/")
    observe(page)
    file = site.options.content / "articles/1.md"
    for number in range(20):
        page.evaluate("window.seen = false")
        started = time.monotonic()
        with file.open("w", encoding="utf-8") as stream:
            page.wait_for_timeout(60)
            stream.write(article(slug="mot", body=f"{LONG}\n\nLần {number}."))
        was_quick = time.monotonic() - started < 0.15  # a slow machine is as slow as a person
        page.get_by_text(f"Lần {number}.").wait_for()
        if was_quick:
            assert not page.evaluate("window.seen")
            return
        observe(page)
    pytest.skip("this machine is too busy to save a file in 0.15 s")


def test_a_hostile_source_is_only_quoted(site: Site, visit: Any) -> None:
    page = visit("/")
    attack = "</script><img src=x onerror=document.title='taken'>"
    site.write("articles/1.md", article(slug="mot", **{f'"{attack}"': '"<b>đậm</b>"'}))
    page.locator(OVERLAY, has_text=attack).wait_for()
    picture_fails(page)
    assert page.title() != "taken"
    assert page.locator("kheo-preview img, kheo-preview b").count() == 0


def test_a_mistake_in_a_template_and_in_the_site_file(site: Site, theme: Path, visit: Any) -> None:
    page = visit("/tin-tuc/mot/")
    template = theme / "article.html"
    good = template.read_text(encoding="utf-8")
    template.write_text(good + "{% if %}", encoding="utf-8")
    page.locator(OVERLAY, has_text="article.html").wait_for()
    template.write_text(good.replace("</article>", "<p>Mẫu mới</p></article>"), encoding="utf-8")
    page.locator(OVERLAY).wait_for(state="detached")
    page.get_by_text("Mẫu mới").wait_for()
    site_file = site.options.content / "site.yaml"
    text = site_file.read_text(encoding="utf-8")
    site.write("site.yaml", text + "tile: x\n")
    page.locator(OVERLAY, has_text="site.yaml:6:1").wait_for()
    site.write("site.yaml", text.replace("Tin làng", "Tin phố"))
    page.locator(OVERLAY).wait_for(state="detached")
    page.wait_for_function("document.title.includes('Tin phố')")


def test_a_stylesheet_is_swapped_without_a_reload(theme: Path, visit: Any) -> None:
    page = visit("/tin-tuc/mot/")
    page.evaluate("window.same = true; scrollTo({top: 2000, behavior: 'instant'})")
    style = theme / "assets/style.css"
    for color in ("rgb(1, 2, 3)", "rgb(4, 5, 6)"):
        good = style.read_text(encoding="utf-8")
        style.write_text(f"{good}\nbody {{ background: {color} }}\n", encoding="utf-8")
        page.wait_for_function(f"getComputedStyle(document.body).backgroundColor === '{color}'")
        page.wait_for_function(
            "[...document.querySelectorAll('link[rel=stylesheet]')].every(l => l.href.includes('/assets/'))"
        )
        assert page.evaluate("window.same") is True
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == color
        assert page.locator("link[rel=stylesheet]").count() == 1
    assert page.evaluate("scrollY") == 2000
    assert loads(page) == 1


def test_an_article_appears_where_there_was_none_and_goes_again(site: Site, visit: Any) -> None:
    page = visit("/tin-tuc/hai/")
    source = site.write("articles/2.md", article("Bài hai", slug="hai", draft="true"))
    page.locator("h1", has_text="Bài hai").wait_for()
    assert page.locator("p.status").count() == 1, "a draft is marked as one"
    source.unlink()
    page.locator("h1", has_text="Bài hai").wait_for(state="detached")


def test_a_page_of_another_site_learns_nothing(browser: Any, address: str) -> None:
    """Not by fetching, not by events, not by a script of ours in its own page."""
    page = browser.new_page()
    page.route("http://evil.example/", lambda route: route.fulfill(
        body="<title>x</title>", content_type="text/html"))  # fmt: skip
    page.goto("http://evil.example/")
    outcomes = page.evaluate(
        """async address => {
            const read = fetch(address + "/").then(r => r.text(), () => "refused");
            const blind = fetch(address + "/", {mode: "no-cors"}).then(r => r.type + r.status, () => "refused");
            const events = new Promise(done => {
                const source = new EventSource(address + "/.kheo/events");
                source.onmessage = event => done(event.data);
                source.onerror = () => done("refused");
            });
            return Promise.all([read, blind, events]);
        }""",
        address,
    )
    assert outcomes == ["refused", "refused", "refused"]
    page.close()
