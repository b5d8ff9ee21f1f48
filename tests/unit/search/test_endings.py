"""Words that differ in their endings are one; words of languages without endings stay."""

import pytest

from kheo.search.endings import LONGEST, endings_of, stemmer, strip_ending
from kheo.search.folding import fold

SAME = {
    "en": ["road roads", "story stories", "meeting meetings", "plan planned", "village villages", "work worked working works",
           "report reports reported reporting", "school schools", "road road"],
    "fr": ["route routes", "village villages", "national nationale nationales", "travailler travaillé", "réunion réunions"],
    "de": ["straße straßen", "schule schulen", "dorf dorfes dorfe", "bericht berichte berichten"],
}  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [(a, b) for a in SAME for b in SAME[a]])
def test_forms_of_a_word_are_one(language: str, words: str) -> None:
    stem = stemmer(language)
    assert len({stem(fold(word)) for word in words.split()}) == 1


@pytest.mark.parametrize("words", ["road rode", "story store", "village villain"])
def test_other_words_stay_apart(words: str) -> None:
    stem = stemmer("en-GB")
    assert len({stem(word) for word in words.split()}) == 2


@pytest.mark.parametrize("language", ["vi", "zh-Hant", "th", "xx", "", "../en", "ne"])
def test_languages_without_endings(language: str) -> None:
    assert endings_of(language) == {}
    assert stemmer(language)("những") == "những"


@pytest.mark.parametrize("language", ["en", "de", "ru", "tr"])
def test_a_list_is_short_and_leaves_something_of_each_word(language: str) -> None:
    endings = endings_of(language)
    assert 0 < len(endings) <= 200
    assert max(map(len, endings)) <= LONGEST
    assert all(strip_ending(ending, endings) for ending in endings)


def test_short_words_keep_their_endings() -> None:
    assert [stemmer("en")(word) for word in ("bus", "as", "its")] == ["bus", "as", "its"]
