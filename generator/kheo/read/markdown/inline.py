"""Parse the inlines of a leaf: code, emphasis, links, pictures, HTML, references, line breaks.

The text is read once, from one special character to the next. What cannot be decided there (emphasis,
links) is decided when it closes, as CommonMark 0.31 describes ("An algorithm for parsing").
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

from kheo.read.markdown.allowed import SCHEMES
from kheo.read.markdown.autolinks import Candidate, find_autolinks, may_link, read_autolink
from kheo.read.markdown.elements import TAG, has_drawing, is_element
from kheo.read.markdown.emphasis import Run, make_run, pair_runs
from kheo.read.markdown.pieces import Mentions, Piece, RawHtml, Span, append_text, protect, write
from kheo.read.markdown.references import (
    LABEL,
    Target,
    TitleReader,
    address,
    encode,
    fold,
    plain,
    read_destination,
    skip_gap,
)

_MARKS = (*"\\`*_[]<&~", " \n")
_SPECIAL = re.compile(r"[\\`*_\[\]<&~]")
_SPECIAL_OR_BREAK = re.compile(r"[\\`*_\[\]<&~]|(?<! ) ++\n")
_BACKTICKS = re.compile("`+")
_RUNS = {char: re.compile(re.escape(char) + "+") for char in "*_~"}
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_URL = re.compile(r"<([A-Za-z][A-Za-z0-9.+-]{1,31}:[^\s<>\x00-\x1f]*)>")
_MAIL = re.compile(
    r"<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)>"
)
_OPAQUE = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))
_ESCAPABLE = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
# An escaped brace must not begin an attribute list; Python-Markdown has this form for it.
_BRACE = "\x02123\x03"


@dataclass(slots=True, eq=False)
class _Bracket:
    """An opening bracket. ``at`` is its place among the pieces, ``start`` that of the text after it."""

    at: int
    start: int
    is_image: bool
    runs: int  # how many runs come before it
    active: bool = True
    has_inner: bool = False  # another bracket follows: what is between cannot be a label


class InlineParser:
    """Parses the leaves of one text."""

    def __init__(
        self,
        text: str,
        references: dict[str, Target],
        mentions: Mentions,
        any_tag: bool,
    ) -> None:
        # What must be looked for in each leaf: most texts contain few kinds of markup, and searching
        # for each in turn takes a tenth of the time of a regular expression.
        self.special = tuple(mark for mark in _MARKS if mark in text)
        self.links = may_link(text)
        self.references = references
        self.mentions = mentions
        self.any_tag = any_tag

    def parse(self, parent: Element, text: str, locate: Callable[[int], int]) -> None:
        """Add the content of a leaf to ``parent``; ``locate`` returns where a place in it was written."""
        for mark in self.special:
            if mark in text:
                break
        else:
            if not self.links or not may_link(text):
                append_text(parent, text)
                return
        write(parent, _Scanner(self, text, locate).scan(self.links and may_link(text)))


class _Scanner:
    """Reads one text."""

    def __init__(self, parser: InlineParser, text: str, locate: Callable[[int], int]) -> None:
        self.parser = parser
        self.any_tag = parser.any_tag or ("<" in text and has_drawing(text))
        self.mentions = parser.mentions
        self.text = text
        self.locate = locate
        self.pos = 0
        self.pieces: list[Piece] = []
        self.runs: list[Run] = []
        self.brackets: list[_Bracket] = []
        self.has_opener = False  # a `_` that may begin emphasis
        self.titles = TitleReader(text)
        self.backticks: dict[int, list[int]] | None = None
        self.missing: set[str] = set()  # ends of comments that do not occur again

    def scan(self, links: bool) -> list[Piece]:
        text = self.text
        special = _SPECIAL_OR_BREAK if " \n" in text else _SPECIAL
        candidates = find_autolinks(text)[::-1] if links else []
        handlers = self._handlers()
        while True:
            while candidates and candidates[-1].start < self.pos:
                candidates.pop()
            limit = candidates[-1].start if candidates else len(text)
            match = special.search(text, self.pos, limit)
            end = match.start() if match else limit
            if end > self.pos:
                self.pieces.append(text[self.pos : end])
                self.pos = end
            if match:
                handlers[match[0][0]]()
            elif candidates:
                self._autolink(candidates.pop())
            else:
                break
        pair_runs(self.runs)
        return self.pieces

    def _handlers(self) -> dict[str, Callable[[], None]]:
        return {
            "\\": self._backslash,
            "`": self._code,
            "*": self._run,
            "_": self._run,
            "~": self._run,
            "[": self._open_bracket,
            "]": self._close_bracket,
            "<": self._angle,
            "&": self._character,
            " ": self._line_end,
        }

    def _add(self, piece: Piece, end: int) -> None:
        self.pieces.append(piece)
        self.pos = end

    # --- characters -----------------------------------------------------------------------------

    def _backslash(self) -> None:
        after = self.text[self.pos + 1 : self.pos + 2]
        if after == "\n":
            self._add(Element("br"), self.pos + 1)
        elif after in _ESCAPABLE and after:
            self._add(_BRACE if after == "{" else after, self.pos + 2)
        else:
            self._add("\\", self.pos + 1)

    def _character(self) -> None:
        match = _REFERENCE.match(self.text, self.pos)
        if match:
            self._add(plain(match[0]).replace("{", _BRACE), match.end())
        else:
            self._add("&", self.pos + 1)

    def _line_end(self) -> None:
        """Two or more spaces break the line; they are removed, and so is a single one."""
        end = self.text.index("\n", self.pos)
        if end - self.pos > 1:
            self.pieces.append(Element("br"))
        self.pos = end

    def _code(self) -> None:
        length = _BACKTICKS.match(self.text, self.pos).end() - self.pos  # type: ignore[union-attr]
        start = self.pos + length
        end = self._closing_backticks(length, start)
        if end < 0:
            return self._add(self.text[self.pos : start], start)
        code = self.text[start:end].replace("\n", " ")
        if code[0] == code[-1] == " " and code.strip(" "):
            code = code[1:-1]
        element = Element("code")
        element.text = AtomicString(protect(code))
        self._add(element, end + length)
        return None

    def _closing_backticks(self, length: int, start: int) -> int:
        if self.backticks is None:
            self.backticks = {}
            for match in _BACKTICKS.finditer(self.text):
                size = match.end() - match.start()
                self.backticks.setdefault(size, []).append(match.start())
        starts = self.backticks.get(length, [])
        at = bisect_left(starts, start)
        return starts[at] if at < len(starts) else -1

    def _run(self) -> None:
        end = _RUNS[self.text[self.pos]].match(self.text, self.pos).end()  # type: ignore[union-attr]
        run = make_run(self.text, self.pos, end, len(self.runs))
        if run.can_open or run.can_close:
            self.has_opener = self.has_opener or (run.can_open and run.char == "_")
            self.runs.append(run)
            self._add(run, end)
        else:
            self._add(self.text[self.pos : end], end)

    # --- what stands between angle brackets -----------------------------------------------------

    def _angle(self) -> None:
        text, start = self.text, self.pos
        if (match := _URL.match(text, start)) and self._is_address(match[1]):
            self._link_to(match[1], match[1], start + 1, match.end())
        elif match := _MAIL.match(text, start):
            self._link_to(match[1], f"mailto:{match[1]}", start + 1, match.end())
        elif (match := TAG.match(text, start)) and (self.any_tag or is_element(match)):
            self._add_html(match.end())
        elif text.startswith(("<!", "<?"), start) and (end := self._opaque_end()) > 0:
            self._add_html(end)
        else:
            self._add("<", start + 1)

    def _is_address(self, written: str) -> bool:
        """Return whether `<…>` is a link; `<std::string>` is text, for the sanitiser would remove it."""
        return self.any_tag or written.partition(":")[0].lower() in SCHEMES

    def _add_html(self, end: int) -> None:
        html, start, locate = self.text[self.pos : end], self.pos, self.locate
        kept = self.mentions.keep_html(html, lambda at: locate(start + at))
        self._add(RawHtml(kept), end)

    def _opaque_end(self) -> int:
        """Return the end of a comment, or of what only CommonMark calls HTML; 0 if there is none."""
        text, start = self.text, self.pos
        for opening, closing in _OPAQUE:
            if not text.startswith(opening, start):
                continue
            if opening == "<!--" and text.startswith((">", "->"), start + 4):
                return start + 5 + (text[start + 4] == "-")
            if opening == "<!" and not text[start + 2 : start + 3].isalpha():
                return 0
            if closing in self.missing or (opening != "<!--" and not self.any_tag):
                return 0
            end = text.find(closing, start + len(opening))
            if end < 0:
                self.missing.add(closing)
                return 0
            return end + len(closing)
        return 0

    def _link_to(self, shown: str, target: str, start: int, end: int) -> None:
        href = encode(target)
        self.mentions.record(href, self.locate(start))
        self._add(Span("a", {"href": href}, [shown], is_auto=True), end)

    def _autolink(self, candidate: Candidate) -> None:
        limit = len(self.text)
        if self.brackets:
            stop = self.text.find("]", candidate.after)
            limit = stop if stop >= 0 else limit
        found = read_autolink(self.text, candidate, limit, self.has_opener)
        if found:
            self._link_to(found.text, found.address, found.start, found.end)

    # --- links ----------------------------------------------------------------------------------

    def _open_bracket(self) -> None:
        start = self.pos
        last = self.pieces[-1] if self.pieces else ""
        is_image = False
        if isinstance(last, str) and last.endswith("!") and self._is_plain_mark(start - 1):
            is_image = True
            self.pieces[-1] = last[:-1]
        if self.brackets:
            self.brackets[-1].has_inner = True
        bracket = _Bracket(len(self.pieces), start + 1, is_image, len(self.runs))
        self.brackets.append(bracket)
        self._add("![" if is_image else "[", start + 1)

    def _is_plain_mark(self, at: int) -> bool:
        """Return whether the `!` at ``at`` is written as such: neither escaped nor a reference."""
        before = self.text[max(0, at - 60) : at]
        slashes = len(before) - len(before.rstrip("\\"))
        return self.text[at] == "!" and slashes % 2 == 0

    def _close_bracket(self) -> None:
        close = self.pos
        self.pos += 1
        if not self.brackets:
            return self.pieces.append("]")
        bracket = self.brackets.pop()
        if bracket.active:
            if not bracket.is_image and self._footnote(bracket, close):
                return None
            if found := self._target(bracket, close):
                return self._make_link(bracket, *found)
            if bracket.is_image and self._footnote(bracket, close):  # `at last![^1]`
                return None
        self.pieces.append("]")
        return None

    def _footnote(self, bracket: _Bracket, close: int) -> bool:
        text = self.text
        if not text.startswith("^", bracket.start):
            return False
        element = self.mentions.footnote(text[bracket.start + 1 : close])
        if element is None:
            return False
        del self.pieces[bracket.at :], self.runs[bracket.runs :]
        if bracket.is_image:
            self.pieces.append("!")
        self.pieces.append(element)
        return True

    def _target(self, bracket: _Bracket, close: int) -> tuple[str, str, int] | None:
        """Return address, title and the place of the address; ``pos`` is then after the link."""
        text = self.text
        if text.startswith("(", close + 1) and (found := self._inline_target(close + 2)):
            return found
        label = LABEL.match(text, close + 1)
        key = ""
        if label and label[1].strip():
            key, end = label[1], label.end()
        elif not bracket.has_inner and close - bracket.start <= 999:
            key = text[bracket.start : close]
            end = close + (3 if text.startswith("[]", close + 1) else 1)
        target = self.parser.references.get(fold(key)) if key else None
        if target is None:
            return None
        self.pos = end
        return target.address, target.title, target.offset

    def _inline_target(self, start: int) -> tuple[str, str, int] | None:
        text = self.text
        at = skip_gap(text, start)
        found = read_destination(text, at)
        if found is None:
            return None
        written, end = found
        after = skip_gap(text, end)
        title = self.titles.read(after) if after > end else None
        if title:
            after = skip_gap(text, title[1])
        if not text.startswith(")", after):
            return None
        self.pos = after + 1
        place = self.locate(at + text.startswith("<", at))
        return address(written), plain(title[0]) if title else "", place

    def _make_link(self, bracket: _Bracket, target: str, title: str, place: int) -> None:
        inner = self.pieces[bracket.at + 1 :]
        runs = self.runs[bracket.runs :]
        del self.pieces[bracket.at :], self.runs[bracket.runs :]
        pair_runs(runs)
        attributes = {"src" if bracket.is_image else "href": target}
        if title:
            attributes["title"] = title
        self.pieces.append(Span("img" if bracket.is_image else "a", attributes, inner))
        self.mentions.record(
            target, place, self.locate(bracket.start - 2) if bracket.is_image else -1
        )
        if not bracket.is_image:
            for outer in reversed(self.brackets):  # a link cannot contain another
                if not outer.is_image:
                    if not outer.active:
                        break
                    outer.active = False
