"""Translatable messages: an English template and its fields, translated when the message is shown.

    message("the picture “{owned}”", owned="a.jpg")

A ``Message`` is always translated. A ``str`` is data (a title, a file name, the output of another
program) and is never translated.
"""

from collections.abc import Mapping

from msgspec import Struct

Texts = Mapping[str, str]  # English template -> translation; empty for English


class Message(Struct, frozen=True):
    """A sentence, or a part of one, that every catalogue translates. Create it with ``message``."""

    template: str  # for `str.format`
    fields: "dict[str, str | Message]" = {}

    def in_language(self, texts: Texts) -> str:
        return fill(self.template, self.fields, texts)

    def __str__(self) -> str:
        """Return the message in English."""
        return self.in_language({})


Fields = dict[str, str | Message]


def message(template: str, /, **fields: object) -> Message:
    """Return a message. ``template`` must be a literal: tests look each one up in the catalogues."""
    return Message(template, as_fields(fields))


def as_fields(values: Mapping[str, object]) -> Fields:
    """Return the values in a form that can be stored: messages unchanged, all others as ``str``."""
    return {
        name: value if isinstance(value, Message) else str(value) for name, value in values.items()
    }


def fill(template: str, fields: Mapping[str, str | Message], texts: Texts) -> str:
    """Return ``template`` filled in with ``fields``. Translate it, and messages in it, by ``texts``."""
    return texts.get(template, template).format(
        **{
            name: field.in_language(texts) if isinstance(field, Message) else field
            for name, field in fields.items()
        }
    )
