"""The keys of ``content/site.yaml``, as types."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from kheo.model import Moment, Names

HTTP = {"form": "http"}
COLOR = {"form": "color"}
FAMILY = {"form": "family"}
OR_NONE = {"form": "none"}  # `none` may be written for what is left out
DateOrder = Literal["", "day-first", "month-first"]


class Publisher(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The publisher of the site, shown in the footer of every page."""

    name: Annotated[
        str,
        Meta(
            description="Name of the publishing organization (default: the title of the site).",
            examples=["Ban Dân vận tỉnh ủy"],
        ),
    ] = ""
    since: Annotated[
        int,
        Meta(
            ge=0, le=2999, description="Year in the copyright line; 0 for none.", examples=["2014"]
        ),
    ] = 0
    responsible: Annotated[
        str,
        Meta(description="Person responsible for the site.", examples=["Nguyễn Văn A, Trưởng ban"]),
    ] = ""
    licence: Annotated[
        str,
        Meta(description="Publishing licence, in full.", examples=["10/GP-STTTT ngày 22/12/2014"]),
    ] = ""
    developer: Annotated[
        str, Meta(description="Who made the site.", examples=["Trung tâm CNTT"])
    ] = ""
    address: Annotated[str, Meta(description="Postal address.", examples=["02 Hai Bà Trưng"])] = ""
    phone: Annotated[str, Meta(description="Telephone number.", examples=["(0269) 3716046"])] = ""
    email: Annotated[str, Meta(description="Email address.", examples=["toasoan@example.vn"])] = ""


