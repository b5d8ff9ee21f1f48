"""Templates with views made by hand: the least and the most that each can show, and attacks."""

import json
import re
from typing import Any
from xml.etree import ElementTree

import html5lib
import msgspec
import pytest
from msgspec import Struct, structs
from support import ROOT

from kheo.config import Publisher
from kheo.diagnostics import Diagnostic
from kheo.formats import find_locale, format_size
from kheo.language import DatePatterns
from kheo.model import Correction, Moment
from kheo.read.language_file import read_language
from kheo.render.body import fill_body
from kheo.render.environment import compile_template, make_environment, make_gettext, xml_safe
from kheo.render.renderer import Renderer
from kheo.render.theme import Theme
from kheo.render.theme_files import read_theme
from kheo.views import (
    AliasView,
    ArchiveMonth,
    ArchiveView,
    ArchiveYear,
    ArticleView,
    AuthorView,
    Block,
    Card,
    ContentsEntry,
    Crumb,
    Download,
    ExpiredView,
    FeedEntry,
    FeedLink,
    FeedView,
    HeadersView,
    HomeView,
    Link,
    ListingView,
    NavigationItem,
    NewsSitemapView,
    NginxView,
    NotFoundView,
    PageNumber,
    PagerView,
    Picture,
    RedirectsView,
    RobotsView,
    SearchView,
    ShareImage,
    SitemapEntry,
    SitemapIndexView,
    SitemapView,
    SiteView,
    StandingView,
    TermCard,
    TermsView,
    View,
)

DAY = Moment(1581440400, 7 * 3600)  # 2020-02-12 in Viet Nam
HOUR = Moment(1581468300, 7 * 3600, True)  # 07:45
HOSTILE = "\"'><img src=x onerror=alert(1)></script></title> ]]> & {{ 7*7 }} \0\x01\x0b\ufffe"
BARE = Card("Bài", "/t/bai/", DAY, "", Link("Tin tức", "/t/"))
FULL = structs.replace(
    BARE,
    summary="Tóm tắt.",
    image=Picture("/t/a.jpg", "Ruộng", 640, 480, "/t/a.webp 320w"),
    pinned=True,
)
PAGER = PagerView(2, 9, "/t/", "/t/", "/t/trang/3/", "/t/trang/9/", (
    PageNumber("1", "/t/"), PageNumber("2", "", True), PageNumber("3", "/t/trang/3/"),
    PageNumber("…", ""), PageNumber("9", "/t/trang/9/"),
))  # fmt: skip
FIRST = PagerView(1, 2, "", "", "/t/trang/2/", "/t/trang/2/", (
    PageNumber("1", "", True), PageNumber("2", "/t/trang/2/"),
))  # fmt: skip
FEEDS = (FeedLink("Tin", "/feed.xml", "application/atom+xml"),
         FeedLink("Tin", "/feed.json", "application/feed+json"))  # fmt: skip
PAGE: dict[str, Any] = {"url": "/t/bai/", "title": "Bài", "description": ""}
FULL_PAGE = PAGE | {
    "description": "Mô tả",
    "breadcrumb": (Crumb("Tin tức", "Tin tức", "/t/"), Crumb("Bài dài", "Bài…", "/t/bai/")),
    "feeds": FEEDS,
    "pager": PAGER,
}
BODY: dict[str, Any] = {"links": (), "canonical": "/t/bai/", "updated": None, "image": None,
                        "attachments": (), "headings": ()}  # fmt: skip
FULL_BODY = BODY | {
    "links": ("/khac/?a=1&b=2",),
    "updated": HOUR,
    "image": FULL.image,
    "attachments": (
        Download("Kế hoạch", "/t/k.pdf", "PDF", 61_927),
        Download("Tệp", "/t/t", "", 5),
    ),
    "headings": tuple(ContentsEntry(level, f"Mục {level}", f"#m{level}") for level in (2, 3, 2, 4)),
    "status": "draft",
    "share": ShareImage("/images/a-share.jpg", 1200, 630, "Ruộng"),
}
ARTICLE: dict[str, Any] = {"date": DAY, "summary": "", "authors": (), "category": Link("Tin", "/t/"),
                           "campaigns": (), "source": "", "corrections": (), "previous": None,
                           "next": None, "related": ()}  # fmt: skip
