"""Texts that are told to people: English templates, filled with values in the reader's language."""

from collections.abc import Mapping

from kheo.messages.phrases import PHRASE_FIELDS, PHRASES, WORDS

Texts = Mapping[str, str]  # English template -> the same in another language; empty: English


class Told(str):
    """A line about the run, in English, that remembers what it was made of."""

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]


def told(template: str, /, **values: object) -> Told:
    """``template`` filled with ``values``; ``in_language`` says it in another language later."""
    line = Told(filled(template, values, {}))
    line.template, line.values = template, values
    return line


def in_language(text: str, texts: Texts) -> str:
    """A line of ``told``, or one of PHRASES or WORDS, in the language of ``texts``."""
    if isinstance(text, Told):
        return filled(text.template, text.values, texts)
    return filled(text, {}, texts) if text in PHRASES or text in WORDS else text


def filled(template: str, values: Mapping[str, object], texts: Texts) -> str:
    """``template`` in the language of ``texts``, with its values. Phrases in them are translated."""
    words = texts.get(template, template)
    return words.format(
        **{
            name: _value(name, value, values, texts)
            for name, value in values.items()
            if f"{{{name}" in words
        }
    )


def _value(name: str, value: object, values: Mapping[str, object], texts: Texts) -> object:
    if isinstance(value, Told):
        return in_language(value, texts)
    if name in PHRASE_FIELDS and value in PHRASES:
        others = {other: text for other, text in values.items() if other != name}
        return filled(str(value), others, texts)
    return value
