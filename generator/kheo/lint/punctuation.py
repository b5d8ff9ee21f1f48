"""Find wrong spaces around punctuation, mixed quotation marks, and missing superscripts (m2).

Numbers (``1.000,5``, ``7h30``), abbreviations (``TP.HCM``, ``P.V``, ``Q.1``), ``...`` and names
(``K’Bang``) are correct. In doubt, a rule reports a problem without a fix.
"""

import re
from collections.abc import Iterator
from unicodedata import normalize

from kheo.lint.source_text import Finding, Fix, SourceText
from kheo.messages.wording import Fields, Message, message

_BEFORE = re.compile(
    r"""(?:(?<=[\w)\]”’»%²³\0"])|(?<=[^\s][*_]))(?P<space>[ ]+)
        (?P<sign>[,;](?![,;)])|(?:[.]|:(?![)])|[!?]+)(?=\s|\Z|[”"’»)](?:\s|\Z)))""",
    re.VERBOSE,
)
LONGEST_WORD = 40  # letters; a longer run is not a word
NEAR = 40  # characters between two names that begin alike
MANY_TIMES = 3
_MORE_DOTS = re.compile(r"[ ]*[.…]")
_WORD_BELOW = re.compile(r"[ ][a-zà-ỹ]")  # a sentence does not begin so
_DIGITS_BEFORE = re.compile(r"\d*\Z")
_TOO_LONG = re.compile(r"(?<!\w)tl;dr", re.IGNORECASE)  # TL;DR, "too long; didn't read"
_NUMBER_ALONE = re.compile(r"\W*\d+\W*")

# A punctuation mark between two letters, or between a letter and a digit; and the words around it.
_BETWEEN = re.compile(r"[,;.!?:](?=[^\W_])|(?<=[^\W_]|[)”\"%])[,;](?=[“(])")
_OPENS = re.compile(r'[\s(\0]"')  # ".Gitignore"
# "lib,test: remove …"; from each comma, a few words: all of a long list would be read again and again
_LABEL = re.compile(r"(?:,[a-z][\w-]*){1,9}(?:\*\*|__)?:")
_CLOSING_MARKS = ')]”"»%²³'
_WORD_AFTER = re.compile(r"[^\W\d_]+(?![\w@/])")
# Ends of file names and of host names: Vietnam.Net, Asp.Net, index.Html
_ENDINGS = re.compile(
    "com|net|org|vn|gov|edu|info|asia|biz|io|js|ts|py|md|html?|php|aspx?|pdf|docx?|xlsx?|pptx?|jpe?g"
    "|png|gif|mp[34]|zip|rar|txt",
    re.IGNORECASE,
)

# Text in brackets or curly quotation marks, and the spaces at its ends.
_INSIDE = re.compile(
    r"[(](?P<before>[ ]*)[^()\s](?:[^()\n]*[^()\s])?(?P<after>[ ]*)[)]"
    r"|“(?P<left>[ ]*)[^“”\s](?:[^“”\n]*[^“”\s])?(?P<right>[ ]*)”"
)

_CURLY = re.compile("[“”„]")
_STRAIGHT = re.compile('"')
_OPENING = re.compile(r'(?:^|(?<=[\s(\[–—*_\0]))"(?=[^\s])')
_CLOSING = re.compile(r'(?<=[^\s(\[])"(?=$|[\s.,;:!?)\]…*_–—\0])')

_POWER = re.compile(
    r"(?:(?P<number>(?<![\w.,])\d[\d.,]*[ \xa0]?|/[ ]?)|(?<![\w.,]))"
    r"(?P<unit>[kdcm]?m)(?P<power>[23])(?!\w|[.,]\d)(?P<each>/)?"
)
_LENGTH = re.compile(r"\d\d?m[23]")  # 1m2 may be a metre and twenty


def find_space_before(source: SourceText, spaced_marks: str) -> Iterator[Finding]:
    """Find ``trong xã , huyện``. ``spaced_marks`` have a space before them in this language."""
    prose = source.prose
    if not any(f" {char}" in prose for char in ",;.:!?"):
        return
    for match in _BEFORE.finditer(prose):
        char, end = match["sign"], match.end()
        before = source.before(match.start())
        is_mark = not before.strip("*_-+> ")  # a list marker
        if char[0] in spaced_marks or is_mark:
            continue
        if char == "." and _MORE_DOTS.match(prose, end):  # Rồi . . . hết
            continue
        is_number = before[-1:].isdigit() and prose[end : end + 2].strip()[:1].isdigit()
        if char == ":" and is_number:  # a ratio, 2 : 1
            continue
        if char[0] in "!?" and _WORD_BELOW.match(prose, end):  # "add a ? after the name"
            continue
        is_certain = not is_number and not (char == "." and _NUMBER_ALONE.fullmatch(before))
        fixes = (Fix(*match.span("space"), ""),) if is_certain else ()
        yield Finding("space-before", match.start(), {"sign": char}, fixes)


