"""Queries for a report that is known: drawn by rule from the reports themselves, of eleven kinds."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from unicodedata import normalize

from benchmarks.natural import NaturalReport

EACH = 14  # queries of a kind
FEW = 3  # reports that may have what is asked for
TRIES = 20_000
_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
# The two schools of tone marks: `hòa` and `hoà`.
_SCHOOLS = {
    normalize("NFC", f"{one}{tone}{other}"): normalize("NFC", f"{one}{other}{tone}")
    for one, other in ("oa", "oe", "uy")
    for tone in _TONES
}
_SCHOOLS |= {new: old for old, new in _SCHOOLS.items()}
_SCHOOL = re.compile("|".join(_SCHOOLS))


@dataclass(frozen=True)
class Query:
    """What is typed, and the file name of the report that is looked for."""

    kind: str
    text: str
    wanted: str


def plain(text: str) -> str:
    """Return a text in small letters without accents, its words one space apart, and at both ends."""
    folded = _ACCENTS.sub("", normalize("NFD", text.lower().replace("đ", "d")))
    return f" {' '.join(_WORD.findall(folded))} "


class _Site:
    def __init__(self, reports: list[NaturalReport]) -> None:
        self.reports = reports
        self.texts = [
            "|".join((plain(one.title), plain(one.attachment), *map(plain, one.paragraphs)))
            for one in reports
        ]
        self.titles = [plain(f"{one.title} {one.author}") for one in reports]

    def is_rare(self, phrase: str) -> bool:
        """Tell whether one to three reports have the words one behind the other."""
        looked = plain(phrase)
        return 0 < sum(looked in text for text in self.texts) <= FEW

    def is_found(self, phrase: str) -> bool:
        looked = plain(phrase)
        return any(looked in text for text in self.texts)


def draw_queries(reports: list[NaturalReport], seed: int) -> list[Query]:
    """Return fourteen queries of each kind, the same for a seed."""
    site, chance = _Site(reports), Random(seed)
    kinds: dict[str, Callable[[NaturalReport, _Site, Random], str | None]] = {
        "title, as written": _title,
        "title, without accents": lambda *of: _changed(*of, _unaccented),
        "title, d for đ": lambda *of: _changed(*of, lambda words, _: words.replace("đ", "d")),
        "title, other place of tone marks": lambda *of: _changed(*of, _other_school),
        "title, two letters swapped": lambda *of: _misspelt(*of, _swap),
        "title, a letter left out": lambda *of: _misspelt(*of, _drop),
        "four words of the text": _phrase,
        "author and words of the title": _author,
        "number or document": _number,
        "date": _date,
        "attachment": _attachment,
    }
    return [
        Query(kind, text, wanted)
        for kind, make in kinds.items()
        for text, wanted in _enough(site, chance, make)
    ]


def _enough(
    site: _Site, chance: Random, make: Callable[[NaturalReport, _Site, Random], str | None]
) -> Iterator[tuple[str, str]]:
    count = 0
    for _ in range(TRIES):
        report = chance.choice(site.reports)
        text = make(report, site, chance)
        if text:
            yield text, report.name
            count += 1
            if count == EACH:
                return


def _window(text: str, length: int, chance: Random) -> str:
    words = _WORD.findall(text.lower())
    start = chance.randrange(max(1, len(words) - length + 1))
    return " ".join(words[start : start + length])


def _title(report: NaturalReport, site: _Site, chance: Random) -> str | None:
    words = _window(report.title, chance.choice((3, 3, 4)), chance)
    return words if site.is_rare(words) else None


def _changed(
    report: NaturalReport, site: _Site, chance: Random, change: Callable[[str, Random], str]
) -> str | None:
    words = _window(report.title, chance.choice((3, 3, 4)), chance)
    changed = change(words, chance)
    return changed if changed != words and site.is_rare(words) else None


def _unaccented(words: str, _: Random) -> str:
    return plain(words).strip()


def _other_school(words: str, _: Random) -> str:
    return _SCHOOL.sub(lambda found: _SCHOOLS[found[0]], words)


def _misspelt(
    report: NaturalReport, site: _Site, chance: Random, change: Callable[[str, Random], str]
) -> str | None:
    """Three or four words of a title, one of four letters or more misspelt; half without accents."""
    words = _window(report.title, chance.choice((3, 4)), chance).split()
    long = [place for place, word in enumerate(words) if len(word) > 3]
    if not long or not site.is_rare(" ".join(words)):
        return None
    place = chance.choice(long)
    words[place] = change(words[place], chance)
    text = " ".join(words)
    text = plain(text).strip() if chance.random() < 0.5 else text
    return None if site.is_found(text) else text


def _swap(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _drop(word: str, chance: Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def _phrase(report: NaturalReport, site: _Site, chance: Random) -> str | None:
    words = _window(chance.choice(report.paragraphs), 4, chance)
    if re.search("[0-9]", words):
        return None
    words = plain(words).strip() if chance.random() < 0.5 else words
    return words if site.is_rare(words) else None


def _author(report: NaturalReport, site: _Site, chance: Random) -> str | None:
    """An author and two words of a title that are not neighbours."""
    words = [word for word in _WORD.findall(report.title.lower()) if len(word) > 2]
    if len(words) < 4:
        return None
    start = chance.randrange(len(words) - 2)
    text = f"{report.author} {words[start]} {words[start + 2]}"
    looked = [f" {word} " for word in plain(text).split()]
    few = sum(all(word in title for word in looked) for title in site.titles) <= FEW
    return text if few else None


def _number(report: NaturalReport, site: _Site, chance: Random) -> str | None:
    text = " ".join(report.paragraphs)
    found = re.findall(r"[0-9]+/[A-ZĐ]+[-/]?[A-ZĐ]*", text)
    found += re.findall(r"[0-9]+\.[0-9]{3} hộ", text)
    if not found:
        return None
    words: str = chance.choice(found)
    return words if site.is_rare(words) else None


def _date(report: NaturalReport, site: _Site, chance: Random) -> str | None:
    day = report.day
    if sum(other.day == day for other in site.reports) > FEW:
        return None
    forms = (
        f"{day.day}/{day.month}/{day.year}",
        f"{day:%d/%m/%Y}",
        f"ngày {day.day} tháng {day.month} năm {day.year}",
        f"{day.day} tháng {day.month}, {day.year}",
    )
    return chance.choice(forms)


def _attachment(report: NaturalReport, site: _Site, chance: Random) -> str | None:
    if not report.attachment:
        return None
    words = " ".join(_WORD.findall(report.attachment.lower())[: chance.choice((4, 5))])
    return words if site.is_rare(words) else None
