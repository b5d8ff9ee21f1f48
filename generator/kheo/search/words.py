"""Text to words, as they are indexed and as a query is read."""

import re
from functools import cache
from html import unescape
from itertools import chain
from unicodedata import category, normalize

# In bodies: places of links, pictures and figures. That of a figure has its words: `@0 Title`.
_MARK = re.compile("\0(?:@[0-9]+([^\0]*)|[^\0]*)\0")
# Within a word: `<strong>Đ</strong>ường` is one.
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|em|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|u|wbr)\b[^>]*>"
)
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+")  # twice as fast as one that leaves "_" out
# Digits in groups: 1.204, 12,345,678 and 5 000 with a narrow space are numbers. As many digits
# without groups are one too where letters follow: 500000đ is 500.000đ.
_GROUPS = re.compile(
    r"[0-9](?<![0-9][0-9])[0-9]{0,2}(?:[.,’'][0-9]{3}|[\u00a0\u202f][0-9]{3})+(?![0-9])"
    r"|(?<!\w)[0-9]{4,}(?=[^\W\d_])"
)
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_SEPARATOR = re.compile(r"\D")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens, joiners
_RARE = re.compile("[\u00ad\u0300-\u1dff\u200b-\u200f\u2060\u20d0-\U0010ffff]")
# Chinese, Japanese, Korean, Thai, Lao, Burmese and Khmer: words without a space between them, or, in
# Korean, with endings that follow a word without a space.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def plain_text(html: str) -> str:
    """Return the text of an HTML body, with spaces between blocks."""
    return unescape(_TAG.sub(" ", _INLINE.sub("", _MARK.sub(r"\1", html))))


def split_chunks(text: str) -> list[str]:
    """Return the parts of a text between spaces. No word goes across a space, and no number across
    one that breaks a line."""
    if "\u00a0" in text or "\u202f" in text:  # they are within numbers: `5 000`
        return _SPACES.split(text)
    return text.split()


def split_words(text: str) -> list[str]:
    """Return the words of a text in small letters, in order; a number without its separators.

    ``Ngày 12/02: 1.204 hộ`` -> ``ngày 12 02 1204 hộ``; ``北京市`` -> ``北京 京市``.
    """
    text = normalize("NFKC", _GROUPS.sub(_joined, text)).lower().replace("_", " ")
    if not _RARE.search(text):
        return _WORD.findall(text)
    words = _marked_word().findall(_UNSEEN.sub("", text))
    return list(chain.from_iterable(map(_pieces, words)))


def _joined(number: re.Match[str]) -> str:
    """Return the digits of a number and a space: ``500.000đ`` is a number and a unit."""
    return f"{_SEPARATOR.sub('', number[0])} "


@cache
def _marked_word() -> re.Pattern[str]:
    """Letters, digits and the marks that belong to them, which ``\\w`` leaves out."""
    marks = "".join(c for c in map(chr, range(0x300, 0x10000)) if category(c) in {"Mn", "Mc", "Me"})
    return re.compile(f"(?:[^\\W_]|[{marks}])+")


def _pieces(word: str) -> list[str]:
    """Words of a script with spaces as they are, of others every two characters: ``東京都`` -> ``東京 京都``."""
    if not _UNSPACED.search(word):
        return [word]
    pieces, end = [], 0
    for run in _UNSPACED.finditer(word):
        if run.start() > end:
            pieces.append(word[end : run.start()])
        letters, end = run[0], run.end()
        pieces += [letters[at : at + 2] for at in range(max(1, len(letters) - 1))]
    return [*pieces, word[end:]] if end < len(word) else pieces