def find_no_space_after(source: SourceText) -> Iterator[Finding]:
    """Find ``trong xã,huyện``, ``Hết.Sau đó``, ``gồm:lúa``; not ``1.000,5``, ``TP.HCM``, ``a.b``."""
    prose = source.prose
    for match in _BETWEEN.finditer(prose, source.body):
        at, char = match.start(), match[0]
        if not prose[at - 1].isalpha():
            yield from _after_others(prose, at, char)
            continue
        if char in ",;":
            if not (_TOO_LONG.match(prose, at - 2) or _LABEL.match(prose, at)):
                yield _missing(at, char, is_certain=not prose[at + 1].isdigit())
            continue
        start = at
        while prose[start - 1].isalpha() and at - start < LONGEST_WORD:
            start -= 1
        before = prose[start:at]
        after = _WORD_AFTER.match(prose, at + 1)
        if not after:
            continue
        if char == ":":
            is_code = (
                prose.startswith(":", after.end())
                or prose[start - 1] in ":/@_"
                or ((before + after[0]).isascii() and after[0].islower())  # label:bug
            )
            if len(before) > 1 and len(after[0]) > 1 and not is_code:
                yield _missing(at, char, is_certain=False)
        elif (
            _is_word(before)
            and _begins(after[0])
            and not _is_host(prose, after.end())
            and not (char == "." and _is_name(source, start, after.end()))
        ):
            yield _missing(at, char, is_certain=before.islower())


def _after_others(prose: str, at: int, char: str) -> Iterator[Finding]:
    """Find ``5/6/2019,tại`` and ``98%.Trong``, after a number or a closing mark; not ``1,5``."""
    after = _WORD_AFTER.match(prose, at + 1)
    is_number = prose[at - 1].isdigit()
    if (
        _LABEL.match(prose, at)
        or not (is_number or prose[at - 1] in _CLOSING_MARKS)
        or _OPENS.search(prose, at - 2, at)
    ):
        return
    if char in ",;":
        is_opening = prose[at + 1] in "“("
        if is_opening or (after and (len(after[0]) > 1 or not is_number)):
            yield _missing(at, char, is_certain=True)
    elif char == "." and after and len(after[0]) > 1 and _begins(after[0]):
        digits = _DIGITS_BEFORE.search(prose, max(0, at - LONGEST_WORD), at)
        before = prose[at - 1 - len(digits[0] if digits else "")]
        is_code = is_number and (before.isalpha() or before in "._")  # QL19.Tr, 1.1.Mục
        if not (is_code or _is_host(prose, after.end())):
            yield _missing(at, char, is_certain=not is_number)


def _missing(at: int, char: str, is_certain: bool) -> Finding:
    fixes = (Fix(at + 1, at + 1, " "),) if is_certain else ()
    return Finding("space-after", at, {"sign": char}, fixes)


def _begins(word: str) -> bool:
    """Return whether a sentence may start with ``word``: ``Sau``, but not the ``Net`` of Asp.Net."""
    return word[0].isupper() and word[1:].islower() and not _ENDINGS.fullmatch(word)


def _is_host(prose: str, end: int) -> bool:
    """Return whether a word continues after the full stop at ``end``: ``bao.Gialai.vn``."""
    return prose.startswith(".", end) and prose[end + 1 : end + 2].isalpha()


