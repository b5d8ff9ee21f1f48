"""Check captions: WebVTT (W3C), as browsers read it. They skip what is wrong without a word."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from msgspec import Struct

from kheo.diagnostics import Place, diagnostic
from kheo.media.files import CaptionsFile
from kheo.messages.wording import Message, message

MAX_BYTES = 1_000_000
MOST_PROBLEMS = 20  # of one file that are reported
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+(\S.*))?")
_LIKE_SRT = re.compile(r"[\d:]+,\d+\s*-->|-->\s*[\d:]+,\d+")
_LINES = re.compile(r"\r\n|\n|\r")


class _Problem(Struct, frozen=True):
    line: int
    reason: Message


def read_captions(file: BinaryIO, path: str) -> CaptionsFile:
    """Return what is wrong in the captions of an open file, if anything; ``path`` is for messages."""
    found = islice(_read(file), MOST_PROBLEMS)
    return CaptionsFile(
        tuple(
            diagnostic("captions-line", Place(path, one.line, 1), reason=one.reason)
            for one in found
        )
    )


def _read(file: BinaryIO) -> Iterator[_Problem]:
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        yield _Problem(1, message("it has more than {limit} MB", limit=MAX_BYTES // 1_000_000))
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(_LINES.split(data[: error.start].decode("utf-8-sig", "replace")))
        yield _Problem(line, message("it is not UTF-8"))
        return
    yield from _problems(_LINES.split(text))


def _problems(lines: list[str]) -> Iterator[_Problem]:
    if not re.match(r"WEBVTT(?:[ \t]|$)", lines[0]):
        yield _Problem(1, message("the first line must be `WEBVTT`"))
        return
    if len(lines) > 1 and "-->" in lines[1]:
        yield _Problem(2, message("there must be an empty line after `WEBVTT`"))
    last, count = 0, 0
    for start, block in _blocks(lines):
        if re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)", block[0]) and "-->" not in block[0]:
            continue
        if start == 0:  # the header
            continue
        count += 1
        begin, problems = _cue(start, block, last)
        yield from problems
        last = max(last, begin)
    if not count:
        yield _Problem(1, message("there are no captions in it"))


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield what stands between empty lines, each with the number of its first line, from 0."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""]):
        if line:
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(start: int, block: list[str], last: int) -> tuple[int, list[_Problem]]:
    """Return when a cue begins (in milliseconds), and what is wrong in it; ``last`` began before."""
    at = 0 if "-->" in block[0] else 1  # the first line may be a name
    if at >= len(block) or "-->" not in block[at]:
        wanted = message("a line such as `00:01.000 --> 00:04.000` is expected here")
        return last, [_Problem(start + 1, wanted)]
    line = start + at + 1
    times = _TIMES.fullmatch(block[at].strip(" \t"))
    if not times and _LIKE_SRT.search(block[at]):
        return last, [_Problem(line, message("write a dot before the milliseconds, not a comma"))]
    if not times:
        reason = message("the times cannot be read: write them as `00:01.000 --> 00:04.000`")
        return last, [_Problem(line, reason)]
    begin, end = _milliseconds(times.groups()[:4]), _milliseconds(times.groups()[4:8])
    found = []
    if end <= begin:
        found.append(_Problem(line, message("this caption ends before it begins")))
    if begin < last:
        found.append(_Problem(line, message("this caption begins before the one above it")))
    texts = block[at + 1 :]
    if not texts:
        found.append(_Problem(line, message("this caption has no text")))
    found += [
        _Problem(line + number, message("there must be an empty line before the next times"))
        for number, text in enumerate(texts, start=1)
        if "-->" in text
    ]
    return begin, found


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
