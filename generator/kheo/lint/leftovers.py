"""Find remains of an old page that were copied with the text (title, pager, signature); wrong dates."""

import re
from collections.abc import Iterator
from datetime import date

from kheo.lint.source_text import Facts, Finding, SourceText
from kheo.lint.words import folded, same_name

NEAR_TOP = 5  # paragraphs
# Days. A report tells what happened shortly before: a date with another year that would be so near is
# mistyped. All others are announced: plans, leases, terms of office.
NEAR_PAST = 31
CENTURY = 36_525

# |< < 1 2 3 > >|   « 1 2 3 »   Not `Trước < 1 2 > Sau`: words also occur outside pagers
_PAGER = re.compile(r"^(?=[^\n\d]*\d)[\d<>«»‹›|.…\[\]() \t]++$", re.MULTILINE)
_ARROW = re.compile(
    r"[<«‹].*[>»›]|[|][<>]|[<>][|]|\d\]?[ \t|]+\[?\d.*[>»›][ \t]*$|^[ \t]*[<«‹].*\d\]?[ \t|]+\[?\d"
)
_DATE = re.compile(
    r"(?P<first>\d{1,4})(?:(?<=\d\d\d\d)-(?P<month>\d{2})-(?P<day>\d{2})|(?<!\d\d\d)(?P<sign>[/.-])(?P<b>\d{1,2})(?P=sign)(?P<year>\d{4}))"
    r"(?![\w/-]|\.\w)"
)
_SIGNED = re.compile(r"(?:.{0,30}[:–—-])?(?P<name>.*)", re.DOTALL)


def find_title(source: SourceText, facts: Facts) -> Iterator[Finding]:
    """Find a paragraph or heading that repeats the title. (``# Title`` is dropped when rendering.)

    It need not be the first one: old pages have a breadcrumb above the title.
    """
    if not source.blocks or not facts.title:
        return
    first = source.blocks[0]
    lines = source.prose[first.start : first.end].split("\n")
    heading = re.match(r"#(?!#)", lines[0])
    if heading:
        if len(source.blocks) < 2:
            return
        first = source.blocks[1] if len(lines) == 1 else first
        lines = source.prose[first.start : first.end].split("\n")
    title = folded(facts.title)
    if source.prose.startswith("![", first.start):  # a picture's alternative text
        return
    if folded(" ".join(lines)) == title or (len(lines) > 1 and folded(lines[0]) == title):
        yield Finding("title-repeated", first.start)
        return
    for block in source.blocks[1:NEAR_TOP]:
        text = source.prose[block.start : block.end]
        if not text.startswith(("# ", "![")) and folded(text) == title:
            yield Finding("title-repeated", block.start)
            return


def find_pager(source: SourceText) -> Iterator[Finding]:
    """Find ``|< < 1 2 3 > >|`` on a line of its own."""
    if not any(char in source.prose for char in "<>«»‹›"):
        return
    for match in _PAGER.finditer(source.prose, source.body):
        if _ARROW.search(match[0]):
            at = match.end() - len(match[0].lstrip())
            yield Finding("pager-left", at, {"text": match[0].strip()})


def find_signature(source: SourceText, facts: Facts) -> Iterator[Finding]:
    """Find the author's name as the last paragraph; the page already shows it below the title."""
    if not source.blocks or not facts.authors:
        return
    yield from _names_alone(source, facts)
    end = source.blocks[-1].end
    below = source.text[end:].strip("\n")
    if below.startswith(("    ", "\t")):  # indented to the right
        end = len(source.text.rstrip())
    line = source.text.rfind("\n", source.body, end) + 1 or source.body
    line = end - len(source.text[line:end].lstrip())
    text = source.text[line:end]
    signed = _SIGNED.fullmatch(text)
    if _is_quoted(source, line):
        return
    for author in facts.authors:
        if len(text) < 2 * len(author) + 40 and (
            same_name(text, author) or (signed and same_name(signed["name"], author))
        ):
            yield Finding("signature-left", line, {"name": author})
            return


def _is_quoted(source: SourceText, start: int) -> bool:
    """Return whether a line belongs to a quotation, whose author it names."""
    text = source.text
    line = text.rfind("\n", 0, start) + 1
    above = text[text.rfind("\n", 0, max(0, line - 1)) + 1 : max(0, line - 1)].strip()
    own = text[line : text.find("\n", start) if "\n" in text[start:] else len(text)]
    before = text[:start].lower()
    return (
        own.lstrip().startswith(">")
        or "<cite" in own.lower()
        or before.count("<blockquote") > before.count("</blockquote")
        or (above.startswith(">") and own.lstrip().startswith(("–", "—", "-")))
        or (above.endswith(("”", '"', "»")) and own.lstrip().startswith(("–", "—")))
    )


def _names_alone(source: SourceText, facts: Facts) -> Iterator[Finding]:
    """Find a paragraph that is just the name, above the pager or footer of the old page."""
    longest = max(map(len, facts.authors)) * 2
    for block in source.blocks[1:-1]:
        if block.end - block.start <= longest:
            text = source.prose[block.start : block.end]
            for author in facts.authors:
                if same_name(text, author) and not (
                    text.startswith("#") or _is_quoted(source, block.start)
                ):
                    yield Finding("signature-left", block.start, {"name": author})


def find_future_dates(source: SourceText, facts: Facts, date_order: str) -> Iterator[Finding]:
    """Find dates with a mistyped year: ``10/02/2021`` in a report of 12/02/2020."""
    if not facts.day:
        return
    own = date(*facts.day)
    for match in _DATE.finditer(source.prose, source.body):
        before = source.prose[match.start() - 1]
        day = None if before.isalnum() or before in "./-_" else _day(match, date_order)
        if day and _is_mistyped(day, own):
            values = {"text": match[0], "date": own.isoformat()}
            yield Finding("date-future", match.start(), values)


def _is_mistyped(day: date, own: date) -> bool:
    if day.year <= own.year or (day.month, day.day) == (2, 29):
        return False
    in_same_year = day.replace(year=own.year)
    return 0 <= (own - in_same_year).days <= NEAR_PAST or (day - own).days > CENTURY


def _day(match: re.Match[str], date_order: str) -> date | None:
    """Return the date, or None if it does not exist or is ambiguous."""
    first = int(match["first"])
    if match["month"]:
        year, month, day = first, int(match["month"]), int(match["day"])
    else:
        year, day, month = int(match["year"]), first, int(match["b"])
        if date_order == "month-first":
            day, month = month, day
        elif date_order != "day-first" and day <= 12 and month <= 12 and day != month:
            month = 1  # ambiguous: reported only if the year alone is too far
            day = 1
        elif date_order != "day-first" and month > 12:
            day, month = month, day
    try:
        return date(year, month, day)
    except ValueError:
        return None
