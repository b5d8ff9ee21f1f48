"""Learn the endings of languages from Snowball's stems, for ``generator/kheo/search/endings/``.

    pip install snowballstemmer
    git clone https://github.com/snowballstem/snowball-data
    python -m benchmarks.endings snowball-data

It takes a minute, is needed only for another version of Snowball, and prints how many words of a
language, which were not learnt from, get the stem that Snowball gives them. A change of the endings
changes the whole index of a site once.
"""

import heapq
import sys
from collections import Counter, defaultdict
from pathlib import Path

from kheo.search.endings import LONGEST, SHORTEST_WORD, Endings, strip_ending
from kheo.search.folding import fold, one_spelling

MOST = 200  # endings of a language: 2 KB of the entry
LEAST = 4  # words that an ending must gain
AGREEING = 0.8  # of the words that were not learnt from: with less, a language gets no endings
WORDS = 40_000  # of a language that are learnt from
FOLDER = Path(__file__).parent.parent / "generator/kheo/search/endings"
LANGUAGES = {
    "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish",
    "fr": "french", "ga": "irish", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
Action = tuple[int, str]  # letters to take off, and what comes instead


class Learner:
    """Adds the ending that sets most words right, again and again."""

    def __init__(self, stems: dict[str, str]) -> None:
        self.words = list(stems)
        self.actions = [action(word, stem) for word, stem in stems.items()]
        self.depth = [0] * len(stems)  # length of the ending that decides for the word now
        self.right = [one == (0, "") for one in self.actions]
        self.members: defaultdict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(self.words):
            for ending in endings(word, 1):
                self.members[ending].append(number)

    def best(self, ending: str) -> tuple[int, Action]:
        """Return how many words more are right with this ending, and what it then does."""
        counts: Counter[Action] = Counter()
        right = 0
        for number in self.members[ending]:
            if self.depth[number] < len(ending):
                right += self.right[number]
                if self.actions[number][0] <= len(ending):
                    counts[self.actions[number]] += 1
        if not counts:
            return 0, (0, "")
        chosen = min(counts, key=lambda one: (-counts[one], one))
        return counts[chosen] - right, chosen

    def learn(self) -> Endings:
        waiting = [(-self.best(one)[0], len(one), one) for one in self.members]
        heapq.heapify(waiting)
        learnt: Endings = {}
        while waiting and len(learnt) < MOST:
            promised, size, ending = heapq.heappop(waiting)
            gain, (cut, instead) = self.best(ending)
            if ending in learnt or gain < LEAST:
                continue
            if gain < -promised:
                heapq.heappush(waiting, (-gain, size, ending))
                continue
            learnt[ending] = ending[: size - cut] + instead
            for one in self.take(ending, (cut, instead)):  # these may gain more now
                heapq.heappush(waiting, (-self.best(one)[0], len(one), one))
        return learnt

    def take(self, ending: str, does: Action) -> set[str]:
        """Let an ending decide; return the longer ones that have it."""
        longer: set[str] = set()
        for number in self.members[ending]:
            if self.depth[number] < len(ending):
                self.depth[number] = len(ending)
                self.right[number] = self.actions[number] == does
            longer.update(endings(self.words[number], len(ending) + 1))
        return longer


def endings(word: str, least: int) -> list[str]:
    if len(word) < SHORTEST_WORD:
        return []
    return [word[-size:] for size in range(least, min(LONGEST, len(word) - 1) + 1)]


def action(word: str, stem: str) -> Action:
    """Return what makes the stem of a word. Accents do not count, for words are folded later."""
    kept = len(word)
    stem = fold(stem)
    while not stem.startswith(fold(word[:kept])):
        kept -= 1
    return len(word) - kept, stem[len(fold(word[:kept])) :]


def read_stems(data: Path, name: str) -> dict[str, str]:
    import snowballstemmer

    text = (data / name / "voc.txt").read_text(encoding="utf-8")
    words = dict.fromkeys(one_spelling(word) for word in text.split() if word.isalpha())
    stem = snowballstemmer.stemmer(name).stemWord
    chosen = list(words)[:: len(words) // WORDS + 1]
    return {one: one if len(one) < SHORTEST_WORD else stem(one) for one in chosen}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for code, name in LANGUAGES.items():
        stems = read_stems(Path(sys.argv[1]), name)
        seen = {word: stem for at, (word, stem) in enumerate(stems.items()) if at % 4}
        learnt = Learner(seen).learn()
        unseen = stems.keys() - seen.keys()
        right = sum(fold(strip_ending(one, learnt)) == fold(stems[one]) for one in unseen)
        print(f"{code}: {right / len(unseen):.1%}")
        if right >= AGREEING * len(unseen):
            lines = sorted(Learner(stems).learn().items())
            text = "".join(f"{ending}\t{instead}\n" for ending, instead in lines)
            (FOLDER / f"{code}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
