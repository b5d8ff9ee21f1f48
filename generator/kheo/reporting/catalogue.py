"""Choose the language of the program's messages, and read its gettext catalogue.

Catalogues are ``generator/kheo/locale/<language>/messages.po``; English is the text in the program. A
catalogue is read when the first line is printed, and takes 1 ms, because most runs print one line.
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
# In the order of GNU gettext and of Python's.
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


class Words(msgspec.Struct, frozen=True):
    """The program's messages in one language."""

    language: str = ENGLISH

    @property
    def texts(self) -> Texts:
        return read_catalogue(self.language)

    def say(self, template: str, /, **values: object) -> str:
        """Translate an English ``template`` of the catalogue and fill in its fields."""
        return fill(template, as_fields(values), self.texts)

    def plain(self, text: str) -> str:
        """Translate a text without fields, such as the description of a key."""
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


IN_ENGLISH = Words()


def choose_words(asked: str, content: Path, environment: Mapping[str, str] = os.environ) -> Words:
    """Choose the language ``asked`` for, else that of the environment, of the site, or English.

    A language without a catalogue is ignored, and so are the locales C and POSIX.
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
    """Return the language of a locale's name: ``vi_VN.UTF-8`` -> ``vi``; empty if it has no catalogue."""
    whole = re.split(r"[.@]", tag, maxsplit=1)[0].replace("_", "-").lower()
    spoken = {language.lower(): language for language in languages()}
    return spoken.get(whole) or spoken.get(whole.partition("-")[0], "")


@cache
def read_catalogue(language: str) -> Texts:
    """Return translations by their English text; none for English."""
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
    """Return the text of a quoted string. Its escapes are those of JSON, except for rare ones."""
    return text[1:-1] if "\\" not in text else msgspec.json.decode(text, type=str)


def _site_language(content: Path) -> str:
    try:
        return find_language((content / SITE_FILE).read_bytes())
    except OSError:  # reported when the site is read
        return ""
