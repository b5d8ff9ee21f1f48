"""Shards: there and back, patched as made anew, the same bytes everywhere."""

from array import array
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kheo.search.endings import stemmer
from kheo.search.folding import fold
from kheo.search.hashing import hash_of, pairs_of, word_hashes
from kheo.search.inversion import (
    Changes,
    IndexShape,
    Inverted,
    count_ranges,
    merge_pairs,
    merge_words,
    postings_of,
    shape_of,
)
from kheo.search.postings import (
    PLACES,
    ListChange,
    ShardError,
    decode_list,
    encode_list,
    number_of,
    patch_list,
    posting_of,
)
from kheo.search.shards import (
    decode_pairs,
    decode_words,
    encode_pairs,
    encode_words,
    patch_pairs,
    patch_words,
)
from kheo.search.terms import ReportWords, pack, pair_keys, unpack, with_body, words_of_report

FIRST, LAST = 16_384, 28_672
SHAPE = IndexShape("vi", LAST, 2, 8)
BITS = SHAPE.list_bits
SYLLABLES = ["dân", "vận", "khéo", "hòa", "hoa", "giải", "đường", "duong", "làng", "biên", "giới"]
NUMBERS = st.builds(
    lambda day, place: (FIRST + day) * PLACES + place,
    st.sampled_from([0, 1, 2, 900, 9_000]),
    st.sampled_from([0, 1, 13, 14, 15, 16, 17, 300, 20_000]),
)
TABLES = st.builds(
    lambda title, body: words_of_report(title, ("Hải Hạnh",), " ".join(body)),
    st.sampled_from(SYLLABLES),
    st.lists(st.sampled_from(SYLLABLES), max_size=8),
)
REPORTS = st.dictionaries(NUMBERS, TABLES, max_size=8)


def clean(reports: dict[int, ReportWords]) -> tuple[dict[str, bytes], dict[str, int]]:
    """Shards and vocabulary, made from the postings of one report after the other."""
    words: dict[str, dict[str, list[int]]] = {}
    both: dict[str, dict[int, list[int]]] = {}
    seen: dict[str, set[int]] = {}
    for number in sorted(reports, reverse=True):
        found, hashed = postings_of(reports[number], number, SHAPE)
        for word, value in found.items():
            name = f"w{SHAPE.word_shard(word):x}"
            words.setdefault(name, {}).setdefault(word, []).append(value)
            seen.setdefault(fold(word), set()).add(number)
        for pair, value in hashed.items():
            shard = both.setdefault(f"p{pair >> BITS:x}", {})
            shard.setdefault(pair & (1 << BITS) - 1, []).append(value)
    shards = {name: encode_words(lists) for name, lists in words.items()}
    shards |= {name: encode_pairs(lists, BITS) for name, lists in both.items()}
    return shards, {word: len(numbers) for word, numbers in seen.items()}


@given(st.lists(NUMBERS, unique=True), st.sampled_from(range(8)))
@settings(deadline=None)
def test_a_list_there_and_back(numbers: list[int], impact: int) -> None:
    numbers = sorted(numbers, reverse=True)
    postings = [posting_of(number, LAST) | impact for number in numbers]
    assert decode_list(encode_list(postings)) == postings
    assert [number_of(one, LAST) for one in postings] == numbers


@given(st.sets(NUMBERS), st.sets(NUMBERS, min_size=1), st.sampled_from([0, 1, 7]))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_patched_list_is_as_encoded_anew(
    before: set[int], changed: set[int], impact: int
) -> None:
    def postings(numbers: set[int]) -> list[int]:
        return [posting_of(one, LAST) | impact for one in sorted(numbers, reverse=True)]

    change = ListChange(postings(before & changed), postings(changed - before))
    after = patch_list(encode_list(postings(before)), change)
    assert after == encode_list(postings(before ^ changed))


@given(REPORTS, REPORTS)
@settings(deadline=None)
def test_patched_shards_are_as_made_anew(
    before: dict[int, ReportWords], after: dict[int, ReportWords]
) -> None:
    shards, reports = clean(before)
    changes = Changes(SHAPE)
    for number, table in before.items():
        changes.take(table, number, is_gone=True)
    for number, table in after.items():
        changes.take(table, number, is_gone=False)
    changes.settle()
    for name, words in changes.words.items():
        shards[name] = patch_words(shards.get(name, b""), words)
    for name, some in changes.pairs.items():
        shards[name] = patch_pairs(shards.get(name, b""), some, BITS)
    for word, change in changes.reports.items():
        reports[word] = reports.get(word, 0) + change
    kept = {name: data for name, data in shards.items() if data}
    assert (kept, {word: n for word, n in reports.items() if n}) == clean(after)