class Colors(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Colours, as `"#rrggbb"` in quotes: without them, YAML takes `#` for a comment."""

    accent: Annotated[
        str,
        Meta(description="Masthead, links, buttons.", examples=['"#14527a"'], extra=COLOR),
    ] = ""
    ink: Annotated[str, Meta(description="Text.", examples=['"#1a1d22"'], extra=COLOR)] = ""
    paper: Annotated[
        str, Meta(description="The background of pages.", examples=['"#f8fafc"'], extra=COLOR)
    ] = ""
    accent_dark: Annotated[
        str,
        Meta(
            description="`accent` for readers who prefer dark pages (default: `accent`, lighter).",
            examples=['"#8fc7ee"'],
            extra=COLOR,
        ),
    ] = ""
    ink_dark: Annotated[
        str, Meta(description="Text on dark pages.", examples=['"#e4e9ef"'], extra=COLOR)
    ] = ""
    paper_dark: Annotated[
        str,
        Meta(description="The background of dark pages.", examples=['"#10161c"'], extra=COLOR),
    ] = ""


class Font(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The font of headlines and texts, published with the site."""

    family: Annotated[
        str, Meta(description="Name of the font.", examples=["Be Vietnam Pro"], extra=FAMILY)
    ]
    folder: Annotated[
        str, Meta(description="Folder in content/ with `.woff2` files.", examples=["look/font"])
    ]


class Look(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Logo, colours, font and band: what the theme shows in another way for this site."""

    logo: Annotated[
        str, Meta(description="Logo: a picture in content/.", examples=["look/logo.svg"])
    ] = ""
    colors: Annotated[Colors, Meta(description="Colours.", examples=['{accent: "#14527a"}'])] = (
        Colors()
    )
    font: Annotated[
        Font,
        Meta(
            description="Font of headlines and texts, or `none` (the default): those of the device.",
            examples=["{family: Be Vietnam Pro, folder: look/font}"],
            extra=OR_NONE,
        ),
    ] = Font(family="", folder="")
    band: Annotated[
        str,
        Meta(
            description="The band below the masthead: an SVG file in content/ that is repeated, or "
            "`none`.",
            examples=["look/band.svg"],
        ),
    ] = ""


class MenuEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One link of the main navigation."""

    title: Annotated[str, Meta(description="The text that readers see.", examples=["Giới thiệu"])]
    link: Annotated[
        str,
        Meta(
            description="A category (`A > B`), a source (`pages/gioi-thieu.md`), or a URL on this "
            "site (`/luu-tru/`) or another (`https://…`).",
            examples=["pages/gioi-thieu.md"],
        ),
    ]


TermAliases = Annotated[
    Names,
    Meta(
        description="Old URLs that redirect here, with everything below them.", examples=["/tin/"]
    ),
]


class CategoryEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One category and its subcategories, in the order of the navigation."""

    name: Annotated[str, Meta(description="Name, as in front matter.", examples=["Tin tức"])]
    slug: Annotated[str, Meta(description="The name in URLs.", examples=["tin-tuc"])] = ""
    description: Annotated[
        str, Meta(description="One sentence shown above its articles.", examples=["Tin hoạt động."])
    ] = ""
    aliases: TermAliases = ()
    children: Annotated[
        tuple["CategoryEntry", ...],
        Meta(description="Categories below this one.", examples=["[{name: Tin trong tỉnh}]"]),
    ] = ()


class CampaignEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One emulation campaign."""

    title: Annotated[str, Meta(description="Name, as in front matter.", examples=["Dân vận khéo"])]
    slug: Annotated[str, Meta(description="The name in URLs.", examples=["dan-van-kheo"])] = ""
    description: Annotated[
        str, Meta(description="What it is about.", examples=["Khéo vận động, khéo làm."])
    ] = ""
    start: Annotated[Moment | None, Meta(description="First day.", examples=["2009-01-15"])] = None
    end: Annotated[Moment | None, Meta(description="Last day.", examples=["2030-12-31"])] = None
    aliases: TermAliases = ()


class AuthorEntry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One author."""

    name: Annotated[str, Meta(description="Name, as in front matter.", examples=["Hải Hạnh"])]
    slug: Annotated[str, Meta(description="The name in URLs.", examples=["hai-hanh"])] = ""
    role: Annotated[str, Meta(description="Position or role.", examples=["Phóng viên"])] = ""
    aliases: TermAliases = ()


class UrlWords(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fixed words in URLs (default: those of the site's language)."""

    page: Annotated[str, Meta(description="Word before a page number.", examples=["trang"])] = ""
    campaigns: Annotated[
        str, Meta(description="Word before the name of a campaign.", examples=["chien-dich"])
    ] = ""
    authors: Annotated[
        str, Meta(description="Word before the name of an author.", examples=["tac-gia"])
    ] = ""
    archive: Annotated[
        str,
        Meta(description="Word before the years and months of the archive.", examples=["luu-tru"]),
    ] = ""
    search: Annotated[str, Meta(description="Word for the search page.", examples=["tim-kiem"])] = (
        ""
    )


class SiteConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings in site.yaml."""

    title: Annotated[str, Meta(description="Name of the site.", examples=["Dân vận Gia Lai"])]
    tagline: Annotated[
        str,
        Meta(description="One line shown below the name.", examples=["Khéo thì việc gì cũng xong"]),
    ] = ""
    base_url: Annotated[
        str,
        Meta(
            description="URL of the site, including its folder, if any.",
            examples=["https://danvan.example.vn/"],
            extra=HTTP,
        ),
    ]
    language: Annotated[str, Meta(description="Language of the site (BCP 47).", examples=["vi"])]
    timezone: Annotated[
        str,
        Meta(
            description="Time zone for dates that do not give one.", examples=["Asia/Ho_Chi_Minh"]
        ),
    ] = "UTC"
    date_order: Annotated[
        DateOrder,
        Meta(
            description="How `05/03/2026` is read (default: the order of the site's language).",
            examples=["day-first"],
        ),
    ] = ""
    publisher: Annotated[
        Publisher,
        Meta(description="Who is responsible for the site.", examples=["{name: Ban Dân vận}"]),
    ] = Publisher()
    look: Annotated[
        Look,
        Meta(description="Logo, colours, font and band.", examples=["{logo: look/logo.svg}"]),
    ] = Look()
    page_size: Annotated[
        int, Meta(ge=1, le=500, description="Articles per page of a listing.", examples=["20"])
    ] = 20
    feed_size: Annotated[
        int, Meta(ge=1, le=500, description="Articles per feed.", examples=["20"])
    ] = 20
    permalink: Annotated[
        str,
        Meta(
            description="Pattern of article URLs, made of {category} {slug} {year} {month} {day}.",
            examples=["{category}/{slug}/"],
        ),
    ] = "{category}/{slug}/"
    pagination: Annotated[
        Literal["newest", "stable"],
        Meta(
            description="`stable` numbers the pages of listings from the oldest article.",
            examples=["stable"],
        ),
    ] = "newest"
    menu: Annotated[
        tuple[MenuEntry, ...],
        Meta(
            description="Main navigation (default: the top-level categories).",
            examples=["[{title: Giới thiệu, link: pages/gioi-thieu.md}]"],
        ),
    ] = ()
    categories: Annotated[
        tuple[CategoryEntry, ...],
        Meta(
            description="The category tree: order, slugs, descriptions.",
            examples=["[{name: Tin tức}]"],
        ),
    ] = ()
    categories_closed: Annotated[
        bool,
        Meta(description="`true`: a category that is not listed is an error.", examples=["true"]),
    ] = False
    campaigns: Annotated[
        tuple[CampaignEntry, ...],
        Meta(description="Campaigns.", examples=["[{title: Dân vận khéo}]"]),
    ] = ()
    campaigns_closed: Annotated[
        bool,
        Meta(description="`true`: a campaign that is not listed is an error.", examples=["true"]),
    ] = False
    authors: Annotated[
        tuple[AuthorEntry, ...], Meta(description="Authors.", examples=["[{name: Hải Hạnh}]"])
    ] = ()
    authors_closed: Annotated[
        bool,
        Meta(description="`true`: an author who is not listed is an error.", examples=["true"]),
    ] = False
    gone: Annotated[
        Names,
        Meta(
            description="URLs that were withdrawn on purpose; `/a/*` is everything below `/a/`.",
            examples=["/tin-tuc/thu-moi/"],
        ),
    ] = ()
    url_words: Annotated[
        UrlWords, Meta(description="Fixed words in URLs.", examples=["{page: trang}"])
    ] = UrlWords()
    trusted_html: Annotated[
        bool,
        Meta(description="`true`: HTML in sources is published unchanged.", examples=["false"]),
    ] = False
    iframe_hosts: Annotated[
        Names,
        Meta(description="Hosts whose frames (iframes) are allowed.", examples=["www.youtube.com"]),
    ] = ()
    embeds: Annotated[
        bool,
        Meta(
            description="`true`: videos of YouTube, Vimeo and Facebook can be played on the page.",
            examples=["true"],
        ),
    ] = False
    check_off: Annotated[
        Names,
        Meta(
            description="Codes of warnings that `check` does not report.",
            examples=["[long-paragraph, link-text]"],
        ),
    ] = ()
    share_cards: Annotated[
        bool,
        Meta(
            description="`true`: articles without a picture get a generated share image for social networks.",
            examples=["true"],
        ),
    ] = False
    search: Annotated[
        bool, Meta(description="`false`: readers cannot search the site.", examples=["false"])
    ] = True
    max_body_bytes: Annotated[
        int,
        Meta(
            ge=1000,
            le=100_000_000,
            description="Maximum length of the text of one source, in bytes.",
            examples=["1000000"],
        ),
    ] = 1_000_000


class TableOptions(Struct, frozen=True):
    """The settings in ``site.yaml`` that decide how tables of data are read."""

    language: str = "en"
    date_order: DateOrder = ""


class BodyOptions(Struct, frozen=True):
    """The settings in ``site.yaml`` that affect the HTML of a body."""

    trusted_html: bool = False
    iframe_hosts: tuple[str, ...] = ()
    tables: TableOptions = TableOptions()


class ParseOptions(Struct, frozen=True):
    """The settings in ``site.yaml`` that affect parsing. If one changes, all sources are parsed again."""

    language: str
    timezone: str
    date_order: DateOrder
    body: BodyOptions
    max_body_bytes: int
