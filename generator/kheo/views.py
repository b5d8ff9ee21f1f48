"""Views: what templates see, one frozen type for each kind of page, as plain data.

A page is a pure function of its view (``page``) and of what all pages share (``site``). Every
``url`` here is ready for an ``href``: it begins with the folder of ``base_url`` and is
percent-encoded. Put ``site.origin`` before it to make it absolute.
"""

import msgspec
from msgspec import Struct

from kheo import __version__
from kheo.config import Publisher
from kheo.model import Correction, Moment


class Link(Struct, frozen=True, array_like=True, gc=False):
    """A title and its URL."""

    title: str
    url: str


class Crumb(Struct, frozen=True, array_like=True, gc=False):
    """One step of the breadcrumb. ``short`` is ``title``, shortened at a word if it is long."""

    title: str
    short: str
    url: str


class Picture(Struct, frozen=True, array_like=True, gc=False):
    """A picture in a body, or from the front matter (``image``, ``image_alt``).

    ``url`` is the file that every browser can show, of ``width`` × ``height`` pixels (0 for a drawing
    without a size). ``webp`` is a ``srcset`` with the same picture in several widths, or empty.
    """

    url: str
    alt: str
    width: int = 0
    height: int = 0
    webp: str = ""


class DataSeries(Struct, frozen=True, array_like=True, gc=False):
    """The numbers of one line, or of the bars of one colour. ``None``: there is no number.

    They are written with ``decimals`` decimals, and with ``%`` if ``is_percent``.
    """

    name: str
    values: tuple[float | None, ...]
    decimals: int = 0
    is_percent: bool = False


class DataColumn(Struct, frozen=True, array_like=True, gc=False):
    """A column of a table: its cells, as readers see them."""

    name: str
    texts: tuple[str, ...]
    is_number: bool = False


class DataFigure(Struct, frozen=True, array_like=True, kw_only=True, tag=True, tag_field="figure"):
    """A chart or a table in a body. ``type`` is ``bars``, ``stacked``, ``line``, ``dots`` or ``table``.

    ``labels`` are the names of the rows that are drawn; ``at`` is where a line has them, from 0 to 1.
    ``is_ordered``: the rows are in order of time. ``table`` has the columns below the drawing, and
    ``count`` is the number of rows in the file. ``url`` and ``size`` (in bytes) are those of the file;
    they are empty if there is none. ``is_bare``: it is in a ``<figure>`` already.
    """

    type: str
    title: str
    subtitle: str = ""
    unit: str = ""
    source: str = ""
    labels: tuple[str, ...] = ()
    at: tuple[float, ...] = ()
    is_ordered: bool = False
    series: tuple[DataSeries, ...] = ()
    table: tuple[DataColumn, ...] = ()
    count: int = 0
    url: str = ""
    size: int = 0
    is_bare: bool = False


class FileCard(Struct, frozen=True, array_like=True, tag=True, tag_field="figure"):
    """A file in a body that readers can open. ``type`` is the ending of its name, ``PDF``; ``size`` is
    in bytes; ``pages`` is 0 if their number is not known."""

    title: str
    url: str
    type: str
    size: int
    pages: int = 0


class Track(Struct, frozen=True, array_like=True):
    """Captions of a video. ``language`` is a tag such as ``vi``."""

    language: str
    url: str


class VideoPlayer(Struct, frozen=True, array_like=True, tag=True, tag_field="figure"):
    """A video in a body. ``text`` says what it shows.

    ``width`` and ``height`` are the pixels that it takes where there is room. ``poster`` is the URL of
    a picture, or empty.
    """

    url: str
    text: str
    width: int
    height: int
    poster: str = ""
    tracks: tuple[Track, ...] = ()


class AudioPlayer(Struct, frozen=True, array_like=True, tag=True, tag_field="figure"):
    """A recording in a body, with its length in seconds. ``type`` and ``size`` are those of a
    ``FileCard``."""

    title: str
    url: str
    type: str
    size: int
    seconds: int


