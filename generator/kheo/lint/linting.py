"""Run every lint rule on one source, and apply the fixes."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from kheo.diagnostics import Diagnostic, Place, diagnostic
from kheo.lint import characters, leftovers, punctuation, structure
from kheo.lint import link_checks as links
from kheo.lint.front_edits import NO_EDITS, FrontEdits
from kheo.lint.source_text import Facts, Finding, Fix, LintSettings, SourceText, source_text
from kheo.lint.words import same_words

MAX_OF_A_CODE = 50  # findings reported per file
ROUNDS = 8  # one fix may enable another: `word ,word` needs two rounds

# <!-- check-off: spaces, power -->   # check-off: no-break-space
_OFF = re.compile(
    r"(?:<!--|#)[ \t]*check-off\b[ \t]*:?[ \t]*(?P<codes>[\w, \t-]*?)[ \t]*(?:-->|$)", re.MULTILINE
)
_CODE = re.compile(r"[\w-]+")
_BELOW = re.compile(r"(?:[ \t]*\n+)?")  # the rest of a line that has nothing else on it
ALL = "all"


class Outgoing(Struct, frozen=True, array_like=True):
    """A link to another site, and its position."""

    url: str
    line: int
    column: int


class LintResult(Struct, frozen=True):
    """The findings of one source.

    ``fixable`` has the code of every finding with a fix; ``off`` has the codes that comments switch
    off, by line.
    """

    found: tuple[Diagnostic, ...] = ()
    fixable: tuple[str, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    off: dict[int, tuple[str, ...]] = {}


def lint(data: bytes, path: str, facts: Facts, settings: LintSettings) -> LintResult:
    """Lint the text of a source. A source that a build rejects has no findings here."""
    source = source_text(data)
    if source is None:
        return LintResult()
    off = _switched_off(source)
    found = _findings(source, facts, settings, off)
    outgoing = list(links.outgoing(source))
    at = source.positions([*(one.start for one in found), *(offset for _, offset in outgoing)])
    place = Place(path)
    return LintResult(
        tuple(diagnostic(one.code, place.at(*at[one.start]), **one.values) for one in _few(found)),
        tuple(one.code for one in found if one.fixes),
        tuple(Outgoing(url, *at[offset]) for url, offset in outgoing),
        off,
    )


def _few(found: list[Finding]) -> Iterator[Finding]:
    """Yield the first findings of each code; more would bury the other messages."""
    counts: Counter[str] = Counter()
    for one in found:
        counts[one.code] += 1
        if counts[one.code] <= MAX_OF_A_CODE:
            yield one


def apply_fixes(
    data: bytes,
    facts: Facts,
    settings: LintSettings,
    off_everywhere: frozenset[str],
    edits: FrontEdits = NO_EDITS,
) -> bytes:
    """Return ``data`` with every fix applied and all other bytes unchanged.

    If nothing can be fixed, or if the fixes do not converge, return ``data`` itself.
    """
    if edits.count and (source := source_text(data)):
        data = source.with_fixes(_apart(iter(edits.fixes(source))))
    fixed = data
    for _ in range(ROUNDS):
        source = source_text(fixed)
        if source is None:
            return data
        found = _findings(source, facts, settings, _switched_off(source))
        fixes = _apart(fix for one in found if one.code not in off_everywhere for fix in one.fixes)
        if not fixes:
            return fixed if same_words(data.decode(), fixed.decode()) else data
        fixed = source.with_fixes(fixes)
    return data


def is_off(codes: tuple[str, ...], code: str) -> bool:
    """Return whether ``codes``, from a comment, switch off ``code``."""
    return code in codes or ALL in codes


def _findings(
    source: SourceText, facts: Facts, settings: LintSettings, off: dict[int, tuple[str, ...]]
) -> list[Finding]:
    found = list(_every_rule(source, facts, settings))
    if not off:
        return found
    at = source.positions(one.start for one in found)
    return [one for one in found if not is_off(off.get(at[one.start][0], ()), one.code)]


def _every_rule(source: SourceText, facts: Facts, settings: LintSettings) -> Iterator[Finding]:
    yield from characters.find_no_break_spaces(source)
    yield from characters.find_invisible(source)
    yield from characters.find_controls(source)
    yield from characters.find_decomposed(source)
    yield from characters.find_spaces(source)
    yield from punctuation.find_space_before(source, settings.spaced_marks)
    yield from punctuation.find_no_space_after(source)
    yield from punctuation.find_spaces_inside(source)
    yield from punctuation.find_mixed_quotes(source)
    yield from punctuation.find_powers(source)
    yield from structure.find_headings(source)
    yield from structure.find_glued_headings(source)
    yield from structure.find_fake_headings(source, facts)
    yield from structure.find_long_paragraphs(source)
    yield from structure.find_pasted_bullets(source)
    yield from structure.find_accidental_lists(source)
    yield from structure.find_accidental_code(source)
    yield from structure.find_accidental_headings(source, facts)
    yield from structure.find_bare_tables(source)
    yield from leftovers.find_title(source, facts)
    yield from leftovers.find_pager(source)
    yield from leftovers.find_signature(source, facts)
    yield from leftovers.find_future_dates(source, facts, settings.date_order)
    yield from links.find_bare_links(source)
    yield from links.find_empty_words(source, settings.link_texts)


def _apart(fixes: Iterator[Fix]) -> list[Fix]:
    """Sort fixes, and drop those that overlap an earlier one until the next round."""
    chosen: list[Fix] = []
    for fix in sorted(fixes):
        if not chosen or fix.start > chosen[-1].end or (fix.start == chosen[-1].end < fix.end):
            chosen.append(fix)
    return chosen


def _switched_off(source: SourceText) -> dict[int, tuple[str, ...]]:
    """Return the codes switched off, by line.

    A comment applies to its own line or, if it is alone on it, to the next line with text.
    """
    if "check-off" not in source.text:
        return {}
    comments = [
        match
        for match in _OFF.finditer(source.text)
        # `#` starts a comment only in front matter
        if match.start() < source.body or not match[0].startswith("#")
    ]
    at = source.positions(match.start() for match in comments)
    off: dict[int, tuple[str, ...]] = {}
    for match in comments:
        line = at[match.start()][0]
        if not source.before(match.start()).strip():
            line += len(_BELOW.match(source.text, match.end())[0].strip(" \t"))  # type: ignore[index]
        off[line] = off.get(line, ()) + (tuple(_CODE.findall(match["codes"])) or (ALL,))
    return off