FULL_ARTICLE = ARTICLE | {
    "date": HOUR,
    "summary": "Tóm tắt.",
    "authors": (
        AuthorView("Hải Hạnh", "/tac-gia/hai-hanh/", "Phóng viên"),
        AuthorView("An", "/an/"),
    ),
    "campaigns": (Link("Dân vận khéo", "/c/"), Link("Khác", "/k/")),
    "source": "https://bao.example/1",
    "corrections": (Correction(DAY, "Số hộ là 125."),),
    "previous": Link("Trước", "/t/truoc/"),
    "next": Link("Sau", "/t/sau/"),
    "related": (BARE, FULL),
}
ENTRY = FeedEntry("Bài", "/t/bai/", DAY, HOUR, "Tóm tắt.", ("An", "Bình"), ("Tin tức", "Đời sống"))
HEADERS = HeadersView(
    prefix="", assets="assets", frame_hosts=(), trusted_html=False, search=False, secure=True
)
MORE_HEADERS = HeadersView(
    prefix="/tin", assets="assets", frame_hosts=("video.example", "www.youtube.com"),
    trusted_html=True, search=True, secure=False,
)  # fmt: skip


MINIMAL: list[tuple[str, View]] = [
    ("article.html", ArticleView(**PAGE, **BODY, **ARTICLE)),
    ("page.html", StandingView(**PAGE, **BODY)),
    ("home.html", HomeView(**PAGE, pinned=(), items=(), blocks=())),
    ("listing.html", ListingView(**PAGE, kind="category", text="", items=())),
    ("terms.html", TermsView(**PAGE, kind="authors", items=())),
    ("archive.html", ArchiveView(**PAGE, years=())),
    ("not_found.html", NotFoundView(**PAGE, robots="noindex")),
    ("expired.html", ExpiredView(**PAGE, robots="noindex", expired=DAY, category=None)),
    ("feed.xml", FeedView("/feed.xml", "Tin", "/", None, ())),
    ("feed.json", FeedView("/feed.json", "Tin", "/", None, ())),
    ("sitemap.xml", SitemapView(())),
    ("sitemap_index.xml", SitemapIndexView(())),
    ("sitemap_news.xml", NewsSitemapView(())),
    ("robots.txt", RobotsView(())),
    ("redirects.txt", RedirectsView(())),
    ("headers.txt", HEADERS),
    ("nginx.txt", NginxView(headers=HEADERS, fingerprinted="assets/x", aliases=())),
]
MAXIMAL: list[tuple[str, View]] = [
    ("article.html", ArticleView(**FULL_PAGE, **FULL_BODY, **FULL_ARTICLE)),
    ("page.html", StandingView(**FULL_PAGE, **FULL_BODY)),
    ("expired.html", ExpiredView(**FULL_PAGE, expired=HOUR, category=Link("Tin", "/t/"))),
    ("home.html", HomeView(
        **FULL_PAGE | {"pager": FIRST, "breadcrumb": ()}, pinned=(FULL, BARE, FULL),
        items=(BARE, FULL), blocks=(Block("Tin", "/t/", (BARE, FULL)), Block("K", "/k/", (BARE,))),
    )),
    ("home.html", HomeView(**FULL_PAGE, pinned=(), items=(BARE, FULL), blocks=())),
    ("listing.html", ListingView(
        **FULL_PAGE, kind="campaign", text="Về", items=(BARE, FULL), children=(Link("Con", "/c/"),),
        start=DAY, end=HOUR,
    )),
    ("listing.html", ListingView(
        **FULL_PAGE, kind="year", text="", items=(BARE,), children=(Link("T2", "/2/"),), month=DAY,
    )),
    ("terms.html", TermsView(
        **FULL_PAGE, kind="campaigns", items=(TermCard("A", "/a/", "Về A", DAY, HOUR),),
    )),
    ("archive.html", ArchiveView(
        **FULL_PAGE, years=(ArchiveYear(2020, "/2020/", 3, (ArchiveMonth(DAY, "/2020/02/", 3),)),),
    )),
    ("search.html", SearchView(**FULL_PAGE, index="/assets/search/",
                               filters=("category", "year"), categories=(Link("A", "/a/"),))),
    ("alias.html", AliasView("/cu/", "Bài", "/t/bai/", "cu/index.html")),
    ("feed.xml", FeedView("/feed.xml", "Tin", "/", HOUR, (ENTRY, ENTRY))),
    ("feed.json", FeedView("/feed.json", "Tin", "/", HOUR, (ENTRY, ENTRY))),
    ("sitemap.xml", SitemapView((SitemapEntry("/a/", DAY), SitemapEntry("/b/")))),
    ("sitemap_index.xml", SitemapIndexView((SitemapEntry("/sitemap-1.xml"),))),
    ("sitemap_news.xml", NewsSitemapView((FULL, BARE))),
    ("robots.txt", RobotsView(("/sitemap.xml",))),
    ("redirects.txt", RedirectsView((AliasView("/cu/", "Bài", "/t/bai/", "cu/index.html"),))),
    ("headers.txt", MORE_HEADERS),
    ("nginx.txt", NginxView(headers=MORE_HEADERS, fingerprinted="assets/x", aliases=(
        AliasView("/cu/", "Bài", "/t/bai/", "cu/index.html"),
    ))),
]  # fmt: skip


