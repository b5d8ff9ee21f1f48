"""Reports with the word statistics of a real language: a Markov chain over the system's message catalogues.

``corpus.py`` repeats some thirty phrases, which is enough to time a build and says nothing about the
size of a search index or about what a query finds.
"""

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from gettext import GNUTranslations
from itertools import accumulate
from pathlib import Path
from random import Random

CATALOGUES = Path("/usr/share/locale/vi/LC_MESSAGES")
PACKAGES = "git coreutils binutils bash dpkg gettext libgtk-3-common iso-codes wget tar"
SENTENCES = 15_000  # fewer make the same phrases again and again
_END = ""
_VIETNAMESE = re.compile("[ăâđêôơưàảãạáằẳẵặắầẩẫậấèẻẽẹéềểễệếìỉĩịíòỏõọóồổỗộốờởỡợớùủũụúừửữựứỳỷỹỵý]")

_FAMILIES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Rơ Châm",
    "Siu",
    "Kpă",
    "Ksor",
)
_GIVEN = [
    "Hải Hạnh",
    "Văn Đạt",
    "Thị Bích",
    "Đức Uy",
    "Minh Thúy",
    "Đình Hòa",
    "Thanh Huyền",
    "Quốc Khánh",
    "Thu Thủy",
]
_TOPS = (
    "Tin tức",
    "Phong trào thi đua",
    "Dân tộc - Tôn giáo",
    "Xây dựng Đảng",
    "Văn bản",
    "Tuyên truyền",
)
_BRANCHES = (
    "Dân vận khéo",
    "Nông thôn mới",
    "Hoạt động cơ sở",
    "Gương điển hình",
    "Quy chế dân chủ",
)
CAMPAIGNS = ("Chung sức xây dựng nông thôn mới", "Học tập và làm theo Bác", "Vì người nghèo")
_CODES = ("KH-BDV", "QĐ-UBND", "CV/TU", "BC-MTTQ", "NQ/HĐND", "HD-BTG")
_DOCUMENTS = ("Kế hoạch", "Quyết định", "Công văn", "Báo cáo", "Nghị quyết", "Hướng dẫn")
FIRST_DAY, DAYS = date(2010, 1, 1), 5_800


class NoCataloguesError(RuntimeError):
    """The message catalogues that the words come from are not on this machine."""


@dataclass(frozen=True)
class NaturalReport:
    """One report. ``name`` is its file name, and the last part of its address."""

    name: str
    title: str
    day: date
    category: tuple[str, str]
    campaign: str
    author: str
    attachment: str  # its title; empty for most
    paragraphs: tuple[str, ...]


class _Chain:
    """Which word follows two others, and how often."""

    def __init__(self, sentences: list[list[str]]) -> None:
        counts: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for words in sentences:
            for one, other, word in zip(
                [_END, _END, *words], [_END, *words], [*words, _END], strict=False
            ):
                counts[one, other][word] += 1
        self.next = {
            pair: (list(words), list(accumulate(words.values()))) for pair, words in counts.items()
        }

    def sentence(self, chance: Random, longest: int = 40) -> list[str]:
        """At least seven words: short messages are joined."""
        made: list[str] = []
        one = other = _END
        while len(made) < longest:
            words, sums = self.next[one, other]
            word = words[bisect(sums, chance.random() * sums[-1])]
            if word:
                made.append(word)
                one, other = other, word
            elif len(made) > 6:
                break
            else:
                one = other = _END
        return made


def each_natural(count: int, seed: int = 11) -> Iterator[NaturalReport]:
    """``count`` reports, the same in every run on one machine. Raises NoCataloguesError."""
    chain = _Chain(_sentences())
    chance = Random(seed)
    authors = [f"{family} {given}" for family in _FAMILIES for given in _GIVEN]
    for number in range(count):
        title = chain.sentence(chance, chance.randint(8, 15))
        document = chance.randrange(len(_CODES))
        code = f"{chance.randint(1, 400)}/{_CODES[document]}"
        yield NaturalReport(
            name=f"bai-{number:06}",
            title=_capital(" ".join(title)),
            day=FIRST_DAY + timedelta(days=chance.randrange(DAYS)),
            category=(chance.choice(_TOPS), chance.choice(_BRANCHES)),
            campaign=chance.choice(CAMPAIGNS) if chance.random() < 0.3 else "",
            author=chance.choice(authors),
            attachment=f"{_DOCUMENTS[document]} {' '.join(chain.sentence(chance, 8))}"
            if chance.random() < 0.15
            else "",
            paragraphs=tuple(_paragraphs(chain, chance, f"{_DOCUMENTS[document]} số {code}")),
        )


def _paragraphs(chain: _Chain, chance: Random, document: str) -> Iterator[str]:
    places = chance.sample(range(9), 3)
    for number in range(chance.randint(9, 15)):
        sentences = [
            _capital(" ".join(chain.sentence(chance))) for _ in range(chance.randint(2, 5))
        ]
        if number == places[0] and chance.random() < 0.5:
            sentences.insert(1, f"Thực hiện {document}")
        if number == places[1]:
            sentences.append(f"Đã có {chance.randint(1000, 99999):,} hộ tham gia".replace(",", "."))
        if number == places[2]:
            sentences.append(f"Diện tích {chance.randint(10, 9999) / 10:.1f} ha".replace(".", ","))
        yield ". ".join(sentences) + "."


def _sentences() -> list[list[str]]:
    texts: set[str] = set()
    for file in sorted(CATALOGUES.glob("*.mo")):
        if file.stat().st_size > 100:  # some are empty
            with file.open("rb") as opened:
                catalogue = vars(GNUTranslations(opened))["_catalog"]
            texts |= {text for key, text in catalogue.items() if key and isinstance(text, str)}
    found = []
    for text in sorted(texts):
        for part in re.split(r"[\n.;:!?()]", text.lower()):
            words = [word for word in re.findall(r"[^\W\d_]+", part) if len(word.encode()) > 1]
            if len(words) > 3 and 2 * sum(map(bool, map(_VIETNAMESE.search, words))) >= len(words):
                found.append(words)
    if len(found) < SENTENCES:
        raise NoCataloguesError(
            f"{CATALOGUES} has {len(found)} Vietnamese sentences, which is too few. On Debian:"
            f" apt-get install {PACKAGES}; images of containers leave translations out"
            " (path-exclude in /etc/dpkg/dpkg.cfg.d)."
        )
    return found


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
