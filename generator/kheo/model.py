"""The types that the stages pass to each other. All are frozen: no field is filled in later.

Types with thousands of instances have ``gc=False``: frozen types cannot form cycles, so the garbage
collector need not track them. This saves a third of their time and memory.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from kheo.tables import ChartSpec, DataTable
from kheo.term_sources import TermSource
from kheo.values import MOST_NAMES, Moment, Names, Trail, Trails, ordinal_of

# Other modules import these from here.
__all__ = ["Moment", "Names", "Trail", "Trails", "ordinal_of"]

# --- front matter ---------------------------------------------------------------------------------


class Correction(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One entry under ``corrections``: what was corrected, and when."""

    date: Annotated[Moment, Meta(description="Date of the correction.", examples=["2020-02-14"])]
    text: Annotated[
        str, Meta(description="What was corrected.", examples=["Số hộ dân là 125, không phải 152."])
    ]


class Attachment(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """One entry under ``attachments``: a file in the folder of the source, with an optional title."""

    file: Annotated[
        str,
        Meta(
            description="A file in the same folder as this report.", examples=["ke-hoach-2026.pdf"]
        ),
    ]
    title: Annotated[
        str,
        Meta(
            description="The text that readers see (default: the file name).", examples=["Kế hoạch"]
        ),
    ] = ""


Kind = Literal["article", "page"]


class FrontMatter(
    Struct, frozen=True, array_like=True, kw_only=True, forbid_unknown_fields=True, gc=False
):
    """The keys at the top of a source."""

    title: Annotated[str, Meta(description="Headline.", examples=["Hội nghị tổng kết năm 2025"])]
    date: Annotated[
        Moment | None,
        Meta(description="Publication date, with an optional time.", examples=["2020-02-12"]),
    ] = None
    author: Annotated[
        Names,
        Meta(
            max_length=MOST_NAMES,
            description="Author or authors: a name or a list.",
            examples=["Hải Hạnh"],
        ),
    ] = ()
    category: Annotated[
        Trail,
        Meta(
            description="Path in the category tree: names separated by `>`, or a list.",
            examples=["Phong trào thi đua > Các phong trào thi đua khác"],
        ),
    ] = ()
    also: Annotated[
        Trails,
        Meta(
            max_length=MOST_NAMES,
            description="Other categories that list the report too: a path or a list.",
            examples=["[Văn bản, Tin tức > Tin cơ sở]"],
        ),
    ] = ()
    campaign: Annotated[
        Names,
        Meta(
            max_length=MOST_NAMES,
            description="Campaign or campaigns that the report belongs to: a name or a list.",
            examples=["Dân vận khéo"],
        ),
    ] = ()
    summary: Annotated[
        str,
        Meta(
            description="One or two sentences for listings (default: the beginning of the text).",
            examples=["Mười năm thi đua trên biên giới."],
        ),
    ] = ""
    slug: Annotated[
        str,
        Meta(
            description="Last part of the URL (default: made from the title).",
            examples=["dan-van-kheo-2020"],
        ),
    ] = ""
    updated: Annotated[
        Moment | None, Meta(description="When the text last changed.", examples=["2020-02-15"])
    ] = None
    expires: Annotated[
        Moment | None,
        Meta(
            description="When the report expires; a date without a time is the last day it is shown.",
            examples=["2026-12-31"],
        ),
    ] = None
    draft: Annotated[bool, Meta(description="`true`: not published yet.", examples=["true"])] = (
        False
    )
    image: Annotated[
        str,
        Meta(
            description="Lead picture: a file in the same folder as this report.",
            examples=["ruong-lua.jpg"],
        ),
    ] = ""
    image_alt: Annotated[
        str, Meta(description="What the lead picture shows.", examples=["Bà con gặt lúa"])
    ] = ""
    source: Annotated[
        str,
        Meta(
            description="Where the report was first published: a name or a URL.",
            examples=["Báo Gia Lai"],
        ),
    ] = ""
    aliases: Annotated[
        Names, Meta(description="Old URLs that redirect here.", examples=["/tin/123/"])
    ] = ()
    pinned: Annotated[
        bool, Meta(description="`true`: pinned to the top of the home page.", examples=["true"])
    ] = False
    kind: Annotated[
        Kind, Meta(description="`page` for a standing page without a date.", examples=["page"])
    ] = "article"
    weight: Annotated[
        int,
        Meta(
            ge=-1000,
            le=1000,
            description="Order of standing pages and pinned articles; smaller numbers come first.",
            examples=["10"],
        ),
    ] = 0
    attachments: Annotated[
        tuple[Attachment, ...],
        Meta(
            description="Files to download: names, or `file` and `title`.",
            examples=["ke-hoach-2026.pdf"],
        ),
    ] = ()
    corrections: Annotated[
        tuple[Correction, ...],
        Meta(
            description="Corrections made after publication: `date` and `text`.",
            examples=["{date: 2020-02-14, text: Số hộ dân là 125.}"],
        ),
    ] = ()
    extra: Annotated[
        dict[str, str],
        Meta(
            description="Texts for the site's own templates: names and values.",
            examples=["{phone: 069 737 282}"],
        ),
    ] = {}

    @property
    def dated(self) -> Moment | None:
        """Return the date of an article; ``None`` for a standing page, even if it has a date."""
        return self.date if self.kind == "article" else None

    @property
    def places(self) -> tuple[tuple[str, ...], ...]:
        """Return the trail of every category that an article names: its own, then the others."""
        return (self.category, *self.also)


# --- read -> parse ------------------------------------------------------------------------------


class Position(Struct, frozen=True, array_like=True, gc=False):
    """A position in a file: line and column, both from 1."""

    line: int
    column: int


class Entry(Struct, frozen=True, gc=False):
    """A file under ``content/``, as listed: it has not been read.

    ``path`` is relative to ``content/``, with ``/`` and in NFC. ``file`` is the same path as it is on
    the disk, which may be in NFD (macOS). ``mtime_ns`` is the ``stamp_of`` its times.
    """

    path: str
    file: str
    size: int
    mtime_ns: int


class FileState(Struct, frozen=True, array_like=True, gc=False):
    """A file as it was when the program last read or wrote it.

    ``size`` is in bytes. ``mtime_ns`` is in nanoseconds since 1970 for a published file, and the stamp
    of its ``Entry`` for a file that was read. ``digest`` is the hash of the bytes:
    BLAKE2b for a file that was read, SHA-256 for a published file.
    """

    size: int
    mtime_ns: int
    digest: str

    def matches(self, entry: "Entry") -> bool:
        """Return whether ``entry`` has the same size and modification time."""
        return self.mtime_ns == entry.mtime_ns and self.size == entry.size


class Source(Struct, frozen=True):
    """The bytes of a Markdown file, with their digest."""

    entry: Entry
    digest: str
    data: bytes


# "image": an <img>; "figure": a file that is not a picture and is shown like one; "poster": the still
# picture of a video; "media": an audio, a video or a frame in HTML; "embed": a video of another site,
# whose target is the address as it was written.
ReferenceKind = Literal[
    "link", "image", "figure", "poster", "media", "cover", "attachment", "embed"
]


class Reference(Struct, frozen=True, array_like=True, gc=False):
    """A link from a body or front matter to something on the same site, not yet resolved to a URL.

    ``target`` is the address as written, percent-decoded: ``../2020/other.md``, ``photo.jpg``,
    ``/lien-he/``. It is empty for an anchor in another part of the same article.
    """

    kind: ReferenceKind
    target: str
    anchor: str
    position: Position


class Heading(Struct, frozen=True, array_like=True, gc=False):
    """One heading of a body, for the table of contents. ``level`` is 2 to 6."""

    level: int
    anchor: str
    title: str


FileKind = Literal["pdf", "csv", "video", "audio", "embed"]


class FileFigure(Struct, frozen=True, array_like=True, tag=True, gc=False):
    """A file that is not a picture, alone in a paragraph: ``![text](plan.pdf)``.

    ``reference`` is the number of its reference. ``kind`` is what its name says; ``embed`` is a video
    of another site.
    """

    reference: int
    kind: FileKind
    text: str


class ChartFigure(Struct, frozen=True, array_like=True, tag=True, gc=False):
    """A ``chart`` block. Its data is ``table`` or, if that is ``None``, the file of a reference.

    ``Details.positions`` has the places of its keys: ``figures.0.columns.1``.
    """

    spec: ChartSpec
    table: DataTable | None = None
    reference: int | None = None


Figure = FileFigure | ChartFigure


class Body(Struct, frozen=True):
    """A body as HTML, before its links are resolved.

    ``parts`` has the HTML of each part of a split article. The placeholder ``\\0n\\0`` stands for the
    URL of ``references[n]``, so that a body depends only on its source. ``\\0<n\\0``, ``\\0+n\\0``
    and ``\\0>n\\0`` stand for the HTML that a picture needs before, inside and after its <img>; with
    ``[]``, ``()`` or ``{}`` instead of ``<>``, it leads to its full size, from a figure, a wide one or
    a gallery.
    ``\\0@n words\\0`` stands for that of ``figures[n]``, of which search finds the words, and ``\\0!note\\0`` for a word in the language of the site.
    ``anchors`` has every ``id`` in the body, with the number of its part (from 0). ``lead`` is the
    first paragraph as plain text. ``positions`` has the places of the keys of charts.
    """

    parts: tuple[str, ...]
    headings: tuple[Heading, ...] = ()
    anchors: dict[str, int] = {}
    references: tuple[Reference, ...] = ()
    lead: str = ""
    figures: tuple[Figure, ...] = ()
    positions: dict[str, Position] = {}


class Details(Struct, frozen=True, array_like=True, gc=False):
    """The data of a document that only its own pages and the messages about it need.

    ``anchors`` has every ``id`` in the body, with the number of its part (from 0). ``positions`` has
    the position of each key of the front matter (``category``, ``aliases.0``) and of charts.
    """

    headings: tuple[Heading, ...] = ()
    anchors: dict[str, int] = {}
    references: tuple[Reference, ...] = ()
    positions: dict[str, Position] = {}
    figures: tuple[Figure, ...] = ()


encode_details = msgspec.msgpack.Encoder().encode
_decode_details = msgspec.msgpack.Decoder(Details).decode


class Document(Struct, frozen=True, array_like=True, gc=False):
    """A parsed source. ``bodies`` has the digest of each part; the HTML is in the store.

    ``slug`` is from the front matter, or made from the title; it may be empty. ``has_references``:
    its details have references or figures. ``packed`` has the ``details`` as MessagePack: a build reads all documents, but the details of only a few. ``facts``
    is a digest (16 bytes) of everything that the site can show of the document except the bodies: if
    it is unchanged, only the document's own pages can change.
    """

    path: str
    meta: FrontMatter
    slug: str
    bodies: tuple[str, ...]
    summary: str
    has_references: bool
    packed: bytes
    facts: bytes = b""
    term: TermSource | None = None

    @property
    def details(self) -> Details:
        """Decode and return the details. Each access decodes them again, so keep the result."""
        return _decode_details(self.packed)