@pytest.fixture(scope="module")
def theme() -> Theme:
    theme, found = read_theme(ROOT / "templates", "vi")
    assert found == []
    return theme


@pytest.fixture(scope="module")
def patterns() -> DatePatterns:
    return read_language(ROOT / "templates", "vi")[0].dates


@pytest.fixture
def full_site(bare_site: SiteView) -> SiteView:
    return structs.replace(
        bare_site,
        tagline="Khéo",
        publisher=Publisher(
            name="Ban biên tập", since=2014, responsible="A", licence="10/GP", developer="TT",
            address="02 Hai Bà Trưng", phone="(0269) 3716046", email="a@lang.example",
        ),
        navigation=(
            NavigationItem("Tin", "/t/", (NavigationItem("Con", "/t/c/", (NavigationItem("Cháu", "/"),)),)),
            NavigationItem("Khác", "/k/"),
        ),
        sections=(Link("Lưu trữ", "/luu-tru/"),),
        pages=(Link("Giới thiệu", "/gioi-thieu/"),),
        feeds=FEEDS,
    )  # fmt: skip


def poisoned(value: Any, name: str = "") -> Any:
    """A view with the attack after every text that is not an address or a keyword."""
    if isinstance(value, Struct) and not isinstance(value, Moment):
        names = value.__struct_fields__
        return type(value)(**{key: poisoned(getattr(value, key), key) for key in names})
    if isinstance(value, tuple):
        return tuple(poisoned(item, name) for item in value)
    if isinstance(value, str) and name not in KEPT:
        return value + HOSTILE
    return value


KEPT = {"url", "parts", "home", "origin", "language", "links", "canonical", "target", "type", "kind",
        "status", "robots", "first", "previous", "next", "last", "sitemaps", "path", "webp",
        "prefix", "assets", "fingerprinted"}  # fmt: skip


def rendered(renderer: Renderer, template: str, view: View) -> str:
    text = renderer.render(
        template, view, '<p>Lời <a href="\0000\0">nối</a>.</p>' if view_links(view) else ""
    )
    assert isinstance(text, str), text
    return text


def view_links(view: View) -> tuple[str, ...]:
    return getattr(view, "links", ())


def well_formed(template: str, text: str) -> None:
    if template.endswith(".html"):
        html5lib.HTMLParser(strict=True).parse(text)
    elif template.endswith(".xml"):
        ElementTree.fromstring(text)
    elif template.endswith(".json"):
        json.loads(text)


CASES = [
    pytest.param(template, view, id=f"{kind}-{number}-{template}")
    for kind, views in (("minimal", MINIMAL), ("full", MAXIMAL))
    for number, (template, view) in enumerate(views)
]


@pytest.mark.parametrize(("template", "view"), CASES)
def test_every_template_is_well_formed(
    template: str, view: View, theme: Theme, patterns: DatePatterns,
    bare_site: SiteView, full_site: SiteView,
) -> None:  # fmt: skip
    for site in (bare_site, full_site):
        text = rendered(Renderer(theme, site, patterns), template, view)
        well_formed(template, text)
        if template.endswith(".html") and template != "alias.html":
            assert len(re.findall("<h1[ >]", text)) == 1


