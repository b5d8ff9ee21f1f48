"""Frequent words and suggestions."""

import json

from kheo.search.vocabulary import encode_suggestions, encode_vocabulary, least_of


def test_words_of_two_reports_and_two_letters_without_digits() -> None:
    reports = {"dan": 2, "van": 300, "a": 9, "12kh": 9, "hiem": 1, "khắp": 1_000_000}
    made = json.loads(encode_vocabulary(reports, least_of(1_000)))
    assert made == {"words": "dan\nkhắp\nvan", "frequency": "194"}


def test_words_of_one_report_where_there_are_few() -> None:
    made = json.loads(encode_vocabulary({"dan": 2, "homestay": 1}, least_of(999)))
    assert made == {"words": "dan\nhomestay", "frequency": "10"}


def test_the_most_frequent_words_stay_whatever_the_order_of_the_store() -> None:
    reports = {f"w{chr(97 + n % 26)}{'x' * (n // 26)}": 2 + n for n in range(9_000)}
    made = encode_vocabulary(reports, 2)
    assert made == encode_vocabulary(dict(reversed(reports.items())), 2)
    words = json.loads(made)["words"].split("\n")
    assert (len(words), words == sorted(words)) == (8_000, True)
    assert f"w{chr(97 + 8_999 % 26)}{'x' * (8_999 // 26)}" in words


def test_suggestions_are_new_titles_and_frequent_phrases_as_written() -> None:
    titles = ["Nhà rông mới", "Dựng nhà rông", "“Dân vận khéo” năm 2026", "Nhà văn hóa", "dân vận: nhà, rông",
              "Dân vận khéo ở làng"]  # fmt: skip
    made = json.loads(encode_suggestions(titles))
    assert made["titles"] == titles
    assert made["words"] == ["Dân vận", "nhà rông", "vận khéo"]
    assert json.loads(encode_suggestions(["Bài"] * 400))["titles"] == ["Bài"] * 150
