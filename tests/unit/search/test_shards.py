"""Shards: there and back, patched as made anew, the same bytes everywhere."""

from collections import defaultdict
from hashlib import sha256
from random import Random

import pytest

from kheo.search.shards import Change, Lists, ShardError, decode_shard, encode_shard, patch_shard
from kheo.search.terms import hash_of, impacts, pack, pairs, unpack, words_of_report

BASE = 18_000
SYLLABLES = ["dân", "vận", "khéo", "hòa", "giải", "đường", "hoa", "làng", "biên", "giới"]


def number(day: int, place: int = 0) -> int:
    return (BASE + day) << 10 | place


def lists_of(reports: dict[int, dict[str, int]]) -> Lists:
    lists: Lists = defaultdict(list)
    for one in sorted(reports):
        for word, impact in reports[one].items():
            lists[word].append((one, impact))
    return lists


def test_there_and_back_with_a_thousand_reports_of_one_day() -> None:
    postings = [(number(0, place), place % 8) for place in range(1_000)] + [(number(9_000), 7)]
    assert decode_shard(encode_shard({"dân": postings}, BASE), BASE) == {"dân": postings}


@pytest.mark.parametrize("seed", range(20))
def test_patched_shards_are_as_made_anew(seed: int) -> None:
    random = Random(seed)
    reports: dict[int, dict[str, int]] = {}
    shard = b""
    for _ in range(60):
        one = number(random.randrange(12), random.randrange(20))
        old = reports.pop(one, {})
        new = {} if random.random() < 0.3 else random_report(random)
        if new:
            reports[one] = new
        changed = sorted(word for word in old | new if old.get(word) != new.get(word))
        shard = patch_shard(shard, [Change(word, one, new.get(word)) for word in changed], BASE)
        assert shard == (encode_shard(lists_of(reports), BASE) if reports else b"")


def random_report(random: Random) -> dict[str, int]:
    html = " ".join(random.choices(SYLLABLES, k=8))
    return impacts(words_of_report(random.choice(SYLLABLES), ("Hải Hạnh",), html))


def test_bytes_are_the_same_everywhere() -> None:
    table = words_of_report("Đường hoa", ("Hải Hạnh",), "<p>Dân vận khéo, dân vận.</p>")
    shard = encode_shard(lists_of({number(3): impacts(table)}), BASE)
    made = pack(table) + shard + str(sorted(pairs(table, 16).items())).encode()
    assert unpack(pack(table)) == table
    assert sha256(made).hexdigest()[:16] == "7b2176e29e9cd0ab"


def test_a_pair_is_found_by_its_folded_words_in_their_order() -> None:
    def key(first: str, second: str) -> int:
        return hash_of(first) & 0xFFFF ^ hash_of(second) >> 16

    found = pairs(words_of_report("Đường hoa", (), "dân vận khéo đường hoa"), 16)
    assert found[key("duong", "hoa")] == 1
    assert found[key("dân", "van")] == 0
    assert key("vận", "dân") not in found


@pytest.mark.parametrize("left", [0, 3, 4, 9, -1])
def test_a_shard_that_is_cut_off_is_noticed(left: int) -> None:
    shard = encode_shard({"dân": [(number(1), 3), (number(900), 3)], "vận": [(number(2), 1)]}, BASE)
    with pytest.raises(ShardError):
        decode_shard(shard[:left], BASE)
