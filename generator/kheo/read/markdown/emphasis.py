"""Pair the runs of `*`, `_` and `~` in a text (CommonMark 0.31, "An algorithm for parsing")."""

from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import category

_TAGS = {("*", 1): "em", ("*", 2): "strong", ("_", 1): "em", ("_", 2): "strong"}
_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@dataclass(slots=True, eq=False)
class Run:
    """A run of one delimiter. ``opens`` and ``closes`` are the elements that begin and end at it.

    The elements that it closes come before what is left of it, those that it opens after that.
    """

    char: str
    length: int
    number: int  # of all runs of its text
    can_open: bool
    can_close: bool
    left: int = 0  # characters that are not used up
    opens: list[str] = field(default_factory=list)
    closes: list[str] = field(default_factory=list)


def make_run(text: str, start: int, end: int, number: int) -> Run:
    """Return the run in ``text[start:end]``, which can open or close by what stands around it."""
    char, length = text[start], end - start
    before = text[start - 1] if start else "\n"
    after = text[end] if end < len(text) else "\n"
    space_before, space_after = before.isspace(), after.isspace()
    mark_before, mark_after = _is_punctuation(before), _is_punctuation(after)
    left = not space_after and (not mark_after or space_before or mark_before)
    right = not space_before and (not mark_before or space_after or mark_after)
    if char == "_":
        left, right = left and (not right or mark_before), right and (not left or mark_after)
    if char == "~" and length > 2:
        left = right = False
    return Run(char, length, number, left, right, length)


@lru_cache(maxsize=4096)
def _is_punctuation(char: str) -> bool:
    return char in _ASCII_PUNCTUATION or (char > "\x7f" and category(char)[0] in "PS")


def pair_runs(runs: list[Run]) -> None:
    """Find what opens and what closes.

    For each kind of run that found no opener, the search for the next of the kind ends there: without
    that, the time would grow with the square of their number.
    """
    openers: list[Run] = []
    searched: dict[tuple[str, bool, int], int] = {}
    for run in runs:
        if run.can_close:
            key = (run.char, run.can_open, run.length if run.char == "~" else run.length % 3)
            while run.left:
                at = _find_opener(openers, run, searched.get(key, -1))
                if at < 0:
                    searched[key] = run.number - 1
                    break
                _pair(openers, at, run)
        if run.left and run.can_open:
            openers.append(run)


def _find_opener(openers: list[Run], run: Run, lowest: int) -> int:
    for at in range(len(openers) - 1, -1, -1):
        opener = openers[at]
        if opener.number <= lowest:
            break
        if opener.char == run.char and _can_pair(opener, run):
            return at
    return -1


def _can_pair(opener: Run, run: Run) -> bool:
    if run.char == "~":
        return opener.length == run.length
    if not (run.can_open or opener.can_close):
        return True
    return (opener.length + run.length) % 3 != 0 or (opener.length % 3 == 0 == run.length % 3)


def _pair(openers: list[Run], at: int, run: Run) -> None:
    opener = openers[at]
    del openers[at + 1 :]
    used = run.left if run.char == "~" else 2 if min(opener.left, run.left) >= 2 else 1
    tag = _TAGS.get((run.char, used), "del")
    opener.opens.append(tag)
    run.closes.append(tag)
    opener.left -= used
    run.left -= used
    if not opener.left:
        openers.pop()