class VideoCard(Struct, frozen=True, array_like=True, tag=True, tag_field="figure"):
    """A video of another site in a body.

    ``service`` is the name of that site; ``picture`` is beside the report. ``frame`` is the address
    of the player, or empty if ``embeds`` is off.
    """

    title: str
    url: str
    service: str
    picture: Picture | None = None
    frame: str = ""


FigureView = FileCard | DataFigure | VideoPlayer | AudioPlayer | VideoCard


class ShareImage(Struct, frozen=True, array_like=True):
    """The picture that social networks show for a page (Open Graph): at most 1200 × 630 pixels."""

    url: str
    width: int
    height: int
    alt: str


class FeedLink(Struct, frozen=True, array_like=True):
    """A feed that this page offers. ``type`` is its MIME type."""

    title: str
    url: str
    type: str


class NavigationItem(Struct, frozen=True, array_like=True):
    """One entry of the main navigation, with those below it."""

    title: str
    url: str
    children: tuple["NavigationItem", ...] = ()


class SiteView(Struct, frozen=True, array_like=True, kw_only=True):
    """The data that all pages share. It depends on ``site.yaml``, categories and standing pages.

    It does not depend on the text of articles. ``origin`` is the scheme and host without a final
    slash; ``home`` is the URL of the home page (``/``, or the folder of the site); ``generator`` is
    the name of this program, with its version.
    """

    title: str
    tagline: str
    language: str
    origin: str
    home: str
    publisher: Publisher
    navigation: tuple[NavigationItem, ...]
    sections: tuple[Link, ...]  # campaigns, authors, archive: the indexes that exist
    pages: tuple[Link, ...]  # standing pages, by weight
    feeds: tuple[FeedLink, ...]
    search: str = ""  # URL of the search page; empty if there is none
    generator: str = f"Khéo {__version__}"
    logo: Picture | None = None  # with the size in which it is shown


class Card(Struct, frozen=True, array_like=True, gc=False):
    """An article in a list. ``status`` has the same values as in ``ArticleView``."""

    title: str
    url: str
    date: Moment
    summary: str
    category: Link
    image: Picture | None = None
    pinned: bool = False
    status: str = ""


class PageNumber(Struct, frozen=True, array_like=True, gc=False):
    """One number of a pager. ``url`` is empty for the current page and for a gap (label ``…``)."""

    label: str
    url: str
    current: bool = False


class PagerView(Struct, frozen=True, array_like=True):
    """The URLs of ``|< < 1 2 3 > >|``; a URL is empty if there is no such page.

    ``number`` is that of the current page and ``count`` the number of pages; page 1 is the first.
    With stable pagination, page 1 is the oldest, and ``count`` is 0: it would change with each new
    page.
    """

    number: int
    count: int
    first: str
    previous: str
    next: str
    last: str
    pages: tuple[PageNumber, ...]


