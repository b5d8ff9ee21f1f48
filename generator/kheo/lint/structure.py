"""Find blocks that Markdown misreads, and blocks that imitate what Markdown has syntax for."""

import re
from collections.abc import Iterator
from itertools import pairwise

from kheo.lint.source_text import Block, Facts, Finding, Fix, SourceText
from kheo.lint.words import folded, same_name

LONGEST_TITLE = 150  # characters
MANY_DASHES = 5  # more are not a rule, but an underline
LONGEST = 1500  # characters of a paragraph: three screens of a phone

_HEADING = re.compile(r"^ {0,3}(?P<level>#{1,6})[ \t]++\S", re.MULTILINE)
_GLUED = re.compile(r"^ {0,3}(?P<level>#{2,6})(?=[^\W_]).*", re.MULTILINE)
_BOLD = re.compile(r"(?P<mark>\*\*|__)(?P<text>[^*_\n]{1,120})(?P=mark)[ \t]*:?[ \t]*")
_SENTENCE = re.compile(r"[.!?…;,][^\w\n]*\Z")  # the end of one
_ITEM_LINE = re.compile(r" {0,3}(?:[-+*]|\d+[.)]|#{1,6})[ \t]")
_ONE_LINK = re.compile(r"\[[^\[\]]*\][(\[][^()\[\]]*[)\]]")  # **[Register now!](…)**
_NO_PARAGRAPH = re.compile(r"[ \t]*(?:[-+*#>|:]|\d+[.)]\s|\[\^)")
_HTML_LINE = re.compile(
    r"[ \t]*</?(?:[uod]l|li|d[td]|t[rdh]|table|thead|tbody|div|section|details|summary|figure|p|pre|h\d"
    r"|blockquote)\b"
)
NAMES_APART = 35  # characters from comma to comma: more in prose, fewer in a list of names

# Including those of the fonts Symbol and Wingdings, which Word uses.
_BULLETS = "·•●◦▪‣∙⁃○■□◆◇❖➢➤►▶\uf02d\uf076\uf0a7\uf0a8\uf0b7\uf0d8"
_ORNAMENTS = "○■□◆◇❖➢➤►▶"  # one alone may be an ornament: ► Xem thêm
_DASHES = "‐–—‒-"  # these may also open direct speech
_BULLET = re.compile(
    rf"^(?P<sign>[{_BULLETS}‐–—‒])[ \t\xa0]+(?=\S)|^(?P<glued>-)(?=[^\W\d_])", re.MULTILINE
)

_PROSE_WORD = re.compile(r"[^\W\d_]+")
_CODE_CHAR = re.compile(r"[{}<>=$|\\`]|\)\(|\(\*|^\s*(?:#|//|\d+[.)] |[-+*] )")
_YEAR_LINE = re.compile(r"^(?P<number>\d{3,9})(?P<dot>\.)[ ](?=\S)|^(?P<day>\d{1,2})(?P<point>\.)[ ](?=\d{1,2}\.[ ]?\d{4}\b)",
                        re.MULTILINE)  # fmt: skip
