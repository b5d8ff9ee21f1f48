"""Pagination: split a listing into numbered pages, and make the pager ``|< < 1 2 3 > >|``.

There are two ways to number the pages; both show the newest articles first. ``newest``: page 1 is the
newest, so a new article moves an article from each page to the next. ``stable``: pages are numbered
from the oldest, so ``…/trang/1/`` always has the oldest articles. In both, the newest page has the
listing's own URL. A stable newest page grows to nearly twice the page size before it is split.
"""

from msgspec import Struct

from kheo.views import PageNumber, PagerView

EDGE = 1  # numbers always shown at either end
AROUND = 2  # numbers shown on either side of the current one


class ListingPage(Struct, frozen=True, gc=False):
    """One page of a listing: the items ``start:stop`` (newest first). Number 1 is the newest page."""

    number: int
    url: str
    start: int
    stop: int


class BodyPage(Struct, frozen=True, gc=False):
    """The page of one part of a body, at ``url``. Numbers start at 1."""

    number: int
    url: str


def paginate(
    count: int, size: int, base: str, word: str, stable: bool = False
) -> tuple[ListingPage, ...]:
    """Return the parts of a listing of ``count`` items, newest first. An empty listing has one
    part."""
    if stable:
        return _stable(count, size, base, word)
    pages = max(1, -(-count // size))
    return tuple(
        ListingPage(
            number,
            base if number == 1 else part_url(base, word, number),
            (number - 1) * size,
            min(number * size, count),
        )
        for number in range(1, pages + 1)
    )


def _stable(count: int, size: int, base: str, word: str) -> tuple[ListingPage, ...]:
    full = max(0, count // size - 1)  # number of pages that no longer change
    newest = count - full * size  # size <= newest < 2 * size; fewer in a short listing
    return (
        ListingPage(1, base, 0, newest),
        *(
            ListingPage(
                position,
                part_url(base, word, number),
                count - number * size,
                count - (number - 1) * size,
            )
            for position, number in enumerate(range(full, 0, -1), start=2)
        ),
    )


def part_url(base: str, word: str, number: int) -> str:
    """Return the URL of a page by its number: ``/tin-tuc/`` -> ``/tin-tuc/trang/2/``."""
    return f"{base}{word}/{number}/"


def pager(
    pages: tuple[ListingPage | BodyPage, ...], number: int, prefix: str, stable: bool = False
) -> PagerView | None:
    """Return the pager of page ``number``, or ``None`` if there is only one page.

    ``prefix`` is put before URLs. A stable pager shows only what does not change when articles are
    added: the page's own number, the pages next to it, and both ends. So a new article changes only
    the newest page and the one after it.
    """
    if len(pages) == 1:
        return None
    urls = [prefix + page.url for page in pages]
    at = number - 1
    return PagerView(
        number=len(pages) - at if stable else number,
        count=0 if stable else len(pages),
        first=urls[0] if at else "",
        previous=urls[at - 1] if at else "",
        next=urls[at + 1] if at + 1 < len(urls) else "",
        last=urls[-1] if at + 1 < len(urls) else "",
        pages=_stable_numbers(urls, at) if stable else _numbers(urls, at),
    )


def _numbers(urls: list[str], at: int) -> tuple[PageNumber, ...]:
    """Return the numbers of a pager: ``1 … 4 5 [6] 7 8 … 20``."""
    shown = sorted(
        {
            *range(EDGE),
            *range(max(0, at - AROUND), min(len(urls), at + AROUND + 1)),
            *range(len(urls) - EDGE, len(urls)),
        }
    )
    pages: list[PageNumber] = []
    for position, index in enumerate(shown):
        # Show the number itself instead of a gap of one.
        if position and index - shown[position - 1] == 2:
            pages.append(PageNumber(str(index), urls[index - 1]))
        elif position and index - shown[position - 1] > 2:
            pages.append(PageNumber("…", ""))
        pages.append(PageNumber(str(index + 1), "" if index == at else urls[index], index == at))
    return tuple(pages)


def _stable_numbers(urls: list[str], at: int) -> tuple[PageNumber, ...]:
    """Return the numbers of a stable pager, newest page first: ``[7] 6 5 … 1``, ``6 [5] 4 3 … 1``.

    Page 1 is the oldest. The newest page has no number in its URL, and is linked only as the first
    page: its number here is one more than that of the next page.
    """
    total = len(urls)
    indexes = [
        index for index in range(at - 1, at + AROUND + 1) if 0 < index < total or index == at
    ]
    pages = [
        PageNumber(str(total - index), "" if index == at else urls[index], index == at)
        for index in indexes
    ]
    last_shown = indexes[-1]
    if last_shown < total - 2:
        pages.append(PageNumber("…", ""))
    if last_shown < total - 1:
        pages.append(PageNumber("1", urls[-1]))
    return tuple(pages)
