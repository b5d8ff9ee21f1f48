"""Paginator and pager."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kheo.plan.pagination import pager, paginate

counts = st.integers(0, 400)
sizes = st.integers(1, 30)


@given(counts, sizes, st.booleans())
def test_every_item_stands_once_in_order(count: int, size: int, stable: bool) -> None:
    parts = paginate(count, size, "/tin/", "trang", stable)
    items = [item for part in parts for item in range(part.start, part.stop)]
    assert items == list(range(count))
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    assert parts[0].url == "/tin/"
    assert len({part.url for part in parts}) == len(parts)


@given(counts, sizes, st.booleans())
def test_the_pager_walks_to_the_end_and_back(count: int, size: int, stable: bool) -> None:
    parts = paginate(count, size, "/tin/", "trang", stable)
    pagers = {f"/x{part.url}": pager(parts, part.number, "/x", stable) for part in parts}
    at, seen = "/x/tin/", []
    while at:
        seen.append(at)
        here = pagers[at]
        at = here.next if here else ""
    assert seen == list(pagers)
    while seen:
        here = pagers[seen.pop()]
        assert (here.previous if here else "") == (seen[-1] if seen else "")


@given(st.integers(0, 200), sizes)
def test_a_stable_listing_changes_at_its_new_end_only(count: int, size: int) -> None:
    def views(number: int) -> dict[str, object]:
        parts = paginate(number, size, "/", "trang", stable=True)
        # articles count from the oldest: number - index is what does not move
        return {
            part.url: (
                [number - index for index in range(part.start, part.stop)],
                pager(parts, part.number, "", stable=True),
            )
            for part in parts
        }

    before, after = views(count), views(count + 1)
    changed = [url for url in before if before[url] != after.get(url)]
    assert len(changed) <= 2
    assert set(changed) <= {
        "/",
        max(before, key=len),
        *sorted(before, key=lambda u: (len(u), u))[-2:],
    }


def labels(count: int, number: int, stable: bool = False) -> str:
    parts = paginate(count, 1, "/", "trang", stable)
    shown = pager(parts, number, "", stable)
    assert shown is not None
    return " ".join(f"[{page.label}]" if page.current else page.label for page in shown.pages)


@pytest.mark.parametrize(
    ("count", "number", "row"),
    [
        (2, 1, "[1] 2"), (3, 2, "1 [2] 3"), (6, 1, "[1] 2 3 … 6"), (5, 1, "[1] 2 3 4 5"),
        (20, 6, "1 … 4 5 [6] 7 8 … 20"), (20, 20, "1 … 18 19 [20]"), (20, 4, "1 2 3 [4] 5 6 … 20"),
    ],
)  # fmt: skip
def test_numbers_with_gaps(count: int, number: int, row: str) -> None:
    assert labels(count, number) == row


def test_one_page_has_no_pager() -> None:
    assert pager(paginate(0, 5, "/", "trang"), 1, "") is None


def test_ends_lead_nowhere() -> None:
    parts = paginate(3, 1, "/", "trang")
    first, last = pager(parts, 1, ""), pager(parts, 3, "")
    assert first and (first.first, first.previous, first.last) == ("", "", "/trang/3/")
    assert last and (last.next, last.last, last.first) == ("", "", "/")
