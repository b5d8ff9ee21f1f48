"""Choose the language of the program's messages, and read its gettext catalogue.

Catalogues are ``generator/kheo/locale/<language>/messages.po``; English texts are in the code. A
catalogue is read when the first line is printed, which takes 1 ms.
"""

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from kheo.diagnostics import Diagnostic
from kheo.messages.wording import Message, Texts, as_fields, fill
from kheo.read.sources import SITE_FILE, find_language

LOCALES = Path(__file__).parent.parent / "locale"
ENGLISH = "en"
# In order of priority, as in GNU gettext.
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


class Words(msgspec.Struct, frozen=True):
    """The program's messages in one language."""

    language: str = ENGLISH

    @property
    def texts(self) -> Texts:
        return read_catalogue(self.language)

    def say(self, template: str, /, **values: object) -> str:
        """Return a ``template`` of the catalogue, translated and filled in with ``values``."""
        return fill(template, as_fields(values), self.texts)

    def plain(self, text: str) -> str:
        """Return the translation of a text without fields, such as the description of a key."""
        return self.texts.get(text, text)

    def line(self, text: Message) -> str:
        return text.in_language(self.texts)

    def counted(self, number: int, one: str, many: str) -> str:
        """Return ``2 errors``, given the templates ``{count} error`` and ``{count} errors``."""
        return fill(one if number == 1 else many, {"count": str(number)}, self.texts)

    def message(self, d: Diagnostic) -> str:
        return d.message_in(self.texts)

    def hint(self, d: Diagnostic) -> str:
        return d.hint_in(self.texts)

    def whole(self, d: Diagnostic) -> str:
        """Return the message, and the hint in a line of its own."""
        hint = self.hint(d)
        return f"{self.message(d)}\n    {hint}" if hint else self.message(d)


IN_ENGLISH = Words()


def choose_words(asked: str, content: Path, environment: Mapping[str, str] = os.environ) -> Words:
    """Return the messages in the language ``asked`` for, or of the environment, the site, or English.

    A language without a catalogue is skipped; so are the locales C and POSIX.
    """
    wanted = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    for tag in (asked, *wanted.split(":")):
        if tag and (known := known_language(tag)):
            return Words(known)
    return Words(known_language(_site_language(content)) or ENGLISH)


def languages() -> list[str]:
    """Return every language that has a catalogue, and English."""
    return sorted([ENGLISH, *(path.parent.name for path in LOCALES.glob("*/messages.po"))])


def known_language(tag: str) -> str:
    """Return the language of a locale, ``vi_VN.UTF-8`` -> ``vi``; empty if there is no catalogue."""
    whole = re.split(r"[.@]", tag, maxsplit=1)[0].replace("_", "-").lower()
    spoken = {language.lower(): language for language in languages()}
    return spoken.get(whole) or spoken.get(whole.partition("-")[0], "")


@cache
def read_catalogue(language: str) -> Texts:
    """Return the translations by English text; an empty mapping for English."""
    if language == ENGLISH:
        return {}
    texts: list[str] = []  # English, translation, English, …
    for line in (LOCALES / language / "messages.po").read_text(encoding="utf-8").splitlines():
        if line.startswith("msg"):
            texts.append(_unquoted(line.partition(" ")[2]))
        elif line.startswith('"'):
            texts[-1] += _unquoted(line)
    pairs = zip(texts[::2], texts[1::2], strict=True)
    return {english: text for english, text in pairs if english and text}


def _unquoted(text: str) -> str:
    """Return the text of a quoted string. The escapes in our catalogues are the same as in JSON."""
    return text[1:-1] if "\\" not in text else msgspec.json.decode(text, type=str)


def _site_language(content: Path) -> str:
    try:
        return find_language((content / SITE_FILE).read_bytes())
    except OSError:  # reported when the site is read
        return ""
