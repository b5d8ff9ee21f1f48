"""The front matter of term sources: files that describe one category, campaign or author.

The folder of a source says which of them it is: ``campaigns/dan-van-kheo.md`` describes a campaign.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from kheo.values import Moment, Names, Trail

TermKind = Literal["category", "campaign", "author"]
TERM_FOLDERS: dict[str, TermKind] = {
    "categories": "category",
    "campaigns": "campaign",
    "authors": "author",
}
MOST_LINKS = MOST_INDICATORS = 20
MOST_MILESTONES = 100
MOST_REPORTS = 10


def kind_of_term(path: str) -> TermKind | None:
    """Return what the source at ``path`` describes; ``None`` if it is no term source."""
    folder, _, rest = path.partition("/")
    return TERM_FOLDERS.get(folder) if rest else None


class TermLink(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """One entry under ``links``."""

    title: Annotated[str, Meta(description="The text that readers see.", examples=["Kế hoạch"])]
    link: Annotated[
        str,
        Meta(
            description="A file or a source, seen from this file, or a URL on this site or another.",
            examples=["ke-hoach-2026.pdf"],
        ),
    ]


class Milestone(Struct, frozen=True, array_like=True, forbid_unknown_fields=True, gc=False):
    """One entry under ``milestones``."""

    date: Annotated[Moment, Meta(description="When it was, or will be.", examples=["2026-05-19"])]
    text: Annotated[
        str, Meta(description="What happens, in one sentence.", examples=["100 mô hình đầu tiên."])
    ]
    report: Annotated[
        str,
        Meta(
            description="The source of a report about it, seen from this file.",
            examples=["../articles/2026/so-ket.md"],
        ),
    ] = ""


class Indicator(
    Struct, frozen=True, array_like=True, kw_only=True, forbid_unknown_fields=True, gc=False
):
    """One entry under ``indicators``: a number that is to reach a target."""

    name: Annotated[str, Meta(description="What is counted.", examples=["Nhà tình nghĩa"])]
    unit: Annotated[str, Meta(description="The unit of the numbers.", examples=["căn"])] = ""
    data: Annotated[
        str,
        Meta(
            description="A CSV file in the same folder; its first column has dates, months or years.",
            examples=["chi-tieu.csv"],
        ),
    ]
    column: Annotated[
        str, Meta(description="The column with the numbers.", examples=["Nhà tình nghĩa"])
    ]
    target: Annotated[
        str, Meta(description="The number to reach, written as in the file.", examples=["1.200"])
    ] = ""
    by: Annotated[
        Moment | None,
        Meta(
            description="Last day to reach it (default: the end of the campaign).",
            examples=["2026-12-31"],
        ),
    ] = None
    falling: Annotated[
        bool, Meta(description="`true`: the number is to fall to the target.", examples=["true"])
    ] = False


Slug = Annotated[
    str,
    Meta(description="The name in URLs (default: made from the name).", examples=["dan-van-kheo"]),
]
Photo = Annotated[
    str, Meta(description="Picture: a file in the same folder.", examples=["chan-dung.jpg"])
]
PhotoAlt = Annotated[
    str, Meta(description="What the picture shows.", examples=["Hải Hạnh trên cánh đồng"])
]
Links = Annotated[
    tuple[TermLink, ...],
    Meta(
        max_length=MOST_LINKS,
        description="Links below the text: `title` and `link`.",
        examples=["{title: Kế hoạch, link: ke-hoach-2026.pdf}"],
    ),
]
Aliases = Annotated[
    Names,
    Meta(
        description="Old URLs that redirect here, with everything below them.", examples=["/tin/"]
    ),
]
Draft = Annotated[bool, Meta(description="`true`: not published yet.", examples=["true"])]
Extra = Annotated[
    dict[str, str],
    Meta(
        description="Texts for the site's own templates: names and values.",
        examples=["{phone: 069 737 282}"],
    ),
]
Weight = Annotated[
    int,
    Meta(
        ge=-1000,
        le=1000,
        description="Order among those with a source; smaller numbers come first.",
        examples=["10"],
    ),
]


class CategorySource(
    Struct,
    frozen=True,
    array_like=True,
    kw_only=True,
    forbid_unknown_fields=True,
    gc=False,
    tag="category",
):
    """The keys at the top of a file in ``categories/``."""

    name: Annotated[
        Trail,
        Meta(
            description="Path in the category tree, as under `category` in reports.",
            examples=["Phong trào thi đua > Dân vận khéo"],
        ),
    ]
    slug: Slug = ""
    description: Annotated[
        str, Meta(description="One sentence shown above its articles.", examples=["Tin hoạt động."])
    ] = ""
    photo: Photo = ""
    photo_alt: PhotoAlt = ""
    links: Links = ()
    aliases: Aliases = ()
    draft: Draft = False
    weight: Weight = 0
    extra: Extra = {}

    @property
    def trail(self) -> tuple[str, ...]:
        return self.name

    @property
    def text(self) -> str:
        return self.description


class CampaignSource(
    Struct,
    frozen=True,
    array_like=True,
    kw_only=True,
    forbid_unknown_fields=True,
    gc=False,
    tag="campaign",
):
    """The keys at the top of a file in ``campaigns/``."""

    name: Annotated[
        str, Meta(description="Name, as under `campaign` in reports.", examples=["Dân vận khéo"])
    ]
    slug: Slug = ""
    description: Annotated[
        str, Meta(description="What it is about.", examples=["Khéo vận động, khéo làm."])
    ] = ""
    start: Annotated[Moment | None, Meta(description="First day.", examples=["2009-01-15"])] = None
    end: Annotated[Moment | None, Meta(description="Last day.", examples=["2030-12-31"])] = None
    pinned: Annotated[
        bool, Meta(description="`true`: shown on the home page.", examples=["true"])
    ] = False
    indicators: Annotated[
        tuple[Indicator, ...],
        Meta(
            max_length=MOST_INDICATORS,
            description="Numbers from a CSV file, with targets.",
            examples=["[{name: Nhà, data: chi-tieu.csv, column: Nhà, target: 1.200}]"],
        ),
    ] = ()
    milestones: Annotated[
        tuple[Milestone, ...],
        Meta(
            max_length=MOST_MILESTONES,
            description="What happened when: `date`, `text`, `report`.",
            examples=["[{date: 2026-05-19, text: Lễ phát động.}]"],
        ),
    ] = ()
    reports: Annotated[
        Names,
        Meta(
            max_length=MOST_REPORTS,
            description="Sources of reports to show above the list, seen from this file.",
            examples=["../articles/2026/so-ket.md"],
        ),
    ] = ()
    photo: Photo = ""
    photo_alt: PhotoAlt = ""
    links: Links = ()
    aliases: Aliases = ()
    draft: Draft = False
    weight: Weight = 0
    extra: Extra = {}

    @property
    def trail(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def text(self) -> str:
        return self.description


class AuthorSource(
    Struct,
    frozen=True,
    array_like=True,
    kw_only=True,
    forbid_unknown_fields=True,
    gc=False,
    tag="author",
):
    """The keys at the top of a file in ``authors/``."""

    name: Annotated[
        str, Meta(description="Name, as under `author` in reports.", examples=["Hải Hạnh"])
    ]
    slug: Slug = ""
    role: Annotated[str, Meta(description="Position or role.", examples=["Phóng viên"])] = ""
    photo: Photo = ""
    photo_alt: PhotoAlt = ""
    links: Links = ()
    aliases: Aliases = ()
    draft: Draft = False
    extra: Extra = {}

    @property
    def trail(self) -> tuple[str, ...]:
        return (self.name,)

    @property
    def text(self) -> str:
        return self.role


TermSource = CategorySource | CampaignSource | AuthorSource
SOURCE_OF: dict[TermKind, type[TermSource]] = {
    "category": CategorySource,
    "campaign": CampaignSource,
    "author": AuthorSource,
}
