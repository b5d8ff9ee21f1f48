"""Messages as values: a template in English and its fields, said in the reader's language later.

    message("the picture “{owned}”", owned="a.jpg")

A ``Message`` is translated, wherever it stands; a ``str`` is data (a title, a file name, what
another program said) and never is, whatever its letters.
"""

from collections.abc import Mapping

from msgspec import Struct

Texts = Mapping[str, str]  # English template -> the same in another language; empty: English


class Message(Struct, frozen=True):
    """A sentence, or a part of one, that every catalogue has. Made by ``message``."""

    template: str  # as `str.format` has it
    fields: "dict[str, str | Message]" = {}

    def in_language(self, texts: Texts) -> str:
        return fill(self.template, self.fields, texts)

    def __str__(self) -> str:
        """In English."""
        return self.in_language({})


Fields = dict[str, str | Message]


def message(template: str, /, **fields: object) -> Message:
    """A message. ``template`` is a literal, for the tests look for it in the catalogues."""
    return Message(template, as_fields(fields))


def as_fields(values: Mapping[str, object]) -> Fields:
    """Values that can be stored: messages as they are, anything else as text."""
    return {
        name: value if isinstance(value, Message) else str(value) for name, value in values.items()
    }


def fill(template: str, fields: Mapping[str, str | Message], texts: Texts) -> str:
    """``template`` and the messages among its ``fields``, in the language of ``texts``."""
    return texts.get(template, template).format(
        **{
            name: field.in_language(texts) if isinstance(field, Message) else field
            for name, field in fields.items()
        }
    )