@pytest.mark.parametrize(("template", "view"), CASES)
def test_hostile_text_stays_text(
    template: str, view: View, theme: Theme, patterns: DatePatterns, full_site: SiteView
) -> None:
    bad = poisoned(view)
    site = poisoned(full_site)
    text = rendered(Renderer(theme, site, patterns), template, bad)
    if template.endswith(".html"):
        # Control characters cannot come out of a source; HTML has no place for them at all.
        well_formed(template, re.sub("[\0\x01\x0b\ufffe]", "", text))
        assert "<img src=x" not in text
        assert "7*7" in text
        for script in re.findall(r"<script type=\"application/ld\+json\">(.*?)</script>", text):
            assert json.loads(script)["@context"] == "https://schema.org"
    else:
        well_formed(template, text)
        assert len(text.splitlines()) == len(
            rendered(Renderer(theme, full_site, patterns), template, view).splitlines()
        )


def test_views_keep_their_types_when_poisoned() -> None:
    for _, view in MAXIMAL:
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(poisoned(view)), type=type(view))


@pytest.fixture
def renderer(theme: Theme, patterns: DatePatterns, full_site: SiteView) -> Renderer:
    return Renderer(theme, full_site, patterns)


def view_of(template: str) -> View:
    return next(view for name, view in MAXIMAL if name == template)


def test_the_pager_is_that_of_the_seed(renderer: Renderer) -> None:
    text = rendered(renderer, "listing.html", view_of("listing.html"))
    nav = re.search(r'<nav class="pager".*?</nav>', text, re.DOTALL)
    assert nav
    shown = re.findall(r">([^<\n]+)</(?:a|span)>", nav[0])
    assert " ".join(shown) == "|&lt; &lt; 1 2 3 … 9 &gt; &gt;|"
    assert '<span class="current" aria-current="page">2</span>' in nav[0]
    assert '<a href="/t/trang/3/" rel="next" aria-label="Trang sau">&gt;</a>' in nav[0]
    home = rendered(renderer, "home.html", view_of("home.html"))
    assert '<li><span aria-hidden="true">|&lt;</span></li>' in home
    assert '<link rel="next" href="https://lang.example/t/trang/2/">' in home
    assert 'rel="prev"' not in home


def test_the_breadcrumb_is_short_to_see_and_whole_to_hear(renderer: Renderer) -> None:
    text = rendered(renderer, "article.html", view_of("article.html"))
    assert (
        '<a href="/t/bai/" aria-current="page" title="Bài dài" aria-label="Bài dài">Bài…</a>'
        in text
    )


def test_an_article_has_all_its_pieces(renderer: Renderer) -> None:
    text = rendered(renderer, "article.html", view_of("article.html"))
    for piece in (
        "<title>Bài – trang 2 · Tin làng</title>",
        '<time datetime="2020-02-12T07:45:00+07:00">Thứ Tư, 12/02/2020</time>, 07:45',
        '<a href="/khac/?a=1&amp;b=2">nối</a>',
        '<a rel="author" href="/tac-gia/hai-hanh/">Hải Hạnh</a>',
        "(PDF, 61,9 KB)",
        '<time datetime="2020-02-12">12/02/2020</time>: Số hộ là 125.',
        '<a href="https://bao.example/1">',
        '<meta property="og:image" content="https://lang.example/images/a-share.jpg">',
        '<meta property="og:image:width" content="1200">',
        '<meta property="og:image:alt" content="Ruộng">',
        "Bản nháp",
        'href="tel:02693716046"',
    ):
        assert piece in text, piece
    data = [json.loads(script) for script in re.findall(r"ld\+json\">(.*?)</script>", text)]
    article = next(one for one in data if one["@type"] == "NewsArticle")
    assert article["dateModified"] == "2020-02-12T07:45:00+07:00"
    assert article["author"][0]["name"] == "Hải Hạnh"
    crumbs = next(one for one in data if one["@type"] == "BreadcrumbList")["itemListElement"]
    assert [crumb["position"] for crumb in crumbs] == [1, 2]


def test_a_new_line_cannot_be_put_into_a_text_file(renderer: Renderer) -> None:
    alias = AliasView("/a\n/b/", "", "/c\r/d/\u2028", "a")
    assert rendered(renderer, "redirects.txt", RedirectsView((alias,))) == "/a /b/ /c /d/ 301\n"
    robots = rendered(renderer, "robots.txt", RobotsView(("/s.xml\nDisallow: /",)))
    assert robots.splitlines()[2:] == ["Sitemap: https://lang.example/s.xml Disallow: /"]