@given(REPORTS, st.integers(1, 8))
@settings(deadline=None)
def test_shards_of_pieces_are_as_made_at_once(reports: dict[int, ReportWords], size: int) -> None:
    numbers = sorted(reports, reverse=True)
    made = []
    for start in range(0, len(numbers), size):
        inverted = Inverted(SHAPE)
        for number in numbers[start : start + size]:
            inverted.add(reports[number], number)
        made.append(list(inverted.pieces()))
    words, all_ranges = count_ranges(SHAPE)[0], sum(count_ranges(SHAPE))
    shards: dict[str, bytes] = {}
    frequency: dict[str, int] = {}
    for number in range(all_ranges):
        pieces = [one[number] for one in made]
        if number < words:
            found, some = merge_words(pieces, SHAPE)
            frequency |= some
        else:
            found = merge_pairs(pieces, SHAPE, number - words)
        shards |= {one.name: one.data for one in found}
    assert (shards, frequency) == clean(reports)


def test_bytes_are_the_same_everywhere() -> None:
    table = words_of_report("Đường hoa", ("Hải Hạnh",), "<p>Dân vận khéo, dân vận.</p>")
    words, both = postings_of(table, (FIRST + 3) * PLACES, SHAPE)
    shard = encode_words({word: [value] for word, value in words.items()})
    made = pack(table) + shard + str(sorted(both.items())).encode()
    assert unpack(pack(table)) == table
    assert sha256(made).hexdigest()[:16] == "8f1363b8847ee93e"


def test_a_pair_is_found_by_its_folded_words_in_their_order() -> None:
    def key(first: str, second: str) -> int:
        code = hash_of(first)
        return ((code << 16 | code >> 16) & 0xFFFFFFFF ^ hash_of(second)) >> 16

    table = words_of_report("Đường hoa", (), "dân vận khéo đường hoa")
    title, rest = pair_keys(table, 16)
    assert title == {key("duong", "hoa")}
    assert key("dân", "van") in rest
    assert key("vận", "dân") not in rest


@given(st.lists(st.integers(0, 0xFFFFFFFF), max_size=9))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_pairs_of_many_words_are_those_of_one_after_the_other(hashes: list[int]) -> None:
    swapped = [(one << 16 | one >> 16) & 0xFFFFFFFF for one in hashes]
    expected = {one ^ other for one, other in zip(swapped, hashes[1:], strict=False)}
    assert pairs_of(array("I", hashes)) == expected


def test_impacts_tell_the_title_and_how_often() -> None:
    table = words_of_report("hoa", ("Hạnh",), "làng " * 4 + "hoa dân dân")
    found = dict(zip(table.words, table.impacts, strict=True))
    assert found == {"hoa": 5, "hạnh": 3, "làng": 3, "dân": 2}


def test_another_text_makes_the_table_of_another_report() -> None:
    old = words_of_report("Đường hoa", ("Hải Hạnh",), "dân vận")
    assert with_body(old, "hoa làng") == words_of_report("Đường hoa", ("Hải Hạnh",), "hoa làng")
    old = words_of_report("Đường hoa", (), "dân vận", lead="tóm tắt")
    assert with_body(old, "hoa") == words_of_report("Đường hoa", (), "hoa", lead="tóm tắt")


def test_words_with_endings_are_in_one_shard_where_the_language_has_a_stemmer() -> None:
    english, vietnamese = word_hashes("en"), word_hashes("vi")
    assert english["roads"] == english["road"] == vietnamese["road"]
    assert vietnamese["roads"] != vietnamese["road"]
    assert stemmer("en-GB")("roads") == "road"
    assert stemmer("xx")("roads") == "roads"


def test_shards_grow_in_number_with_the_site() -> None:
    def shape(count: int) -> tuple[int, int]:
        made = shape_of([(FIRST + day) * PLACES for day in range(count)], "vi")
        return made.word_bits, made.pair_bits

    assert [shape(n) for n in (0, 15, 16, 20, 1_000)] == [(0, 0), (2, 1), (3, 2), (3, 2), (8, 7)]
    assert shape_of([], "vi").last == 4_096
    assert shape_of([(LAST - 1) * PLACES], "vi").last == LAST
    assert shape_of([LAST * PLACES], "vi").last == LAST + 4_096


@pytest.mark.parametrize("left", [0, 3, 4, 9, -1])
def test_a_shard_that_is_cut_off_is_noticed(left: int) -> None:
    lists = {"dân": [24, 4_000], "vận": [16 << 3]}
    assert decode_words(encode_words(lists)) == lists
    with pytest.raises(ShardError):
        decode_words(encode_words(lists)[:left])
    some = {0: [24, 4_000], 255: [16 << 3]}
    assert decode_pairs(encode_pairs(some, 8), 8) == some
    with pytest.raises(ShardError):
        decode_pairs(encode_pairs(some, 8)[:left], 8)


def test_a_change_that_does_not_fit_is_noticed() -> None:
    shard = encode_words({"dân": [24]})
    with pytest.raises(ShardError):
        patch_words(shard, {"dân": ListChange([32], [])})
    with pytest.raises(ShardError):
        patch_words(shard, {"làng": ListChange([24], [])})
