"""The types of the linter: the text of a source with its prose, and findings with fixes."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from kheo.lint.masking import mask_code, mask_front_matter, mask_markup
from kheo.messages.wording import Message

FENCE = "---"
NEAR = 80  # characters: enough to see how a line starts, even a very long one


class Fix(Struct, frozen=True, array_like=True, order=True):
    """Replace ``[start, end)`` with ``text``; offsets are into ``SourceText.text``."""

    start: int
    end: int
    text: str


class Finding(Struct, frozen=True):
    """One problem at offset ``start``; it has ``fixes`` only if there is one possible fix."""

    code: str
    start: int
    values: Mapping[str, str | Message] = {}
    fixes: tuple[Fix, ...] = ()


class LintSettings(Struct, frozen=True):
    """Settings that depend on the site's language.

    ``link_texts`` are folded; ``spaced_marks`` is punctuation with a space before it, as in French.
    """

    date_order: str = ""
    link_texts: tuple[str, ...] = ()
    spaced_marks: str = ""


class Facts(Struct, frozen=True):
    """Values from the front matter, if it could be read. ``day`` is (year, month, day)."""

    title: str = ""
    authors: tuple[str, ...] = ()
    day: tuple[int, int, int] | None = None


class Block(Struct, frozen=True):
    """Consecutive lines that are not blank: ``[start, end)``, without the last line end."""

    start: int
    end: int


class SourceText(Struct, frozen=True):
    """A source with ``\\n`` line ends and no byte order mark.

    ``markup``, ``prose`` and ``values`` are as long as ``text``, with NUL in place of what they leave
    out: ``markup`` has no front matter, code and comments; ``prose`` has no HTML and URLs either;
    ``values`` is ``prose`` and the values of the front matter.
    """

    text: str
    body: int
    markup: str
    prose: str
    values: str
    blocks: tuple[Block, ...]
    has_bom: bool
    newline: str  # in the file; \r\n if both are used
    crlf: tuple[int, ...]  # offsets in ``text`` of line ends that are \r\n in the file

    def lines(self) -> Iterator[Block]:
        """Yield every line of the body as a block."""
        start = self.body
        while start < len(self.text):
            end = self.text.find("\n", start)
            end = len(self.text) if end < 0 else end
            yield Block(start, end)
            start = end + 1

    def positions(self, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
        """Return the line and column of each offset, counted from 1, in one pass."""
        found = {}
        line, start, last = 1, 0, 0
        for offset in sorted(set(offsets)):
            if lines := self.text.count("\n", last, offset):
                line += lines
                start = self.text.rfind("\n", last, offset) + 1
            found[offset] = (line, offset - start + 1)
            last = offset
        return found

    def before(self, offset: int) -> str:
        """Return the text before ``offset`` on its line, at most NEAR characters."""
        near = max(0, offset - NEAR)
        return self.text[max(near, self.text.rfind("\n", near, offset) + 1) : offset]

    def with_fixes(self, fixes: list[Fix]) -> bytes:
        """Return the file with ``fixes`` applied and all other bytes unchanged."""
        parts, done = ["\ufeff" if self.has_bom else ""], 0
        for fix in fixes:
            parts += [self._raw(done, fix.start), fix.text.replace("\n", self.newline)]
            done = fix.end
        parts.append(self._raw(done, len(self.text)))
        return "".join(parts).encode()

    def _raw(self, start: int, end: int) -> str:
        """Return ``text[start:end]`` with the line ends of the file."""
        if not self.crlf:
            piece = self.text[start:end]
            return piece.replace("\n", "\r") if self.newline == "\r" else piece
        first, last = bisect_left(self.crlf, start), bisect_left(self.crlf, end)
        parts, done = [], start
        for at in self.crlf[first:last]:
            parts.append(self.text[done:at] + "\r\n")
            done = at + 1
        return "".join([*parts, self.text[done:end]])


def source_text(data: bytes) -> SourceText | None:
    """Decode a source. Return None if a build rejects it: not UTF-8, or no front matter."""
    try:
        raw = data.decode()
    except UnicodeDecodeError:
        return None
    has_bom = raw.startswith("\ufeff")
    raw = raw.removeprefix("\ufeff")
    newline = next((char for char in ("\r\n", "\n", "\r") if char in raw), "\n")
    text = raw.replace("\r\n", "\n")
    if newline == "\r":
        text = raw.replace("\r", "\n")
    elif "\r" in text:
        return None  # mixed with lone \r: programs count such lines differently
    body = _body_start(text)
    if body is None:
        return None
    markup = mask_code(text[body:])
    prose = "\0" * body + mask_markup(markup)
    return SourceText(
        text=text,
        body=body,
        markup="\0" * body + markup,
        prose=prose,
        values=mask_front_matter(text[:body]) + prose[body:],
        blocks=tuple(_blocks(prose, body)),
        has_bom=has_bom,
        newline=newline,
        crlf=tuple(_crlf(raw)) if newline == "\r\n" else (),
    )


def _body_start(text: str) -> int | None:
    """Return the offset of the first line after the front matter, or None if there is none."""
    start = 0
    is_open = False
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].rstrip()
        start = end + 1
        if line == FENCE:
            if is_open:
                return min(start, len(text))
            is_open = True
        elif line and not is_open:
            return None
    return None


def _crlf(raw: str) -> Iterator[int]:
    at = raw.find("\r\n")
    count = 0
    while at >= 0:
        yield at - count
        count += 1
        at = raw.find("\r\n", at + 2)


def _blocks(prose: str, start: int) -> Iterator[Block]:
    """Yield runs of lines that are not blank; a fully masked line ends a run."""
    first = -1
    while start < len(prose):
        end = prose.find("\n", start)
        end = len(prose) if end < 0 else end
        if prose[start:end].strip("\0 \t\xa0"):
            first = start if first < 0 else first
            last = end
        elif first >= 0:
            yield Block(first, last)
            first = -1
        start = end + 1
    if first >= 0:
        yield Block(first, last)