def _is_name(source: SourceText, start: int, end: int) -> bool:
    """Return whether ``Squirrel.Windows`` is a name: alone in brackets, or there is a ``Squirrel.Mac``.

    ``io.Writer`` is one near an ``io.Reader``, in a text with ``io.copy``, at the end of a heading, and
    with arguments; elsewhere, ``xã.Trong`` and ``xã.Các`` are sentences.
    """
    prose = source.prose
    alone = prose[start - 1] in '[(“"' and prose[end : end + 1] in {"]", ")", "”", '"', "\0"}
    stem = prose[start : prose.index(".", start, end) + 1]
    if alone or not stem.islower():
        return alone or len(re.findall(rf"\b{re.escape(stem)}[A-Z]", prose)) > 1
    is_last = prose[end : end + 1] in {"", "\n"} and source.before(start).startswith("#")
    near = prose[max(0, start - NEAR) : end + NEAR]
    return (
        is_last
        or prose.startswith("(", end)
        or len(re.findall(rf"\b{re.escape(stem)}[A-Z]", near)) > 1
        or any(
            match[0][-1].islower() or prose[match.start()] == "\0"  # os.copy, or os.Copy in code
            for match in re.finditer(rf"\b{re.escape(stem)}[A-Za-z]", source.text)
        )
    )


def _is_word(word: str) -> bool:
    """Return whether ``word`` is not an abbreviation such as ``ThS``, ``TP`` or ``gs``."""
    plain = normalize("NFD", word)
    has_vowel = any(char in "aeiouyAEIOUY" for char in plain)
    return len(word) > 1 and word[1:].islower() and has_vowel


def find_spaces_inside(source: SourceText) -> Iterator[Finding]:
    """Find ``( xem ảnh )`` and ``“ Sao? ”``, unless the quotation marks are not balanced."""
    if not any(pair in source.prose for pair in ("( ", " )", "“ ", " ”")):
        return
    for block in source.blocks:
        prose = source.prose[block.start : block.end]
        in_turn = _turn_about(prose.replace('"', " "), set(), set())
        for match in _INSIDE.finditer(prose):
            names = ("before", "after") if match[0][0] == "(" else ("left", "right")
            spans = [match.span(name) for name in names if match[name]]
            is_face = match.start() and prose[match.start() - 1] in ":;="  # the emoticon :(
            if spans and not is_face and (in_turn or match[0][0] == "("):
                fixes = tuple(Fix(block.start + a, block.start + b, "") for a, b in spans)
                yield Finding("space-inside", fixes[0].start, {"sign": match[0][0]}, fixes)


def find_mixed_quotes(source: SourceText) -> Iterator[Finding]:
    """Find straight quotation marks in a text with curly ones: one finding per paragraph.

    If almost all are straight, the curly ones came with a quotation: one finding, at the first.
    """
    if '"' not in source.prose or not (first := _CURLY.search(source.prose)):
        return
    if source.prose.count('"') > MANY_TIMES * len(_CURLY.findall(source.prose)):
        yield Finding("quotes-mixed", first.start())
        return
    is_certain = "„" not in source.prose and "«" not in source.prose
    for block in source.blocks:
        prose = source.prose[block.start : block.end]
        marks = [match.start() for match in _STRAIGHT.finditer(prose)]
        if not marks:
            continue
        opening = {match.start() for match in _OPENING.finditer(prose)}
        closing = {match.start() for match in _CLOSING.finditer(prose)}
        fixes: tuple[Fix, ...] = ()
        # Unambiguous: marks open and close in turn, and each can be only one of the two.
        if is_certain and not opening & closing and _turn_about(prose, opening, closing):
            fixes = tuple(
                Fix(block.start + at, block.start + at + 1, "“" if at in opening else "”")
                for at in marks
            )
        yield Finding("quotes-mixed", block.start + marks[0], {}, fixes)


def _turn_about(prose: str, opening: set[int], closing: set[int]) -> bool:
    opens = True
    for match in re.finditer('["“”]', prose):
        at, char = match.start(), match[0]
        if at not in (opening if opens else closing) and char != ("“" if opens else "”"):
            return False
        opens = not opens
    return opens


def find_powers(source: SourceText) -> Iterator[Finding]:
    """Find ``50 m2`` and ``đồng/m2``."""
    if "m2" not in source.prose and "m3" not in source.prose:
        return
    for match in _POWER.finditer(source.prose):
        figure = "²" if match["power"] == "2" else "³"
        at = match.start("power")
        is_length = _LENGTH.fullmatch(match[0])
        fixes = (Fix(at, at + 1, figure),) if match["number"] and not is_length else ()
        unit = match["unit"]
        better: str | Message = unit + figure
        if is_length:
            better = message("{raised}, or as a decimal if it is a length (1.2 m)", raised=better)
        values: Fields = {"written": unit + match["power"], "better": better}
        yield Finding("power", match.start("unit"), values, fixes)
