"""The keys of ``templates/locale/<language>/language.yaml``, as types.

Everything that depends on the site's language is in these files and in the gettext catalogues, with
one exception: ``read/`` recognises old Vietnamese encodings, and the Đ of old keyboards.
"""

from typing import Annotated

from msgspec import Meta, Struct

from kheo.config import DateOrder, UrlWords
from kheo.model import Names


class DatePatterns(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Date formats for Babel, in the pattern syntax of CLDR (Unicode TR 35)."""

    full: Annotated[str, Meta(description="A full date.", examples=["EEEE, dd/MM/yyyy"])] = (
        "EEEE, d MMMM yyyy"
    )
    short: Annotated[
        str, Meta(description="A short date, for listings.", examples=["dd/MM/yyyy"])
    ] = "d MMM yyyy"
    time: Annotated[str, Meta(description="A time of day.", examples=["HH:mm"])] = "HH:mm"
    month: Annotated[str, Meta(description="A month and its year.", examples=["MM/yyyy"])] = (
        "LLLL yyyy"
    )


class Labels(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Titles of pages that the program generates."""

    home: Annotated[str, Meta(description="The home page.", examples=["Trang chủ"])] = "Home"
    campaigns: Annotated[
        str, Meta(description="The list of campaigns.", examples=["Chiến dịch"])
    ] = "Campaigns"
    authors: Annotated[str, Meta(description="The list of authors.", examples=["Tác giả"])] = (
        "Authors"
    )
    archive: Annotated[str, Meta(description="All articles by date.", examples=["Lưu trữ"])] = (
        "Archive"
    )
    month: Annotated[
        str,
        Meta(
            description="Title of a month, made of {month} and {year}.",
            examples=["Tháng {month}/{year}"],
        ),
    ] = "{year}-{month}"
    search: Annotated[str, Meta(description="The search page.", examples=["Tìm kiếm"])] = "Search"
    not_found: Annotated[
        str, Meta(description="The 404 page.", examples=["Không tìm thấy trang"])
    ] = "Page not found"
    gone: Annotated[
        str, Meta(description="A page that was withdrawn.", examples=["Trang đã gỡ"])
    ] = "Page withdrawn"


class Language(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All keys of language.yaml. The defaults are used for a language that has no such file."""

    name: Annotated[
        str, Meta(description="Name of the language, in that language.", examples=["Tiếng Việt"])
    ] = ""
    date_order: Annotated[
        DateOrder,
        Meta(
            description="How `05/03/2026` is read (default: such dates are errors).",
            examples=["day-first"],
        ),
    ] = ""
    dates: Annotated[
        DatePatterns, Meta(description="Date patterns.", examples=["{short: dd/MM/yyyy}"])
    ] = DatePatterns()
    labels: Annotated[
        Labels, Meta(description="Names of pages.", examples=["{home: Trang chủ}"])
    ] = Labels()
    url_words: Annotated[
        UrlWords, Meta(description="Fixed words in URLs.", examples=["{page: trang}"])
    ] = UrlWords(
        page="page", campaigns="campaigns", authors="authors", archive="archive", search="search"
    )
    link_texts: Annotated[
        Names,
        Meta(
            description="Link texts that say nothing; `check` reports them.",
            examples=["[xem tại đây, tại đây]"],
        ),
    ] = ()
    spaced_marks: Annotated[
        str,
        Meta(
            description="Punctuation that has a space before it, as in French.", examples=['";:!?"']
        ),
    ] = ""
    alphabet: Annotated[
        str,
        Meta(
            description="Letters in alphabetical order, separated by spaces.",
            examples=["a ă â b c d đ"],
        ),
    ] = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
    tones: Annotated[
        str,
        Meta(
            description="Tone marks in alphabetical order, separated by spaces.",
            examples=['"\\u0300 \\u0309"'],
        ),
    ] = ""