_ITEM = re.compile(r"(\d+)\. ")
NOWHERE = (-1, -1)
_LITERAL = re.compile(
    r"<(?P<name>pre|script|style|textarea)\b.*?(?:</(?P=name)|\Z)|<!--.*?(?:-->|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_DASHED = re.compile(r"\n(?P<line>-+)[ \t]*$", re.MULTILINE)
_RULE = re.compile(
    r"^ {0,3}\|?+[ ]*+:?+-++:?+[ ]*+(?>\|[ ]*+:?+-++:?+[ ]*+)++\|?+[ ]*+$"
    r"|^ {0,3}\|[ ]*+:?+-++:?+[ ]*+\|[ ]*+$",
    re.MULTILINE,
)
_ROW = re.compile(r"^[ ]{0,3}\|.*\|[ \t]*$", re.MULTILINE)
_HTML_TABLE = re.compile(r"<table\b.*?(?:</table>|\Z)", re.IGNORECASE | re.DOTALL)
_HTML_ROW = re.compile(r"<tr\b(.*?)(?=<tr\b|\Z)", re.IGNORECASE | re.DOTALL)
_HTML_CELL = re.compile(r"<td\b[^<>]*>", re.IGNORECASE)
_NAMED_ROW = re.compile(r"[^<]*<td\b(?:[^<>]*bold[^<>]*>|[^<>]*>\s*<(?:b|strong)>)", re.IGNORECASE)


def find_headings(source: SourceText) -> Iterator[Finding]:
    """Find a skipped level, ``##`` then ``####``: it confuses users of screen readers."""
    if "#" not in source.prose:
        return
    level = 1  # the title
    for match in _HEADING.finditer(source.prose, source.body):
        own = len(match["level"])
        if own > level + 1:
            values = {"level": "#" * own, "better": "#" * (level + 1)}
            yield Finding("heading-skip", match.start("level"), values)
        level = own


def find_glued_headings(source: SourceText) -> Iterator[Finding]:
    """Find ``##Title``, which is text without a space; not ``#hashtag``.

    It is fixed if it is a paragraph of its own: nothing but a heading can be meant then.
    """
    if "##" not in source.prose:
        return
    alone = {block.start: block.end for block in source.blocks}
    for match in _GLUED.finditer(source.prose, source.body):
        start, end = match.span("level")
        text = source.text[start : match.end()].strip()
        values = {"text": text, "level": match["level"], "text_after": text.lstrip("#")}
        is_alone = alone.get(match.start()) == match.end()
        yield Finding("heading-space", start, values, (Fix(end, end, " "),) if is_alone else ())


def find_fake_headings(source: SourceText, facts: Facts) -> Iterator[Finding]:
    """Find a paragraph all in bold with text below it, unless it is the title or a signature."""
    if "**" not in source.prose and "__" not in source.prose:
        return
    for block in source.blocks[:-1]:
        match = _BOLD.fullmatch(source.prose, block.start, block.end)
        if not match or _SENTENCE.search(match["text"]):
            continue
        text = source.text[match.start("text") : match.end("text")].strip()
        if _ONE_LINK.fullmatch(text) or _is_label(source, block) or _is_subtitle(source, block):
            continue
        if not any(same_name(match["text"], one) for one in (facts.title, *facts.authors)):
            yield Finding("heading-faked", block.start, {"text": text})


def _is_label(source: SourceText, block: Block) -> bool:
    """Return whether a paragraph introduces a list: a colon, then a list or a heading."""
    text = source.text[block.start : block.end].rstrip("*_ \t")
    below = source.text[block.end :].lstrip("\n")
    return text.endswith(":") and bool(_ITEM_LINE.match(below))


def _is_subtitle(source: SourceText, block: Block) -> bool:
    """Return whether a paragraph has a heading below it, or is the first line of a ``:::`` box."""
    above = source.text[: block.start].rstrip().rpartition("\n")[2]
    below = source.text[block.end :].lstrip("\n")
    return above.startswith(":::") or below.startswith("#")


def find_long_paragraphs(source: SourceText) -> Iterator[Finding]:
    """Find paragraphs of more than LONGEST characters; not lists, not lists of names."""
    for block in source.blocks:
        size = block.end - block.start
        if size > LONGEST:
            size -= source.prose.count("\0", block.start, block.end)
            text = source.text[block.start : block.end]
            is_names = text.count(",") * NAMES_APART > size
            if size > LONGEST and not (is_names or any(map(_is_no_paragraph, text.split("\n")))):
                values = {"size": str(size), "limit": str(LONGEST)}
                yield Finding("long-paragraph", block.start, values)


def _is_no_paragraph(line: str) -> bool:
    return bool(_NO_PARAGRAPH.match(line) or _HTML_LINE.match(line))


def find_pasted_bullets(source: SourceText) -> Iterator[Finding]:
    """Find ``· Mục`` and ``– mục;`` at the start of lines.

    A dash may also open direct speech, so dashes are reported only on consecutive lines, or in
    paragraphs that end like list items (``;`` or ``,``). They are fixed only if all lines end so.
    """
    found = list(_BULLET.finditer(source.prose, source.body))
    runs = _runs(source, [match for match in found if match[0][0] in _DASHES])
    is_list = {start: certain for starts, certain in runs for start in starts}
    all_bullets = {(match.start(), match[0][0]) for match in found}
    for match in found:
        start, char = match.start(), match[0][0]
        if char in _DASHES and start not in is_list:
            continue
        is_certain = is_list.get(
            start, char not in _ORNAMENTS or _is_repeated(source, match, all_bullets)
        )
        fixes = (Fix(match.start(), match.end(), "- "),) if is_certain else ()
        shown = char if char.isprintable() else f"U+{ord(char):04X}"
        yield Finding("bullet-pasted", start, {"sign": shown}, fixes)


def _is_repeated(
    source: SourceText, match: re.Match[str], all_bullets: set[tuple[int, str]]
) -> bool:
    """Return whether the line below or above starts with the same character."""
    char = match[0][0]
    end = source.text.find("\n", match.end())
    below = end + 1 + source.text.startswith("\n", end + 1)
    above = _line_above(source, match.start())[0]
    if source.text[above : match.start()].isspace():
        above = _line_above(source, above)[0]
    return (end >= 0 and (below, char) in all_bullets) or (above, char) in all_bullets


def _line_above(source: SourceText, start: int) -> tuple[int, str]:
    """Return the offset and the text of the line above the one that starts at ``start``."""
    above = source.text.rfind("\n", 0, max(0, start - 1)) + 1
    return above, source.text[above : max(above, start - 1)]


def _runs(source: SourceText, dashes: list[re.Match[str]]) -> Iterator[tuple[list[int], bool]]:
    """Yield the offsets of lines that belong together, and whether they are certainly a list."""
    run: list[int] = []
    is_list = True
    for first, second in pairwise(dashes):
        end = source.text.find("\n", first.end())
        ends_so = source.text[first.end() : end].rstrip().endswith((";", ","))
        between = source.text[end : second.start()]
        if between == "\n" or (ends_so and not between.strip()):
            run = run or [first.start()]
            run.append(second.start())
            is_list &= ends_so
        elif run:
            yield run, is_list
            run, is_list = [], True
    if run:
        yield run, is_list


def find_accidental_lists(source: SourceText) -> Iterator[Finding]:
    """Find ``2020. Năm qua …``, which would become a numbered list."""
    for match in _YEAR_LINE.finditer(source.prose, source.body):
        above = _line_above(source, match.start())[1].strip()
        if above and match.start() > source.body and not _NO_PARAGRAPH.match(above):
            continue  # inside a paragraph, only a list that begins with 1 is a list
        group = "dot" if match["dot"] else "point"
        at = match.start(group)
        number = match["number"] or match["day"]
        # Consecutive years may be an intended list.
        near = {int(item[1]) for item in map(_ITEM.match, _around(source, match)) if item}
        in_row = near & {int(number) - 1, int(number) + 1}
        fixes = () if in_row and match["dot"] else (Fix(at, at, "\\"),)
        yield Finding("list-by-accident", match.start(), {"number": number}, fixes)


def _around(source: SourceText, match: re.Match[str]) -> Iterator[str]:
    """Yield the lines before and after, skipping at most one blank line."""
    start, above = _line_above(source, match.start())
    yield above or _line_above(source, start)[1]
    end = source.text.find("\n", match.end())
    yield source.text[end : end + 20].lstrip("\n") if end >= 0 else ""


def find_accidental_code(source: SourceText) -> Iterator[Finding]:
    """Find paragraphs indented by a tab or four spaces, as in Word: Markdown makes them code."""
    if "\n    " not in source.text and "\n\t" not in source.text:
        return
    is_below = is_item = False  # directly below text; below a list or a footnote
    is_fenced = False
    literals = iter([match.span() for match in _LITERAL.finditer(source.text, source.body)])
    first, last = next(literals, NOWHERE)
    for line in source.lines():
        text = source.text[line.start : line.end]
        while last <= line.start and last >= 0:
            first, last = next(literals, NOWHERE)
        if first < line.start < last:
            continue
        is_fenced ^= text.lstrip().startswith(("```", "~~~"))
        if is_fenced:
            continue
        if not text.strip():
            is_below = False
        elif not text.startswith(("    ", "\t")):
            continues = is_item and (is_below or text.startswith(" "))  # of an item
            is_below, is_item = True, continues or bool(_NO_PARAGRAPH.match(text))
        elif not (is_below or is_item):
            if _is_prose(text):
                yield Finding("code-by-accident", line.start)
            is_below = True  # one finding per block


def _is_prose(text: str) -> bool:
    """Return whether a line looks like prose, not like code."""
    has_end = text.rstrip().endswith((".", ",", ";", ":", "!", "?", "…"))
    is_likely = has_end or not text.isascii()
    return is_likely and len(_PROSE_WORD.findall(text)) >= 5 and not _CODE_CHAR.search(text)


def find_accidental_headings(source: SourceText, facts: Facts) -> Iterator[Finding]:
    """Find lines that become a heading because of dashes below them, by accident.

    A line of dashes that is as long as the text is meant to underline it. By accident are: a line
    above a rule (---), the author's name, the last line, a sentence, and a whole paragraph.
    """
    if "\n-" not in source.prose:
        return
    for match in _DASHED.finditer(source.prose, source.body):
        start = source.text.rfind("\n", 0, match.start()) + 1
        name = source.prose[start : match.start()].strip()
        if not folded(name) or "|" in name or "\0" in name or _NO_PARAGRAPH.match(name):
            continue
        is_author = any(same_name(name, author) for author in facts.authors)
        if is_author or _is_by_accident(source, start, match):
            at = match.start("line")
            first = _line_above(source, start)[1].strip() == ""  # the text has only one line
            is_last = source.blocks[-1].end <= match.end()
            fixes = (Fix(at, at, "\n"),) if is_author or (first and is_last) else ()
            yield Finding("heading-by-accident", start, {"text": name}, fixes)


def _is_by_accident(source: SourceText, start: int, match: re.Match[str]) -> bool:
    text = source.prose[start : match.start()].strip()
    dashes = len(match["line"])
    if abs(len(text) - dashes) <= 3 or dashes > MANY_DASHES:
        return False
    is_last = source.blocks[-1].end <= match.end()
    above = _line_above(source, start)[1]
    is_paragraph = len(above) + len(text) > LONGEST_TITLE
    is_rule = dashes <= len("---")
    return is_last or is_rule or is_paragraph or text.endswith((".", ";", ",", ":", "…"))


def find_bare_tables(source: SourceText) -> Iterator[Finding]:
    """Find tables without column names."""
    if "|" in source.text:
        for block in _paragraphs(source):
            lines = source.text[block.start : block.end].split("\n")
            rule = next((n for n, line in enumerate(lines) if _RULE.fullmatch(line)), None)
            rows = sum(map(bool, map(_ROW.fullmatch, lines)))
            if (rule is None and rows > 1 and rows == len(lines)) or (
                rule is not None and (rule == 0 or not lines[rule - 1].strip("| \t"))
            ):
                yield Finding("table-header", block.start)
    for match in _HTML_TABLE.finditer(source.text, source.body):
        if source.prose[match.start()] != "\0" or re.search(r"<th\b", match[0], re.IGNORECASE):
            continue
        if not _is_list_of_values(match[0]):
            yield Finding("table-header", match.start())


def _is_list_of_values(table: str) -> bool:
    """Return whether each row is a name in bold and its value: no column needs a name."""
    rows = _HTML_ROW.findall(table)
    return all(len(_HTML_CELL.findall(row)) == 2 and _NAMED_ROW.match(row) for row in rows)


def _paragraphs(source: SourceText) -> Iterator[Block]:
    """Yield runs of table lines: lines with ``|`` that contain prose or delimit a header."""
    lines: list[Block] = []
    for line in source.lines():
        text = source.text[line.start : line.end]
        if "|" in text and (
            source.prose[line.start : line.end].strip("\0 ")
            or (_RULE.fullmatch(text) and source.markup[line.start] != "\0")
        ):
            lines.append(line)
            continue
        if lines:
            yield Block(lines[0].start, lines[-1].end)
        lines = []
    if lines:
        yield Block(lines[0].start, lines[-1].end)