class Page(Struct, frozen=True, array_like=True, kw_only=True, tag=True):
    """The data of every HTML page. ``robots`` is the content of ``<meta name=robots>``, or empty.

    ``extra`` has the texts that the front matter of an article or a standing page gives to templates
    under that name; on all other pages it is empty.
    """

    url: str
    title: str
    description: str
    breadcrumb: tuple[Crumb, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    robots: str = ""
    pager: PagerView | None = None
    extra: dict[str, str] = {}


class AuthorView(Struct, frozen=True, array_like=True):
    """An author of an article."""

    name: str
    url: str
    role: str = ""


class Download(Struct, frozen=True, array_like=True):
    """An attachment: ``type`` is its extension in capitals (``PDF``), ``size`` is in bytes."""

    title: str
    url: str
    type: str
    size: int


class ContentsEntry(Struct, frozen=True, array_like=True):
    """A heading in a table of contents; templates show levels 2 and 3."""

    level: int
    title: str
    url: str


class ArticleView(Page, frozen=True, kw_only=True):
    """``article.html``: one part of an article.

    ``links`` and ``pictures`` (by the number of the reference) and ``figures`` are filled into the body.
    ``attachments``, ``corrections`` and ``related`` come at the end of an article: they are empty
    unless ``is_last``. ``also`` has the other categories that list it. ``status`` is ``draft`` or
    ``scheduled`` if the site shows such articles, else empty. ``canonical`` is the URL of the first
    part.
    """

    links: tuple[str, ...]
    canonical: str
    date: Moment
    updated: Moment | None
    summary: str
    authors: tuple[AuthorView, ...]
    category: Link
    campaigns: tuple[Link, ...]
    image: Picture | None
    source: str
    attachments: tuple[Download, ...]
    corrections: tuple[Correction, ...]
    headings: tuple[ContentsEntry, ...]
    previous: Link | None
    next: Link | None
    related: tuple[Card, ...]
    is_last: bool = True
    status: str = ""
    share: ShareImage | None = None
    pictures: dict[int, Picture] = {}
    figures: dict[int, FigureView] = {}
    also: tuple[Link, ...] = ()


class StandingView(Page, frozen=True, kw_only=True):
    """``page.html``: a standing page (about, contact)."""

    links: tuple[str, ...]
    canonical: str
    updated: Moment | None
    image: Picture | None
    attachments: tuple[Download, ...]
    headings: tuple[ContentsEntry, ...]
    status: str = ""
    share: ShareImage | None = None
    pictures: dict[int, Picture] = {}
    figures: dict[int, FigureView] = {}


class Block(Struct, frozen=True, array_like=True):
    """The newest articles of one top category, on the home page."""

    title: str
    url: str
    items: tuple[Card, ...]


class HomeView(Page, frozen=True, kw_only=True):
    """``home.html``. ``pinned``, ``campaigns`` (the pinned ones) and ``blocks`` are empty except on the
    first page.
    """

    pinned: tuple[Card, ...]
    items: tuple[Card, ...]
    blocks: tuple[Block, ...]
    campaigns: "tuple[TermCard, ...]" = ()


class IndicatorView(Struct, frozen=True, array_like=True):
    """A number of a campaign. Texts are written in the language of the site.

    ``value`` is that of the last row, which is called ``at``; ``change`` is the difference from the
    row before it (``before``), with its sign, and ``first`` the number of the first row. ``share`` is how much of ``target`` is reached, 1 is all
    of it, and ``percent`` is the same as a text; without a target, they are ``None`` and empty.
    ``state`` is ``reached``, ``missed`` (the last day, ``by``, is over), ``open``, or empty without a
    target. ``points`` are the numbers of all rows.
    """

    name: str
    unit: str
    value: str
    at: str
    change: str = ""
    before: str = ""
    first: str = ""
    target: str = ""
    by: Moment | None = None
    share: float | None = None
    percent: str = ""
    state: str = ""
    points: tuple[float | None, ...] = ()


class MilestoneView(Struct, frozen=True, array_like=True):
    """A point of a campaign's timeline. ``url`` is that of a report about it, or empty."""

    date: Moment
    text: str
    url: str = ""
    is_past: bool = False


class Counts(Struct, frozen=True, array_like=True):
    """How many reports there were in each month or year, oldest first; for ``count_figure``."""

    labels: tuple[str, ...]
    values: tuple[int, ...]
    is_monthly: bool = True


class Share(Struct, frozen=True, array_like=True):
    """A category that takes part in a campaign: its reports, and their ``share`` of all (1 is all)."""

    title: str
    url: str
    count: int
    share: float
    percent: str


class Dashboard(Struct, frozen=True, array_like=True, kw_only=True):
    """The first page of a campaign, above the list. ``state`` is ``upcoming``, ``running``, ``ended``,
    or empty for a campaign without dates.

    ``more_categories`` is the number of those that are not in ``categories``. ``tables`` has the data
    of the indicators. ``json`` and ``csv`` are the URLs of the same numbers for programs.
    """

    state: str
    reports: int
    authors: int
    latest: Card | None
    counts: Counts | None
    categories: tuple[Share, ...]
    more_categories: int
    indicators: tuple[IndicatorView, ...]
    milestones: tuple[MilestoneView, ...]
    pinned: tuple[Card, ...]
    tables: tuple[DataFigure, ...]
    json: str
    csv: str


class ListingView(Page, frozen=True, kw_only=True):
    """``listing.html``: the articles of one category, campaign, author, year or month; ``campaign.html``:
    the first page of a campaign.

    ``kind`` is one of ``category``, ``campaign``, ``author``, ``year``, ``month``. ``text`` is a
    description or an author's role. ``month`` holds the first day of a year or month. On the first
    page of a term with a source of its own, ``image``, ``headings`` and ``more`` (the links in its
    front matter) are from there; ``links`` and ``pictures`` (by the number of the reference) are
    filled into its body; ``dashboard`` is on the first page of every campaign; ``status`` is ``draft`` if it is shown although it is a draft.
    """

    kind: str
    text: str
    items: tuple[Card, ...]
    children: tuple[Link, ...] = ()  # subcategories, or the months of a year
    start: Moment | None = None
    end: Moment | None = None
    month: Moment | None = None
    image: Picture | None = None
    headings: tuple[ContentsEntry, ...] = ()
    more: tuple[Link, ...] = ()
    links: tuple[str, ...] = ()
    pictures: dict[int, Picture] = {}
    figures: dict[int, FigureView] = {}
    share: ShareImage | None = None
    status: str = ""
    dashboard: Dashboard | None = None


class TermCard(Struct, frozen=True, array_like=True):
    """One entry in the list of campaigns or of authors.

    ``state`` is that of ``Dashboard``. ``reports`` is the number of reports of a campaign, ``newest``
    the newest of them, ``indicator`` its first one with a target.
    """

    title: str
    url: str
    text: str
    start: Moment | None = None
    end: Moment | None = None
    state: str = ""
    reports: int = 0
    newest: Link | None = None
    indicator: IndicatorView | None = None
    image: Picture | None = None


class TermsView(Page, frozen=True, kw_only=True):
    """``terms.html``: all campaigns, or all authors. ``kind`` is ``campaigns`` or ``authors``."""

    kind: str
    items: tuple[TermCard, ...]


class ArchiveMonth(Struct, frozen=True, array_like=True):
    """One month of the archive. ``month`` is its first day."""

    month: Moment
    url: str
    count: int


class ArchiveYear(Struct, frozen=True, array_like=True):
    """One year of the archive, newest month first."""

    year: int
    url: str
    count: int
    months: tuple[ArchiveMonth, ...]


class ArchiveView(Page, frozen=True, kw_only=True):
    """``archive.html``: years and months, newest first."""

    years: tuple[ArchiveYear, ...]


class NotFoundView(Page, frozen=True, kw_only=True):
    """``not_found.html``, published as ``404.html``."""


class ExpiredView(Page, frozen=True, kw_only=True):
    """``expired.html``: takes the place of an article or standing page that has expired.

    ``expired`` is when that was: without a time of day, it was shown until the end of that day.
    ``category`` is that of an article.
    """

    expired: Moment | None
    category: Link | None


class SearchView(Page, frozen=True, kw_only=True):
    """``search.html``. ``index`` is the folder of the search index, with a final slash.

    ``filters`` are those that readers have a choice in: some of ``category``, ``campaign``,
    ``author``, ``year``. ``categories`` are the top ones, for readers whose browser does not run
    JavaScript.
    """

    index: str
    filters: tuple[str, ...]
    categories: tuple[Link, ...]


class AliasView(Struct, frozen=True, array_like=True, tag=True):
    """``alias.html``: an old URL that redirects to ``target``.

    ``path`` is its output path; it is empty if only the rules of a host redirect the URL. ``query``
    has its query, with spaces between the pairs: ``tabid=123 id=456``.
    """

    url: str
    title: str
    target: str
    path: str
    query: str = ""


class MovedView(Page, frozen=True, kw_only=True):
    """``moved.html``: a path whose query said which report is meant, for hosts that ignore queries.

    ``folder`` has the pages of these URLs. ``names`` has the names that their queries consist of:
    ``id&tabid``. ``target`` is where the path leads without them, or empty.
    """

    folder: str
    names: tuple[str, ...]
    target: str


class GoneView(Page, frozen=True, kw_only=True):
    """``gone.html``: a URL that was withdrawn on purpose; also published as ``410.html``."""


class FeedEntry(Struct, frozen=True, array_like=True):
    """One article in a feed. ``categories`` are its own, then the others that list it."""

    title: str
    url: str
    date: Moment
    updated: Moment
    summary: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]


