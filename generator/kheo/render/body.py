"""Fill links and pictures into a body; they are known only when the site is planned."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from markupsafe import escape

from kheo.views import Picture

# A link whose URL is the mark of a number.
_LINK = re.compile(r'<a\b(?:[^>"]|"[^"]*")*?"\0(\d+)\0"(?:[^>"]|"[^"]*")*>(.*?)</a>', re.DOTALL)
_FIRST, _LATER = ' fetchpriority="high"', ' loading="lazy"'
# What a body says in the language of the site: labels of callouts, and of the boxes of tasks.
WORDS = {
    "note": "Note",
    "tip": "Tip",
    "important": "Important",
    "warning": "Warning",
    "caution": "Caution",
    "done": "Done",
    "open": "Not done",
}
# The marks before and after an <img>, with the width above which it leads to its full size.
_OPENING: dict[str, int | None] = {"<": None, "[": 640, "(": 960, "{": 0}
_CLOSING: dict[str, int | None] = {">": None, "]": 640, ")": 960, "}": 0}
# How wide a picture in a text is shown, in a gallery, and beyond the text.
BODY_SIZES = "(min-width: 42rem) 38rem, 100vw"
_SIZES = {"{": "(min-width: 42rem) 19rem, 50vw", "(": "(min-width: 64rem) 60rem, 94vw"}


def fill_body(
    body: str,
    links: tuple[str, ...],
    pictures: dict[int, Picture],
    first_is_eager: bool = False,
    translate: Callable[[str], str] = str,
    figures: Mapping[int, str] = MappingProxyType({}),
) -> str:
    """Replace the marks in ``body``: ``\\0n\\0`` by the n-th link; ``\\0<n\\0``, ``\\0+n\\0`` (or
    ``\\0-n\\0``) and ``\\0>n\\0`` by what the n-th picture needs before, inside and after its <img>;
    with other brackets than ``<>`` also by a link to its full size; ``\\0@n\\0`` by the n-th
    figure; ``\\0!note\\0`` by a word, which ``translate`` translates.

    A link with an empty URL is removed; its words stay. With ``first_is_eager`` the first picture is
    loaded at once. Others are loaded when they come near.
    """
    if "\0" not in body:
        return body
    if "" in links:
        body = _LINK.sub(lambda match: match[0 if links[int(match[1])] else 2], body)
    pieces = body.split("\0")
    eager = first_is_eager
    for at in range(1, len(pieces), 2):
        char, number = pieces[at][:1], pieces[at].lstrip("<+->[]{}()@")
        if char == "!":
            pieces[at] = translate(WORDS[pieces[at][1:]])
        elif char == "@":
            pieces[at] = figures.get(int(number.partition(" ")[0]), "")
        elif char.isdigit():
            pieces[at] = escape(links[int(number)])
        elif (picture := pictures.get(int(number))) is None:
            pieces[at] = ""
        elif char in _OPENING:
            pieces[at] = _full_size_link(picture, _OPENING[char]) + opening(
                picture, _SIZES.get(char, BODY_SIZES)
            )
        elif char in _CLOSING:
            link = _full_size_link(picture, _CLOSING[char])
            pieces[at] = closing(picture) + ("</a>" if link else "")
        else:
            pieces[at] = attributes(picture, eager, sized=char == "+")
            eager = False
    return "".join(pieces)


def _full_size_link(picture: Picture, least: int | None) -> str:
    """Return the tag of a link to the largest published picture; empty unless it is wider than
    ``least``: nobody would see more there."""
    address, width = picture.url, picture.width
    if picture.webp:  # the last of a srcset is the widest
        address, _, descriptor = picture.webp.rpartition(", ")[2].partition(" ")
        width = int(descriptor.removesuffix("w"))
    return f'<a href="{escape(address)}">' if least is not None and width > least else ""


def opening(picture: Picture, sizes: str = BODY_SIZES) -> str:
    """Return what goes before an <img> of a body; ``sizes`` says how wide it is shown."""
    if not picture.webp:
        return ""
    return f'<picture><source type="image/webp" srcset="{escape(picture.webp)}" sizes="{sizes}">'


def closing(picture: Picture) -> str:
    """Return what goes after an <img> of a body."""
    return "</picture>" if picture.webp else ""


def attributes(picture: Picture, eager: bool, sized: bool = True) -> str:
    """Return the attributes of an <img> besides its author's. ``eager``: it is loaded at once."""
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width and sized else ""
    return f'{size}{_FIRST if eager else _LATER} decoding="async"'