def with_template(theme: Theme, name: str, source: str) -> Theme:
    code = compile_template(make_environment(), source, name)
    return structs.replace(theme, codes=theme.codes | {name: code})


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ page.titel }}", "has no attribute 'titel'"),
        ("{{ nobody }}", "'nobody' is undefined"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ page.title + 1 }}", "str"),
        ('{{ asset("nowhere.css") }}', "there is no file assets/nowhere.css"),
        ("{% include 'not_found.html' %}", "recursion"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_line(
    line: str, said: str, theme: Theme, patterns: DatePatterns, bare_site: SiteView
) -> None:
    theme = with_template(theme, "not_found.html", f"<p>\n</p>\n{line}\n")
    renderer = Renderer(theme, bare_site, patterns)
    found = renderer.render("not_found.html", MINIMAL[6][1])
    assert isinstance(found, Diagnostic)
    assert (found.code, found.place.path, found.place.tree) == (
        "template-name", "not_found.html", "templates",
    )  # fmt: skip
    assert found.place.line == 3
    assert said in found.message


def test_a_mistake_inside_a_piece_is_told_where_it_is(
    theme: Theme, patterns: DatePatterns, bare_site: SiteView
) -> None:
    card = (ROOT / "templates/card.html").read_text(encoding="utf-8")
    broken = card.replace("item.summary and", "item.sumary and")
    line = broken[: broken.index("item.sumary")].count("\n") + 1
    renderer = Renderer(with_template(theme, "card.html", broken), bare_site, patterns)
    found = renderer.render("listing.html", view_of("listing.html"))
    assert isinstance(found, Diagnostic)
    assert (found.place.path, found.place.line) == ("card.html", line)


def test_links_of_a_body_are_filled_and_escaped() -> None:
    links = ("/a/", '/b/?x=1&y="')
    assert fill_body('<a href="\0001\0">', links, {}) == '<a href="/b/?x=1&amp;y=&#34;">'
    assert fill_body("<p>nothing</p>", (), {}) == "<p>nothing</p>"


def test_pictures_of_a_body_get_sizes_and_the_first_is_loaded_at_once() -> None:
    one = '\0<0\0<img alt="a" src="\0000\0"\0+0\0>\0>0\0'
    sized = '\0<0\0<img width="9" src="\0000\0"\0-0\0>\0>0\0'
    picture = Picture("/images/a-640.jpg", "", 640, 480, "/images/a-320.webp 320w")
    first, second, third = fill_body(f"{one}|{one}|{sized}", ("/x.jpg",), {0: picture}, True).split(
        "|"
    )
    source = '<picture><source type="image/webp" srcset="/images/a-320.webp 320w" sizes="'
    assert first.startswith(source)
    assert first.endswith(
        '<img alt="a" src="/x.jpg" width="640" height="480" fetchpriority="high" '
        'decoding="async"></picture>'
    )
    assert 'loading="lazy"' in second
    assert third.endswith('<img width="9" src="/x.jpg" loading="lazy" decoding="async"></picture>')
    assert 'loading="lazy"' in fill_body(one, ("/x.jpg",), {0: picture})
    drawing = fill_body(one, ("/x.svg",), {0: Picture("/x.svg", "", 0, 0)})
    assert drawing == '<img alt="a" src="/x.svg" loading="lazy" decoding="async">'
    assert fill_body(one, ("/x.svg",), {}) == '<img alt="a" src="/x.svg">'


def test_translations_escape_their_values() -> None:
    gettext = make_gettext({"Page %(number)s": "Trang <b>%(number)s</b>", "100%%": "100%%"})
    assert gettext("Page %(number)s", number="<i>") == "Trang <b>&lt;i&gt;</b>"
    assert gettext("100%%") == "100%"
    assert gettext("unknown") == "unknown"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1536, "1,5 KB"), (5_000_000_000_000, "5.000 GB")],
)
def test_sizes(size: int, text: str) -> None:
    assert format_size(size, find_locale("vi")) == text


def test_an_unknown_language_is_written_as_english() -> None:
    assert str(find_locale("xx-YY")) == "en"
    assert str(find_locale("pt-BR")) == "pt_BR"


def test_only_characters_of_xml_are_left() -> None:
    assert xml_safe("a\0\x01\x0b\ufffe\ud800b\t\n\U0001f600") == "ab\t\n\U0001f600"