class FeedView(Struct, frozen=True, array_like=True, tag=True):
    """``feed.xml`` and ``feed.json``. ``home`` is the URL of the listing, ``url`` that of the feed."""

    url: str
    title: str
    home: str
    updated: Moment | None
    items: tuple[FeedEntry, ...]


class SitemapEntry(Struct, frozen=True, array_like=True):
    """One URL of the sitemap."""

    url: str
    updated: Moment | None = None


class SitemapView(Struct, frozen=True, array_like=True, tag=True):
    """``sitemap.xml``: up to 50,000 URLs (sitemaps.org)."""

    items: tuple[SitemapEntry, ...]


class SitemapIndexView(Struct, frozen=True, array_like=True, tag=True):
    """``sitemap_index.xml``: the parts of the sitemap."""

    items: tuple[SitemapEntry, ...]


class NewsSitemapView(Struct, frozen=True, array_like=True, tag=True):
    """``sitemap_news.xml``: articles of the last two days (Google News)."""

    items: tuple[Card, ...]


class RobotsView(Struct, frozen=True, array_like=True, tag=True):
    """``robots.txt``. ``sitemaps`` are URLs, to be made absolute."""

    sitemaps: tuple[str, ...]


class RedirectsView(Struct, frozen=True, array_like=True, tag=True):
    """``_redirects``: one line for each old URL (Netlify, Cloudflare Pages).

    ``gone`` are the URLs that were withdrawn; one that ends in ``*`` stands for everything below it.
    ``gone_page`` is the page for them.
    """

    items: tuple[AliasView, ...]
    gone: tuple[str, ...] = ()
    gone_page: str = ""


class HeadersView(Struct, frozen=True, array_like=True, kw_only=True, tag=True):
    """``_headers``: the HTTP headers of each file (Netlify, Cloudflare Pages).

    ``prefix`` is the folder of the site, or empty. ``assets`` is the folder of fingerprinted files.
    ``frame_hosts`` are the hosts of frames that ``site.yaml`` allows. ``secure`` says whether the site uses
    ``https://``, ``fonts`` whether it has files of fonts.
    """

    prefix: str
    assets: str
    frame_hosts: tuple[str, ...]
    trusted_html: bool
    search: bool
    secure: bool
    fonts: bool = False


class QueryView(Struct, frozen=True, array_like=True):
    """A path whose query says which report is meant.

    ``files`` are the paths of its pages with variables of nginx in them, in the order in which to
    look for one; ``otherwise`` is what to send if there is none.
    """

    url: str
    files: tuple[str, ...]
    otherwise: str


class NginxView(Struct, frozen=True, array_like=True, kw_only=True, tag=True):
    """``_nginx.conf``. ``fingerprinted`` is a regular expression for paths that never change.

    ``gone`` are URLs that were withdrawn, ``below`` those below which everything else was.
    """

    headers: HeadersView
    fingerprinted: str
    aliases: tuple[AliasView, ...]
    queries: tuple[QueryView, ...] = ()
    gone: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


View = (
    ArticleView
    | StandingView
    | HomeView
    | ListingView
    | TermsView
    | ArchiveView
    | NotFoundView
    | ExpiredView
    | SearchView
    | AliasView
    | MovedView
    | GoneView
    | FeedView
    | SitemapView
    | SitemapIndexView
    | NewsSitemapView
    | RobotsView
    | RedirectsView
    | HeadersView
    | NginxView
)

encode_view = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(View).decode


def decode_view(view: bytes) -> View:
    """Decode a view from MessagePack."""
    decoded: View = _decode(view)
    return decoded
